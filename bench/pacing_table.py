"""Days added up by floor and policy, and printed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean, pstdev

from bench.pacing_days import Day

HEAD = (
    "policy",
    "occupancy",
    "sd",
    "abandoned",
    "worst day",
    "worst 30 min",
    "days within",
    "wait s",
    "x best peer",
    "x oracle",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Means over days; shares in percent, but `within` is the share of days, 0 to 1."""

    scenario: str
    policy: str
    setting: tuple[float, ...]
    days: int
    occupancy: float
    spread: float
    abandoned: float
    worst_day: float
    worst_half_hour: float
    within: float
    wait_s: float


def summed(days: Iterable[Day], limits: Mapping[str, float]) -> dict[str, dict[str, Summary]]:
    """Return floor -> policy -> its days together; of a tuned policy the best setting that keeps the limit."""
    groups: dict[tuple[str, str, tuple[float, ...]], list[Day]] = {}
    for day in days:
        groups.setdefault((day.scenario, day.policy, day.setting), []).append(day)
    found: dict[str, dict[str, Summary]] = {}
    for group in groups.values():
        one = _summary(group, limits[group[0].scenario])
        kept = found.setdefault(one.scenario, {})
        kept[one.policy] = max(one, kept.get(one.policy, one), key=_merit)
    return found


def _merit(one: Summary) -> tuple[bool, float]:
    """Within the limit on average and on nine days of ten; then the busier the better, else the fewer lost."""
    keeps = one.within >= 0.9
    return keeps, one.occupancy if keeps else -one.abandoned


def _summary(days: list[Day], limit: float) -> Summary:
    occupancy = [day.occupancy for day in days]
    return Summary(
        scenario=days[0].scenario,
        policy=days[0].policy,
        setting=days[0].setting,
        days=len(days),
        occupancy=fmean(occupancy),
        spread=pstdev(occupancy),
        abandoned=fmean(day.abandoned for day in days),
        worst_day=max(day.abandoned for day in days),
        worst_half_hour=max(day.worst_half_hour for day in days),
        within=fmean(day.abandoned <= 100.0 * limit + 1e-9 for day in days),
        wait_s=fmean(day.wait_s for day in days),
    )


def table(name: str, found: Mapping[str, Summary]) -> Iterator[str]:
    """Yield the lines of one floor's table, in Markdown."""
    peers = [one for policy, one in found.items() if policy not in {"ours", "oracle"} and one.within >= 0.9]
    best = max((one.occupancy for one in peers), default=float("nan"))
    oracle = found["oracle"].occupancy if "oracle" in found else float("nan")
    yield f"\n### {name}\n"
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{'---|' * len(HEAD)}"
    for one in sorted(found.values(), key=lambda one: -one.occupancy):
        setting = f" {one.setting}" if one.setting else ""
        yield (
            f"| {one.policy}{setting} | {one.occupancy:.1f} | {one.spread:.1f} | {one.abandoned:.2f} "
            f"| {one.worst_day:.2f} | {one.worst_half_hour:.1f} | {one.within:.0%} | {one.wait_s:.1f} "
            f"| {one.occupancy / best:.2f} | {one.occupancy / oracle:.2f} |"
        )
