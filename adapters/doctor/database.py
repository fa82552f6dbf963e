"""Will what was written still be there after a power cut: SQLite's and PostgreSQL's settings."""

from collections.abc import Mapping
from typing import Final

from adapters.doctor.finding import Finding, fail, ok, warning
from adapters.facts import PostgresFacts, SqliteFacts

_FULL: Final = 2
POSTGRES_LEAST: Final = 150_000
"""PostgreSQL 15: the oldest release that its makers still mend."""

DURABLE: Final[Mapping[str, frozenset[str]]] = {
    "fsync": frozenset({"on"}),
    "full_page_writes": frozenset({"on"}),
    # All of these wait until our own commit is on the disk; only `off` does not.
    "synchronous_commit": frozenset({"on", "local", "remote_write", "remote_apply"}),
}
"""The settings that keep a commit, with the values that do."""


def check_database(facts: SqliteFacts | PostgresFacts) -> Finding:
    """Tell whether commits are kept and the tables are this program's."""
    return check_sqlite(facts) if isinstance(facts, SqliteFacts) else check_postgres(facts)


def check_sqlite(facts: SqliteFacts) -> Finding:
    """Tell whether SQLite is sound and durable here, and the tables are up to date."""
    if facts.unsound:
        return fail("database", "unsound", version=facts.version, problem=facts.unsound)
    if facts.failure:
        return fail("database", "trial", failure=facts.failure)
    if facts.journal_mode != "wal" or facts.synchronous != _FULL:
        return fail("database", "hasty", journal=facts.journal_mode, synchronous=facts.synchronous)
    if not facts.is_there:
        return warning("database", "missing", version=facts.version)
    if facts.tables:
        return fail("database", "tables", problem=facts.tables)
    return ok("database", version=facts.version)


def check_postgres(facts: PostgresFacts) -> Finding:
    """Tell whether the server is new enough and keeps what it has committed."""
    if facts.failure:
        return fail("database", "server_silent", failure=facts.failure)
    version = facts.settings.get("server_version_num", "0")
    if not version.isdecimal() or int(version) < POSTGRES_LEAST:
        return fail("database", "server_old", version=facts.settings.get("server_version", version))
    hasty = [
        f"{name}={facts.settings.get(name)}"
        for name, kept in DURABLE.items()
        if facts.settings.get(name) not in kept
    ]
    if hasty:
        return fail("database", "server_hasty", settings=", ".join(hasty))
    return ok("database", "server", version=facts.settings.get("server_version", version))
