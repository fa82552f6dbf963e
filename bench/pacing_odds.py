"""What it is worth to pacing that each call carries its own odds: occupancy with and without, on the same fates.

python -m bench.pacing_odds [--agents 20] [--seeds 4] [--first 1000]

One call in four is answered, but not each is as likely: the odds p / (1 - p) that a model gives to people spread
lognormally, and luck decides the rest. A spread of 0.5 is about what bench/odds.py finds in its people, 1.0 a list with
strong habits. Blind, pacing takes all calls for alike; seeing, it knows the chance of each call in flight and of those
that come next.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log
from statistics import fmean

import numpy as np

from bench.pacing_fates import Scenario, fates, rosters
from bench.pacing_floor import Floor
from bench.pacing_ours import OPENING, Ours
from dialer import lessons
from dialer.situation import Situation

_NEXT = 10


def chances(mean: float, spread: float, seed: int, calls: int) -> np.ndarray:
    """Return the chance of each call; they spread around a middle that gives the mean."""
    noise = np.random.default_rng([seed, 31]).normal(0.0, spread, calls)
    low, high, middle = -8.0, 4.0, 0.0
    for _ in range(50):
        middle = (low + high) / 2.0
        low, high = (middle, high) if (1.0 / (1.0 + np.exp(-middle - noise))).mean() < mean else (low, middle)
    found: np.ndarray = 1.0 / (1.0 + np.exp(-middle - noise))
    return found


class Uneven(Floor):
    """A floor whose calls are not alike: `own` is the chance of each."""

    own: np.ndarray
    latest = -1

    def fate_of(self, call: int) -> tuple[float, bool, bool]:
        """Return after how many seconds the n-th call turns out; does it ask for an agent, for a person?"""
        drawn, day = self.fates, self.scenario
        if drawn.luck[call] < self.own[call]:
            return drawn.setup_s[call] + drawn.ring_s[call], True, True
        return drawn.setup_s[call] + (1.0 if drawn.is_quick[call] else day.ring_limit_s), False, False

    def _resolved(self, call: int) -> None:
        self.latest = call
        super()._resolved(call)

    def _asks(self, call: int) -> None:
        self.latest = call
        super()._asks(call)


class Seeing(Ours):
    """Our policy, told the chance of each call."""

    def saw(self, floor: Floor, what: str, seconds: float) -> None:
        """Learn; of a call that turned out, what it was promised as well."""
        kind = {"reached": lessons.Reached, "missed": lessons.Missed}.get(what)
        if kind is None or not isinstance(floor, Uneven):
            super().saw(floor, what, seconds)
            return
        at = OPENING.fromtimestamp(OPENING.timestamp() + floor.now, OPENING.tzinfo)
        odds = float(floor.own[floor.latest])
        self.forecast = self.forecast.after(kind(at=at, after_s=seconds, odds=odds))

    def _seen(self, floor: Floor) -> Situation:
        seen = super()._seen(floor)
        if not isinstance(floor, Uneven):
            return seen
        begun = floor.totals.dialled
        return replace(
            seen,
            odds=floor.own[list(floor.ringing)] if floor.ringing else seen.odds,
            next_odds=float(floor.own[begun : begun + _NEXT].mean()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came of one day, in percent."""

    occupancy: float
    abandoned: float


def run(scenario: Scenario, spread: float, seed: int, policy: Callable[[Scenario], Ours]) -> Day:
    """Return what a day came to."""
    most = int(2.5 * scenario.agents * scenario.seconds / scenario.handling_s / scenario.answer) + 5000
    floor = Uneven(scenario, fates(scenario, seed, most), rosters(scenario, seed), policy(scenario))
    floor.own = chances(scenario.answer, spread, seed, most)
    totals = floor.run()
    lost = sum(is_lost for _, is_lost in totals.answers)
    return Day(
        occupancy=100.0 * totals.busy_s / totals.staffed_s,
        abandoned=100.0 * lost / max(1, len(totals.answers)),
    )


def known(spread: float) -> float:
    """Return by how much the variance of one call's fate shrinks for whoever knows its chance."""
    found = chances(0.25, spread, 1, 100_000)
    return 1.0 - float((found * (1.0 - found)).mean()) / (0.25 * 0.75)


def main() -> None:
    """Print both policies for each spread."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first", type=int, default=1000)
    given = parser.parse_args()
    scenario = Scenario(name="uneven", agents=given.agents)
    print(
        "| spread | variance known | policy | occupancy | abandoned, mean (worst day) |\n|---|---|---|---|---|"
    )
    for spread in (0.0, 0.5, 1.0, log(8.0)):
        for name, policy in (("blind", Ours), ("seeing", Seeing)):
            days = [run(scenario, spread, given.first + n, policy) for n in range(given.seeds)]
            lost, busy = [day.abandoned for day in days], fmean(day.occupancy for day in days)
            share = f"{known(spread):.0%}"
            print(
                f"| {spread:.1f} | {share} | {name} | {busy:.2f} | {fmean(lost):.2f} ({max(lost):.2f}) |",
                flush=True,
            )


if __name__ == "__main__":
    main()
