"""Orders given while nothing runs, and while something has the database that does not answer."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import respx
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.configuration import Configuration, load_configuration
from adapters.controlling import Done, give, move, never_again
from adapters.lists import entry_for
from adapters.remote import NoAnswer, OrderRefused, address_of, tell
from adapters.wiring.stores import open_store, read_only
from dialer.attempt import AttemptState
from dialer.errors import DialerError, StaleState
from dialer.nonce import nonce_for
from dialer.ports import Unit
from dialer.settings import Settings
from dialer.view import CampaignState
from tests.support.builders import SECRET
from tests.support.postgres import MISSING, new_database
from tests.support.stores import open_call, prepare

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
CAMPAIGN = "winback-dormant"


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """Our own configuration, with a database of its own and an address where nobody listens."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    settings = tmp_path / "config" / "dialer.yaml"
    text = settings.read_text("utf-8").replace("sqlite:///var/", f"sqlite:///{tmp_path}/")
    settings.write_text(text.replace("listen: 127.0.0.1:8080", "listen: 127.0.0.1:9"), "utf-8")
    return load_configuration(tmp_path / "config")


def typed(configuration: Configuration, *arguments: str, secret: str = "") -> Result:
    """Type a command."""
    folder = Path(configuration.settings.database.removeprefix("sqlite:///")).parent / "config"
    return CliRunner().invoke(app, [*arguments, "--config", str(folder)], env={"DIALER_SECRET": secret})


async def test_without_an_installation_running_an_order_is_carried_out_here(
    configuration: Configuration,
) -> None:
    """The same decisions, sealed alike; an order twice is told apart where that matters."""
    entry = entry_for("090-2000-0001", reason="letter", by="mori")
    assert await give(configuration, never_again(entry)) == Done(what="suppressed", was_running=False)
    assert (await give(configuration, never_again(entry))).what == "known"
    assert (await give(configuration, move(CAMPAIGN, "start", by="mori"))).what == "start"
    database = configuration.settings.database
    kinds = await read_only(database, lambda reports: [entry.kind for entry in reports.ledger()])
    assert kinds == ["suppressed", "campaign"]
    await give(configuration, move(CAMPAIGN, "pause", by="mori", reason="too many complaints"))
    last = await read_only(database, lambda reports: reports.ledger_head())
    assert last is not None
    assert '"reason":"too many complaints"' in last.body
    await give(configuration, move(CAMPAIGN, "start", by="mori"))
    with pytest.raises(StaleState, match="is running"):
        await give(configuration, move(CAMPAIGN, "start", by="mori"))
    with pytest.raises(StaleState, match="no campaign spring"):
        await give(configuration, move("spring", "start", by="mori"))


async def test_a_process_that_does_not_answer_is_told_with_what_to_do(configuration: Configuration) -> None:
    """The database is taken, nobody listens: nothing is done, and nobody believes that it was."""
    store = await open_store(configuration.settings.database, may_upgrade=True)
    try:
        order = ("campaign", "pause", CAMPAIGN, "--by", "mori")
        said = await asyncio.to_thread(typed, configuration, *order, secret=SECRET)
        bare = await asyncio.to_thread(typed, configuration, *order)
    finally:
        await store.close()
    assert isinstance(said.exception, NoAnswer)
    for part in (f"process {os.getpid()}", "http://127.0.0.1:9", "nothing was done", "`listen`"):
        assert part in str(said.exception)
    assert isinstance(bare.exception, DialerError)
    assert "DIALER_SECRET is not set" in str(bare.exception)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(409, json={"error": "It is paused.", "remedy": "Start it."}), OrderRefused),
        (httpx.Response(200, text="<html>another program</html>"), NoAnswer),
        (httpx.Response(500, json=["no", "words"]), NoAnswer),
    ],
    ids=["refused", "foreign", "broken"],
)
async def test_an_answer_that_is_no_yes_is_an_error(
    respx_mock: respx.MockRouter, answer: httpx.Response, error: type[DialerError]
) -> None:
    """What the installation says is handed on; what another program says is not taken for it."""
    respx_mock.post("http://127.0.0.1:9/control/dialing").mock(return_value=answer)
    with pytest.raises(error):
        await tell("http://127.0.0.1:9", SECRET, "/control/dialing", {"enabled": False, "by": "mori"})


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:8080", "127.0.0.1:8080"), ("0.0.0.0:80", "127.0.0.1:80"), (":8080", "127.0.0.1:8080")],
)
def test_an_installation_that_listens_everywhere_is_reached_here(listen: str, address: str) -> None:
    """Orders stay on this machine."""
    assert address_of(Settings(listen=listen)) == f"http://{address}"


def test_what_was_done_is_printed(configuration: Configuration) -> None:
    """And that nothing runs that could have done it already."""
    said = typed(configuration, "suppress", "add", "C00001", "--reason", "letter", "--by", "mori").output
    assert said == "C00001: suppressed\n"
    assert (
        f"campaign {CAMPAIGN} is started"
        in typed(configuration, "campaign", "start", CAMPAIGN, "--by", "mori").output
    )
    assert (
        f"campaign {CAMPAIGN} is paused"
        in typed(configuration, "campaign", "pause", CAMPAIGN, "--by", "mori").output
    )


def test_every_agent_is_given_a_desk_and_a_line(configuration: Configuration) -> None:
    """The token is the one that opens the desk, and the link holds it; without the secret there is none to give."""
    said = typed(configuration, "agents", secret=SECRET).output
    assert said.count("token ") == len(configuration.settings.agents) == 8
    token, line = nonce_for(SECRET, "desk", "aoki"), nonce_for(SECRET, "agent", "aoki")
    link, desk, join = f"/desk#aoki:{token}\n", "/desk/aoki\n", f"/twilio/agents/aoki/{line}/join\n"
    for part in ("aoki  青木 美咲", link, f"  token    {token}\n", desk, join):
        assert part in said
    assert isinstance(typed(configuration, "agents").exception, DialerError)


@pytest.fixture
def shared(configuration: Configuration) -> Configuration:
    """The same with a database that engines of other processes use."""
    database = new_database() or pytest.skip(MISSING)
    settings = configuration.settings.model_copy(update={"database": database})
    return replace(configuration, settings=settings)


async def written(configuration: Configuration, work: Callable[[Unit], T]) -> T:
    """Do something in the database, as another process would."""
    store = await open_store(configuration.settings.database, may_upgrade=True)
    try:
        return await store.transact(work)
    finally:
        await store.close()


def ringing(unit: Unit) -> None:
    """An engine elsewhere has somebody's phone ringing."""
    prepare(unit, campaign=CAMPAIGN)
    opened = open_call(unit, 1)
    unit.save_attempt(replace(opened, state=AttemptState.RINGING, reference="CA1"), opened.state)


async def test_a_refusal_written_beside_running_engines_ends_the_call_that_rings(
    shared: Configuration, tmp_path: Path, respx_mock: respx.MockRouter
) -> None:
    """Nobody else would hear of it before the person answers."""
    await written(shared, ringing)
    end = respx_mock.post(url__regex=r".*/Calls/CA1\.json").respond(json={"sid": "CA1"})
    config = tmp_path / "config" / "dialer.yaml"
    text = re.sub("(?m)^database: .*$", f"database: {shared.settings.database}", config.read_text("utf-8"))
    config.write_text(text.replace('account_sid: ""', f"account_sid: AC{'7' * 32}"), "utf-8")
    keys = dict.fromkeys(("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN"), "x")
    order = ["suppress", "add", "C00001", "--reason", "letter", "--by", "mori"]
    typed = partial(CliRunner().invoke, app, [*order, "--config", str(config.parent)], env=keys)
    said = await asyncio.to_thread(typed)
    assert (said.output, end.call_count) == ("C00001: suppressed\n", 1)


async def test_a_refusal_holds_though_the_carrier_cannot_be_told(shared: Configuration) -> None:
    """No key to the account is here: the entry is written, and the call ends when it is answered."""
    await written(shared, ringing)
    done = await give(shared, never_again(entry_for("C00001", reason="letter", by="mori")))
    assert done.what == "suppressed"


async def test_a_pause_leaves_the_version_in_force_to_the_engines(shared: Configuration) -> None:
    """They dial by what they have read, so their attempts must name that, whatever the files here say by now."""
    await written(shared, ringing)
    await give(shared, move(CAMPAIGN, "pause", by="mori"))
    rows = await written(shared, lambda unit: unit.campaigns())
    [row] = [row for row in rows if row.id == CAMPAIGN]
    assert (row.state, row.version) == (CampaignState.PAUSED, "v1")
