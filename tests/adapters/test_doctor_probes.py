"""The probes of `dialer doctor`, and the whole of it against a double on loopback."""

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
import yaml
from aiohttp import web
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.clock import SystemClock, VirtualClock
from adapters.doctor.database import DURABLE, check_postgres
from adapters.facts import Account, AccountNumber, SqliteFacts
from adapters.store import checkup
from adapters.twilio import door
from adapters.twilio.gate import Gate
from adapters.wiring.doctor import House, ask_account, look_at_database, look_at_way
from adapters.wiring.stores import upgrade
from dialer.settings import CarrierSettings, Settings
from tests.adapters.simulator.builders import ACCOUNT, KEY, SECRET, TOKEN, a_double

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 26, 3, 0, 0, tzinfo=UTC)
HOUSE_SECRET = "s" * 32
TOKYO = "https://api.tokyo.jp1.twilio.com"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
CALLERS = f"/2010-04-01/Accounts/{ACCOUNT}/OutgoingCallerIds.json"
ENVIRONMENT = {
    "DIALER_SECRET": HOUSE_SECRET,
    "TWILIO_API_KEY": KEY,
    "TWILIO_API_SECRET": SECRET,
    "TWILIO_AUTH_TOKEN": TOKEN,
}
DATE = {"Date": "Thu, 26 Nov 2026 03:00:01 GMT"}


async def asked(router: respx.MockRouter, **changes: Any) -> Account:
    """Ask an account that answers as the router says."""
    fields: dict[str, Any] = {"base_url": TOKYO, "account_sid": ACCOUNT} | changes
    carrier, wire = CarrierSettings(**fields), httpx.MockTransport(router.async_handler)
    account = await ask_account(carrier, ENVIRONMENT, clock=VirtualClock(NOW), wire=wire)
    assert account is not None
    return account


def a_page(key: str, *numbers: str, more: str | None = None, voice: bool = True) -> httpx.Response:
    """One page of a list of numbers."""
    entries = [{"phone_number": number, "capabilities": {"voice": voice}} for number in numbers]
    return httpx.Response(200, json={key: entries, "next_page_uri": more}, headers=DATE)


# --- the account ------------------------------------------------------------------------------------------------------


async def test_the_account_is_asked_once_for_each_thing() -> None:
    """One call at most, every page of its numbers, the verified ones too; with its key, and with the Date kept."""
    router = respx.MockRouter(base_url=TOKYO)
    calls = router.get(CALLS).respond(200, json={"calls": []}, headers=DATE)
    second = router.get(NUMBERS, params={"Page": "1"}).mock(
        return_value=a_page("incoming_phone_numbers", "+81312345679", voice=False)
    )
    first = router.get(NUMBERS).mock(
        return_value=a_page("incoming_phone_numbers", "+81312345678", more=f"{NUMBERS}?Page=1")
    )
    router.get(CALLERS).mock(return_value=a_page("outgoing_caller_ids", "+81312345678", "+15005550006"))
    account = await asked(router)
    assert (calls.call_count, first.call_count, second.call_count) == (1, 1, 1)
    request = calls.calls[0].request
    assert request.url.params["PageSize"] == "1"
    assert request.headers["Authorization"] == httpx.BasicAuth(KEY, SECRET)._auth_header
    assert account.calls.date == NOW.replace(second=1)
    assert account.numbers == (
        AccountNumber(number="+81312345678"),
        AccountNumber(number="+81312345679", has_voice=False),
        AccountNumber(number="+15005550006", is_owned=False),
    )


async def test_the_application_that_browsers_call_is_looked_at() -> None:
    """At the region's own host; what it asks, and how. Where none is named nobody asks for one."""
    router = respx.MockRouter(base_url=TOKYO)
    router.get(CALLS).respond(200, json={"calls": []}, headers=DATE)
    router.get(NUMBERS).mock(return_value=a_page("incoming_phone_numbers"))
    router.get(CALLERS).mock(return_value=a_page("outgoing_caller_ids"))
    sid = "AP" + "3" * 32
    found = router.get(f"/2010-04-01/Accounts/{ACCOUNT}/Applications/{sid}.json")
    found.respond(200, json={"sid": sid, "voice_url": "https://d.example/x", "voice_method": "GET"})
    application = (await asked(router, application_sid=sid)).application
    assert application is not None
    assert (application.reply.status, application.voice_url, application.voice_method) == (
        200,
        "https://d.example/x",
        "GET",
    )
    assert (await asked(router)).application is None
    assert found.call_count == 1


async def test_refused_keys_are_tried_in_other_regions() -> None:
    """Each of Twilio's regions once; one that takes them is named."""
    router = respx.MockRouter(assert_all_called=False)
    router.get(f"https://api.twilio.com{CALLS}").respond(200, json={})
    elsewhere = router.get(path=CALLS).respond(401, json={"code": 20003}, headers=DATE)
    account = await asked(router)
    assert (account.calls.status, account.calls.code) == (401, 20003)
    assert account.accepted_at == ("api.twilio.com",)
    assert {call.request.url.host for call in elsewhere.calls} == {
        "api.tokyo.jp1.twilio.com",
        "api.dublin.ie1.twilio.com",
        "api.sydney.au1.twilio.com",
    }


async def test_keys_go_nowhere_but_where_they_belong() -> None:
    """No other host than the carrier's own sees them: not Twilio's when it is not Twilio, not one named by a page."""
    router = respx.MockRouter()
    router.get(f"https://voice.example.com{CALLS}").respond(401)
    assert (await asked(router, base_url="https://voice.example.com")).accepted_at == ()

    router = respx.MockRouter(base_url=TOKYO)
    router.get(CALLS).respond(200, json={})
    router.get(NUMBERS).mock(return_value=a_page("incoming_phone_numbers", more="https://evil.example/x"))
    router.get(CALLERS).mock(return_value=a_page("outgoing_caller_ids"))
    account = await asked(router)
    assert account.numbers is None
    assert "another host" in account.listing.failure


@pytest.mark.parametrize("failure", [httpx.ConnectTimeout, httpx.ConnectError, httpx.ReadError])
async def test_an_account_that_cannot_be_reached_is_a_fact(failure: type[httpx.HTTPError]) -> None:
    """Nothing is raised; nothing else is asked."""
    router = respx.MockRouter(base_url=TOKYO)
    router.get(CALLS).mock(side_effect=failure)
    account = await asked(router)
    assert (account.calls.status, account.calls.failure, account.numbers) == (None, failure.__name__, None)


@pytest.mark.parametrize("body", ["<html>", "[]", '{"code": "20404"}'])
async def test_answers_of_no_sense_are_facts(body: str) -> None:
    """A page that is none, a list where an object should be, a code that is no number; and no Date."""
    router = respx.MockRouter(base_url=TOKYO)
    router.get(CALLS).respond(502, text=body, headers={"Date": "yesterday"})
    account = await asked(router)
    assert (account.calls.status, account.calls.code, account.calls.date) == (502, None, None)


async def test_without_a_key_nobody_is_asked() -> None:
    """There is nothing to ask with."""
    carrier = CarrierSettings(base_url=TOKYO, account_sid=ACCOUNT)
    assert await ask_account(carrier, {}, clock=VirtualClock(NOW)) is None


# --- the way ----------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_house(port: int, *, public_port: int | None = None, path: str = "") -> House:
    """An installation on loopback."""
    url = f"http://127.0.0.1:{public_port or port}{path}"
    settings = Settings(public_url=url, listen=f"127.0.0.1:{port}")
    return House(settings=settings, secret=HOUSE_SECRET, auth_tokens=(TOKEN,), clock=SystemClock())


@asynccontextmanager
async def running(
    port: int, *, secret: str = HOUSE_SECRET, token: str = TOKEN, front_page: tuple[int, str] = (403, "")
) -> AsyncIterator[None]:
    """The door of a running installation, and what stands at its front."""
    gate = Gate(root=f"http://127.0.0.1:{port}", auth_tokens=[token], secret=secret, clock=SystemClock())
    served = web.Application()
    served.add_routes(door.routes(gate, secret=secret))

    async def front(request: web.Request) -> web.Response:
        return web.Response(status=front_page[0], text=front_page[1])

    served.router.add_get("/", front)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_where_nothing_runs_we_answer_ourselves() -> None:
    """And leave the port free afterwards."""
    port = free_port()
    for _ in range(2):
        way = await look_at_way(a_house(port))
        assert way is not None
        assert (way.is_ours, way.reached.status, way.signed.status) == (True, 200, 200)
        assert (way.addresses, way.shows_board) == (("127.0.0.1",), None)


@pytest.mark.parametrize(
    ("secret", "token", "is_ours", "signed"),
    [
        (HOUSE_SECRET, TOKEN, True, 200),
        ("o" * 32, TOKEN, False, 200),
        (HOUSE_SECRET, "another token", True, 403),
    ],
    ids=["the same", "another secret", "another token"],
)
async def test_a_running_installation_answers_for_itself(
    secret: str, token: str, *, is_ours: bool, signed: int
) -> None:
    """Its secret and its token must be those that we have."""
    port = free_port()
    async with running(port, secret=secret, token=token):
        way = await look_at_way(a_house(port))
    assert way is not None
    assert (way.is_ours, way.reached.status, way.signed.status) == (is_ours, 200, signed)


PAGE = (ROOT / "adapters" / "web" / "templates" / "base.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("front_page", "shows"),
    [((200, PAGE), True), ((403, PAGE), False), ((200, "Welcome to our shop"), False)],
    ids=["our board", "our no", "another page"],
)
async def test_a_board_in_public_is_seen(front_page: tuple[int, str], *, shows: bool) -> None:
    """By what all its pages have, so that another site's front page is not taken for it."""
    port = free_port()
    async with running(port, front_page=front_page):
        way = await look_at_way(a_house(port))
    assert way is not None
    assert way.shows_board is shows


async def test_every_token_must_be_let_in() -> None:
    """While one is being replaced: a running installation that knows only the old one has to be started anew."""
    port = free_port()
    house = a_house(port)
    both = House(
        settings=house.settings, secret=HOUSE_SECRET, auth_tokens=(TOKEN, "the new one"), clock=SystemClock()
    )
    async with running(port):
        way = await look_at_way(both)
    assert way is not None
    assert way.signed.status == 403


async def test_a_public_address_that_leads_nowhere() -> None:
    """The signature is checked on the spot all the same: over the address as it is written."""
    port, nobody = free_port(), free_port()
    way = await look_at_way(a_house(port, public_port=nobody))
    assert way is not None
    assert (way.reached.status, way.is_ours, way.signed.status) == (None, False, 200)
    assert way.reached.failure.startswith("ConnectError")


@pytest.mark.parametrize("listen", ["192.0.2.1:8080", "127.0.0.1:http", "127.0.0.1:99999", ""])
async def test_an_address_that_cannot_be_listened_on_is_told(listen: str) -> None:
    """One of somebody else's machine, and three that are none."""
    house = a_house(free_port())
    settings = house.settings.model_copy(update={"listen": listen})
    way = await look_at_way(
        House(settings=settings, secret=HOUSE_SECRET, auth_tokens=(TOKEN,), clock=SystemClock())
    )
    assert way is not None
    assert way.listen_failure


async def test_a_forged_visit_learns_nothing() -> None:
    """Without a signature the gate stays shut; a challenge that is none finds no door."""
    port = free_port()
    async with running(port), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        forged = await http.post(f"/twilio/doctor/{'0' * 32}", data={"CallSid": "CA1"})
        assert (forged.status_code, forged.content) == (403, b"")
        assert (await http.get("/twilio/doctor/0")).status_code == 404
        assert (await http.get(f"/twilio/doctor/{'g' * 32}")).status_code == 404


# --- the database -----------------------------------------------------------------------------------------------------


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return [each.name for each in folder.iterdir()]


async def test_the_database_is_looked_at_and_left_alone(tmp_path: Path) -> None:
    """Before it is there, when its tables are missing, and when all is well; the trial leaves nothing behind."""
    path = tmp_path / "var" / "dialer.db"
    url = f"sqlite:///{path}"
    fresh = await look_at_database(url)
    assert isinstance(fresh, SqliteFacts)
    assert (fresh.journal_mode, fresh.synchronous, fresh.is_there) == ("wal", 2, False)
    assert names_in(tmp_path) == []
    path.parent.mkdir()
    path.touch()
    empty = await look_at_database(url)
    assert isinstance(empty, SqliteFacts)
    assert "dialer upgrade" in empty.tables
    path.unlink()
    upgrade(url)
    before = path.read_bytes()
    sound = await look_at_database(url)
    assert isinstance(sound, SqliteFacts)
    assert (sound.is_there, sound.tables, sound.unsound, sound.failure) == (True, "", "", "")
    assert path.read_bytes() == before
    assert not [name for name in names_in(path.parent) if name.startswith(".doctor")]
    path.write_bytes(b"no database, whatever it is called" * 200)
    broken = await look_at_database(url)
    assert isinstance(broken, SqliteFacts)
    assert "not a database" in broken.tables


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "mysql://localhost/dialer"])
async def test_a_database_that_keeps_nothing_or_is_none(url: str) -> None:
    """Neither can hold an installation."""
    facts = await look_at_database(url)
    assert isinstance(facts, SqliteFacts)
    assert facts.unsound


async def test_a_server_that_is_not_there_is_a_fact() -> None:
    """Nothing listens there."""
    facts = await checkup.ask_server(f"postgresql://dialer@127.0.0.1:{free_port()}/dialer?ssl=disable")
    assert facts.failure
    assert check_postgres(facts).case == "server_silent"


@pytest.mark.skipif("DIALER_TEST_POSTGRES" not in os.environ, reason="DIALER_TEST_POSTGRES names no server")
async def test_a_server_is_asked_for_its_settings() -> None:
    """A real one, and every setting that the check reads."""
    facts = await checkup.ask_server(os.environ["DIALER_TEST_POSTGRES"])
    assert facts.failure == ""
    assert set(facts.settings) == {"server_version", "server_version_num", *DURABLE}
    assert check_postgres(facts).case in {"server", "server_hasty"}


# --- the whole --------------------------------------------------------------------------------------------------------


def configure(folder: Path, carrier_port: int, smtp_port: int) -> Path:
    """Our own configuration, with the double as its carrier and mail server."""
    shutil.copytree(ROOT / "config", folder / "config")
    port = free_port()
    settings = {
        "database": f"sqlite:///{folder / 'var' / 'dialer.db'}",
        "public_url": f"http://127.0.0.1:{port}",
        "listen": f"127.0.0.1:{port}",
        "carrier": {"base_url": f"http://127.0.0.1:{carrier_port}", "account_sid": ACCOUNT},
        "mail": {"host": "127.0.0.1", "port": smtp_port, "security": "none"},
    }
    (folder / "config" / "dialer.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    (folder / "config" / "shifts.yaml").unlink()  # of agents whom these settings do not have
    (folder / "var").mkdir(mode=0o700)
    return folder / "config"


async def doctor(config: Path, *arguments: str, **environment: str) -> Result:
    """Type the command."""
    typed = ["doctor", "--config", str(config), *arguments]
    return await asyncio.to_thread(CliRunner().invoke, app, typed, env=ENVIRONMENT | environment)


def levels(result: Result) -> dict[str, str]:
    """Which check ended how, of an answer in JSON."""
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert all(set(line) == {"check", "level", "case", "found", "remedy"} for line in lines)
    return {line["check"]: f"{line['level']} {line['case']}" for line in lines}


async def test_an_installation_on_the_double_is_sound(tmp_path: Path) -> None:
    """From nothing but settings to a verdict; and each thing that is then broken is found."""
    async with a_double(tmp_path / "double", factor=1.0) as standing:
        config = configure(tmp_path, standing.where.port, standing.where.smtp_port)
        upgrade(f"sqlite:///{tmp_path / 'var' / 'dialer.db'}")
        sound = await doctor(config, "--json")
        found = levels(sound)
        assert (sound.exit_code, [each for each in found.items() if each[1].startswith("fail")]) == (0, [])
        for check, said in {
            "host": "ok double",
            "credentials": "ok ok",
            "clock": "ok ok",
            "public_url": "ok double",
            "webhooks": "ok ok",
            "signature": "ok ok",
            "mail": "ok ok",
            "database": "ok ok",
            "folder": "ok ok",
        }.items():
            assert found[check] == said, check

        wrong = await doctor(config, "--json", TWILIO_API_SECRET="another", DIALER_SECRET="short")
        assert wrong.exit_code == 1
        assert levels(wrong)["credentials"] == "fail secret"
        assert levels(wrong)["secret"] == "fail short"

        settings = config / "dialer.yaml"
        settings.write_text(
            settings.read_text("utf-8").replace("security: none", "security: starttls"), "utf-8"
        )
        assert levels(await doctor(config, "--json"))["mail"] == "fail silent"

        told = await doctor(config, "--lang", "ja", TWILIO_AUTH_TOKEN="")
        assert told.exit_code == 1
        assert "異常  アカウントとキー: 環境変数が設定されていません: TWILIO_AUTH_TOKEN" in told.output


async def test_settings_that_do_not_load_are_told_with_their_places(tmp_path: Path) -> None:
    """File, line and column; nothing else can be looked at."""
    (tmp_path / "dialer.yaml").write_text("listen: [1]\nnonsense: 1\n", "utf-8")
    result = await doctor(tmp_path)
    assert result.exit_code == 1
    assert "dialer.yaml:1:" in result.output
    assert "dialer.yaml:2:" in result.output
    assert "0 ok, 0 warnings, 1 failed" in result.output
