import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector, web
from aiohttp.test_utils import TestClient, make_mocked_request
from structlog.testing import capture_logs

from adapters.web.auth import form_token, manager_of
from adapters.web.errors import Refused
from adapters.web.headers import SECURITY
from dialer.events import CampaignPaused, CampaignStarted, CampaignStopped
from tests.adapters.web.house import SECRET, House, a_campaign, serving
from tests.support.summaries import NOW, a_summary

Client = TestClient[web.Request, web.Application]
TOKEN = {"token": form_token(SECRET, "winback")}
EN = {"Accept-Language": "en"}


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


async def test_the_board_is_whole_before_any_script_runs(client: Client) -> None:
    """Figures, agents, refusals with citations and the table are in the first answer, in Japanese when asked."""
    text = await (await client.get("/", headers={"Accept-Language": "ja"})).text()
    assert '<html lang="ja">' in text
    for said in (
        "ご無沙汰のお客様",
        "実行中",
        "13:42:07",
        "1,024",
        "佐藤 美咲",
        "特定商取引に関する法律 第17条",
        "09:57",
    ):
        assert said in text
    assert '<meta http-equiv="refresh"' in text.split("<noscript>")[1].split("</noscript>")[0]


async def test_a_language_once_chosen_is_kept(client: Client) -> None:
    """The address wins over the cookie, the cookie over the browser."""
    assert 'lang="ja"' in await (await client.get("/?lang=ja", headers=EN)).text()
    assert '<html lang="ja">' in await (await client.get("/", headers=EN)).text()
    assert '<html lang="en">' in await (await client.get("/?lang=en")).text()
    assert '<html lang="en">' in await (await client.get("/?lang=tlh")).text()


async def test_names_are_text_whatever_they_are(client: Client, house: House) -> None:
    """A title from a file is never read as HTML."""
    house.change(title={"ja": "<script>alert(1)</script>"})
    text = await (await client.get("/")).text()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


async def test_several_campaigns_are_listed_and_none_is_said(client: Client, house: House) -> None:
    """The front page is a list as soon as there is a choice, and says what to do while there is nothing."""
    house.campaigns = {"winback": a_campaign(), "spring": a_campaign("spring")}
    house.summaries["spring"] = a_summary("spring", title={"en": "Spring"}, state="paused")
    text = await (await client.get("/", headers=EN)).text()
    assert 'href="/board/spring"' in text
    assert "Paused" in text
    house.campaigns = {}
    assert "dialer check config/" in await (await client.get("/", headers=EN)).text()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/board/winback",
        "/board/none",
        "/static/site.css",
        "/static/none",
        "/healthz",
        "/desk/a1",
        "/nowhere",
    ],
)
async def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    """Pages, files, errors and JSON alike."""
    headers = (await client.get(path)).headers
    assert {name: headers.get(name) for name in SECURITY} == SECURITY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")


@pytest.mark.parametrize(
    ("action", "kind"), [("start", CampaignStarted), ("pause", CampaignPaused), ("stop", CampaignStopped)]
)
async def test_a_button_is_a_manager_s_word(client: Client, house: House, action: str, kind: type) -> None:
    """It becomes an event for the engine, at the campaign's time, and the browser goes back to the board."""
    answer = await client.post(f"/board/winback/{action}", data=TOKEN, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/board/winback")
    (event,) = house.events
    assert isinstance(event, CampaignPaused | CampaignStarted | CampaignStopped)
    assert type(event) is kind
    assert (event.campaign, event.by, event.at) == ("winback", "board", NOW)


@pytest.mark.parametrize("headers", [{}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}])
async def test_our_own_form_is_let_through(client: Client, house: House, headers: dict[str, str]) -> None:
    """A browser that says where it is, though it hides the address, and a program that has the token."""
    await client.post("/board/winback/pause", data=TOKEN, headers=headers)
    assert len(house.events) == 1


async def test_each_press_is_an_event_of_its_own(client: Client, house: House) -> None:
    """Pausing, starting and pausing again must not look like a repeat."""
    for action in ("pause", "start", "pause"):
        await client.post(f"/board/winback/{action}", data=TOKEN)
    assert len({event.key for event in house.events}) == 3


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {}),
        ({}, {"token": "0" * 32}),
        ({}, {"token": form_token(SECRET, "spring")}),
        ({}, {"token": form_token("another secret", "winback")}),
        ({"Origin": "https://elsewhere.example"}, TOKEN),
        ({"Origin": "null"}, TOKEN),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, TOKEN),
        ({"Sec-Fetch-Site": "none"}, TOKEN),
        ({"Sec-Fetch-Site": "same-site"}, TOKEN),
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    client: Client, house: House, headers: dict[str, str], form: dict[str, str]
) -> None:
    """Another site's button, or one without our token, moves nothing."""
    answer = await client.post("/board/winback/pause", data=form, headers=headers | EN)
    assert answer.status == 403
    assert "not pressed on the board" in await answer.text()
    assert house.events == []


async def test_a_button_too_late_says_so(client: Client, house: House) -> None:
    """Somebody else stopped the campaign: the script is told why and what to do."""
    house.stale = "campaign winback is stopped"
    answer = await client.post(
        "/board/winback/pause", data=TOKEN, headers=EN | {"Accept": "application/json"}
    )
    assert answer.status == 409
    assert await answer.json() == {
        "error": "That is not possible now: campaign winback is stopped.",
        "remedy": "Load the present state and decide again.",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "dialer.example"},
        {"Host": "127.0.0.1.rebind.example"},
        {"Host": "10.0.0.5:8080"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X-Forwarded-Host": "127.0.0.1"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/board/winback", "/board/winback/events"])
async def test_without_sign_in_the_board_is_for_this_machine_only(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    """A tunnel for the carrier's callbacks, or a name that was bent to lead here, shows nobody the board."""
    assert (await client.get(path, headers=headers)).status == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "localhost"])
def test_this_machine_goes_by_several_names(host: str) -> None:
    """With or without a port; but a peer from elsewhere may call itself what it likes."""
    assert manager_of(request_from("127.0.0.1", host)) == "board"
    assert manager_of(request_from("::1", host)) == "board"
    for peer in ("192.0.2.7", "", "nonsense"):
        with pytest.raises(Refused):
            manager_of(request_from(peer, host))


def request_from(peer: str, host: str) -> web.Request:
    """A request as the handlers see it."""
    return make_mocked_request("GET", "/", headers={"Host": host}).clone(remote=peer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/board/none", 404),
        ("GET", "/board/none/events", 404),
        ("POST", "/board/winback/explode", 404),
        ("GET", "/board/winback/pause", 405),
        ("POST", "/", 405),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
    ],
)
async def test_errors_are_calm_pages_for_people_and_json_for_programs(
    client: Client, method: str, path: str, status: int
) -> None:
    """Both say what is wrong and what to do."""
    page = await client.request(method, path, headers=EN)
    assert page.status == status
    text = await page.text()
    assert "<h1>" in text
    assert "Traceback" not in text
    answer = await client.request(method, path, headers={"Accept": "application/json"})
    assert set(await answer.json()) == {"error", "remedy"}
    assert ("Allow" in answer.headers) is (status == 405)


async def test_what_nobody_foresaw_is_logged_and_answered_calmly(client: Client, house: House) -> None:
    """The page says that it is our fault, tells nothing of the inside, and the log has the trace."""
    house.broken = True
    with capture_logs() as logs:
        answer = await client.get("/", headers=EN)
    assert answer.status == 500
    text = await answer.text()
    assert "Something went wrong on our side" in text
    assert "disk" not in text
    assert [(line["event"], line["path"]) for line in logs] == [("web_request_failed", "/")]


async def test_a_request_too_large_is_refused(client: Client, house: House) -> None:
    """Nobody fills our memory through a form."""
    answer = await client.post("/board/winback/pause", data={"token": "x" * 100_000}, headers=EN)
    assert answer.status == 413
    assert house.events == []


async def test_health_tells_that_the_store_answers(client: Client) -> None:
    """For whoever watches the process."""
    answer = await client.get("/healthz", headers={"Host": "anything"})
    assert await answer.json() == {"status": "ok", "now": NOW.isoformat(), "dialing_enabled": True}


async def pictures(answer: ClientResponse) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The numbered pictures of a stream as they come."""
    number = 0
    async for line in answer.content:
        if line.startswith(b"id: "):
            number = int(line.removeprefix(b"id: "))
        elif line.startswith(b"data: "):
            yield number, json.loads(line.removeprefix(b"data: "))


async def test_the_stream_sends_the_picture_each_second(client: Client, house: House) -> None:
    """The first at once; later ones show what has changed meanwhile, in the language of the page."""
    async with client.get("/board/winback/events?lang=ja") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert await answer.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
        coming = pictures(answer)
        before, first = await anext(coming)
        house.change(calls=1_025, state="paused")
        after, last = [seen async for seen in until(coming, lambda seen: seen["state"] == "paused")][-1]
    assert after > before
    assert [picture["tiles"][0]["value"] for picture in (first, last)] == ["1,024", "1,025"]
    assert [picture["state_word"] for picture in (first, last)] == ["実行中", "一時停止中"]


async def until(
    coming: AsyncIterator[tuple[int, dict[str, Any]]], is_it: Callable[[dict[str, Any]], bool]
) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The pictures up to the one that is waited for."""
    async for number, picture in coming:
        yield number, picture
        if is_it(picture):
            return


async def test_the_page_and_the_stream_draw_alike(client: Client) -> None:
    """Whatever the template prints, the script gets the same words."""
    async with client.get("/board/winback/events?lang=en") as answer:
        _, picture = await anext(pictures(answer))
    text = await (await client.get("/?lang=en")).text()
    for tile in picture["tiles"]:
        assert f">{tile['value']}<" in text
        assert f">{tile['note']}<" in text


async def test_a_button_shows_on_every_board(client: Client) -> None:
    """Whoever else watches sees the new state in the next picture."""
    async with client.get("/board/winback/events?lang=en") as answer:
        coming = pictures(answer)
        await anext(coming)
        await client.post("/board/winback/pause", data=TOKEN)
        seen = [picture async for _, picture in until(coming, lambda seen: seen["state"] == "paused")]
    assert seen[-1]["action_word"] == "Resume"


async def test_a_server_that_ends_does_not_wait_for_open_boards(house: House) -> None:
    """Boards are told to go; the browser connects again when there is somebody to connect to."""
    async with ClientSession(connector=TCPConnector(force_close=True)) as session:
        async with serving(house) as server:
            answer = await session.get(server.make_url("/board/winback/events"))
            await answer.content.readuntil(b"\n\n")
        async with asyncio.timeout(5):
            assert b"data: " in await answer.content.read()
