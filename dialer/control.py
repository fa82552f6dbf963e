"""How much risk a call may bring: abandonments of the day held against what was allowed."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, log

from dialer.lessons import Abandoned, Lesson, Misjudged, Served

_GAIN = 0.05
"""How much one abandonment lowers the logarithm of the risk allowed."""
_AIM = 0.985
"""Of the limit: what is planned for. The rest is for calls whose end is not known yet when the day's number is."""
_LOWEST, _HIGHEST = log(0.03), log(8.0)
_FULL = 0.03
"""The limit for which the next figure is written; it scales with the limit."""
_CAREFUL = 0.008
_KEPT = 1.7
"""Abandonments kept back; it does not scale: one comes whole, and brings another along, under any limit."""
_CRUMB, _BOLDEST = 0.01, 2.0
"""Abandonments planned for when no more may be, and how many times the limit's share the plan may reach."""


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

    `closes` is when the day is over. Without it nobody knows how much of the day is left, and every answer is taken for
    the last.
    """

    target: Target = Target()
    opens: datetime | None = None
    closes: datetime | None = None
    level: float = 0.0
    """The integral: the logarithm of the risk allowed to one more call, over the share that is planned."""
    live: int = 0
    abandoned: int = 0
    misjudged: int = 0

    def after(self, lesson: Lesson) -> "Control":
        """Return the control after a person was served, abandoned or hung up on; other lessons change nothing."""
        match lesson:
            case Served():
                return replace(self, live=self.live + 1, level=self._level(lesson.at, down=0))
            case Abandoned():
                return replace(
                    self,
                    live=self.live + 1,
                    abandoned=self.abandoned + 1,
                    level=self._level(lesson.at, down=1),
                )
            case Misjudged() if self.target.counts_misjudged:
                return replace(
                    self,
                    live=self.live + 1,
                    misjudged=self.misjudged + 1,
                    level=self._level(lesson.at, down=1),
                )
            case _:
                return self

    def _level(self, at: datetime, *, down: int) -> float:
        """Return the integral after one more answer: held against what was planned then, not against the limit."""
        level = self.level + _GAIN * (self.planned(at) - down)
        return min(max(level, _LOWEST), _HIGHEST)

    def left(self, now: datetime) -> float:
        """Return how many more may be abandoned today, as people answer so far; below 0 risk is cut.

        Where nobody knows when the day ends, every answer is taken for the last.
        """
        planned = _AIM * self.target.share * (self.live + self._to_come(now))
        return planned - _KEPT - self.abandoned - self.misjudged

    def planned(self, now: datetime) -> float:
        """Return the share of the answers to come that may be abandoned, for the day to end just within its limit.

        What is left of the day's number is spread evenly over the answers that are still to come: agents gain less
        from each further abandonment, so an even share is worth most. Where nobody knows when the day ends it is the
        limit's own, and little when that is used up.
        """
        share, to_come, left = self.target.share, self._to_come(now), self.left(now)
        if self.live == 0 or (left >= 0 and to_come <= 0):
            return _AIM * share
        if to_come <= 0:
            return _CAREFUL * share / _FULL
        return min(_BOLDEST * share, max(left, _CRUMB) / max(to_come, 1.0))

    def theta(self, now: datetime) -> float:
        """Return the risk that one more call may bring, 0 to 1."""
        theta = min(1.0, self.planned(now) * exp(self.level))
        return min(theta, _CAREFUL * self.target.share / _FULL) if self._is_low(now) else theta

    def is_spent(self, now: datetime) -> bool:
        """Tell whether the limit will be passed today even if nobody else is abandoned, as people answer so far."""
        return self.live > 0 and self._surplus + self.target.share * self._to_come(now) < 0

    def _is_low(self, now: datetime) -> bool:
        return self.live > 0 and self.left(now) < 0

    @property
    def _surplus(self) -> float:
        return self.target.share * self.live - self.abandoned - self.misjudged

    def _to_come(self, now: datetime) -> float:
        """Return how many people will still answer today, if they go on as so far; 0 where nobody knows."""
        left = self._day_left(now)
        return self.live * left / (1.0 - left) if left < 1.0 else 0.0

    def _day_left(self, now: datetime) -> float:
        """Return which share of the day is still to come; 0 where nobody knows when it ends."""
        if self.opens is None or self.closes is None or now >= self.closes:
            return 0.0
        return min(1.0, (self.closes - now) / (self.closes - self.opens))
