"""Who turned the stop switch off: what the board shows on every page, and what a command prints."""

from datetime import datetime

import orjson
from sqlalchemy import select

from adapters.store.statement import Runner, Statement
from adapters.store.tables import LEDGER, SWITCH
from compliance.ledger import Kind
from dialer.reports import Stopped

DIALING = "dialing"
"""The stop switch's name in its table."""

_IS_OFF = Statement(select(SWITCH.c.name).where(SWITCH.c.name == DIALING, SWITCH.c.enabled.is_(False)))
# Read backwards, and only while the switch is off: the ledger hardly grows then, so the row is near its end.
_LAST = Statement(
    select(LEDGER.c.at, LEDGER.c.body)
    .where(LEDGER.c.kind == Kind.SWITCH.value)
    .order_by(LEDGER.c.seq.desc())
    .limit(1)
)


def stopped_by(run: Runner) -> Stopped | None:
    """Return who turned the stop switch off, when and why; None while dialing is allowed."""
    if run.row(_IS_OFF, {}) is None:
        return None
    found = run.row(_LAST, {})
    told = orjson.loads(found[1]) if found else {}
    if found is None or told.get("to") != "disabled":  # the table was changed by hand
        return Stopped()
    return Stopped(
        at=datetime.fromisoformat(found[0]),
        by=told["by"],
        reason=told.get("reason", ""),
        hung_up=told.get("hung_up", 0),
        unnamed=told.get("unnamed", 0),
    )
