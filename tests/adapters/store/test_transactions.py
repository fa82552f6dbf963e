import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import chain
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Connection

from adapters.store import database, migrating, sqlite
from adapters.store.errors import StoreError
from adapters.store.statement import Clash
from adapters.store.writer import Writer
from campaigns.outcome import LeadState
from compliance.ledger import verify
from dialer.ports import Reports, Store, Unit
from tests.support.builders import NOON
from tests.support.stores import a_record, lead_of, opened, prepared, url_of

ROOT = Path(__file__).parents[3]


def count_up(unit: Unit) -> int:
    """Read a number, add one, write it: lost updates show as a number too small."""
    lead = lead_of(unit)
    after = type(lead)(
        **{name: getattr(lead, name) for name in lead.__dataclass_fields__} | {"tries": lead.tries + 1}
    )
    unit.save_lead(after, LeadState.WAITING)
    return after.tries


async def test_no_update_is_lost(store: Store) -> None:
    """Ten tasks read, add and write thirty times each: three hundred, and no two read the same."""
    await prepared(store)

    async def task() -> list[int]:
        return [await store.transact(count_up) for _ in range(30)]

    said = await asyncio.gather(*(task() for _ in range(10)))
    assert sorted(chain(*said)) == list(range(1, 301))
    assert (await store.transact(lead_of)).tries == 300


async def test_an_exception_undoes_everything_and_only_that(store: Store) -> None:
    """Of many transactions at once, those that fail leave nothing, and the others all they did."""
    await prepared(store)

    def work(unit: Unit, number: int) -> int:
        tries = count_up(unit)
        unit.record([a_record(body={"number": number})])
        if number % 3 == 0:
            raise LookupError(number)
        return tries

    answers = await asyncio.gather(
        *(store.transact(lambda unit, number=number: work(unit, number)) for number in range(30)),  # type: ignore[misc]
        return_exceptions=True,
    )
    failed = [number for number, answer in enumerate(answers) if isinstance(answer, LookupError)]
    assert failed == list(range(0, 30, 3))
    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(1, 21))
    entries = await store.read(lambda reports: list(reports.ledger()))
    assert verify(entries)[::2] == (20, None)
    assert [orjson.loads(entry.body)["number"] % 3 for entry in entries].count(0) == 0


async def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    """What is written while it reads does not reach it, and it does not hold up the writer."""
    async with opened("file", tmp_path) as store:
        await store.transact(lambda unit: unit.record([a_record()]))
        may_go_on, has_begun = threading.Event(), threading.Event()

        def look_twice(reports: Reports) -> tuple[int, int]:
            before = len(list(reports.ledger()))
            has_begun.set()
            assert may_go_on.wait(10)
            return before, len(list(reports.ledger()))

        reading = asyncio.create_task(store.read(look_twice))
        await asyncio.to_thread(has_begun.wait)
        await store.transact(lambda unit: unit.record([a_record()]))
        may_go_on.set()
        assert await reading == (1, 1)
        assert await store.read(lambda reports: len(list(reports.ledger()))) == 2


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """The connection itself refuses."""
    async with opened("file", tmp_path):
        engine = sqlite.reading(tmp_path / "dialer.db", 1)
        with engine.connect() as one, pytest.raises(Exception, match="readonly"):
            one.exec_driver_sql("DELETE FROM lead")
        engine.dispose()


def waiting_together(connection: Connection, *works: Callable[[Unit], None]) -> list[Future[None]]:
    """Hand in work while the writer is busy, so that all of it waits and shares one commit."""
    writer, busy, is_free = Writer(connection), threading.Event(), threading.Event()

    def hold(_unit: Unit) -> None:
        busy.set()
        assert is_free.wait(10)

    first = writer.submit(hold)
    assert busy.wait(10)
    futures = [writer.submit(work) for work in works]
    is_free.set()
    writer.close()
    return [first, *futures]


def test_transactions_that_wait_share_a_commit(connection: Connection) -> None:
    """One disk flush for all of them, and each its own result."""
    commits: list[str] = []
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(lambda text: commits.append(text) if text.startswith("COMMIT") else None)
    futures = waiting_together(connection, *[lambda unit: unit.record([a_record()])] * 20)
    assert [future.result() for future in futures] == [None] * 21
    assert len(commits) == 2


def test_work_cancelled_while_it_waits_is_not_done(connection: Connection) -> None:
    """Nobody wants its result."""

    def cancel_others(_unit: Unit) -> None:
        assert is_ready.wait(10)
        assert later.cancel()

    writer = Writer(connection)
    is_ready = threading.Event()
    first = writer.submit(cancel_others)
    later = writer.submit(lambda unit: unit.record([a_record()]))
    is_ready.set()
    writer.close()
    assert first.result() is None
    assert later.cancelled()
    assert connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 0


def test_if_the_database_gives_up_nobody_is_told_that_it_is_done(connection: Connection) -> None:
    """A full disk may undo a whole transaction; then all who shared it are told."""

    def write(unit: Unit) -> None:
        unit.record([a_record()])

    def give_up(_unit: Unit) -> None:
        connection.exec_driver_sql("ROLLBACK")

    _, *futures = waiting_together(connection, write, give_up, write)
    assert [type(future.exception()) for future in futures] == [StoreError] * 3
    assert connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 0


async def test_a_second_process_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    """Two engines on one file would both dial; looking on is free."""
    async with opened("file", tmp_path) as store:
        url = url_of("file", tmp_path)
        for command in (migrating.upgrade, database.open_store):
            with pytest.raises(StoreError, match=f"in use by process {os.getpid()}: stop it first"):
                command(url)
        await store.transact(lambda unit: unit.record([a_record()]))
        guest = database.open_store(url, read_only=True)
        head = await guest.read(lambda reports: reports.ledger_head())
        assert head is not None
        with pytest.raises(StoreError, match="opened to read"):
            await guest.transact(lambda unit: unit.set_dialing(enabled=False))
        await guest.close()
    async with opened("file", tmp_path) as again:
        assert await again.read(lambda reports: reports.ledger_head()) == head


async def test_what_is_closed_is_closed(tmp_path: Path) -> None:
    """A late write is refused with a word of ours."""
    async with opened("file", tmp_path) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        await store.transact(lambda unit: unit.set_dialing(enabled=False))


async def test_a_file_nobody_writes_can_be_looked_at(tmp_path: Path) -> None:
    """An officer's copy, with no log beside it."""
    async with opened("file", tmp_path) as store:
        await store.transact(lambda unit: unit.record([a_record()]))
    guest = database.open_store(url_of("file", tmp_path), read_only=True)
    assert len(await guest.read(lambda reports: list(reports.ledger()))) == 1
    await guest.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///{folder}/missing.db", "there is no database .*missing.db: run `dialer upgrade`"),
        ("postgresql://localhost/dialer", "postgresql is not supported yet; write sqlite:///"),
        ("dialer.db", "'dialer.db' is no address of a database"),
    ],
)
def test_an_address_that_cannot_be_opened_is_explained(tmp_path: Path, url: str, says: str) -> None:
    """With what to write instead."""
    with pytest.raises(StoreError, match=says):
        database.open_store(url.format(folder=tmp_path))


class OldSqlite:
    """A library whose write-ahead log may be corrupted."""

    sqlite_version = "3.40.1"
    sqlite_version_info = (3, 40, 1)


def test_an_unsound_sqlite_is_refused() -> None:
    """With what to install."""
    with pytest.raises(StoreError, match=r"SQLite 3\.40\.1 may corrupt its log: install pysqlite3"):
        sqlite.sound(OldSqlite)


def test_a_file_is_written_so_that_it_survives_a_power_cut(tmp_path: Path) -> None:
    """The settings of the writing connection, as SQLite itself tells them."""
    engine = sqlite.writing(tmp_path / "dialer.db")
    with engine.connect() as one:
        told = [
            one.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert told == ["wal", 2, 1]


def killed_after(url: str, acknowledgements: int) -> list[str]:
    """Start the crasher, kill it without warning after so many lines, and return every line it ever said."""
    crasher = subprocess.Popen(
        [sys.executable, "-m", "tests.adapters.store.crasher", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert crasher.stdout is not None
    with crasher, crasher.stdout as said:
        lines = [said.readline() for _ in range(acknowledgements)]
        crasher.kill()
        lines += said.readlines()
    assert all(lines), "the crasher ended by itself"
    return [line.strip() for line in lines if line.endswith("\n")]


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Killed in the middle of its work: every transaction told of is there, whole, and the chain holds."""
    url = url_of("file", tmp_path)
    migrating.upgrade(url)
    acknowledged = killed_after(url, 120)
    async with opened("file", tmp_path) as store:
        entries = await store.read(lambda reports: list(reports.ledger()))
        recorded = {orjson.loads(entry.body)["key"] for entry in entries}
        assert recorded >= set(acknowledged)
        assert verify(entries)[2] is None
        known = [
            await store.transact(lambda unit, key=key: not unit.remember(key, None, "Crash", NOON, {}))  # type: ignore[misc]
            for key in recorded
        ]
        assert all(known)


async def test_a_broken_rule_of_the_tables_is_an_error_of_ours(store: Store) -> None:
    """Not the driver's, which differs with each database."""
    with pytest.raises(Clash):
        await store.transact(lambda unit: unit.remember("k", "no such attempt", "CallEnded", NOON, {}))
