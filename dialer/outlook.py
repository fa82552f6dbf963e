"""Tables of what comes within the time of a call's ringing: who asks for an agent, which agents are free."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dialer import delays, hazards
from dialer.delays import Delays

Array = npt.NDArray[np.float64]
Waves = npt.NDArray[np.complex128]

QUANTILES = 8
POINTS = 64
"""Of the characteristic function. It repeats after as many steps, far beyond what a small floor can be out by."""
HALF = POINTS // 2 + 1
"""Points that are worked out; the others are their mirror images."""
_ANGLES = 2j * np.pi * np.arange(HALF) / POINTS
MORE: Waves = np.exp(_ANGLES) - 1.0
"""What one more call waiting does to the characteristic function, times its chance."""
FEWER: Waves = np.exp(-_ANGLES) - 1.0
"""The same of one more agent free."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Chances at `times`, the middles of eight equally likely stretches of a new call's delay, shape (8,), seconds.

    `own` is the share of calls to be answered by then; `not_reached` and `not_missed` the shares still open at each
    half second, shape (141,); `answered` the chance that a call which will be answered, and has such an age, is so
    within each time, shape (141, 8). `freed` and `wrapped` are the chances of an agent in talk or write-up of each
    age to be free at each time plus `slack_s`, shape (bins, 8); `waves` is the logarithm of the characteristic function
    of one agent in talk, shape (bins, 8 * 33).
    """

    times: Array
    slack_s: float
    own: Array
    not_reached: Array
    not_missed: Array
    answered: Array
    freed: Array
    wrapped: Array
    waves: Waves


def outlook(calls: Delays, talk: Array, wrap: Array, slack_s: float) -> Outlook:
    """Return the tables for what is known of calls and, as cumulative hazards, of talks and write-ups."""
    reached, missed = delays.shares(calls.reached), delays.shares(calls.missed)
    times = np.interp((np.arange(QUANTILES) + 0.5) / QUANTILES, reached, delays.EDGES)
    later = np.interp(delays.EDGES[:, None] + times, delays.EDGES, reached)
    not_reached = np.maximum(1.0 - reached, 1e-9)
    freed = _freed(talk, wrap, times + slack_s)
    return Outlook(
        times=times,
        slack_s=slack_s,
        own=np.interp(times, delays.EDGES, reached),
        not_reached=not_reached,
        not_missed=np.maximum(1.0 - missed, 1e-9),
        answered=np.minimum((later - reached[:, None]) / not_reached[:, None], 1.0),
        freed=freed,
        wrapped=hazards.ended(wrap, hazards.MIDDLES, times + slack_s),
        waves=np.log1p(freed[:, :, None] * FEWER * (1 - 1e-9)).reshape(len(freed), -1),
    )


def _freed(talk: Array, wrap: Array, times: Array) -> Array:
    """Return the chance that a talk of each age ends, and its write-up too, within each time: (bins, 8)."""
    seconds = np.arange(1.0, np.ceil(times[-1]) + 2.0)
    ends = np.diff(hazards.ended(talk, hazards.MIDDLES, seconds), axis=1, prepend=0.0)
    written = hazards.ended(wrap, np.zeros(1), seconds - 0.5)[0]
    steps = len(seconds)
    late = (
        np.arange(steps) - np.arange(steps)[:, None]
    )  # from the second a talk ends to the second asked about
    both = ends @ np.where(late >= 0, written[late], 0.0)
    return np.array([np.interp(times, seconds, row) for row in both])
