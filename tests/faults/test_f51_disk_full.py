"""F51: on a full disk the error is clean, nobody is dialled without an intent, and dialling stopped before."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.fitness import Disk, fit
from adapters.store.database import SqliteStore
from adapters.store.errors import StoreError
from compliance.ledger import verify
from dialer.ports import Store, Unit
from tests.faults.fleet import an_office_on
from tests.support.builders import NOON
from tests.support.stores import a_record, opened


def limit(store: SqliteStore, pages: int) -> None:
    """Let the database grow no further than this many pages: SQLite then fails as on a full disk. 0: as it is now."""
    raw = store._connection.connection.dbapi_connection
    assert raw is not None
    if pages == 0:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count={pages}")


async def filled(store: Store) -> int:
    """Write into what is left of the last pages until the disk is full; return how many rows were acknowledged."""

    def write(unit: Unit) -> None:
        unit.record([a_record(body={"x": "x" * 500})])

    kept = 0
    with suppress(StoreError):
        while kept < 1000:
            await store.transact(write)
            kept += 1
    assert kept < 1000
    return kept


async def test_f51_nobody_is_dialled_from_a_full_disk_and_it_goes_on_alone(tmp_path: Path) -> None:
    """The disk is full: each look fails with a word of ours, and no order is given. There is room again: all go on.

    What was acknowledged before is there, whole, and the ledger's chain holds.
    """
    async with opened("file", tmp_path) as store:
        assert isinstance(store, SqliteStore)
        office = await an_office_on(store, people=400, agents=30)
        limit(store, 0)
        kept = await filled(store)
        with pytest.raises(StoreError, match="full"):
            await office.tick()
        await office.engine.settle()
        assert office.line.placed == []
        limit(store, 1_000_000)
        await office.tick()
        assert office.line.placed
        rows, _, fault = await store.read(lambda reports: verify(reports.ledger()))
        assert fault is None
        permitted = await office.ledger("permitted")
        assert {entry.attempt for entry in permitted} == {order.attempt for order in office.line.placed}
        assert rows == kept + len(await office.ledger("listed")) + len(permitted)


async def test_f51_of_transactions_that_share_a_commit_none_is_kept_by_halves(tmp_path: Path) -> None:
    """Twenty at once on a disk that fills up: each one's result says truly whether it is there."""
    async with opened("file", tmp_path) as store:
        assert isinstance(store, SqliteStore)
        limit(store, 0)

        async def write(number: int) -> bool:
            try:
                await store.transact(
                    lambda unit: unit.record([a_record(body={"n": number, "x": "x" * 2000})])
                )
            except StoreError:
                return False
            return True

        said = [answer for _ in range(5) for answer in await asyncio.gather(*map(write, range(20)))]
        limit(store, 1_000_000)
        entries = await store.read(lambda reports: list(reports.ledger()))
        assert len(entries) == said.count(True)
        assert verify(entries)[2] is None
        assert False in said


async def test_f51_dialling_stops_before_the_disk_is_full(tmp_path: Path) -> None:
    """Less than 5 % or 200 MB free: nothing is opened, callbacks are still taken in; with room again it goes on."""
    async with opened("file", tmp_path) as store:
        office = await an_office_on(store, agents=1)
        await office.tick()
        first = office.line.placed[0].attempt
        free, clock = [4_000_000_000], VirtualClock(NOON)
        office.engine.unfit = fit([Disk(tmp_path, clock, lambda _: (100_000_000_000, 0, free[0]))])
        await office.ends(first)
        await office.after(seconds=2)
        assert (await office.attempt(first)).outcome is not None
        assert len(office.line.placed) == 1
        free[0] = 6_000_000_000
        clock.advance_to(office.clock.now())
        await office.after(seconds=2)
        assert len(office.line.placed) == 2
