"""Floors to pace, and the fates of their calls: drawn before any policy is asked, so that all meet the same."""

from dataclasses import dataclass, replace

import numpy as np

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A floor and a list. Times are seconds, rates are shares; `jump_at` is when the evening begins."""

    name: str
    agents: int = 20
    hours: float = 4.0
    answer: float = 0.25
    handling_s: float = 120.0
    wrap_s: float = 15.0
    ring_s: float = 12.0
    ring_limit_s: float = 20.0
    patience_s: float = 2.0
    quick_failures: float = 0.08
    limit: float = 0.03
    swing: float = 0.0
    jump: float = 1.0
    jump_at: float = 0.0
    shifts: bool = False
    machines: float = 0.0
    false_machines: float = 0.0
    calls_per_second: float = 1e9
    outage_at: float = float("inf")
    outage_s: float = 0.0

    @property
    def seconds(self) -> float:
        """How long the day is."""
        return self.hours * HOUR

    def answer_at(self, second: float) -> float:
        """Return the share of calls that a person answers at a time of the day."""
        share = self.answer * (1.0 + self.swing * np.sin(2 * np.pi * second / (2 * HOUR)))
        return float(min(0.9, share * (self.jump if self.jump_at and second >= self.jump_at else 1.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """What becomes of the n-th call that is dialled, whoever dials it: one column for each figure."""

    luck: list[float]  # answered by a person when below the rate of the hour
    is_quick: list[bool]
    setup_s: list[float]
    ring_s: list[float]
    talk_s: list[float]
    wrap_s: list[float]
    machine: list[float]  # answered by a machine when below its share of the others
    verdict: list[float]  # luck of the detection
    screened_s: list[float]


def fates(scenario: Scenario, seed: int, calls: int) -> Fates:
    """Return the fates of so many calls."""
    chance = np.random.default_rng([seed, 17])
    ring = _below(chance, scenario.ring_s, 0.45, scenario.ring_limit_s, calls)
    machine = chance.random(calls)
    return Fates(
        luck=chance.random(calls).tolist(),
        is_quick=(chance.random(calls) < scenario.quick_failures).tolist(),
        setup_s=chance.uniform(1.0, 3.0, calls).tolist(),
        ring_s=ring.tolist(),
        talk_s=_talks(chance, scenario.handling_s - scenario.wrap_s, calls).tolist(),
        wrap_s=chance.gamma(4.0, scenario.wrap_s / 4.0, calls).tolist(),
        machine=machine.tolist(),
        verdict=chance.random(calls).tolist(),
        screened_s=chance.gamma(10.0, 0.1, calls).tolist(),
    )


def _below(chance: np.random.Generator, mean: float, sigma: float, limit: float, count: int) -> np.ndarray:
    """Return lognormal times, those above the limit drawn again: a phone that rings longer is not answered."""
    centre = np.log(mean) - sigma * sigma / 2
    found = chance.lognormal(centre, sigma, count)
    while (late := found > limit).any():
        found[late] = chance.lognormal(centre, sigma, int(late.sum()))
    return found


def _talks(chance: np.random.Generator, mean: float, count: int) -> np.ndarray:
    """Return talks, a quarter of them short refusals, the others lognormal."""
    short = 0.16 * mean
    long = (mean - 0.25 * short) / 0.75
    is_short = chance.random(count) < 0.25
    refusals = chance.uniform(0.3 * short, 1.7 * short, count)
    return np.where(is_short, refusals, chance.lognormal(np.log(long) - 0.18, 0.6, count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """When an agent comes and goes: `breaks` are known before, `leaves_at` is not when `is_sudden`."""

    comes_at: float = 0.0
    leaves_at: float = float("inf")
    is_sudden: bool = False
    breaks: tuple[tuple[float, float], ...] = ()


def rosters(scenario: Scenario, seed: int) -> list[Roster]:
    """Return one roster for each agent; all are there all day unless the scenario has shifts."""
    if not scenario.shifts:
        return [Roster()] * scenario.agents
    chance = np.random.default_rng([seed, 23])
    return [_shift(scenario, chance, agent) for agent in range(scenario.agents)]


def _shift(scenario: Scenario, chance: np.random.Generator, agent: int) -> Roster:
    day, kind = scenario.seconds, agent % 4
    comes = float(chance.uniform(0, 0.3 * day)) if kind == 1 else 0.0
    leaves = float(chance.uniform(0.7 * day, day)) if kind == 2 else float("inf")
    first = comes + float(chance.uniform(0.5, 1.5)) * HOUR
    pauses = tuple((first + n * 1.75 * HOUR, 900.0) for n in range(int(scenario.hours)))
    one = Roster(comes_at=comes, leaves_at=leaves, breaks=pauses)
    if chance.random() < 0.15:
        return replace(one, leaves_at=float(chance.uniform(0.2 * day, day)), is_sudden=True)
    return one
