"""The tables are brought up to date. Developers: `python -m adapters.store.migrating MESSAGE` drafts a migration."""

import asyncio
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from adapters.store import postgres, sqlite
from adapters.store.errors import StoreError
from adapters.store.lock import Lock
from adapters.store.revision import FOLDER as _FOLDER
from adapters.store.revision import newest


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest tables, all in one transaction; it is made if it is not there.

    A database in memory is left: it is made with the newest. Raises StoreError while another process has it open.
    Not to be called from a coroutine.
    """
    if postgres.is_postgres(url):
        asyncio.run(postgres.run_once(url, apply))
        return
    path = sqlite.path_of(url)
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(path)
    engine = sqlite.writing(path)
    try:
        with engine.connect() as connection:
            apply(connection)
    finally:
        engine.dispose()
        lock.release()


def apply(connection: Connection, folder: Path = _FOLDER) -> None:
    """Run the migrations of `folder` that this connection's database has not had, all or none."""
    newest()  # now, not when the first plan asks: then the files may be another release's, or there may be none free
    with connection.begin():
        if connection.dialect.name == "postgresql":  # of several processes that start at once, one does it
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1684627820, 3)")
        command.upgrade(_config(connection, folder), "head")


def draft(connection: Connection, message: str, folder: Path = _FOLDER) -> None:
    """Write into `folder` a migration from the database's tables to the program's, for a developer to complete."""
    with connection.begin():
        command.revision(_config(connection, folder), message=message, autogenerate=True)


def check(connection: Connection, name: str) -> None:
    """Raise StoreError unless the database has had every migration that this program knows, and no other."""
    has = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(_config(connection))
    if has == newest():
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if has in known or has is None:
        raise StoreError(f"{name} has older tables than this program: run `dialer upgrade`")
    raise StoreError(f"{name} was used by a newer program (tables {has}): install that, or restore a backup")


def _config(connection: Connection, folder: Path = _FOLDER) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    with sqlite.fleeting().connect() as made:
        apply(made)
        draft(made, " ".join(sys.argv[1:]))
