"""Checks and triggers as each database writes them: what makes the ledger append-only, words that a column knows."""

import re
from collections.abc import Iterator, Sequence

from alembic import op
from sqlalchemy import CheckConstraint, Column, Connection, Integer, PrimaryKeyConstraint, Text, text

_CHANGES = ("UPDATE", "DELETE", "INSERT")
# INSERT OR REPLACE does not ask the trigger of DELETE, so an insert may not go back either.
_SQLITE = """
CREATE TRIGGER ledger_{name} BEFORE {change} ON ledger {when}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
_INTO_THE_PAST = "WHEN NEW.seq <= (SELECT max(seq) FROM ledger)"
_REFUSE = """
CREATE OR REPLACE FUNCTION ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '23514'; END $$
"""
_REFUSE_INTO_THE_PAST = """
CREATE OR REPLACE FUNCTION ledger_goes_on() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NEW.seq <= (SELECT max(seq) FROM ledger)
  THEN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$
"""
# Inside a function every statement sees what was committed before it began: so the head is read after the lock is had.
_HEAD = """
CREATE OR REPLACE FUNCTION ledger_head() RETURNS TABLE (seq integer, hash text) LANGUAGE plpgsql AS
$$ BEGIN
  PERFORM pg_advisory_xact_lock(1684627820, 2);
  RETURN QUERY SELECT ledger.seq, ledger.hash FROM ledger ORDER BY ledger.seq DESC LIMIT 1;
END $$
"""
_POSTGRES = (
    _REFUSE,
    _REFUSE_INTO_THE_PAST,
    _HEAD,
    "CREATE TRIGGER ledger_update BEFORE UPDATE OR DELETE ON ledger EXECUTE FUNCTION ledger_is_kept()",
    "CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger EXECUTE FUNCTION ledger_is_kept()",
    "CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_goes_on()",
)
_TEXTS = ("at", "kind", "campaign", "person", "attempt", "body", "previous", "hash")
_MAY_BE_MISSING = frozenset({"campaign", "person", "attempt"})
_MOVED = f"""
INSERT INTO ledger (seq, {", ".join(_TEXTS)}) SELECT seq, {", ".join(_TEXTS)} FROM ledger_before ORDER BY seq
"""  # noqa: S608 (names of our own)


def guard(connection: Connection) -> None:
    """Put the triggers on a ledger that has none."""
    for statement in _guards(connection.dialect.name):
        connection.execute(text(statement))


def know_kinds(kinds: Sequence[str]) -> None:
    """Let the ledger hold these kinds of rows. SQLite cannot change a check: there it is moved, row by row as it is."""
    words = ", ".join(f"'{kind}'" for kind in kinds)
    check = f"kind IN ({words})"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_ledger_kind"), "ledger", type_="check")
        op.create_check_constraint(op.f("ck_ledger_kind"), "ledger", check)
        return
    for change in _CHANGES:
        op.execute(text(f"DROP TRIGGER ledger_{change.lower()}"))
    for name in ("person", "attempt", "rare"):
        op.drop_index(f"ix_ledger_{name}", "ledger")
    op.rename_table("ledger", "ledger_before")
    op.create_table(
        "ledger",
        Column("seq", Integer(), autoincrement=False, nullable=False),
        *(Column(name, Text(), nullable=name in _MAY_BE_MISSING) for name in _TEXTS),
        CheckConstraint(check, name=op.f("ck_ledger_kind")),
        PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    op.execute(text(_MOVED))
    op.drop_table("ledger_before")
    op.create_index("ix_ledger_attempt", "ledger", ["attempt"])
    op.create_index("ix_ledger_person", "ledger", ["person"])
    rare = text("kind IN ('listed', 'suppressed')")
    op.create_index("ix_ledger_rare", "ledger", ["kind"], sqlite_where=rare, postgresql_where=rare)
    guard(op.get_bind())


def know_words(table: str, column: str, known: Sequence[str]) -> None:
    """Let a column hold these words. SQLite keeps a check as the text it was written in: there that text is changed.

    That is the way SQLite's own manual gives for a check; the rows, which all hold to a wider one, stay as they are.
    """
    words, name = ", ".join(f"'{word}'" for word in known), f"ck_{table}_{column}"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, f"{column} IN ({words})")
        return
    bind = op.get_bind()
    where = {"table": table}
    written = bind.execute(
        text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), where
    )
    check = rf"(CONSTRAINT {name} CHECK \({column} IN \()[^)]*(\)\))"
    changed, met = re.subn(check, rf"\g<1>{words}\g<2>", str(written.scalar_one()))
    if met != 1:
        raise RuntimeError(f"{table} has no check {name}")
    version = int(bind.execute(text("PRAGMA schema_version")).scalar_one())
    op.execute(text("PRAGMA writable_schema = ON"))
    told = "UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :table"
    bind.execute(text(told), {**where, "sql": changed})
    # So that every connection reads the tables anew; 1 more than it is, as the manual says.
    op.execute(text(f"PRAGMA schema_version = {version + 1}"))
    op.execute(text("PRAGMA writable_schema = OFF"))


def _guards(dialect: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield from _POSTGRES
        return
    for change in _CHANGES:
        when = _INTO_THE_PAST if change == "INSERT" else ""
        yield _SQLITE.format(change=change, name=change.lower(), when=when)
