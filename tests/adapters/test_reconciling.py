"""`dialer reconcile` where nothing is held, where nothing can be known, and what a person must say."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import httpx
import pytest
import respx
from typer.testing import CliRunner, Result

from adapters.checkpoints import append
from adapters.cli import app
from adapters.clock import SystemClock
from adapters.wiring.stores import open_store, read_only
from dialer.attempt import AttemptState
from dialer.errors import DialerError
from dialer.halts import Mark
from tests.support.stores import a_record, open_call, prepare

ACCOUNT = "AC" + "7" * 32
KEYS = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s", "TWILIO_AUTH_TOKEN": "t"}
CARRIER = "http://127.0.0.1:10"
CALLS = f"{CARRIER}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
NOW = SystemClock().now()
HOURS = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Settings, and a database whose ledger ended three hours ago with one call known."""
    (tmp_path / "campaigns").mkdir()
    carrier = f"carrier:\n  account_sid: {ACCOUNT}\n  base_url: {CARRIER}\n"
    (tmp_path / "dialer.yaml").write_text(f"database: {database(tmp_path)}\n{carrier}", "utf-8")
    (tmp_path / "policy.yaml").write_text("profile: statutory\n", "utf-8")
    asyncio.run(_fill(tmp_path))
    return tmp_path


def database(folder: Path) -> str:
    """Its address."""
    return f"sqlite:///{folder}/dialer.db"


async def _fill(folder: Path) -> None:
    store = await open_store(database(folder), may_upgrade=True)
    await store.transact(prepare)
    before = await store.transact(open_call)
    placed = replace(before, state=AttemptState.PLACED, reference="CA1")
    await store.transact(lambda unit: unit.save_attempt(placed, before.state))
    await store.transact(lambda unit: unit.record([a_record(at=NOW - 3 * HOURS)]))
    await store.close()


@pytest.fixture
def listed() -> Iterator[respx.Route]:
    """A carrier that lists a call we know, two to one person that we do not, and one to no telephone."""
    made, known, other = f"{NOW - HOURS:%a, %d %b %Y %H:%M:%S +0000}", "+819020000001", "+819020000002"
    calls = [
        {"sid": sid, "to": to, "direction": "outbound-api", "date_created": made}
        for sid, to in (("CA1", known), ("CA2", other), ("CA3", other), ("CA4", "sip:a@b"))
    ]
    page = {"calls": calls, "page": 0, "page_size": 1000, "next_page_uri": None, "uri": CALLS}
    with respx.mock(assert_all_called=False) as router:
        yield router.get(url__startswith=CALLS).mock(return_value=httpx.Response(200, json=page))


def types(folder: Path, *arguments: str) -> Result:
    """Type the command."""
    command = ["reconcile", *arguments, "--config", str(folder)]
    return CliRunner().invoke(app, command, env=KEYS)


def old_marks(folder: Path) -> None:
    """Checkpoints of a ledger that was longer."""
    append(folder / "checkpoints.jsonl", Mark(at=NOW - 2 * HOURS, rows=500, hash="0" * 64))


def test_where_nothing_is_held_it_compares_and_releases_nothing(folder: Path, listed: respx.Route) -> None:
    """Whoever wants to know may ask at any time."""
    said = types(folder)
    assert said.exit_code == 0, said.output
    assert "the carrier has 4 calls since" in said.output
    assert "does not know 3 of them, to 1 numbers" in said.output
    assert "1 of them were to no telephone number" in said.output
    assert "not held: there is nothing to release" in said.output
    assert listed.called
    assert isinstance(types(folder, "--release", "--by", "mori").exception, DialerError)


def test_a_database_that_was_never_started_is_compared_with_its_checkpoints(
    folder: Path, listed: respx.Route
) -> None:
    """Nobody has to start an installation first; each number is spared once, for as long as was said."""
    old_marks(folder)
    said = types(folder, "--release", "--by", "mori", "--days", "7")
    assert said.exit_code == 0, said.output
    asked = (NOW - 3 * HOURS - 24 * HOURS).astimezone(UTC).isoformat(timespec="seconds")[:16]
    assert f"since {asked}" in said.output
    assert "nobody is contacted until it is released" in said.output
    assert "the database is released by mori (nothing runs" in said.output
    entries = asyncio.run(read_only(database(folder), lambda reports: list(reports.suppressions())))
    assert [entry.number for entry in entries] == ["+819020000002"]
    assert entries[0].expires_at is not None
    assert timedelta(days=6) < entries[0].expires_at - NOW < timedelta(days=8)
    assert not asyncio.run(read_only(database(folder), lambda reports: reports.halts()))
    assert "nothing to release" in types(folder).output
    assert listed.called


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.Response(200, json={"calls": "none"})])
def test_an_answer_that_is_none_releases_nothing(
    folder: Path, listed: respx.Route, answer: httpx.Response
) -> None:
    """It says so, and the database stays held."""
    old_marks(folder)
    listed.mock(return_value=answer)
    said = types(folder, "--release", "--by", "mori")
    assert isinstance(said.exception, DialerError)
    assert "nothing was released" in str(said.exception)
    halts = asyncio.run(read_only(database(folder), lambda reports: reports.halts()))
    assert [halt.name for halt in halts] == ["restored"]


def test_a_release_names_who_says_so(folder: Path, listed: respx.Route) -> None:
    """Nothing is asked before that."""
    assert types(folder, "--release").exit_code == 2
    assert not listed.called


def test_the_carrier_is_asked_from_when_one_says(folder: Path, listed: respx.Route) -> None:
    """In UTC where nothing else is said."""
    assert "since 2026-11-01T00:00:00Z" in types(folder, "--since", "2026-11-01").output
    assert "since 2026-11-01T00:00:00Z" in types(folder, "--since", "2026-11-01T09:00:00+0900").output
    days = [call.request.url.params.get("StartTime>") for call in listed.calls]
    assert {day for day in days if day} == {"2026-11-01"}
