"""Is the database whole: looked at before anybody is called, since nothing in a broken one can be relied on."""

from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from adapters.store import sqlite
from adapters.store.errors import StoreError
from compliance.ledger import verify_tail
from dialer.ports import Reports

TAIL = 10_000
"""So many of the ledger's last rows are checked at a start; `dialer audit verify` checks all."""


def require_intact(path: Path) -> None:
    """Raise StoreError unless every page of a SQLite file holds together. Reads the whole file once (a GB: seconds)."""
    module = sqlite.library()
    try:
        with closing(sqlite.reading(path, 1).raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA quick_check(1)")
            said = str((cursor.fetchone() or ("no answer",))[0])
            cursor.close()
    except (DBAPIError, module.DatabaseError) as broken:
        said = str(broken.__cause__ or broken)
    if said != "ok":
        raise StoreError(
            f"{path} is damaged ({said.splitlines()[-1]}): nobody is called from it; keep a copy of it, and restore "
            "a backup"
        )


def require_chain(reports: Reports, tail: int = TAIL) -> None:
    """Raise StoreError unless the ledger's last rows hold."""
    head = reports.ledger_head()
    after = max(0, head.seq - tail) if head else 0
    fault = verify_tail(reports.ledger(after), after)
    if fault:
        raise StoreError(
            f"the ledger is damaged: row {fault.seq} {fault.problem}; nobody is called until that is explained: "
            "keep a copy of the database, see `dialer audit verify`, and restore a backup"
        )
