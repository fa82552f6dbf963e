"""Why a predictive campaign opened as many calls as it did last: what the board says of it."""

from datetime import datetime

import orjson
from sqlalchemy import bindparam, select

from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT, LEDGER
from compliance.ledger import Kind
from compliance.terms import Channel
from dialer.reports import PaceLine

_LAST = (
    select(ATTEMPT.c.id)
    .where(ATTEMPT.c.campaign == bindparam("campaign"), ATTEMPT.c.channel == Channel.VOICE.value)
    .order_by(ATTEMPT.c.opened_at.desc())
    .limit(1)
    .scalar_subquery()
)
_PERMIT = Statement(
    select(LEDGER.c.at, LEDGER.c.body).where(LEDGER.c.attempt == _LAST, LEDGER.c.kind == Kind.PERMITTED.value)
)


def pace_line(run: Runner, campaign: str) -> PaceLine | None:
    """Return the last decision that opened calls, None for a campaign that reserves an agent for each."""
    row = run.row(_PERMIT, {"campaign": campaign})
    found = orjson.loads(row[1]).get("pace") if row else None
    return PaceLine(at=datetime.fromisoformat(row[0]), found=found) if row and found else None
