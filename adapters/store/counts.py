"""Leads and attempts of a campaign, counted by the database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from adapters.store.conditions import LIVE
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import ATTEMPT, LEAD
from campaigns.outcome import LeadState, Outcome
from compliance.terms import Channel

_LEADS = Statement(
    select(LEAD.c.holdout, LEAD.c.state, LEAD.c.ending, func.count())
    .where(LEAD.c.campaign == bindparam("campaign"))
    .group_by(LEAD.c.holdout, LEAD.c.state, LEAD.c.ending)
    .order_by(LEAD.c.ending)
)
_ATTEMPTS = Statement(
    select(
        ATTEMPT.c.channel,
        ATTEMPT.c.outcome,
        func.count(),
        func.count().filter(LIVE),
        func.count(ATTEMPT.c.placed_at),
        func.count(ATTEMPT.c.answered_at),
        func.sum(ATTEMPT.c.talk_s),
        func.min(ATTEMPT.c.opened_at),
        func.max(ATTEMPT.c.opened_at),
        func.max(ATTEMPT.c.over_at),
    )
    .where(ATTEMPT.c.campaign == bindparam("campaign"))
    .group_by(ATTEMPT.c.channel, ATTEMPT.c.outcome)
    .order_by(ATTEMPT.c.outcome)
)
_BOUNCED = frozenset({Outcome.BOUNCED.value, Outcome.UNDELIVERED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The leads of a campaign, hold-outs apart."""

    states: Mapping[str, int]
    endings: Mapping[str, int]
    held_out: int

    @property
    def are_all_done(self) -> bool:
        """Whether there were leads and all of them are done."""
        return bool(self.states) and set(self.states) == {LeadState.DONE.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """The attempts of one channel with one outcome; times are microseconds since 1970."""

    channel: str
    outcome: str | None
    count: int
    live: int
    placed: int
    answered: int
    talk_s: int
    first: int
    last: int
    over: int | None


class Tried:
    """The attempts of a campaign, by channel and outcome."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take the rows of the statement that counts them."""
        names = tuple(_Tried.__dataclass_fields__)
        self._all = [_Tried(**dict(zip(names, row, strict=True))) for row in rows]
        self._calls = [one for one in self._all if one.channel == Channel.VOICE.value]
        self._mails = [one for one in self._all if one.channel == Channel.EMAIL.value]

    @property
    def first(self) -> int | None:
        """When the first was opened."""
        return min((one.first for one in self._all), default=None)

    @property
    def last(self) -> int | None:
        """When the last was opened."""
        return max((one.last for one in self._all), default=None)

    @property
    def over(self) -> int | None:
        """When the last was over, or opened if mails need no end."""
        return max((one.over or one.last for one in self._all), default=None)

    @property
    def outcomes(self) -> dict[str, int]:
        """How often each outcome came, on either channel."""
        found: Counter[str] = Counter()
        for one in self._all:
            if one.outcome is not None:
                found[one.outcome] += one.count
        return dict(found)

    @property
    def calls(self) -> int:
        """How many calls were opened."""
        return sum(one.count for one in self._calls)

    @property
    def live(self) -> int:
        """How many calls are not over."""
        return sum(one.live for one in self._calls)

    @property
    def answered(self) -> int:
        """How many calls were picked up, by a person or a machine."""
        return sum(one.answered for one in self._calls)

    @property
    def talk_s(self) -> int:
        """How many seconds were talked."""
        return sum(one.talk_s for one in self._calls)

    @property
    def abandoned(self) -> int:
        """How many people picked up and were given no agent."""
        return sum(one.count for one in self._calls if one.outcome == Outcome.ABANDONED.value)

    @property
    def abandoned_share(self) -> float:
        """The abandoned calls, of those that a person answered."""
        people = sum(one.answered for one in self._calls if one.outcome != Outcome.MACHINE.value)
        return self.abandoned / people if people else 0.0

    @property
    def mails_sent(self) -> int:
        """How many mails a server took."""
        return sum(one.placed for one in self._mails)

    @property
    def mails_bounced(self) -> int:
        """How many mails were refused, or came back."""
        return sum(one.count for one in self._mails if one.outcome in _BOUNCED)


def listed_of(run: Runner, campaign: str) -> Listed:
    """Count the leads of a campaign."""
    states: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    held_out = 0
    for holdout, state, ending, count in run.rows(_LEADS, {"campaign": campaign}):
        if holdout:
            held_out += count
            continue
        states[state] += count
        if ending is not None:
            endings[ending] += count
    return Listed(states=states, endings=dict(endings), held_out=held_out)


def tried_of(run: Runner, campaign: str) -> Tried:
    """Count the attempts of a campaign."""
    return Tried(run.rows(_ATTEMPTS, {"campaign": campaign}))
