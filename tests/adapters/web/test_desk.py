from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.screen import screen_of
from dialer.agents import AgentState
from dialer.events import AgentAway, AgentDisposed, AgentReady
from dialer.nonce import nonce_for
from tests.adapters.web.house import SECRET, House, a_campaign, an_agent, an_attempt, serving
from tests.support.summaries import NOW

Client = TestClient[web.Request, web.Application]
OURS = {"Authorization": f"Bearer {nonce_for(SECRET, 'desk', 'a1')}", "Accept-Language": "en"}


@pytest.fixture
def house() -> House:
    """An agent on a call."""
    return House()


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    """The agent's page."""
    async with serving(house) as server:
        client: Client = TestClient(server)
        yield client
        await client.close()


async def test_the_desk_shows_who_is_on_the_line_and_what_to_say(client: Client) -> None:
    """The script speaks the person's language, the labels the agent's."""
    answer = await client.get("/desk/a1", headers=OURS)
    assert answer.status == 200
    assert await answer.json() == {
        "agent": "a1",
        "name": "佐藤 美咲",
        "state": "talking",
        "since": NOW.isoformat(),
        "until": None,
        "due": True,
        "attempt": "t1",
        "call": "connected",
        "campaign": "winback",
        "title": "Autumn offer",
        "contact": {"key": "C-1", "name": "高橋 健一", "language": "ja"},
        "script": [
            "株式会社みどり園の佐藤 美咲です。高橋 健一様でしょうか。",
            "静岡の煎茶のご案内です。",
        ],
        "duties": [
            {
                "code": "announce_recording",
                "text": "Say that the call is recorded.",
                "rule": None,
                "within_s": None,
            },
            {"code": "company_name", "text": "the company's name", "rule": "US-FL-D1", "within_s": 30},
        ],
        "dispositions": [
            {"id": "sold", "label": "Sold", "key": "1"},
            {"id": "never", "label": "Never again", "key": "9"},
        ],
        "preview": None,
        "skips": [],
    }


async def test_an_english_speaker_is_spoken_to_in_english(client: Client, house: House) -> None:
    """Whatever the agent's page is in."""
    house.attempts["t1"] = an_attempt(language="en")
    shown = await (await client.get("/desk/a1", headers=OURS | {"Accept-Language": "ja"})).json()
    assert shown["script"] == ["This is 佐藤 美咲 of Midorien. Am I speaking to 高橋 健一?"]
    assert shown["dispositions"][0]["label"] == "成約"


async def test_an_empty_desk_has_nothing_to_say(client: Client, house: House) -> None:
    """Nobody on the line."""
    house.seats["a1"] = an_agent(state=AgentState.READY, attempt=None)
    shown = await (await client.get("/desk/a1", headers=OURS)).json()
    assert (shown["state"], shown["attempt"], shown["contact"]) == ("ready", None, None)
    assert (shown["script"], shown["dispositions"]) == ([], [])


async def test_a_campaign_no_longer_loaded_leaves_the_call_visible(client: Client, house: House) -> None:
    """A file taken away in the middle of a call does not take the desk with it."""
    house.campaigns = {}
    shown = await (await client.get("/desk/a1", headers=OURS)).json()
    assert (shown["campaign"], shown["title"], shown["script"]) == ("winback", None, [])


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi"])
@pytest.mark.parametrize("path", ["", "/ready", "/away", "/dispose"])
async def test_no_token_is_401(client: Client, house: House, path: str, header: str | None) -> None:
    """And says which header is wanted."""
    headers = {"Accept-Language": "en"} | ({} if header is None else {"Authorization": header})
    answer = await client.request("POST" if path else "GET", f"/desk/a1{path}", headers=headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await answer.json())["error"] == "The desk's token is missing."
    assert house.events == []


async def test_another_agent_s_token_is_403(client: Client, house: House) -> None:
    """Even of an agent who exists; and nobody learns by it who exists."""
    house.seats["a2"] = an_agent("a2")
    for agent in ("a2", "nobody"):
        answer = await client.post(f"/desk/{agent}/ready", headers=OURS)
        assert answer.status == 403
    assert house.events == []


async def test_an_agent_who_is_not_listed_is_404(client: Client) -> None:
    """With a genuine token: the agent was taken off the list."""
    token = nonce_for(SECRET, "desk", "gone")
    answer = await client.get("/desk/gone", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 404
    assert set(await answer.json()) == {"error", "remedy"}


@pytest.mark.parametrize(("button", "kind"), [("ready", AgentReady), ("away", AgentAway)])
async def test_a_press_is_an_event(client: Client, house: House, button: str, kind: type) -> None:
    """With the page's key a repeat is known as one; without, each press counts."""
    answer = await client.post(f"/desk/a1/{button}", headers=OURS, json={"key": "p1"})
    assert answer.status == 200
    assert (await answer.json())["agent"] == "a1"
    await client.post(f"/desk/a1/{button}", headers=OURS)
    await client.post(f"/desk/a1/{button}", headers=OURS, json={})
    assert [type(event) for event in house.events] == [kind] * 3
    assert house.events[0] == kind(key="desk:a1:p1", at=NOW, agent="a1")
    assert len({event.key for event in house.events}) == 3


async def test_a_disposition_is_an_event_known_by_its_call_and_word(client: Client, house: House) -> None:
    """Said twice, it has one key; the appointment is kept in UTC."""
    said = {
        "attempt": "t1",
        "disposition": "sold",
        "note": "二箱",
        "callback_at": "2026-11-25T10:30:00+09:00",
    }
    for _ in range(2):
        assert (await client.post("/desk/a1/dispose", headers=OURS, json=said)).status == 200
    first, second = house.events
    assert first == second
    assert first == AgentDisposed(
        key="desk:a1:t1:sold",
        at=NOW,
        agent="a1",
        attempt="t1",
        disposition="sold",
        note="二箱",
        callback_at=datetime(2026, 11, 25, 1, 30, tzinfo=UTC),
    )
    assert isinstance(first, AgentDisposed)
    assert first.callback_at is not None
    assert first.callback_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"not json", "JSON"),
        (b"[]", "JSON"),
        (b"{}", "attempt"),
        (b'{"attempt":"t1"}', "disposition"),
        (b'{"attempt":"t1","disposition":"sold","mood":"good"}', "mood"),
        (b'{"attempt":"t1","disposition":"sold","callback_at":"2026-11-25T10:30:00"}', "callback_at"),
        (b'{"attempt":"t1","disposition":"sold","callback_at":"tomorrow"}', "callback_at"),
        (b'{"attempt":"t1","disposition":"sold","note":7}', "note"),
        (b'{"attempt":"","disposition":"sold"}', "attempt"),
        (b'{"attempt":"t1","disposition":"hooray"}', "hooray"),
    ],
)
async def test_what_cannot_be_understood_is_400(
    client: Client, house: House, body: bytes, names: str
) -> None:
    """The error names what is wrong, an unknown disposition gets the known ones."""
    answer = await client.post("/desk/a1/dispose", headers=OURS, data=body)
    assert answer.status == 400
    said = await answer.json()
    assert names in said["error"]
    assert house.events == []
    if names == "hooray":
        assert said["remedy"] == "Use one of: sold, never."


async def test_a_call_nobody_knows_is_404(client: Client) -> None:
    """A page from yesterday."""
    answer = await client.post(
        "/desk/a1/dispose", headers=OURS, json={"attempt": "t9", "disposition": "sold"}
    )
    assert answer.status == 404


@pytest.mark.parametrize("button", ["ready", "away", "dispose"])
async def test_what_the_state_does_not_allow_is_409(client: Client, house: House, button: str) -> None:
    """The engine says why; the page loads the state and shows what is true."""
    house.stale = "agent a1 is talking: end the call first"
    body = {"attempt": "t1", "disposition": "sold"} if button == "dispose" else {}
    answer = await client.post(f"/desk/a1/{button}", headers=OURS, json=body)
    assert answer.status == 409
    assert "end the call first" in (await answer.json())["error"]


@given(
    st.sampled_from(list(AgentState)),
    st.sampled_from(["ja", "en", "fr"]),
    st.text(max_size=30),
    st.booleans(),
    st.booleans(),
)
def test_any_seat_can_be_shown(
    state: AgentState, language: str, name: str, has_call: bool, is_loaded: bool
) -> None:
    """Whoever sits there, whoever is on the line: the same keys, and names are never read as placeholders."""
    house = House()
    contact = house.contacts["C-1"]
    named = type(contact)(key="C-1", name=name, language=language)
    attempt = an_attempt(language=language) if has_call else None
    campaigns = {"winback": a_campaign()} if is_loaded else {}
    screen = screen_of((an_agent(state=state), attempt, named if has_call else None, None), campaigns, "en")
    assert set(screen) >= {
        "agent",
        "name",
        "state",
        "attempt",
        "campaign",
        "contact",
        "script",
        "dispositions",
    }
    assert bool(screen["script"]) is (has_call and is_loaded)
