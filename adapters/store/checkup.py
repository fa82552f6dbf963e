"""Is the database what the program needs: the library, what it does in this folder, and the tables of the file."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from adapters.store import migrating, sqlite
from adapters.store.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What was found; texts are "" where nothing is wrong. `synchronous` is SQLite's number, 2 for FULL."""

    version: str
    unsound: str = ""
    failure: str = ""
    journal_mode: str = ""
    synchronous: int | None = None
    is_there: bool = True
    tables: str = ""


def look_at(path: Path) -> Checkup:
    """Look at the SQLite database at `path`, which is only read, and try another one in its folder, which is removed.

    The trial shows what a connection of ours is on this disk: not every file system takes a write-ahead log.
    """
    try:
        module = sqlite.library()
    except StoreError as unsound:
        return Checkup(version="", unsound=str(unsound))
    version = str(module.sqlite_version)
    try:
        journal_mode, synchronous = _trial(_nearest(path.parent))
    except (OSError, SQLAlchemyError, module.Error) as failure:
        return Checkup(version=version, failure=f"{type(failure).__name__}: {failure}".splitlines()[0])
    return Checkup(
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
