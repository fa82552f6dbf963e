"""Is the database what the program needs: the library, what it does in this folder, the tables; a server's settings."""

import asyncio
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from adapters.facts import POSTGRES_SETTINGS, PostgresFacts, SqliteFacts
from adapters.store import migrating, sqlite
from adapters.store.errors import StoreError

_SERVER_LIMIT_S = 5.0


def look_at(path: Path) -> SqliteFacts:
    """Look at the SQLite database at `path`, which is only read, and try another one in its folder, which is removed.

    The trial shows what a connection of ours is on this disk: not every file system takes a write-ahead log.
    """
    try:
        module = sqlite.library()
    except StoreError as unsound:
        return SqliteFacts(version="", unsound=str(unsound))
    version = str(module.sqlite_version)
    try:
        journal_mode, synchronous = _trial(_nearest(path.parent))
    except (OSError, SQLAlchemyError, module.Error) as failure:
        return SqliteFacts(version=version, failure=f"{type(failure).__name__}: {failure}".splitlines()[0])
    return SqliteFacts(
        version=version,
        journal_mode=journal_mode,
        synchronous=synchronous,
        is_there=path.exists(),
        tables=_tables(path, module) if path.exists() else "",
    )


def _nearest(folder: Path) -> Path:
    """Return the folder, or the closest one above it that is there."""
    return folder if folder.exists() else _nearest(folder.parent)


def _trial(folder: Path) -> tuple[str, int]:
    with TemporaryDirectory(prefix=".doctor-", dir=folder) as trial:
        engine = sqlite.writing(Path(trial) / "trial.db")
        try:
            with engine.connect() as connection:
                return str(_pragma(connection, "journal_mode")), int(_pragma(connection, "synchronous"))
        finally:
            engine.dispose()


def _pragma(connection: Connection, name: str) -> Any:
    return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def _tables(path: Path, module: Any) -> str:
    """Return what is wrong with the tables, "" when they are this program's."""
    engine = sqlite.reading(path, 1)
    try:
        with engine.connect() as connection:
            if _pragma(connection, "journal_mode") != "wal":
                return f"{path} has no write-ahead log: run `dialer upgrade`"
            migrating.check(connection, str(path))
    except StoreError as problem:
        return str(problem)
    except (SQLAlchemyError, module.Error) as failure:
        return f"{type(failure).__name__}: {failure}".splitlines()[0]
    finally:
        engine.dispose()
    return ""


async def ask_server(url: str) -> PostgresFacts:
    """Return what a PostgreSQL server says of its settings; asking changes nothing."""
    try:
        library: Any = import_module("asyncpg")
    except ImportError:
        return PostgresFacts(settings={}, failure="asyncpg is not installed (the extra `postgres`)")
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with asyncio.timeout(_SERVER_LIMIT_S):
            connection = await library.connect(address, timeout=_SERVER_LIMIT_S)
            try:
                rows = await connection.fetch(
                    "SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[])",
                    list(POSTGRES_SETTINGS),
                )
            finally:
                await connection.close()
    except (OSError, ValueError, TimeoutError, library.PostgresError, library.InterfaceError) as failure:
        return PostgresFacts(settings={}, failure=f"{type(failure).__name__}: {failure}".splitlines()[0])
    return PostgresFacts(settings={row["name"]: row["setting"] for row in rows})
