"""Calls that are over, as the odds learn from them: what was known before each, and whether a person answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, case, cast, func, or_, select, type_coerce

from adapters.store.claims import CALLS_IN_ANY, DUE_AT, Claims, Pair
from adapters.store.columns import Instant, any_of, to_instant
from adapters.store.conditions import TAUGHT, WAITING
from adapters.store.dialects import Among, listed
from adapters.store.mapping import CONTACT_COLUMNS, LEAD_COLUMNS, to_due
from adapters.store.part import NOW, pick
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import ATTEMPT, CONTACT, LEAD
from campaigns.contact import Contact
from campaigns.outcome import Outcome
from compliance.terms import Channel
from dialer.events import AnsweredBy
from dialer.foresight import Tried
from dialer.traits import Last, Past, from_text

_OUTCOME = func.coalesce(ATTEMPT.c.outcome, "")
_IS_MACHINE = or_(
    func.coalesce(ATTEMPT.c.answered_by, "").in_(any_of([AnsweredBy.MACHINE.value, AnsweredBy.FAX.value])),
    _OUTCOME.in_(any_of([Outcome.MACHINE.value])),
)
_IS_ANSWERED = and_(ATTEMPT.c.answered_at.is_not(None), ~_IS_MACHINE)
# No phone rang, or nobody knows whether one did: that says nothing of people.
_IS_TRIED = ~_OUTCOME.in_(any_of([Outcome.NOT_PLACED, Outcome.CANCELED, Outcome.REJECTED, Outcome.UNKNOWN]))
_CODES = {last: number for number, last in enumerate(Last)}
_LASTS = tuple(Last)
_CODE = case(
    (_IS_ANSWERED, _CODES[Last.ANSWERED]),
    (_IS_MACHINE, _CODES[Last.MACHINE]),
    (_OUTCOME.in_(any_of([Outcome.BUSY])), _CODES[Last.BUSY]),
    (_OUTCOME.in_(any_of([Outcome.FAILED])), _CODES[Last.FAILED]),
    else_=_CODES[Last.UNANSWERED],
)
_STEP = 8
"""Instants are multiplied by it, and the code of what came of the call added: so the largest tells both."""
_OPENED = type_coerce(ATTEMPT.c.opened_at, BigInteger)
_PAST = Statement(
    select(
        ATTEMPT.c.contact,
        func.count(),
        func.sum(case((_IS_ANSWERED, 1), else_=0)),
        func.max(_OPENED * _STEP + _CODE),
    )
    .where(
        Among(ATTEMPT.c.contact, "people"),
        ATTEMPT.c.channel == Channel.VOICE.value,
        ATTEMPT.c.outcome.is_not(None),
        _IS_TRIED,
    )
    .group_by(ATTEMPT.c.contact)
)
_OVER = Statement(
    select(
        ATTEMPT.c.id,
        ATTEMPT.c.campaign,
        ATTEMPT.c.traits,
        ATTEMPT.c.over_at,
        type_coerce(case((_IS_ANSWERED, 1), else_=0), Integer),
        ATTEMPT.c.outcome,
    )
    .where(TAUGHT, ATTEMPT.c.over_at >= bindparam("since", type_=Instant), _IS_TRIED)
    .order_by(ATTEMPT.c.over_at.desc(), ATTEMPT.c.id.desc())
    .limit(bindparam("limit"))
)
_LEADS = CALLS_IN_ANY.where(DUE_AT <= NOW)
_AFTER = Statement(
    _LEADS.where(LEAD.c.rank > bindparam("after")).order_by(LEAD.c.rank, LEAD.c.due, LEAD.c.id)
)
# The campaign is hidden, so that the index by person is used and not one in which all of a campaign's leads stand.
_OF_CAMPAIGN = func.coalesce(LEAD.c.campaign, "") == bindparam("campaign")
_TO = Statement(
    select(*pick(LEAD, LEAD_COLUMNS), *pick(CONTACT, CONTACT_COLUMNS))
    .join_from(LEAD, CONTACT, CONTACT.c.key == LEAD.c.contact)
    .where(
        Among(LEAD.c.contact, "people"),
        _OF_CAMPAIGN,
        WAITING,
        Among(cast(LEAD.c.step, Text), "steps"),
        DUE_AT <= NOW,
    )
)
_FIRST = -(1 << 63)
_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Tries(Claims):
    """What the order of calls needs beside what the judge does."""

    def next_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], after: int | None
    ) -> Sequence[Pair]:
        """Return the first leads of the list that wait and are due, whose rank is above `after` (None: of all)."""
        asked = {"campaign": campaign, "now": now, "limit": limit, "steps": listed(map(str, steps))}
        rows = self._run.rows(_AFTER, {**asked, "after": _FIRST if after is None else after})
        return list(map(to_due, rows))

    def calls_to(
        self, campaign: str, now: datetime, people: Sequence[str], *, steps: Sequence[int]
    ) -> Sequence[Pair]:
        """Return those of these people's leads, by key, that wait and are due, in no order."""
        if not people:
            return ()
        asked = {"campaign": campaign, "now": now, "steps": listed(map(str, steps))}
        return list(map(to_due, self._run.rows(_TO, {**asked, "people": listed(people)})))

    def pasts(self, people: Sequence[Contact]) -> Mapping[str, Past]:
        """Return by key what calls these people had, of every campaign; who had none is not there."""
        rows = self._run.rows(_PAST, {"people": listed(one.key for one in people)}) if people else ()
        return {contact: _past(tries, answered, last) for contact, tries, answered, last in rows}


def tried(run: Runner, since: datetime | None, limit: int) -> Sequence[Tried]:
    """Return the calls that were over at or after `since` (None: ever), the last so many, latest first."""
    rows = run.rows(_OVER, {"since": since or _BEGINNING, "limit": limit})
    return [one for row in rows if (one := _tried(row))]


def _tried(row: Row) -> Tried | None:
    name, campaign, text, over_at, answered, outcome = row
    traits = from_text(text)
    if traits is None:
        return None
    return Tried(
        id=name,
        campaign=campaign,
        traits=traits,
        over_at=to_instant(over_at),
        is_answered=None if outcome is None else bool(answered),
    )


def _past(tries: int, answered: int, last: int) -> Past:
    at, code = divmod(int(last), _STEP)
    return Past(tries=int(tries), answered=int(answered), last=_LASTS[code], last_at=to_instant(at))
