"""One day of one policy on one floor, and every day that the bench asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.pacing_fates import HOUR, Scenario, fates, rosters
from bench.pacing_floor import Floor, Policy, Totals
from bench.pacing_ours import Ours
from bench.pacing_peers import Omni, Oracle, PerFree, Progressive, Ratio, Vicidial

RATIOS = (1.1, 1.3, 1.5, 1.8, 2.2, 2.8)
PER_FREE = (1.3, 1.7, 2.2, 2.8, 3.6, 5.0, 8.0)
LEVELS = tuple((cap, aim) for cap in (1.4, 1.8, 2.4, 3.5) for aim in (0.0, -0.05, -0.1))
"""VICIdial's highest level and its target, idle agents as a share of the floor; intensity is -40 in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to run. `setting` tells tuned policies of one family apart; the family is what tables show."""

    scenario: Scenario
    seed: int
    policy: str
    setting: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came of it; shares in percent, `wait_s` an agent's mean idle time between two calls."""

    scenario: str
    policy: str
    setting: tuple[float, ...]
    seed: int
    occupancy: float
    abandoned: float
    worst_half_hour: float
    wait_s: float
    live: int
    dialled: int
    misjudged: int


def jobs(
    scenarios: Iterable[Scenario], seeds: Iterable[int], *, tuned: bool, policies: set[str] | None = None
) -> Iterator[Job]:
    """Yield every day to run, the longest first, so that no process is left alone with one at the end."""
    families: dict[str, tuple[tuple[float, ...], ...]] = {
        "ours": ((),),
        "oracle": ((),),
        "progressive": ((),),
        "VICIdial hard limit": ((),),
        "VICIdial average": ((),),
        "VICIdial tapered": ((),),
        "OMniDialer": ((),),
    }
    if tuned:
        families["ratio, tuned"] = tuple((ratio,) for ratio in RATIOS)
        families["per free, tuned"] = tuple((ratio,) for ratio in PER_FREE)
        families["VICIdial, tuned"] = LEVELS
    for scenario in sorted(scenarios, key=lambda one: -one.agents):
        for family, settings in families.items():
            if not policies or family in policies:
                for seed in seeds:
                    yield from (
                        Job(scenario=scenario, seed=seed, policy=family, setting=one) for one in settings
                    )


def run(job: Job) -> Day:
    """Return what a day came to."""
    scenario = job.scenario
    # More than any policy can dial: the busiest floor, and as many calls again for those who over-dial.
    most = int(2.5 * scenario.agents * scenario.seconds / scenario.handling_s / scenario.answer) + 5000
    drawn = fates(scenario, job.seed, most)
    totals = Floor(scenario, drawn, rosters(scenario, job.seed), policy_of(job)).run()
    live = len(totals.answers)
    return Day(
        scenario=scenario.name,
        policy=job.policy,
        setting=job.setting,
        seed=job.seed,
        occupancy=100.0 * totals.busy_s / totals.staffed_s,
        abandoned=100.0 * sum(is_lost for _, is_lost in totals.answers) / max(1, live),
        worst_half_hour=worst(totals, HOUR / 2),
        wait_s=totals.idle_s / max(1, totals.served),
        live=live,
        dialled=totals.dialled,
        misjudged=totals.misjudged,
    )


def policy_of(job: Job) -> Policy:
    """Return a new policy: nothing is carried over from one day to the next."""
    limit, first = job.scenario.limit, job.setting[0] if job.setting else 0.0
    match job.policy:
        case "ours":
            return Ours(job.scenario)
        case "oracle":
            return Oracle()
        case "ratio, tuned":
            return Ratio(ratio=first)
        case "per free, tuned":
            return PerFree(ratio=first)
        case "VICIdial, tuned":
            aim = round(job.setting[1] * job.scenario.agents)
            return Vicidial(cap=first, aim=aim, intensity=-0.4, limit=limit)
        case "OMniDialer":
            return Omni(limit=limit)
        case "progressive":
            return Progressive()
        case _:
            return Vicidial(method=job.policy.split()[1], limit=limit)


def worst(totals: Totals, length_s: float) -> float:
    """Return the highest share abandoned in any half hour on the clock with fifty answers or more, in percent."""
    slots: dict[int, list[bool]] = {}
    for at, is_lost in totals.answers:
        slots.setdefault(int(at // length_s), []).append(is_lost)
    return max((100.0 * sum(slot) / len(slot) for slot in slots.values() if len(slot) >= 50), default=0.0)
