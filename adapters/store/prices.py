"""Calls whose price is not known yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from adapters.store.columns import Instant
from adapters.store.mapping import ATTEMPT_COLUMNS, to_attempt
from adapters.store.part import pick
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState

_LONGEST = timedelta(days=2)
"""The index of openings leads to what was over since: what is over later after its opening keeps its estimate."""
_UNPRICED = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(
        ATTEMPT.c.opened_at >= bindparam("opened_since", type_=Instant),
        ATTEMPT.c.opened_at <= bindparam("until", type_=Instant),
        ATTEMPT.c.over_at >= bindparam("since", type_=Instant),
        ATTEMPT.c.over_at <= bindparam("until", type_=Instant),
        ATTEMPT.c.channel == Channel.VOICE.value,
        ATTEMPT.c.state == AttemptState.OVER.value,
        ATTEMPT.c.answered_at.is_not(None),
        ATTEMPT.c.reference.is_not(None),
        ATTEMPT.c.price.is_(None),
    )
    .order_by(ATTEMPT.c.over_at, ATTEMPT.c.id)
    .limit(bindparam("limit"))
)


def unpriced(run: Runner, since: datetime, until: datetime, limit: int) -> Sequence[Attempt]:
    """Return answered calls without a price that were over from `since` to `until`, those over first first."""
    asked = {"opened_since": since - _LONGEST, "since": since, "until": until, "limit": limit}
    return [to_attempt(row) for row in run.rows(_UNPRICED, asked)]
