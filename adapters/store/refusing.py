"""Which refusal of the carrier a paused campaign stands still for."""

from datetime import datetime, timedelta

import orjson
from sqlalchemy import bindparam, select

from adapters.store.columns import Instant, to_instant
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT, LEDGER
from compliance.ledger import Kind
from dialer.refusing import REFUSED
from dialer.view import CampaignState

_WITHIN = timedelta(hours=1)
"""An order is answered long before; a campaign that opened a later attempt has been started again since."""
_PAUSE = Statement(
    select(LEDGER.c.at, LEDGER.c.body)
    .join_from(ATTEMPT, LEDGER, LEDGER.c.attempt == ATTEMPT.c.id)
    .where(
        ATTEMPT.c.campaign == bindparam("campaign"),
        ATTEMPT.c.opened_at >= bindparam("since", type_=Instant),
        LEDGER.c.kind == Kind.CAMPAIGN.value,
    )
    .order_by(LEDGER.c.seq.desc())
    .limit(1)
)


def refused_by(run: Runner, campaign: str, state: str, last: int | None) -> str | None:
    """Return the carrier's code for which a campaign is paused, None when it is not, or for another reason.

    `last` is when its last attempt was opened, in microseconds since 1970: only what was said since can be the reason.
    """
    if state != CampaignState.PAUSED or last is None:
        return None
    opened = to_instant(last)
    found = run.row(_PAUSE, {"campaign": campaign, "since": opened - _WITHIN})
    if found is None or datetime.fromisoformat(found[0]) < opened:
        return None
    by: str = orjson.loads(found[1])["by"]
    return by.removeprefix(REFUSED) if by.startswith(REFUSED) else None
