"""The tables are brought up to date: Alembic's migrations, run by us."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from adapters.store import sqlite
from adapters.store.errors import StoreError
from adapters.store.lock import Lock

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest tables, all in one transaction; it is made if it is not there.

    A database in memory is left: it is made with the newest. Raises StoreError while another process has it open.
    """
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


def apply(connection: Connection, to: str = "head") -> None:
    """Run the migrations up to revision `to` that this connection's database has not had."""
    # Tables may be made anew and renamed, which foreign keys would hinder; each is checked when all is done.
    with connection.begin():
        command.upgrade(_config(connection), to)


def draft(connection: Connection, message: str) -> Path | None:
    """Write a migration for what the tables have and the database lacks, for a developer to read and complete."""
    found = command.revision(_config(connection), message=message, autogenerate=True)
    return Path(found.path) if found and not isinstance(found, list) else None


def check(connection: Connection, name: str) -> None:
    """Raise StoreError unless the database has had every migration that this program knows, and no other."""
    has = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(_config(connection))
    if has == script.get_current_head():
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if has in known or has is None:
        raise StoreError(f"{name} has older tables than this program: run `dialer upgrade`")
    raise StoreError(f"{name} was used by a newer program (tables {has}): install that, or restore a backup")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
