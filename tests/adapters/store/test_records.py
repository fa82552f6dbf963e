from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from adapters.store.statement import SqliteSession
from adapters.store.unit import SqlUnit
from compliance.ledger import GENESIS, Kind, verify
from compliance.terms import Channel
from dialer.ports import Store, Unit
from tests.support.builders import NOON
from tests.support.stores import a_record, a_suppression, open_call, prepared


async def test_an_event_is_stored_once(store: Store) -> None:
    """By its key: what the carrier tells twice is known the second time."""
    await prepared(store)
    await store.transact(open_call)

    def tell(unit: Unit) -> bool:
        return unit.remember("CA1:ringing", "at-1", "CallRinging", NOON, {"reference": "CA1", "n": 1})

    assert await store.transact(tell)
    assert not await store.transact(tell)
    assert await store.transact(lambda unit: unit.remember("unknown", None, "CallEnded", NOON, {}))


async def test_the_same_scope_is_suppressed_once(store: Store) -> None:
    """Another channel, seller or product is another scope; who entered it and why is not."""
    first = a_suppression()
    assert await store.transact(lambda unit: unit.suppress(first))
    assert not await store.transact(lambda unit: unit.suppress(replace(first, reason="again", at=NOON)))
    for other in (
        replace(first, channel=Channel.EMAIL),
        replace(first, seller="midorien"),
        replace(first, seller="midorien", product="tea"),
        a_suppression(person="C00001"),
        a_suppression(email="a@example.jp"),
    ):
        assert await store.transact(lambda unit, other=other: unit.suppress(other))  # type: ignore[misc]
    assert not await store.transact(lambda unit: unit.suppress(a_suppression(email="A@example.jp")))


async def test_a_suppression_that_runs_out_does_not_stand_in_the_way_of_a_longer_one(store: Store) -> None:
    """Whoever says *never again* after *not this month* is heard."""
    month = a_suppression(expires_at=NOON + timedelta(days=30))
    week = replace(month, expires_at=NOON + timedelta(days=7))
    ever = replace(month, expires_at=None)
    said = await store.transact(lambda unit: [unit.suppress(one) for one in (month, week, ever, month)])
    assert said == [True, False, True, False]
    assert list(await store.read(lambda reports: list(reports.suppressions()))) == [month, ever]


async def test_the_ledger_is_a_chain(store: Store) -> None:
    """Over several records, several calls and several transactions, from the beginning to the head."""

    def twice(unit: Unit) -> None:
        unit.record(
            [a_record(), a_record(Kind.SWITCH, person="C1", attempt="at-1", body={"語": ["お茶", 1, None]})]
        )
        unit.record([a_record(Kind.AGENT, campaign=None)])

    await store.transact(twice)
    await store.transact(lambda unit: unit.record([]))
    await store.transact(lambda unit: unit.record([a_record()]))
    entries = await store.read(lambda reports: list(reports.ledger()))
    count, head, fault = verify(entries)
    assert (count, fault, entries[0].previous) == (4, None, GENESIS)
    last = await store.read(lambda reports: reports.ledger_head())
    assert last == entries[-1]
    assert last is not None
    assert last.hash == head
    assert await store.read(lambda reports: [entry.seq for entry in reports.ledger(after=2)]) == [3, 4]


async def test_a_record_rolled_back_leaves_no_gap(store: Store) -> None:
    """The number and the hash go to the next one."""

    def fail(unit: Unit) -> None:
        unit.record([a_record()])
        raise LookupError

    await store.transact(lambda unit: unit.record([a_record()]))
    with pytest.raises(LookupError):
        await store.transact(fail)
    await store.transact(lambda unit: unit.record([a_record(Kind.AGENT)]))
    entries = await store.read(lambda reports: list(reports.ledger()))
    assert verify(entries)[::2] == (2, None)


async def test_an_empty_ledger_has_no_head(store: Store) -> None:
    """And nothing to tell."""
    assert await store.read(lambda reports: reports.ledger_head()) is None
    assert await store.read(lambda reports: list(reports.ledger())) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger SET body = '{}'",
        "UPDATE ledger SET seq = 9",
        "DELETE FROM ledger",
        "INSERT OR REPLACE INTO ledger (seq, at, kind, body, previous, hash) VALUES (1, '', 'agent', '{}', '', '')",
        "INSERT INTO ledger (seq, at, kind, body, previous, hash) VALUES (0, '', 'agent', '{}', '', '')",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(connection: Connection, change: str) -> None:
    """Not only our code: whoever opens the file with another program is stopped, short of removing the triggers."""
    with connection.begin():
        unit = SqlUnit(SqliteSession(connection))
        unit.record([a_record()])
        unit.finished(None)
    with pytest.raises(IntegrityError, match="the ledger is append-only"), connection.begin():
        connection.exec_driver_sql(change)
    with connection.begin():
        rows = connection.exec_driver_sql("SELECT seq, body FROM ledger").all()
    assert [tuple(row) for row in rows] == [(1, '{"by":"manager"}')]
