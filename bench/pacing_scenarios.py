"""The floors of the bench and what is asked of pacing on each."""

from dataclasses import dataclass

from bench.pacing_fates import HOUR, Scenario
from bench.pacing_table import Summary

SPILL = 3.1
"""Percent of live answers that no single day may pass where the limit is 3 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A floor and the occupancy asked for, in percent; `within_best` the points it may lie under the best policy."""

    floor: Scenario
    occupancy: float = 0.0
    within_best: float | None = None
    is_quick: bool = False


def _sizes() -> list[Asked]:
    wanted = {5: 75.0, 10: 81.0, 20: 87.0, 50: 93.0, 100: 95.5, 300: 98.0}
    return [
        Asked(
            floor=Scenario(name=f"{agents} agents", agents=agents),
            occupancy=share,
            is_quick=agents in {5, 20},
        )
        for agents, share in wanted.items()
    ]


def _strict() -> list[Asked]:
    wanted = {5: 69.0, 10: 76.0, 20: 83.0, 100: 93.5}
    return [
        Asked(floor=Scenario(name=f"{agents} agents, limit 1 %", agents=agents, limit=0.01), occupancy=share)
        for agents, share in wanted.items()
    ]


ASKED: tuple[Asked, ...] = (
    *_sizes(),
    Asked(floor=Scenario(name="answers 8 %", answer=0.08), occupancy=85.0),
    Asked(floor=Scenario(name="answers 15 %", answer=0.15), occupancy=85.5),
    Asked(floor=Scenario(name="answers 45 %", answer=0.45), occupancy=88.0),
    Asked(
        floor=Scenario(name="drift, evening jump", swing=0.3, jump=2.3, jump_at=3 * HOUR),
        occupancy=86.5,
        is_quick=True,
    ),
    Asked(floor=Scenario(name="shifts and breaks", shifts=True), occupancy=85.0),
    Asked(floor=Scenario(name="machines", machines=0.25, false_machines=0.04), occupancy=85.0),
    Asked(floor=Scenario(name="carrier's rate", agents=50, calls_per_second=1.0), within_best=0.2),
    *_strict(),
)
"""Twenty agents and a limit of 3 % where a name does not say otherwise."""


def missed(asked: Asked, found: dict[str, Summary]) -> list[str]:
    """Return in words what the policy falls short of on one floor."""
    ours, limit, name = found["ours"], asked.floor.limit * 100, asked.floor.name
    others = [one for policy, one in found.items() if policy not in {"ours", "oracle"} and one.within >= 0.95]
    best = max((one.occupancy for one in others), default=0.0)
    plain = found["progressive"].occupancy if "progressive" in found else 0.0
    checks = [
        (ours.occupancy < asked.occupancy, f"occupancy {ours.occupancy:.2f} % is under {asked.occupancy} %"),
        (ours.within < 0.95, f"within the limit on {ours.within:.0%} of days only"),
        (ours.worst_day > limit * SPILL / 3.0, f"{ours.worst_day:.2f} % abandoned on the worst day"),
        (
            ours.occupancy < plain - 0.2,
            f"occupancy {ours.occupancy:.2f} % is under progressive's {plain:.2f} %",
        ),
        (
            asked.within_best is not None and ours.occupancy < best - asked.within_best,
            f"occupancy {ours.occupancy:.2f} % is not near the best, {best:.2f} %",
        ),
    ]
    return [f"MISSED, {name}: {text}" for is_missed, text in checks if is_missed]
