"""A store is opened: a file with one writer and several readers, or a database in memory for a rehearsal."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from adapters.store import migrating, sqlite
from adapters.store.errors import StoreError
from adapters.store.lock import Lock
from adapters.store.reports import SqlReports
from adapters.store.statement import SqliteSession
from adapters.store.unit import SqlUnit
from adapters.store.writer import Writer
from dialer.ports import Reports, Store, Unit

T = TypeVar("T")
_READERS = 2


def open_store(url: str, *, read_only: bool = False) -> Store:
    """Return the store at `url` (`sqlite:///var/dialer.db`, or `sqlite:///:memory:`).

    One process at a time may write; any number may look on, `read_only`. Raises StoreError, with the remedy, when the
    database is in use, is missing, or does not have the tables of this program (`dialer upgrade`).
    """
    path = sqlite.path_of(url)
    if path is None:
        return MemoryStore()
    if not path.exists():
        raise StoreError(f"there is no database {path}: run `dialer upgrade`")
    return ReadOnlyStore(path) if read_only else SqliteStore(path)


class ReadOnlyStore:
    """A database file that another process may be writing."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises StoreError when its tables are not this program's."""
        self._engine = sqlite.reading(path, _READERS)
        self._threads = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="store-reader")
        _check(self._engine, path)

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:  # noqa: ARG002 (always is)
        """Refuse: StoreError."""
        raise StoreError(f"{work!r} would write, and the store was opened to read")

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Refuse as `transact` does."""
        return await self.transact(work)

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run `work` on a snapshot of its own, in another thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work)

    def _read(self, work: Callable[[Reports], T]) -> T:
        with (
            self._engine.connect() as connection,
            connection.begin(),
            closing(SqlReports(SqliteSession(connection))) as reports,
        ):
            return work(reports)

    async def close(self) -> None:
        """Finish what is under way and let go of the file."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


class SqliteStore:
    """A database file, written by one thread of this process and read by others."""

    def __init__(self, path: Path) -> None:
        """Take the lock and open the file. Raises StoreError when another process has it, or its tables differ."""
        self._lock = Lock(path)
        try:
            self._engine = sqlite.writing(path)
            _check(self._engine, path)
            self._connection = self._engine.connect()
            self._writer = Writer(self._connection)
            self._readers = ReadOnlyStore(path)
        except StoreError:
            self._lock.release()
            raise

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:  # noqa: ARG002 (always is)
        """Run `work` in one durable transaction, in the writer's thread; an exception rolls all of it back."""
        return await asyncio.wrap_future(self._writer.submit(work))

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which only reads; one writer means that nothing is committed meanwhile."""
        return await self.transact(work)

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run `work` on a snapshot of its own, in another thread."""
        return await self._readers.read(work)

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        await self._readers.close()
        await asyncio.to_thread(self._writer.close)
        self._connection.close()
        self._engine.dispose()
        self._lock.release()


@cache
def _newest() -> Connection:
    """Return a database in memory with the newest tables, to be copied: that is quicker than making them each time."""
    connection = sqlite.fleeting().connect()
    migrating.apply(connection)
    return connection


class MemoryStore:
    """A database in memory, on the thread of whoever calls: for rehearsals, where nothing needs to be kept."""

    def __init__(self) -> None:
        """Make the newest tables."""
        self._engine = sqlite.fleeting()
        self._connection = self._engine.connect()
        sqlite.copy(_newest(), self._connection)

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:  # noqa: ARG002 (always is)
        """Run `work` in one transaction; an exception rolls all of it back."""
        with self._connection.begin(), closing(SqlUnit(SqliteSession(self._connection))) as unit:
            return unit.finished(work(unit))

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which only reads."""
        return await self.transact(work)

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run `work` between two transactions."""
        with self._connection.begin(), closing(SqlReports(SqliteSession(self._connection))) as reports:
            return work(reports)

    async def close(self) -> None:
        """Forget everything."""
        self._connection.close()
        self._engine.dispose()


def _check(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        migrating.check(connection, str(path))
