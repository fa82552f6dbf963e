"""What makes the ledger append-only in the database itself, as each of them writes it; for migrations."""

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


def _guards(dialect: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield from _POSTGRES
        return
    for change in _CHANGES:
        when = _INTO_THE_PAST if change == "INSERT" else ""
        yield _SQLITE.format(change=change, name=change.lower(), when=when)
