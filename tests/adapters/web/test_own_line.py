"""The desk's own line: who gets a pass, what the page may do, how the carrier's script is served."""

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256

import pytest

from adapters.web.headers import CONTENT_POLICY
from adapters.web.lines import LINES, CalledIn, LineFailed, LineKind
from adapters.web.own_line_view import own_line_of
from adapters.web.sdk import FILE, PATH, Sdk
from adapters.words import words_in
from dialer.agents import AgentState
from dialer.desks import Desk
from dialer.legs import Leg, LegEnding, LegState, open_leg
from tests.adapters.web.desk_office import AT_HOME, Browser, app_of, client_of, token_of
from tests.support.builders import NOON, an_agent
from tests.support.engines import an_office

SOURCES = ("wss://voice-js.tokyo.twilio.com", "https://eventgw.twilio.com")
HEAVIEST = 150_000


class Some(CalledIn):
    """Lines of one kind; what is asked for is kept."""

    sources: tuple[str, ...] = SOURCES

    def __init__(self, kind: LineKind, *, fails: bool = False) -> None:
        self.one, self.fails = kind, fails
        self.opened: list[str] = []
        self.closed: list[str] = []

    def kind(self, agent: str) -> LineKind:
        """The same for everybody."""
        return self.one

    def pass_for(self, agent: str) -> Mapping[str, object]:
        """A pass in the agent's name."""
        if self.fails:
            raise LineFailed("no key")
        return {"token": f"token of {agent}", "life_s": 600, "edge": "tokyo"}

    async def open(self, agent: str) -> None:
        """Open it."""
        if self.fails:
            raise LineFailed("nobody answers")
        self.opened.append(agent)

    async def close(self, agent: str) -> None:
        """Close it."""
        self.closed.append(agent)


@asynccontextmanager
async def a_desk(lines: Some) -> AsyncIterator[Browser]:
    """Aoki's desk over these lines, signed in."""
    async with an_office(0) as office:
        app = app_of(office)
        app[LINES] = lines
        async with client_of(app) as client:
            browser = Browser(office, client)
            assert (await browser.sign_in()).status == 303
            yield browser


async def test_a_browser_is_given_its_agents_pass_and_nobody_elses() -> None:
    """Behind the sign-in of this desk, from our own page."""
    async with a_desk(Some(LineKind.BROWSER)) as desk:
        told = await (await desk.does("line")).json()
        assert (told["kind"], told["token"], told["life_s"]) == ("browser", "token of aoki", 600)
        assert (told["script"], told["integrity"]) == (Sdk().address, Sdk().integrity)
        other = await desk.client.post("/desk/baba/line", headers={**AT_HOME, "X-Desk-Press": desk.press})
        foreign = await desk.client.post("/desk/aoki/line", headers=AT_HOME)
        assert (other.status, foreign.status) == (403, 403)
        desk.client.session.cookie_jar.clear()
        assert (await desk.client.post("/desk/aoki/line", headers=AT_HOME)).status == 401


async def test_a_simulated_line_is_opened_and_closed_with_the_desk() -> None:
    """The page asks as often as it likes; signing out hangs up."""
    lines = Some(LineKind.SIMULATED)
    async with a_desk(lines) as desk:
        assert await (await desk.does("line")).json() == {"kind": "simulated"}
        out = await desk.client.post(
            "/desk/out", data={"press": desk.press}, headers=AT_HOME, allow_redirects=False
        )
        assert (out.status, lines.opened, lines.closed) == (303, ["aoki"], ["aoki"])


@pytest.mark.parametrize("kind", [LineKind.TELEPHONE, LineKind.CALLED_IN])
async def test_other_lines_need_nothing_of_the_page(kind: LineKind) -> None:
    """No script, no token, no microphone."""
    async with a_desk(Some(kind)) as desk:
        assert await (await desk.does("line")).json() == {"kind": kind.value}
        page = await desk.client.get("/desk", headers=AT_HOME)
        assert page.headers["Content-Security-Policy"] == CONTENT_POLICY
        assert "microphone=()" in page.headers["Permissions-Policy"]
        assert "desk-line.js" not in await page.text()


@pytest.mark.parametrize("kind", [LineKind.BROWSER, LineKind.SIMULATED])
async def test_a_line_that_cannot_be_had_now_is_said(kind: LineKind) -> None:
    """With what to do."""
    async with a_desk(Some(kind, fails=True)) as desk:
        answer = await desk.does("line")
        assert answer.status == 503
        assert (await answer.json())["remedy"]


async def test_only_the_desk_may_use_the_microphone_and_reach_the_carrier() -> None:
    """Exactly the hosts that the script needs, and no other page; nothing is loaded before it is asked for."""
    async with a_desk(Some(LineKind.BROWSER)) as desk:
        page = await desk.client.get("/desk", headers=AT_HOME)
        policy = page.headers["Content-Security-Policy"]
        assert f"connect-src 'self' {' '.join(SOURCES)};" in policy
        assert policy.replace(f" {' '.join(SOURCES)}", "").replace("; media-src 'self'", "") == CONTENT_POLICY
        assert "microphone=(self)" in page.headers["Permissions-Policy"]
        text = await page.text()
        assert "twilio" not in text
        for path in ("/desk/aoki", "/static/desk.js", PATH, "/healthz"):
            other = await desk.client.get(path, headers=AT_HOME)
            assert other.headers["Content-Security-Policy"] == CONTENT_POLICY, path
            assert "microphone=()" in other.headers["Permissions-Policy"], path


async def test_the_script_is_as_published_small_on_the_way_and_kept() -> None:
    """Compressed for who takes that; under the address of this version it is kept for good, under the plain one not."""
    sdk = Sdk()
    async with an_office(0) as office, client_of(app_of(office)) as client:
        packed = await client.get(sdk.address, headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
        assert "immutable" in packed.headers["Cache-Control"]
        body = await packed.read()
        assert len(body) < HEAVIEST / 2
        assert gzip.decompress(body) == FILE.read_bytes()
        plain = await client.get(PATH, headers={"Accept-Encoding": "identity"}, auto_decompress=False)
        assert plain.headers["Cache-Control"] == "no-cache"
        assert sha256(await plain.read()).hexdigest()[:16] == sdk.address.partition("=")[2]


def a_leg(**changes: object) -> Leg:
    """A call to Aoki."""
    opened = open_leg(an_agent(), "+815031234567", "+81312345678", ordinal=1, secret="s" * 32, now=NOON)
    return replace(opened, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("leg", "state", "shown"),
    [
        (None, AgentState.READY, "off"),
        (a_leg(), AgentState.READY, "calling"),
        (a_leg(state=LegState.UNSURE), AgentState.READY, "calling"),
        (a_leg(state=LegState.RINGING), AgentState.READY, "ringing"),
        (a_leg(state=LegState.ANSWERED), AgentState.READY, "answered"),
        (a_leg(state=LegState.OVER, ending=LegEnding.UNCONFIRMED), AgentState.AWAY, "unconfirmed"),
        (a_leg(state=LegState.OVER, ending=LegEnding.LEFT), AgentState.AWAY, "off"),
        (a_leg(state=LegState.OVER, ending=LegEnding.UNANSWERED), AgentState.READY, "off"),
    ],
)
def test_the_desk_says_where_the_line_is(leg: Leg | None, state: AgentState, shown: str) -> None:
    """In both languages, for every way it can be; a line in the room is all there is to say."""
    for language in ("en", "ja"):
        words = words_in(language)
        desk = Desk(agent=an_agent(state=state, leg=None), leg=leg)
        assert own_line_of(desk, words)["own_room"] == shown
        assert own_line_of(desk, words)["own_say"]
        assert own_line_of(replace(desk, agent=an_agent(state=state)), words)["own_room"] == "on"


@pytest.mark.parametrize("ending", list(LegEnding))
def test_every_end_has_its_words(ending: LegEnding) -> None:
    """None is left without."""
    for language in ("en", "ja"):
        leg = a_leg(state=LegState.OVER, ending=ending)
        desk = Desk(agent=an_agent(state=AgentState.AWAY, leg=None), leg=leg)
        assert own_line_of(desk, words_in(language))["own_say"]


async def test_a_program_gets_a_pass_with_its_token() -> None:
    """A desk of somebody's own."""
    async with an_office(0) as office:
        app = app_of(office)
        app[LINES] = Some(LineKind.BROWSER)
        async with client_of(app) as client:
            headers = {"Authorization": f"Bearer {token_of('aoki')}"}
            assert (await client.post("/desk/aoki/line", headers=headers)).status == 200
            wrong = {"Authorization": f"Bearer {token_of('baba')}"}
            assert (await client.post("/desk/aoki/line", headers=wrong)).status == 403
