"""Which tables this program was written for, and which the database has: a running program notices an upgrade."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, select, table

from adapters.store.errors import StoreError
from adapters.store.part import Part
from adapters.store.statement import Statement

FOLDER = Path(__file__).parent / "migrations"
_HAS = Statement(select(column("version_num")).select_from(table("alembic_version")))


@cache
def newest() -> str:
    """Return the last migration that this program knows, as its files were when a store was first opened.

    Raises StoreError when they cannot be read.
    """
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise StoreError(f"the migrations in {FOLDER} cannot be read: install this program again")
    return head


class Revision(Part):
    """Whether the tables are still the program's own."""

    def require_own_tables(self) -> None:
        """Raise StoreError when somebody brought the tables up to date, or back, since the program was started."""
        has = self._run.value(_HAS, {})
        if has != newest():
            raise StoreError(
                f"the database has the tables of another release ({has}, not {newest()}): this program plans nothing "
                "more; stop it, and start the release that the tables belong to"
            )
