"""Whose turn it is: campaigns that want the same agents and lines are served by lot, by priority and weight."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import accumulate
from typing import Generic, TypeVar

from campaigns.dialing import Pacing

STEP = 4.0
"""How many times as often a campaign is served as one that is a priority below."""
_GOLDEN = 0.6180339887498949

Step = TypeVar("Step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Generic[Step]):
    """What one campaign would do now, step by step; `share` is how often it is served beside the others."""

    campaign: str
    share: float
    steps: Iterator[Step]


def share_of(pacing: Pacing) -> float:
    """Return how often a campaign is served beside others, above 0: whoever has work is never starved."""
    return float(pacing.weight * STEP**pacing.priority)


def in_turn(works: Iterable[Work[Step]], now: datetime) -> Iterator[Step]:
    """Yield the steps of all campaigns, the next always of one that is drawn by lot among those that have any.

    The chance of each is in proportion to its share. The first lot comes from the instant, so that a plan can be made
    again; those after it are spread evenly (a step of the golden ratio), so that one plan is fair too.
    """
    left = sorted(works, key=lambda work: work.campaign)
    lot = int.from_bytes(sha256(now.isoformat().encode()).digest()[:8], "big") / 2**64
    while left:
        drawn = _drawn(left, lot)
        step = next(drawn.steps, None)
        if step is None:
            left.remove(drawn)
        else:
            lot = (lot + _GOLDEN) % 1.0
            yield step


def _drawn(works: Sequence[Work[Step]], lot: float) -> Work[Step]:
    """Return whose part of the whole a lot from 0 to 1 falls into."""
    ends = list(accumulate(work.share for work in works))
    return works[min(bisect_right(ends, lot * ends[-1]), len(works) - 1)]
