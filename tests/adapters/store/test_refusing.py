"""Which refusal paused a campaign, as the store reads it for the board."""

from datetime import timedelta

from sqlalchemy import Connection

from adapters.store import refusing
from dialer.events import CallRejected, Fault
from dialer.ports import Store, Unit
from dialer.refusing import paused
from dialer.view import CampaignState
from tests.support.builders import NOON
from tests.support.stores import CAMPAIGN, a_record, an_attempt, concluded_call, prepared

LATER = NOON + timedelta(minutes=5)


def pause(unit: Unit) -> None:
    """The carrier refuses the first call, and nothing else is dialled."""
    concluded_call(unit)
    event = CallRejected(key="k", at=NOON, attempt="at-1", code="21215", detail="no", fault=Fault.COUNTRY)
    unit.set_campaign_state(CAMPAIGN, CampaignState.PAUSED, CampaignState.RUNNING)
    unit.record([paused(an_attempt(), event, NOON), a_record(body={"by": "somebody else's word"})])


async def told(store: Store) -> str | None:
    """What the board is told."""
    return (await store.read(lambda reports: reports.summary(CAMPAIGN, LATER))).refused


async def test_the_code_is_told_while_the_campaign_stands_still_for_it(store: Store) -> None:
    """Not before, not when it runs again, and not when a later attempt shows that it ran since."""
    await prepared(store)
    assert await told(store) is None
    await store.transact(pause)
    assert await told(store) == "21215"
    running, still = CampaignState.RUNNING, CampaignState.PAUSED
    await store.transact(lambda unit: unit.set_campaign_state(CAMPAIGN, running, still))
    assert await told(store) is None
    await store.transact(lambda unit: concluded_call(unit, 2, opened_at=LATER))
    await store.transact(lambda unit: unit.set_campaign_state(CAMPAIGN, still, running))
    assert await told(store) is None


def test_the_reason_is_found_by_indexes(connection: Connection) -> None:
    """However long the ledger and the list of attempts are: the board asks once a second."""
    text = refusing._PAUSE.plan(connection.dialect).text
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    steps = [str(row[3]) for row in found]
    assert any(
        "attempt USING INDEX ix_attempt_campaign (campaign=? AND opened_at>?)" in one for one in steps
    ), steps
    assert any("ledger USING INDEX ix_ledger_attempt (attempt=?)" in one for one in steps), steps
