"""SQLite: which library, where the file is, and how its connections are set up."""

import sqlite3
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from adapters.store.errors import StoreError

SOUND = (3, 51, 3)
"""The first release in which two connections cannot corrupt a write-ahead log (facts: stack, trap c.4.2)."""
_PAGES = ("PRAGMA foreign_keys=ON", "PRAGMA busy_timeout=5000", "PRAGMA temp_store=MEMORY")
_DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=67108864")
_FLEETING = ("PRAGMA journal_mode=MEMORY", "PRAGMA synchronous=OFF")
_KEPT_STATEMENTS = 256


def path_of(url: str) -> Path | None:
    """Return the file that `url` names, or None for a database in memory. Raises StoreError for any other database."""
    remedy = "write sqlite:///var/dialer.db, or sqlite:///:memory: for a rehearsal"
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"database: {url!r} is no address of a database; {remedy}") from error
    if found.get_backend_name() != "sqlite":
        raise StoreError(f"database: {found.get_backend_name()} is not supported yet; {remedy}")
    return None if found.database in {None, "", ":memory:"} else Path(str(found.database))


def library() -> Any:
    """Return the DBAPI module of a sound SQLite. Raises StoreError when there is none."""
    try:
        module = import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    return sound(module)


def sound(module: Any) -> Any:
    """Return `module` if its SQLite is sound, else raise StoreError with what to install."""
    if tuple(module.sqlite_version_info) < SOUND:
        wanted = ".".join(map(str, SOUND))
        raise StoreError(
            f"SQLite {module.sqlite_version} may corrupt its log: install pysqlite3, or a Python with SQLite {wanted}"
        )
    return module


def writing(path: Path) -> Engine:
    """Return the engine with the one connection that writes `path`."""
    return _engine(
        lambda module: _connect(module, str(path)), begin="BEGIN IMMEDIATE", setting=(*_PAGES, *_DURABLE)
    )


def fleeting() -> Engine:
    """Return an engine with one connection to a database in memory, which nobody will ever need again."""
    return _engine(
        lambda module: _connect(module, ":memory:"), begin="BEGIN IMMEDIATE", setting=(*_PAGES, *_FLEETING)
    )


def copy(source: Connection, target: Connection) -> None:
    """Make the database behind `target` what the one behind `source` is; neither is in a transaction."""
    there, here = source.connection.dbapi_connection, target.connection.dbapi_connection
    if there is not None and here is not None:
        there.backup(here)


def reading(path: Path, connections: int) -> Engine:
    """Return an engine whose connections only read `path`, each transaction from a snapshot of its own."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    return _engine(
        lambda module: _connect(module, address, uri=True),
        begin="BEGIN",
        setting=(*_PAGES, "PRAGMA query_only=ON"),
        pool=connections,
    )


def _connect(module: Any, target: str, *, uri: bool = False) -> Any:
    # No isolation level: the library must not begin transactions by itself (facts: stack, trap c.4.1).
    return module.connect(
        target, uri=uri, isolation_level=None, check_same_thread=False, cached_statements=_KEPT_STATEMENTS
    )


def _engine(connect: Callable[[Any], Any], *, begin: str, setting: tuple[str, ...], pool: int = 0) -> Engine:
    module = library()
    pooled: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": pool} if pool else {"poolclass": StaticPool}
    )
    engine = create_engine("sqlite://", module=module, creator=lambda: connect(module), **pooled)

    def set_up(connection: Any, _record: object) -> None:
        for pragma in setting:
            connection.execute(pragma)

    def begin_now(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        if raw is not None:
            raw.cursor().execute(begin)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin_now)
    return engine
