"""F12: when the tables are brought up to date while the program runs, it plans nothing more; nothing is half done."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.metronome import Metronome
from adapters.store import migrating, postgres, sqlite
from adapters.store.errors import StoreError
from adapters.store.revision import newest
from adapters.wiring import stores
from compliance.ledger import verify
from dialer.ports import Store
from tests.faults.fleet import an_office_on
from tests.support.stores import opened, url_of

NEWER = "UPDATE alembic_version SET version_num = '{}'"


async def moved_to(url: str, revision: str | None) -> None:
    """Leave the database as another release's upgrade would."""

    def move(connection: Connection) -> None:
        with connection.begin():
            connection.exec_driver_sql(NEWER.format(revision))

    if postgres.is_postgres(url):
        await postgres.run_once(url, move)
        return
    with sqlite.writing(Path(url.removeprefix("sqlite:///"))).connect() as connection:
        move(connection)


@pytest.mark.parametrize("kind", ["file", "postgres"])
@pytest.mark.parametrize("revision", ["9999", "0001"])
async def test_f12_a_program_plans_nothing_on_the_tables_of_another_release(
    kind: str, revision: str, tmp_path: Path
) -> None:
    """An upgrade (or a way back) is committed between two looks: from then on no order, no intent, no new row.

    The program says why, and goes on as soon as the tables are its own again: it was stopped, not broken.
    """
    url = url_of(kind, tmp_path)
    await asyncio.to_thread(migrating.upgrade, url)
    store = await stores.open_store(url)
    try:
        office = await an_office_on(store, agents=1)
        await office.tick()
        assert len(office.line.placed) == 1
        await office.ends(office.line.placed[0].attempt)
        before, own = await rows_of(store), newest()
        await moved_to(url, revision)
        with pytest.raises(StoreError, match=rf"another release \({revision}, not {own}\): .* plans nothing"):
            await office.after(seconds=2)
        metronome = Metronome(office.engine.tick)
        await metronome.look()
        assert not metronome.is_healthy
        assert len(office.line.placed) == 1
        assert await rows_of(store) == before
        await moved_to(url, own)
        await office.after(seconds=2)
        assert len(office.line.placed) == 2
    finally:
        await store.close()


@pytest.mark.parametrize("kind", ["file", "postgres"])
async def test_f12_such_a_program_can_still_be_stopped(kind: str, tmp_path: Path) -> None:
    """It leaves its campaigns to the new release at once."""
    url = url_of(kind, tmp_path)
    await asyncio.to_thread(migrating.upgrade, url)
    store = await stores.open_store(url)
    try:
        office = await an_office_on(store)
        await office.tick()
        await moved_to(url, "9999")
        await office.engine.stop()
        leases = await store.transact(lambda unit: list(unit.leases()))
        assert leases
        assert all(lease.is_over for lease in leases)
    finally:
        await store.close()


async def rows_of(store: Store) -> tuple[int, str]:
    """How far the ledger has come, and that it holds."""
    rows, head, fault = await store.read(lambda reports: verify(reports.ledger()))
    assert fault is None
    return rows, head


async def test_f12_a_program_is_not_even_started_on_newer_tables(tmp_path: Path) -> None:
    """With what to do."""
    async with opened("file", tmp_path):
        pass
    url = url_of("file", tmp_path)
    await moved_to(url, "9999")
    with pytest.raises(StoreError, match=r"newer program \(tables 9999\): install that"):
        await stores.open_store(url)
