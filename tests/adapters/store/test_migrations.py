import re
import shutil
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

from adapters.store import database, migrating, sqlite
from adapters.store.declared import Line
from adapters.store.errors import StoreError
from adapters.store.tables import METADATA
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.ledger import Kind
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.legs import LegEnding, LegState
from dialer.listening import Mode
from dialer.previews import PreviewState, Why
from dialer.view import CampaignState
from tests.support.stores import url_of

WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("campaign", "state"): CampaignState,
    ("agent", "state"): AgentState,
    ("agent_span", "state"): AgentState,
    ("lead", "state"): LeadState,
    ("lead", "ending"): Ending,
    ("attempt", "state"): AttemptState,
    ("attempt", "channel"): Line,
    ("attempt", "outcome"): Outcome,
    ("suppression", "channel"): Line,
    ("ledger", "kind"): Kind,
    ("listening", "mode"): Mode,
    ("preview", "state"): PreviewState,
    ("preview", "why"): Why,
    ("leg", "state"): LegState,
    ("leg", "ending"): LegEnding,
}


def made_of(connection: Connection) -> dict[str, list[str]]:
    """Everything in a database but Alembic's own table, as SQLite keeps it: one line per column and constraint."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {f"{kind} {name}": sorted(parts_of(sql)) for kind, name, sql in rows if name != "alembic_version"}


def parts_of(sql: str) -> list[str]:
    """The parts of a statement between its outermost commas and brackets: a later column stands on no new line."""
    parts, depth = [""], 0
    for sign in " ".join(sql.split()):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if (sign == "," and depth == 1) or (sign == "(" and depth == 1) or (sign == ")" and depth == 0):
            parts.append("")
        else:
            parts[-1] += sign
    return [" ".join(part.split()) for part in parts if part.strip()]


def test_the_migrations_make_exactly_the_tables_of_the_program(connection: Connection) -> None:
    """Columns, checks, keys, indexes and their conditions: line by line, triggers apart."""
    migrated = made_of(connection)
    engine = sqlite.fleeting()
    with engine.connect() as other:
        METADATA.create_all(other)
        declared = made_of(other)
    engine.dispose()
    triggers = {name for name in migrated if name.startswith("trigger")}
    assert triggers == {"trigger ledger_update", "trigger ledger_delete", "trigger ledger_insert"}
    assert {name: lines for name, lines in migrated.items() if name not in triggers} == declared


def test_alembic_finds_nothing_to_add(connection: Connection) -> None:
    """Its own comparison, which a developer's next draft starts from."""
    assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


@pytest.mark.parametrize(("table", "column"), WORDS)
def test_the_tables_know_every_word_and_no_other(connection: Connection, table: str, column: str) -> None:
    """A state added to the program needs a migration, and this says so."""
    checks = {
        check["name"]: str(check["sqltext"]) for check in inspect(connection).get_check_constraints(table)
    }
    known = re.findall(r"'(\w+)'", checks[f"ck_{table}_{column}"])
    assert known == [word.value for word in WORDS[table, column]]


def test_no_check_on_words_is_forgotten(connection: Connection) -> None:
    """The table above lists every check of that kind."""
    found = {
        (table, str(check["name"]).removeprefix(f"ck_{table}_"))
        for table in METADATA.tables
        for check in inspect(connection).get_check_constraints(table)
        if " IN (" in str(check["sqltext"])
    }
    assert found == set(WORDS)


def test_a_draft_needs_nothing_that_it_does_not_import(connection: Connection, tmp_path: Path) -> None:
    """The template and the types: what Alembic writes by itself runs as it stands, and leads to our tables."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrating.__file__).parent / "migrations", folder)
    with connection.begin():
        connection.exec_driver_sql("DROP TABLE lease")
        connection.exec_driver_sql("DROP INDEX ix_attempt_cost")
        connection.exec_driver_sql("ALTER TABLE attempt DROP COLUMN price")
    migrating.draft(connection, "planted by a test", folder)
    (written,) = (folder / "versions").glob("*planted*.py")
    text = written.read_text("utf-8")
    assert "columns.Instant()" in text
    assert "columns.Money()" in text
    migrating.apply(connection, folder)
    assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_words_are_learnt_by_a_table_that_is_in_use(tmp_path: Path) -> None:
    """Agents with their calls stay as they are, and what the old tables refused is known to the new ones."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrating.__file__).parent / "migrations", folder)
    for step in folder.glob("versions/*.py"):
        if step.name >= "0009":
            step.unlink()
    engine = sqlite.fleeting()
    put = "INSERT INTO agent VALUES (?, 'Aoki', 'room', '[]', '[]', ?, 0, NULL, NULL, NULL, NULL)"
    with engine.connect() as one:
        migrating.apply(one, folder)
        with one.begin():
            one.exec_driver_sql(put, ("aoki", "ready"))
            one.exec_driver_sql("INSERT INTO agent_span VALUES (1, 'aoki', 'away', 0, 1, NULL)")
        with pytest.raises(IntegrityError), one.begin():
            one.exec_driver_sql(put, ("baba", "previewing"))
        migrating.apply(one)
        with one.begin():
            one.exec_driver_sql(put, ("baba", "previewing"))
            one.exec_driver_sql("INSERT INTO agent_span VALUES (2, 'baba', 'previewing', 0, 1, NULL)")
            states = one.exec_driver_sql("SELECT state FROM agent ORDER BY id").fetchall()
            assert one.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert [state for (state,) in states] == ["ready", "previewing"]
        with pytest.raises(IntegrityError), one.begin():
            one.exec_driver_sql(put, ("chiba", "asleep"))
    engine.dispose()


def test_upgrading_twice_is_upgrading_once(tmp_path: Path) -> None:
    """And it makes the folder."""
    url = url_of("file", tmp_path / "var" / "new")
    migrating.upgrade(url)
    migrating.upgrade(url)
    assert (tmp_path / "var" / "new" / "dialer.db").exists()


@pytest.mark.parametrize(
    ("has", "says"),
    [
        (None, "has older tables than this program: run `dialer upgrade`"),
        ("9999", r"was used by a newer program \(tables 9999\)"),
    ],
)
def test_a_database_of_another_age_is_not_opened(tmp_path: Path, has: str | None, says: str) -> None:
    """Older: there is a command for it. Newer: nothing here may write it. The lock is let go either way."""
    url = url_of("file", tmp_path)
    migrating.upgrade(url)
    engine = sqlite.writing(tmp_path / "dialer.db")
    with engine.connect() as one, one.begin():
        one.exec_driver_sql("DELETE FROM alembic_version")
        if has:
            one.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (has,))
    engine.dispose()
    for _ in range(2):
        with pytest.raises(StoreError, match=says):
            database.open_store(url)


def test_a_file_that_is_no_database_of_ours_is_not_opened(tmp_path: Path) -> None:
    """An empty file has no tables at all."""
    (tmp_path / "dialer.db").touch()
    with pytest.raises(StoreError, match="run `dialer upgrade`"):
        database.open_store(url_of("file", tmp_path))
