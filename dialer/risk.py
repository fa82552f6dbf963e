"""How likely one more answered call finds nobody: two laws for the sum of many unequal chances."""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from dialer import hazards
from dialer.delays import BINS, STEP_S
from dialer.forecast import Forecast
from dialer.outlook import FEWER, HALF, MORE, POINTS, QUANTILES, Outlook
from dialer.situation import Situation

Array = npt.NDArray[np.float64]
Waves = npt.NDArray[np.complex128]

EXACT_UP_TO = POINTS // 2 - 1
"""Agents up to whom the exact law is used: were more of them free, its circle of points would take them for none."""
_SHIFTS = -2j * np.pi * np.arange(HALF) / POINTS
_UPPER: Waves = np.exp(_SHIFTS[:, None] * np.arange(POINTS // 2)).sum(axis=1) / POINTS
_UPPER[1:-1] *= 2.0  # each inner point stands for its mirror image too


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """What is added up at each of the eight times.

    `margin` is idle agents less people waiting, shape (8,). Agents in talk are counted by bin of their age, shape
    (bins,); `freed` are the chances of agents looked at one by one, shape (m, 8), `asking` those of the calls in
    flight, shape (n, 8) and only on a small floor; `asked` is the sum of these and `asked_spread` their variance.
    """

    margin: Array
    talking: Array
    freed: Array
    asking: Array
    asked: Array
    asked_spread: Array


def small(situation: Situation) -> bool:
    """Tell whether the floor is small enough for the exact law."""
    return situation.agents <= EXACT_UP_TO


def sums(situation: Situation, forecast: Forecast, tables: Outlook) -> Sums:
    """Return what is to be added up, each agent and each call by its own age and odds."""
    ready_by = tables.times + tables.slack_s
    leaving = (
        (situation.idle_leaving[:, None] <= ready_by).sum(axis=0) if len(situation.idle_leaving) else 0.0
    )
    talking, one_by_one = _talking(situation, tables, ready_by)
    wrapping = tables.wrapped[hazards.bins_of(situation.wrapping)]
    if len(situation.wrap_left):
        wrapping = np.where(situation.wrap_left[:, None] <= ready_by, 1.0, wrapping)
    if len(situation.wrapping_leaving):
        wrapping = np.where(situation.wrapping_leaving[:, None] <= ready_by, 0.0, wrapping)
    asking, asked, asked_spread = _asking(situation, forecast, tables)
    return Sums(
        margin=np.full(QUANTILES, float(situation.idle - situation.waiting)) - leaving,
        talking=talking,
        freed=np.concatenate([one_by_one, wrapping]) if len(one_by_one) else wrapping,
        asking=asking,
        asked=asked,
        asked_spread=asked_spread,
    )


def _talking(situation: Situation, tables: Outlook, ready_by: Array) -> tuple[Array, Array]:
    """Return the agents in talk counted by bin, and apart from them the chances of those who will leave."""
    bins = hazards.bins_of(situation.talking)
    count = len(hazards.EDGES)
    going = situation.talking_leaving
    if not len(going) or not (soon := going <= ready_by[-1]).any():
        return np.bincount(bins, minlength=count).astype(np.float64), tables.freed[:0]
    leavers = np.where(going[soon, None] <= ready_by, 0.0, tables.freed[bins[soon]])
    return np.bincount(bins[~soon], minlength=count).astype(np.float64), leavers


def _asking(situation: Situation, forecast: Forecast, tables: Outlook) -> tuple[Array, Array, Array]:
    """Return the chances of the calls in flight, by the odds of each and how long it has gone unanswered; see Sums."""
    bins = np.minimum(situation.ringing / STEP_S, float(BINS)).astype(np.intp)
    odds = forecast.odds_of(situation.odds)  # p / (1 - p), one for each call or one for all
    likely = odds * tables.not_reached[bins]
    likely = likely / (likely + tables.not_missed[bins])
    if small(situation):
        each = likely[:, None] * tables.answered[bins]
        total = each.sum(axis=0)
        return each, total, total - (each * each).sum(axis=0)
    total = np.bincount(bins, likely, BINS + 1) @ tables.answered
    squares = np.bincount(bins, likely * likely, BINS + 1) @ (tables.answered * tables.answered)
    return tables.answered[:0], total, total - squares


class ExactLaw:
    """The Poisson-binomial law, by its characteristic function on 64 points: the cost does not grow with the floor."""

    def __init__(self, found: Sums, tables: Outlook, new: Array) -> None:
        """Take `new`, the chance of one more call to ask for an agent by each time, shape (8,)."""
        # Summed row by row and not by BLAS: the same to the last bit on every machine, and no threads for a trifle.
        there = np.flatnonzero(found.talking)
        logs = (found.talking[there, None] * tables.waves[there]).sum(axis=0)
        phi = np.exp(logs.reshape(QUANTILES, HALF) + found.margin[:, None] * _SHIFTS)
        if len(found.freed):
            phi *= np.multiply.reduce(1.0 + found.freed[:, :, None] * FEWER, axis=0)
        if len(found.asking):
            phi *= np.multiply.reduce(1.0 + found.asking[:, :, None] * MORE, axis=0)
        self._phi = phi
        self._more = 1.0 + new[:, None] * MORE

    def nobody_free(self, calls: int) -> Array:
        """Return the chance at each time that nobody is free for a call, when so many others are opened now."""
        phi = self._phi if not calls else self._phi * self._more**calls
        chance: Array = (phi @ _UPPER).real
        return np.minimum(np.maximum(chance, 0.0), 1.0)


class NormalLaw:
    """The normal law with a correction for whole numbers."""

    def __init__(self, found: Sums, tables: Outlook, new: Array) -> None:
        """Take `new`, the chance of one more call to ask for an agent by each time, shape (8,)."""
        freed = found.talking @ tables.freed + found.freed.sum(axis=0)
        self._mean = found.margin + freed - found.asked
        self._new = new
        spread = found.talking @ (tables.freed * (1.0 - tables.freed))
        spread += (found.freed * (1.0 - found.freed)).sum(axis=0)
        self._variance = spread + found.asked_spread

    def nobody_free(self, calls: int) -> Array:
        """Return the chance at each time that nobody is free for a call, when so many others are opened now."""
        mean = self._mean - calls * self._new
        variance = self._variance + calls * self._new * (1.0 - self._new)
        pairs = zip(mean.tolist(), variance.tolist(), strict=True)
        return np.array([erfc((one - 0.5) / sqrt(2.0 * spread + 1e-9)) / 2.0 for one, spread in pairs])


def law(situation: Situation, forecast: Forecast, tables: Outlook) -> ExactLaw | NormalLaw:
    """Return the law of this floor."""
    found = sums(situation, forecast, tables)
    new = tables.own * forecast.chance_of(situation.next_odds)
    return (ExactLaw if small(situation) else NormalLaw)(found, tables, new)


def marginal(law_: ExactLaw | NormalLaw, others: int) -> float:
    """Return the chance that one more call, if a person answers it, leads to an abandonment: its own or another's.

    `others` are opened before it. The worst time from its own answer on counts, since a quick answer takes the agent
    from a slower one; the mean is over eight equally likely times of its answer.
    """
    return float(np.maximum.accumulate(law_.nobody_free(others)[::-1]).sum()) / QUANTILES
