"""How many calls ask for an agent: a share that forgets, and what the predictions were worth."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt

_HALF_LIFE_S = 300.0
_LEAST_CALLS = 120.0
_PRIOR_CALLS, _PRIOR_SHARE = 12.0, 0.4
_LAST_CALLS, _SURE = 40.0, 1.5
_EXPECTED_BY_THEN = 8.0
"""Answers missing in a row that chance explains once in three thousand times: the way to the people is blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Decayed counts: half is forgotten in five minutes, but never faster than within 120 calls.

    It begins with twelve calls of which 40 % were answered: a rate taken too high opens too few calls, not too many.
    `predicted` sums the odds that were given to these calls, so that predictions which are all too high, or too low
    since the evening began, are corrected as a whole.
    """

    at: datetime | None = None
    calls: float = _PRIOR_CALLS
    reached: float = _PRIOR_CALLS * _PRIOR_SHARE
    predicted: float = _PRIOR_CALLS * _PRIOR_SHARE
    seen: int = 0
    recent: float = _PRIOR_SHARE
    """The share of the last forty or so."""
    missing: float = 0.0
    """How many answers were expected since the last one."""

    def after(self, at: datetime, odds: float | None, *, is_reached: bool) -> "Answers":
        """Return what is known after one more call.

        In a silence nothing is unlearned: an outage says nothing of people, and who took it for a poor list would open
        far too many calls when it ends.
        """
        if self.is_silent and not is_reached:
            return replace(self, seen=self.seen + 1)
        gone = max(0.0, (at - self.at).total_seconds()) if self.at else 0.0
        kept = 0.5 ** min(gone / _HALF_LIFE_S, 1 / _LEAST_CALLS)
        return replace(
            self,
            at=at,
            calls=self.calls * kept + 1.0,
            reached=self.reached * kept + is_reached,
            predicted=self.predicted * kept + (self.share if odds is None else odds),
            seen=self.seen + 1,
            recent=self.recent + (is_reached - self.recent) / _LAST_CALLS,
            missing=0.0 if is_reached else self.missing + self.share,
        )

    @property
    def is_silent(self) -> bool:
        """Whether nobody has answered for longer than chance explains: an outage, a barred number, a dead list."""
        return self.missing > _EXPECTED_BY_THEN

    @property
    def share(self) -> float:
        """The share of calls that ask for an agent, above 0 and below 1.

        When many more of the last calls were answered than luck explains, those count alone: an evening that begins, or
        a spot on television, is believed within a minute. Fewer answers are believed slowly, since that costs nobody.
        """
        usual = (self.reached + 0.5) / (self.calls + 1.0)
        luck = sqrt(usual * (1.0 - usual) / (2.0 * _LAST_CALLS))
        return min(0.95, max(usual, self.recent - _SURE * luck))

    @property
    def correction(self) -> float:
        """By how much the odds p / (1 - p) of each prediction are multiplied."""
        mean = (self.predicted + 0.5) / (self.calls + 1.0)
        return self.share / (1.0 - self.share) * (1.0 - mean) / mean
