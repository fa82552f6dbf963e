"""The emergency stop from a terminal: beside an installation that answers, one that hangs, one that died, and none."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import respx
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.wiring.stores import open_store, read_only
from dialer.attempt import AttemptState
from dialer.ports import Unit
from dialer.reports import Stopped
from tests.support.builders import SECRET
from tests.support.postgres import MISSING, new_database
from tests.support.stores import open_call, prepared

ACCOUNT = "AC" + "7" * 32
KEYS = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s", "TWILIO_AUTH_TOKEN": "t"}
HERE = "http://127.0.0.1:9"
CARRIER = "http://127.0.0.1:10"


@dataclass
class Terminal:
    """A folder with settings, and campaigns that somebody broke a minute ago."""

    folder: Path
    shared: str = ""

    @property
    def database(self) -> str:
        """Its address."""
        return self.shared or f"sqlite:///{self.folder}/dialer.db"

    def configure(self, listen: str = "127.0.0.1:9") -> None:
        """Write what a stop reads, and what it must not stumble over."""
        (self.folder / "campaigns").mkdir(exist_ok=True)
        (self.folder / "campaigns" / "broken.yaml").write_text("campaign: [", "utf-8")
        carrier = f"carrier:\n  account_sid: {ACCOUNT}\n  base_url: {CARRIER}\n"
        text = f"database: {self.database}\nlisten: {listen}\n{carrier}"
        (self.folder / "dialer.yaml").write_text(text, "utf-8")

    def types(self, *arguments: str, **environment: str) -> Result:
        """Type a command; nothing is in the environment but what is given."""
        nothing = dict.fromkeys((*KEYS, "DIALER_SECRET"), "")
        command = [*arguments, "--by", "mori", "--config", str(self.folder)]
        return CliRunner().invoke(app, command, env=nothing | environment)

    async def stopped(self) -> Stopped | None:
        """What the ledger has."""
        return await read_only(self.database, lambda reports: reports.stopped())


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Where nobody listens."""
    terminal = Terminal(tmp_path)
    terminal.configure()
    return terminal


async def fill(terminal: Terminal, work: Callable[[Unit], None] = lambda _: None) -> None:
    """Make the database, with what an installation that is gone has left in it."""
    store = await open_store(terminal.database, may_upgrade=True)
    await prepared(store)
    await store.transact(work)
    await store.close()


def left_behind(unit: Unit) -> None:
    """Calls that ring, one that was ordered and never named, and a conversation."""
    for place, state in ((1, AttemptState.RINGING), (2, AttemptState.UNSURE), (3, AttemptState.CONNECTED)):
        before = open_call(unit, place)
        reference = None if state is AttemptState.UNSURE else f"CA{place}"
        unit.save_attempt(replace(before, state=state, reference=reference), before.state)


async def test_nothing_runs_and_the_switch_is_turned_in_the_database(terminal: Terminal) -> None:
    """At once, sealed with name and reason, told with the file; a second stop is told of the first."""
    await fill(terminal)
    said = await asyncio.to_thread(terminal.types, "stop", "--all", "--reason", "wrong list")
    assert said.exit_code == 0, said.output
    first, second, third = said.output.splitlines()
    assert first.startswith("all dialing is stopped, until `dialer resume`")
    assert str(terminal.folder / "dialer.db") in first
    stop = await terminal.stopped()
    assert stop is not None
    assert (stop.by, stop.reason, stop.hung_up) == ("mori", "wrong list", 0)
    assert second.startswith("committed at 20")
    assert third == "0 queued or ringing calls were told to end"
    again = await asyncio.to_thread(terminal.types, "stop")
    assert "stopped already, since 20" in again.output
    assert again.output.endswith("by mori: wrong list\n")
    assert (await asyncio.to_thread(terminal.types, "resume")).exit_code == 0
    assert await terminal.stopped() is None


async def test_the_calls_of_one_that_died_are_ended_at_the_carrier(
    terminal: Terminal, respx_mock: respx.MockRouter
) -> None:
    """The one that rings is; the conversation is not, and what has no name yet is counted."""
    await fill(terminal, left_behind)
    address = f"{CARRIER}/2010-04-01/Accounts/{ACCOUNT}/Calls"
    ended = respx_mock.post(f"{address}/CA1.json").mock(
        return_value=httpx.Response(200, json={"sid": "CA1", "status": "completed"})
    )
    said = await asyncio.to_thread(terminal.types, "stop", **KEYS)
    assert said.exit_code == 0, said.output
    assert "1 queued or ringing calls were told to end" in said.output
    assert "1 more that the carrier has not named yet" in said.output
    assert [call.request.content for call in ended.calls] == [b"Status=completed"]


async def test_without_the_carriers_keys_it_says_which_calls_go_on(terminal: Terminal) -> None:
    """The stop holds, and nobody believes that the phones have fallen silent."""
    await fill(terminal, left_behind)
    said = await asyncio.to_thread(terminal.types, "stop")
    assert said.exit_code == 0
    assert "1 queued or ringing calls could NOT be ended at the carrier" in said.output
    assert "TWILIO_API_KEY is not set" in said.output
    assert await terminal.stopped() is not None


async def test_no_database_is_made_where_none_was(terminal: Terminal) -> None:
    """A stop typed in the wrong folder stops nothing, and says so."""
    said = await asyncio.to_thread(terminal.types, "stop")
    assert said.exit_code == 1
    assert f"there is no database {terminal.folder}/dialer.db" in said.stderr
    assert not (terminal.folder / "dialer.db").exists()


@pytest.mark.parametrize("verb", ["stop", "resume"])
@pytest.mark.parametrize("secret", ["", SECRET])
async def test_a_process_that_has_the_database_and_does_not_answer(
    terminal: Terminal, verb: str, secret: str
) -> None:
    """Exit status 1: nothing was done, how to end all dialing all the same, and what else may be wrong."""
    store = await open_store(terminal.database, may_upgrade=True)
    try:
        said = await asyncio.to_thread(terminal.types, verb, DIALER_SECRET=secret)
        assert await store.transact(lambda unit: unit.is_dialing_enabled())
    finally:
        await store.close()
    assert said.exit_code == 1
    why = f"nothing answers at {HERE}" if secret else "DIALER_SECRET is not set"
    expected = [f"process {os.getpid()} has the database", why, "try again"]
    killing = [f"`kill -9 {os.getpid()}` ends all dialing at once", "CALLS WERE NOT STOPPED"]
    for part in [*expected, *(killing if verb == "stop" else ["still stopped"])]:
        assert part in said.stderr


async def test_one_that_answers_no_is_not_taken_for_stopped(
    terminal: Terminal, respx_mock: respx.MockRouter
) -> None:
    """Another secret, say: the database is left alone, since calls are made by whoever answered."""
    await fill(terminal)
    answer = httpx.Response(403, json={"error": "Wrong token.", "remedy": "Set the secret."})
    respx_mock.post(f"{HERE}/control/dialing").mock(return_value=answer)
    said = await asyncio.to_thread(terminal.types, "stop", DIALER_SECRET=SECRET)
    assert (said.exit_code, said.stderr.strip()) == (
        1,
        "CALLS WERE NOT STOPPED: Wrong token. Set the secret.",
    )
    assert await terminal.stopped() is None


async def test_one_that_answers_is_told_and_believed(
    terminal: Terminal, respx_mock: respx.MockRouter
) -> None:
    """It goes first, even where there is no database of this name; its figures are printed."""
    told = {
        "done": "disabled",
        "committed_at": "2026-11-24T03:00:00.125000+00:00",
        "hung_up": 4,
        "unnamed": 1,
    }
    route = respx_mock.post(f"{HERE}/control/dialing").mock(return_value=httpx.Response(200, json=told))
    said = await asyncio.to_thread(terminal.types, "stop", "--reason", "fire", DIALER_SECRET=SECRET)
    assert said.output.splitlines() == [
        "all dialing is stopped, until `dialer resume` (in the running installation)",
        "committed at 2026-11-24T03:00:00.125Z",
        "4 queued or ringing calls were told to end",
        "1 more that the carrier has not named yet end as soon as it does",
    ]
    assert route.calls.last.request.content == b'{"enabled":false,"by":"mori","reason":"fire"}'


def test_resume_asks_who_says_so(terminal: Terminal) -> None:
    """As stop does."""
    for verb in ("stop", "resume"):
        said = CliRunner().invoke(app, [verb, "--config", str(terminal.folder)])
        assert (said.exit_code, "--by" in said.stderr) == (2, True)


async def test_a_shared_database_is_stopped_though_nothing_answers_here(terminal: Terminal) -> None:
    """On this machine only engines run, or none: the switch is turned for all of them, and what rings is ended."""
    terminal.shared = new_database() or pytest.skip(MISSING)
    terminal.configure()
    await fill(terminal, left_behind)
    said = await asyncio.to_thread(terminal.types, "stop", "--all")
    assert said.exit_code == 0, said.output
    assert "written into the database, it holds for every engine at once" in said.output
    stop = await terminal.stopped()
    assert stop is not None
    assert (stop.by, stop.unnamed) == ("mori", 1)
    again = await asyncio.to_thread(terminal.types, "resume")
    assert again.exit_code == 0, again.output
    assert await terminal.stopped() is None


async def test_a_shared_database_that_cannot_be_reached_is_said_so_in_capitals(terminal: Terminal) -> None:
    """Nobody may believe that calls were stopped."""
    terminal.shared = "postgresql+asyncpg://dialer@127.0.0.1:9/none"
    terminal.configure()
    said = await asyncio.to_thread(terminal.types, "stop", "--all")
    assert said.exit_code != 0
    assert "CALLS WERE NOT STOPPED" in f"{said.output}{said.exception}"
