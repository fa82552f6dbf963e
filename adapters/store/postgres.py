"""A store on PostgreSQL: many processes, each with many transactions at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from typing import Any, Final, TypeVar

import asyncpg
import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only, greenlet_spawn

from adapters.store.asyncpg_session import Session, Unreset
from adapters.store.errors import StoreError
from adapters.store.reports import SqlReports
from adapters.store.unit import SqlUnit
from dialer.errors import StaleState
from dialer.ports import Reports, Unit

T = TypeVar("T")
_log = structlog.get_logger()

_CONNECTIONS: Final = 12
_TRIES: Final = 6
_GATE: Final = "pg_advisory_xact_lock{}(1684627820, 1)"
# One round trip each. Whoever must be alone (`Store.transact`) keeps everybody else out until the commit.
_BEGIN: Final = f"BEGIN; SELECT {_GATE.format('_shared')}"
_BEGIN_ALONE: Final = f"BEGIN; SELECT {_GATE.format('')}"
_BEGIN_TO_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SESSION: Final = {
    "application_name": "dialer",
    "lock_timeout": "3s",
    "statement_timeout": "15s",
    # A process that stops in the middle of a transaction must not stop the others for long.
    "idle_in_transaction_session_timeout": "5s",
    "jit": "off",
}
_AGAIN: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,  # the tables were changed; the next try asks for them anew
    StaleState,
)
_WAITS: Final = 2
"""How often a lock is waited for: whoever waits with us, a carrier's callback say, is told before they hang up."""
_GONE: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the line broke in the middle of an answer
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)
_WANTED: Final = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_apply"}}
"""Without these an acknowledged transaction can be lost (facts: 261 of 672,249 in twelve crashes without the last)."""
# A process that stops between the question and the use of a new statement is, to the server, not idle but busy with a
# client: no timeout of the server's ends it (before `transaction_timeout` of release 17). No transaction of ours waits
# for anything but the database, so whoever has done so for that long stands still.
_END_THE_FROZEN: Final = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name = 'dialer'
AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND wait_event = 'ClientRead'
AND greatest(query_start, state_change) < clock_timestamp() - interval '5 s'
"""
_OLDEST: Final = 150_000


def is_postgres(url: str) -> bool:
    """Tell whether a database's address names PostgreSQL."""
    return url.startswith("postgresql")


def read_address(url: str) -> URL:
    """Return the parts of `postgresql+asyncpg://user:password@host/name`. Raises StoreError when it is not that."""
    remedy = "write postgresql+asyncpg://user@host/name"
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"database: this is no address of a database; {remedy}") from error
    if found.drivername != "postgresql+asyncpg" or not found.database:
        raise StoreError(f"database: {found.drivername} is not supported; {remedy}")
    return found


class PostgresStore:
    """A database that other processes may write as well.

    Transactions run at READ COMMITTED: rows that are read to be changed are locked as they are read, every change names
    the state that it expects, and a transaction that somebody else overtook is done again from its beginning.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Take the connections: see `opened`."""
        self._pool = pool

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:
        """Run `work` in one durable transaction; an exception rolls all of it back. See `dialer.ports.Store`."""
        begin, waits = _BEGIN_ALONE if alone else _BEGIN, 0
        for last in (*[False] * (_TRIES - 1), True):
            try:
                return await self._once(lambda connection: _written(connection, begin, work))
            except _AGAIN as overtaken:
                waits += isinstance(overtaken, asyncpg.LockNotAvailableError)
                if waits == _WAITS and await self._end_the_frozen():
                    waits -= 1  # who stood in the way is gone: an emergency stop must not fail now
                if last or waits == _WAITS:
                    if isinstance(overtaken, StaleState):
                        raise
                    raise StoreError(f"the database is overloaded: {type(overtaken).__name__}") from overtaken
        raise AssertionError("the last try returns or raises")

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which only reads: each thing as it is committed at that moment, in no transaction."""
        return await self._once(lambda connection: _glimpsed(connection, work))

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run `work` on a snapshot of its own."""
        return await self._once(lambda connection: _seen(connection, work))

    async def _end_the_frozen(self) -> bool:
        """End the transactions of processes that stand still, and tell whether there were any."""
        ended = 0
        with contextlib.suppress(*_GONE, asyncpg.PostgresError):
            async with self._pool.acquire(timeout=5) as connection:
                ended = await connection.fetchval(_END_THE_FROZEN)
        if ended:
            _log.error("frozen_sessions_ended", sessions=ended)
        return bool(ended)

    async def _once(self, run: Callable[[Unreset], T]) -> T:
        try:
            async with self._pool.acquire(timeout=5) as connection:
                found: T = await greenlet_spawn(run, connection)
                return found
        except _GONE as error:
            raise StoreError(f"the database does not answer: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=10)
        except TimeoutError:
            self._pool.terminate()


def _written(connection: Unreset, begin: str, work: Callable[[Unit], T]) -> T:
    with _transaction(connection, begin), closing(SqlUnit(Session(connection))) as unit:
        return unit.finished(work(unit))


def _glimpsed(connection: Unreset, work: Callable[[Unit], T]) -> T:
    with closing(SqlUnit(Session(connection))) as unit:
        return work(unit)


def _seen(connection: Unreset, work: Callable[[Reports], T]) -> T:
    with _transaction(connection, _BEGIN_TO_READ), closing(SqlReports(Session(connection))) as reports:
        return work(reports)


@contextlib.contextmanager
def _transaction(connection: Unreset, begin: str) -> Any:
    try:
        await_only(connection.execute(begin))
        yield
    except BaseException:
        try:
            await_only(connection.execute("ROLLBACK"))
        except (*_GONE, asyncpg.PostgresError):
            with contextlib.suppress(asyncpg.InterfaceError):  # it is gone already
                connection.terminate()  # whoever gets it next must not be told of our trouble
        raise
    await_only(connection.execute("COMMIT"))


async def opened(
    url: str, *, connections: int = _CONNECTIONS, session: Mapping[str, str] | None = None
) -> PostgresStore:
    """Return the store at `url`. Raises StoreError when it cannot be reached, or may lose what it acknowledged.

    `session` changes the server's settings of each connection: shorter patience, for tests.
    """
    address = read_address(url)
    problems = durability_problems(await run_once(url, _settings))
    if problems:
        raise StoreError(f"{address}: {'; '.join(problems)}")
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        pool = await asyncpg.create_pool(
            plain,
            min_size=1,
            max_size=connections,
            connection_class=Unreset,
            server_settings={**_SESSION, **(session or {})},
            command_timeout=20,
            statement_cache_size=400,
            timeout=5,
        )
    except _GONE as error:
        raise StoreError(f"{address} cannot be reached: {error}") from error
    return PostgresStore(pool)


async def run_once(url: str, work: Callable[[Connection], T]) -> T:
    """Run `work` on a connection of SQLAlchemy's: for migrations and checks."""
    async with _engine(read_address(url)) as connection:
        found: T = await connection.run_sync(work)
        return found


def durability_problems(settings: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a server's settings (name to value, as `pg_settings` has them), in plain words."""
    version = int(settings.get("server_version_num", "0"))
    found = [f"PostgreSQL {version // 10_000} is too old: 15 or newer"] if version < _OLDEST else []
    for name, wanted in _WANTED.items():
        if settings.get(name) not in wanted:
            found.append(
                f"{name} is {settings.get(name)}, and what is acknowledged may be lost: set it to on"
            )
    if settings.get("in_recovery") != "off":
        found.append("this server is a standby: name the primary")
    return found


def _settings(connection: Connection) -> dict[str, str]:
    names = ", ".join(f"'{name}'" for name in (*_WANTED, "server_version_num"))
    rows = connection.exec_driver_sql(f"SELECT name, setting FROM pg_settings WHERE name IN ({names})").all()  # noqa: S608
    standby = connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar()
    connection.rollback()
    return {**{str(name): str(value) for name, value in rows}, "in_recovery": "on" if standby else "off"}


@asynccontextmanager
async def _engine(address: URL) -> AsyncIterator[Any]:
    """Yield a connection of SQLAlchemy's, for what is done once: migrations and checks."""
    engine = create_async_engine(address, poolclass=NullPool, connect_args={"timeout": 5})
    try:
        async with engine.connect() as connection:
            yield connection
    except _GONE as error:
        raise StoreError(f"{address} cannot be reached: {error}") from error
    finally:
        await engine.dispose()
