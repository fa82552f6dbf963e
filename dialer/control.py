"""How much risk a call may bring: abandonments of the day held against what was allowed."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, log

from dialer.lessons import Abandoned, Lesson, Misjudged, Served

_GAIN = 0.05
"""How much one abandonment lowers the logarithm of the risk allowed."""
_AIM = 0.98
"""Of the limit: what the integral holds."""
_LOWEST, _HIGHEST = log(0.03), log(8.0)
_FULL = 0.03
"""The limit for which the next two figures are written; they scale with the limit."""
_CREDIT, _CAREFUL = 8.0, 0.008
_RESERVE = 1.4
"""Abandonments; it does not scale: one comes whole, and brings another along, under any limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The share of live answers that may be abandoned, the law's or a stricter one of the company.

    `counts_misjudged`: people taken for machines and hung up on are abandoned too, and answered (the UK's way).
    """

    share: float = 0.03
    counts_misjudged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The risk allowed, and what was counted since `opens`; a pure fold over lessons.

    Without `closes` nobody knows how much of the day is left, and nobody is abandoned on credit.
    """

    target: Target = Target()
    opens: datetime | None = None
    closes: datetime | None = None
    level: float = 0.0
    """The integral: the logarithm of the risk allowed to one more call, over the target's share."""
    live: int = 0
    abandoned: int = 0
    misjudged: int = 0

    def after(self, lesson: Lesson) -> "Control":
        """Return the control after a person was served, abandoned or hung up on; other lessons change nothing."""
        match lesson:
            case Served():
                return replace(self, live=self.live + 1, level=self._level(up=1, down=0))
            case Abandoned():
                return replace(
                    self, live=self.live + 1, abandoned=self.abandoned + 1, level=self._level(up=1, down=1)
                )
            case Misjudged() if self.target.counts_misjudged:
                return replace(
                    self, live=self.live + 1, misjudged=self.misjudged + 1, level=self._level(up=1, down=1)
                )
            case _:
                return self

    def _level(self, *, up: int, down: int) -> float:
        level = self.level + _GAIN * (_AIM * self.target.share * up - down)
        return min(max(level, _LOWEST), _HIGHEST)

    def left(self, now: datetime) -> float:
        """Return how many more may be abandoned before risk is cut: below 0 it is.

        Early in the day a few more are allowed than the share gives, since luck evens out; that melts until the end.
        """
        scale = self.target.share / _FULL
        return self._surplus + scale * _CREDIT * self._day_left(now) - _RESERVE

    def theta(self, now: datetime) -> float:
        """Return the risk that one more call may bring, 0 to 1."""
        theta = min(1.0, self.target.share * exp(self.level))
        if self.left(now) < 0:
            return min(theta, _CAREFUL * self.target.share / _FULL)
        return theta

    def is_spent(self, now: datetime) -> bool:
        """Tell whether the limit will be passed today even if nobody else is abandoned, as people answer so far."""
        left = self._day_left(now)
        to_come = self.live * left / (1.0 - left) if left < 1.0 else 0.0
        return self.live > 0 and self._surplus + self.target.share * to_come < 0

    @property
    def _surplus(self) -> float:
        return self.target.share * self.live - self.abandoned - self.misjudged

    def _day_left(self, now: datetime) -> float:
        """Return which share of the day is still to come; 0 where nobody knows when it ends."""
        if self.opens is None or self.closes is None or now >= self.closes:
            return 0.0
        return min(1.0, (self.closes - now) / (self.closes - self.opens))
