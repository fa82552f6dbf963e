"""The stop switch on the pages: a button that asks once more, the state on every page, and nobody else's form."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient

from adapters.web.auth import form_token, page_token
from dialer.events import CampaignPaused, SwitchTurned
from dialer.halts import CARRIER, RESTORED, Halt
from dialer.reports import Stopped
from tests.adapters.web.house import SECRET, House, a_campaign, serving
from tests.support.summaries import NOW, a_summary

Client = TestClient[web.Request, web.Application]
HOUR = timedelta(hours=1)
HTML = {"Accept": "text/html", "Accept-Language": "en"}
STOPPED = Stopped(at=NOW, by="mori (board)", reason="wrong <list>", hung_up=3, unnamed=1)
SAID = (
    "STOPPED since Tue 24 Nov 13:42:07 by mori (board) · reason: wrong &lt;list&gt; · 3 queued or ringing calls told "
    "to end · 1 more end as soon as the carrier names them"
)
SAID_JA = (
    "全発信停止中 11月24日(火) 13:42:07から(停止した人: mori (board)) ・理由: wrong &lt;list&gt; ・待機中・"
)


def form(page: str = "/", **more: str) -> dict[str, str]:
    """What the form on a page of ours sends."""
    return {"page": page, "token": page_token(SECRET, page), **more}


@pytest.fixture
def house() -> House:
    """One campaign, in the middle of its day."""
    return House()


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    """A browser on the same machine."""
    async with serving(house) as server:
        client: Client = TestClient(server, cookie_jar=CookieJar(unsafe=True))
        yield client
        await client.close()


def turns(house: House) -> list[tuple[bool, str, str]]:
    """How the switch was turned."""
    return [
        (event.enabled, event.by, event.reason) for event in house.events if isinstance(event, SwitchTurned)
    ]


async def test_the_button_stops_all_calls_and_leads_back(client: Client, house: House) -> None:
    """With a name and a reason, or with neither: nobody has to write anything to stop."""
    answer = await client.post("/calls/stop", data=form("/board/winback"), allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/board/winback")
    await client.post("/calls/stop", data=form(by=" mori\n", reason="wrong  list"))
    assert turns(house) == [(False, "board", ""), (False, "mori (board)", "wrong list")]


async def test_who_resumes_says_who_they_are(client: Client, house: House) -> None:
    """Without a name all calls stay stopped."""
    house.stop = STOPPED
    answer = await client.post("/calls/resume", data=form(by="  ", reason="sorted out"), headers=HTML)
    assert answer.status == 400
    assert "Nobody is named who resumes dialling" in await answer.text()
    assert house.stop == STOPPED
    answer = await client.post("/calls/resume", data=form(by="aoki", reason="sorted out"), headers=HTML)
    assert (answer.status, str(answer.url.path)) == (200, "/")
    assert turns(house) == [(True, "aoki (board)", "sorted out")]


async def test_a_program_is_told_what_became_of_it(client: Client) -> None:
    """As the command line is."""
    answer = await client.post("/calls/stop", data=form(), headers={"Accept": "application/json"})
    assert await answer.json() == {
        "done": "disabled",
        "committed_at": NOW.isoformat(),
        "hung_up": 3,
        "unnamed": 1,
    }


@pytest.mark.parametrize("path", ["/", "/board/winback", "/calls", "/nowhere", "/board/none"])
async def test_every_page_has_the_button_and_the_state(client: Client, house: House, path: str) -> None:
    """Pages of errors too; who, since when and why are text whatever they are."""
    before = await (await client.get(path, headers=HTML)).text()
    assert 'action="/calls/stop"' in before
    assert "STOPPED since" not in before
    house.stop = STOPPED
    text = await (await client.get(path, headers=HTML)).text()
    assert SAID in text
    assert 'action="/calls/resume"' in text
    assert SAID_JA in await (await client.get(path, headers={**HTML, "Accept-Language": "ja"})).text()


async def test_the_list_of_campaigns_has_them_too(client: Client, house: House) -> None:
    """Where there is a choice of campaigns, and where there is none."""
    house.campaigns = {"winback": a_campaign(), "spring": a_campaign("spring")}
    house.summaries["spring"] = a_summary("spring")
    house.stop = STOPPED
    assert SAID in await (await client.get("/", headers=HTML)).text()
    house.campaigns = {}
    assert SAID in await (await client.get("/", headers=HTML)).text()


async def test_a_switch_that_the_ledger_does_not_know_is_shown_all_the_same(
    client: Client, house: House
) -> None:
    """Nothing is made up about who turned it."""
    house.stop = Stopped()
    text = await (await client.get("/", headers=HTML)).text()
    assert 'role="status" data-bind="text:stopped_say">STOPPED</p>' in text


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (
            (Halt(name=RESTORED, since=NOW, until=None, reason="12 rows"),),
            ("NOTHING IS DIALLED OR MAILED", "12 rows"),
        ),
        (
            (Halt(name=CARRIER, since=NOW, until=NOW + HOUR, reason="429"),),
            ("the carrier needs a pause", "429"),
        ),
        (
            (Halt(name="storm", since=NOW, until=None, reason="no line"),),
            ("NOTHING IS DIALLED since", "no line"),
        ),
        ((Halt(name=CARRIER, since=NOW, until=NOW, reason="429"),), ()),
    ],
)
async def test_every_page_says_what_else_keeps_everybody_from_calling(
    client: Client, house: House, held: tuple[Halt, ...], said: tuple[str, ...]
) -> None:
    """As long as it is in force: on the board, on the switch's own page, on the page of an error; in both languages."""

    async def line(page: str, language: str) -> str:
        text = await (await client.get(page, headers={**HTML, "Accept-Language": language})).text()
        return unescape(text).partition('data-bind="text:held_say">')[2].partition("</p>")[0]

    house.held = held
    for page in ("/", "/calls", "/nowhere"):
        english, japanese = await line(page, "en"), await line(page, "ja")
        assert (bool(english), bool(japanese)) == (bool(said), bool(said))
        assert all(words in english for words in said), english
        assert japanese == "" or "停止中" in japanese or "休止中" in japanese


async def test_the_button_is_there_when_the_store_is_not(client: Client, house: House) -> None:
    """On the page that says that something went wrong; pressed, it goes to the engine."""
    house.broken = True
    answer = await client.get("/", headers=HTML)
    assert answer.status == 500
    assert 'action="/calls/stop"' in await answer.text()
    pressed = await client.post("/calls/stop", data=form(), allow_redirects=False)
    assert (pressed.status, turns(house)) == (303, [(False, "board", "")])


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({}, {}),
        ({}, {"page": "/", "token": "0" * 32}),
        ({}, {"page": "/board/winback", "token": page_token(SECRET, "/")}),
        ({}, {"page": "//elsewhere.example", "token": page_token(SECRET, "/")}),
        ({}, {"page": "/", "token": page_token("another secret", "/")}),
        ({}, {"page": "winback", "token": form_token(SECRET, "winback")}),
        ({"Origin": "https://elsewhere.example"}, form()),
        ({"Origin": "null"}, form()),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, form()),
        ({"Sec-Fetch-Site": "same-site"}, form()),
        ({"Host": "dialer.example"}, form()),
        ({"X-Forwarded-For": "203.0.113.9"}, form()),
    ],
)
@pytest.mark.parametrize("action", ["stop", "resume"])
async def test_a_form_from_elsewhere_turns_nothing(
    client: Client, house: House, action: str, headers: dict[str, str], sent: dict[str, str]
) -> None:
    """Another site's button, a token of another page or purpose, a visitor from elsewhere."""
    answer = await client.post(f"/calls/{action}", data={**sent, "by": "mallory"}, headers=headers)
    assert (answer.status, house.events) == (403, [])


@pytest.mark.parametrize("headers", [{}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}])
async def test_our_own_form_is_let_through(client: Client, house: House, headers: dict[str, str]) -> None:
    """A browser that says where it is, and a program that has the token."""
    await client.post("/calls/stop", data=form(), headers=headers)
    assert len(house.events) == 1


@pytest.mark.parametrize(
    "headers",
    [{**HTML, "X-Forwarded-For": "203.0.113.9"}, {**HTML, "Host": "dialer.example"}, {"Accept": "*/*"}],
)
async def test_a_page_for_somebody_else_holds_no_token(client: Client, headers: dict[str, str]) -> None:
    """A visitor from elsewhere, or the carrier, who meets an error is not handed the switch."""
    answer = await client.get("/nowhere", headers=headers)
    assert answer.status == 404
    assert "/calls/stop" not in await answer.text()


async def test_an_open_board_learns_of_a_stop_from_elsewhere(client: Client, house: House) -> None:
    """The next picture of the stream has it."""
    house.stop = STOPPED
    async with client.get("/board/winback/events?lang=en") as answer:
        await answer.content.readuntil(b"data: ")
        picture = json.loads(await answer.content.readline())
    assert (picture["is_stopped"], picture["is_allowed"]) == (True, False)
    assert picture["stopped_say"].startswith("STOPPED since Tue 24 Nov 13:42:07 by mori (board)")


async def test_a_campaigns_button_takes_a_reason(client: Client, house: House) -> None:
    """Sealed with the move; one line, of a length that a row can hold."""
    sent = {"token": form_token(SECRET, "winback"), "reason": " too many\ncomplaints" + "!" * 300}
    await client.post("/board/winback/pause", data=sent)
    (event,) = house.events
    assert isinstance(event, CampaignPaused)
    assert event.reason == ("too many complaints" + "!" * 300)[:200]
