"""What every call so far taught of who answers when: one model for all campaigns, and what is special about each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dialer.odds import Array, Odds, by_the_hour, leaning, line_place
from dialer.traits import Line, Traits

LEARNT_FROM = 10_000
"""Calls, the last ones of all campaigns, that a process which starts is taught by."""
AT_ONCE = 250
"""Calls learnt from at one look: some ten milliseconds. What a start brings takes as many looks as it takes."""
_EACH = timedelta(seconds=10)
_LATE = timedelta(minutes=1)
"""How much later than its end a call's end may become known."""
_PATIENCE = timedelta(minutes=45)
"""How long the outcome of a call that is over is waited for: longer than any write-up may last."""
_LEAST = 200
"""Calls on which a model must have proved itself before it is used."""
_MEMORY = 1.0 - 1.0 / 2000
"""What is kept of the scores after each call."""


class Why(StrEnum):
    """Why nobody's odds are used."""

    COLD = "cold"  # too few calls have turned out
    WORSE = "worse"  # on the last calls, each judged before it was learnt from, the hourly rate was better


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A call that is over: what was known before it, and whether a person answered; None while nobody knows."""

    id: str
    campaign: str
    traits: Traits
    over_at: datetime
    is_answered: bool | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class School:
    """What one campaign, or all of them, taught: a model, the plain hourly rate, and how far each of them was out.

    Each call is judged before it is learnt from. `squares` and `hourly_squares` are sums that forget.
    """

    odds: Odds
    rates: tuple[tuple[float, float], ...] = ((1.0, 4.0),) * 24
    """For each hour: calls answered, and calls."""
    seen: int = 0
    squares: float = 0.0
    hourly_squares: float = 0.0

    def after(self, traits: Traits, *, is_answered: bool, offset: float = 0.0) -> "School":
        """Return what is known after one more call; `offset` is what others know of it."""
        chance = self.odds.of(traits, offset=offset)
        answered, calls = self.rates[traits.hour]
        rates = list(self.rates)
        rates[traits.hour] = (answered + is_answered, calls + 1.0)
        return School(
            odds=self.odds.after(traits, is_answered=is_answered, offset=offset),
            rates=tuple(rates),
            seen=self.seen + 1,
            squares=self.squares * _MEMORY + (chance - is_answered) ** 2,
            hourly_squares=self.hourly_squares * _MEMORY + (self.hourly(traits) - is_answered) ** 2,
        )

    def hourly(self, traits: Traits) -> float:
        """Return the share of calls of that hour that were answered."""
        answered, calls = self.rates[traits.hour]
        return answered / calls

    @property
    def why(self) -> Why | None:
        """Why the model is not used, None when it is."""
        if self.seen < _LEAST:
            return Why.COLD
        return None if self.squares < self.hourly_squares else Why.WORSE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Insight:
    """What one campaign may go by: the model of all campaigns with what is special about this one added."""

    shared: Odds
    own: Odds
    hours: Array
    """What the hour adds to the score, by kind of line and weekday: shape (3, 7, 24)."""

    def score(self, traits: Traits) -> float:
        """Return the score of a call; `chance` makes a chance of it."""
        return self.shared.score(traits) + self.own.score(traits)

    def chance(self, score: float) -> float:
        """Return the chance that a person answers, above 0 and below 1."""
        return self.own.chance(score)

    def of(self, traits: Traits) -> float:
        """Return the chance that a person with such traits answers."""
        return self.chance(self.score(traits))

    def of_the_hour(self, line: Line, local: datetime) -> float:
        """Return what this hour adds to the score of a line of this kind."""
        return float(self.hours[line_place(line), local.weekday(), local.hour])

    def hours_of(self, traits: Traits) -> float:
        """Return what the hour of these traits adds to their score."""
        return float(self.hours[line_place(traits.line), traits.weekday, traits.hour])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foresight:
    """A fold over calls that are over, by when they were; the same calls, told in whatever order, teach the same.

    `since` is from when on the record is to be asked next, `known` are the calls from then on that were learnt from,
    `pending` those read and not learnt from yet.
    """

    shared: School = field(default_factory=lambda: School(odds=Odds()))
    campaigns: Mapping[str, School] = field(default_factory=dict)
    since: datetime | None = None
    known: frozenset[str] = frozenset()
    pending: tuple[Tried, ...] = ()
    asked: datetime | None = None

    def is_hungry(self, now: datetime) -> bool:
        """Tell whether the record is to be asked again."""
        return not self.pending and (self.asked is None or not self.asked <= now < self.asked + _EACH)

    def told(self, found: Iterable[Tried], now: datetime) -> "Foresight":
        """Return the same with what the record says is over since `since`; what is known already changes nothing."""
        rows = sorted(found, key=lambda one: (one.over_at, one.id))
        new = tuple(one for one in rows if one.is_answered is not None and one.id not in self.known)
        open_ = [one.over_at for one in rows if one.is_answered is None and now - one.over_at < _PATIENCE]
        last = rows[-1].over_at if rows else self.since
        since = min([*([last - _LATE] if last else []), *open_], default=None)
        known = {one.id for one in rows if one.is_answered is not None and since and one.over_at >= since}
        return replace(self, pending=new, since=since, known=frozenset(known), asked=now)

    def learned(self, most: int = AT_ONCE) -> "Foresight":
        """Return what is known after the next calls that are pending."""
        return replace(self.taught(self.pending[:most]), pending=self.pending[most:])

    def taught(self, calls: Iterable[Tried]) -> "Foresight":
        """Return what is known after these calls, in this order."""
        shared, campaigns = self.shared, dict(self.campaigns)
        for call in calls:
            if call.is_answered is None:
                continue
            own = campaigns.get(call.campaign) or _newcomer()
            # Each learns what the other leaves to explain: so one odd campaign does not mislead all others.
            common, special = shared.odds.score(call.traits), own.odds.score(call.traits)
            campaigns[call.campaign] = own.after(call.traits, is_answered=call.is_answered, offset=common)
            shared = shared.after(call.traits, is_answered=call.is_answered, offset=special)
        return replace(self, shared=shared, campaigns=campaigns)

    def why(self, campaign: str) -> Why | None:
        """Return why a campaign's people have no odds, None when they have: little of its own, it goes by all calls."""
        own = self.campaigns.get(campaign)
        return own.why if own and own.why is not Why.COLD else self.shared.why

    def insight(self, campaign: str) -> Insight | None:
        """Return what a campaign may go by, None where the plain hourly rate is as good or nothing is known."""
        if self.why(campaign) is not None:
            return None
        return self.model(campaign)

    def model(self, campaign: str) -> Insight:
        """Return the model of a campaign, good or not."""
        own = self.campaigns.get(campaign) or _newcomer()
        hours = by_the_hour(self.shared.odds.weights + own.odds.weights)
        return Insight(shared=self.shared.odds, own=own.odds, hours=hours)


def _newcomer() -> School:
    return School(odds=leaning())


def in_order(calls: Sequence[Tried]) -> list[Tried]:
    """Return calls as they were over, earliest first."""
    return sorted(calls, key=lambda one: (one.over_at, one.id))
