"""The agent's line in a real browser: the page opens it, shows it, loses it and opens it again."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import jwt
import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from twilio.request_validator import RequestValidator

from adapters.twilio.account import Credentials
from adapters.twilio.gate import Gate
from adapters.twilio.line_pass import mint, signalling_hosts
from adapters.twilio.lines import AgentLines
from adapters.twilio.urls import Addresses
from adapters.twilio.webhooks import line_routes, routes
from adapters.web.lines import LINES, CalledIn, LineKind
from adapters.web.sdk import FILE, SDK, Sdk
from dialer.agents import AgentState
from dialer.events import AgentLeft
from dialer.nonce import nonce_for
from dialer.settings import CarrierSettings
from tests.adapters.web.desk_office import app_of, away, token_of
from tests.journeys.test_board_browser import FLAGS
from tests.support.builders import SECRET, leg_of
from tests.support.engines import Office, an_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC, TOKEN = "https://dialer.example", "token-of-the-account"
KEYS = Credentials(key_sid="SK" + "c" * 32, key_secret="a key's secret of thirty-two chars")
ACCOUNT = CarrierSettings(account_sid="AC" + "a" * 32, application_sid="AP" + "f" * 32)
FAKE = Path(__file__).with_name("fake_sdk.js")
MEDIA = ["--use-fake-device-for-media-stream"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them, with a microphone that hums."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *MEDIA])
        yield browser
        await browser.close()


class ByBrowser(CalledIn):
    """Lines of agents whose browser is the telephone."""

    sources = signalling_hosts(ACCOUNT.base_url)

    def __init__(self, office: Office) -> None:
        self.office, self.passes = office, 0

    def kind(self, agent: str) -> LineKind:
        """Everybody's."""
        return LineKind.BROWSER

    def pass_for(self, agent: str) -> Mapping[str, object]:
        """A real pass."""
        self.passes += 1
        return asdict(mint(agent, ACCOUNT, KEYS, self.office.clock.now()))


@dataclass
class Carrier:
    """What Twilio would do: it reads the token, asks our application, and reports who enters and leaves the room."""

    root: str = ""
    joins: bool = True
    sids: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)

    async def dial(self, request: web.Request) -> web.Response:
        """A browser calls."""
        token = (await request.text()).strip()
        identity = jwt.decode(token, options={"verify_signature": False})["grants"]["identity"]
        sid = f"CA{len(self.sids):032x}"
        self.sids.append(sid)
        sender = f"client:{identity}"
        form = {"CallSid": sid, "From": sender, "Caller": sender, "Direction": "inbound"}
        self.documents.append(await self.tell(f"/twilio/line/{nonce_for(SECRET, 'line', '')}", form))
        if self.joins:
            await self.room("participant-join", sid)
        return web.json_response({"sid": sid})

    async def gone(self, request: web.Request) -> web.Response:
        """A browser is gone."""
        await self.room("participant-leave", (await request.text()).strip())
        return web.Response()

    async def room(self, event: str, sid: str) -> None:
        """Somebody enters or leaves."""
        label = f"agent.aoki.{sid}"
        form = {"CallSid": sid, "StatusCallbackEvent": event, "ParticipantLabel": label}
        await self.tell("/twilio/rooms", form)

    async def tell(self, where: str, form: dict[str, str]) -> str:
        """Call a webhook, signed."""
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + where, form)
        async with (
            ClientSession() as session,
            session.post(self.root + where, data=form, headers={"X-Twilio-Signature": signature}) as answer,
        ):
            assert answer.status < 300, answer.status
            return await answer.text()


@dataclass
class Desk:
    """Aoki's desk, and the carrier behind it."""

    office: Office
    carrier: Carrier
    lines: ByBrowser
    url: str
    context: BrowserContext
    page: Page

    async def sign_in(self, page: Page | None = None, lang: str = "en") -> None:
        """Open the link."""
        page = page or self.page
        await page.goto(f"{self.url}?lang={lang}#aoki:{token_of('aoki')}")
        await expect(page.locator("#link")).to_have_attribute("data-is", "live")

    async def line(self, room: str, page: Page | None = None) -> None:
        """Wait until the page says that the line is, or is not, in the room."""
        await expect((page or self.page).locator("#own-line")).to_have_attribute("data-room", room)

    async def shows(self, what: str, page: Page | None = None) -> None:
        """Wait until the page says something of its own about the line."""
        await expect((page or self.page).locator("#own-line")).to_have_attribute("data-is", what)

    async def ready(self) -> None:
        """Press ready."""
        await self.page.keyboard.press("r")


@asynccontextmanager
async def a_desk(
    browser: Browser, *, sdk: Path = FAKE, microphone: bool = True, people: int = 0
) -> AsyncIterator[Desk]:
    """Open an office in which Aoki alone works, away and without a line, and a browser."""
    async with an_office(people, agents=["aoki"]) as office:
        await office.told(AgentLeft(agent="aoki", reference=leg_of("aoki"), **office.now))
        await away(office)
        app, carrier, lines = app_of(office), Carrier(), ByBrowser(office)
        app[LINES], app[SDK] = lines, Sdk(sdk)
        addresses = Addresses(public_url=PUBLIC)
        gate = Gate(root=PUBLIC, auth_tokens=[TOKEN], secret=SECRET, clock=office.clock)

        async def room_of(agent: str) -> str | None:
            return (await office.agent(agent)).room

        doors = AgentLines(
            receiver=office.engine,
            addresses=addresses,
            clock=office.clock,
            room_of=room_of,
            agents=("aoki",),
        )
        app.add_routes(line_routes(doors, gate))
        app.add_routes(
            routes(office.engine, gate=gate, addresses=addresses, clock=office.clock, room_of=room_of)
        )
        app.router.add_post("/fake/dial", carrier.dial)
        app.router.add_post("/fake/gone", carrier.gone)
        async with TestServer(app, host="127.0.0.1") as server:
            carrier.root = str(server.make_url("")).rstrip("/")
            context = await browser.new_context(permissions=["microphone"] if microphone else [])
            yield Desk(
                office, carrier, lines, str(server.make_url("/desk")), context, await context.new_page()
            )
            await context.close()


async def test_a_line_comes_with_ready_and_then_calls_do(browser: Browser) -> None:
    """Not before: nobody's microphone is asked for on a page that is only looked at."""
    async with a_desk(browser, people=1) as desk:
        await desk.sign_in()
        await desk.line("off")
        assert (desk.carrier.sids, desk.lines.passes) == ([], 0)
        await desk.ready()
        await desk.line("on")
        await desk.shows("")
        assert ">ag-aoki</Conference>" in desk.carrier.documents[0]
        assert (await desk.office.agent()).leg == desk.carrier.sids[0]
        await desk.office.tick()
        assert len(desk.office.line.placed) == 1
        options = await desk.page.evaluate("fake.options")
        assert options["edge"] == "tokyo"


async def test_a_line_that_is_lost_comes_back(browser: Browser) -> None:
    """The agent is away meanwhile, and no call is given to them; the page connects again by itself."""
    async with a_desk(browser) as desk:
        await desk.sign_in()
        await desk.ready()
        await desk.line("on")
        await desk.carrier.room("participant-leave", desk.carrier.sids[0])
        await desk.page.evaluate("fake.calls[0].emit('disconnect')")
        await expect(desk.page.locator("#own-line")).to_have_attribute("data-room", "on")
        await desk.shows("")
        assert len(desk.carrier.sids) == 2
        agent = await desk.office.agent()
        assert (agent.state, agent.leg) == (AgentState.AWAY, desk.carrier.sids[1])


async def test_a_page_that_is_loaded_anew_has_one_line(browser: Browser) -> None:
    """The old one is ended with its page; the new page opens another when the room is empty."""
    async with a_desk(browser) as desk:
        await desk.sign_in()
        await desk.ready()
        await desk.line("on")
        await desk.page.reload()
        await desk.line("off")
        await desk.ready()
        await desk.line("on")
        assert (await desk.office.agent()).leg == desk.carrier.sids[-1]


async def test_a_second_tab_takes_no_second_line(browser: Browser) -> None:
    """It says that the line is elsewhere; taken over on purpose, the first is ended for good."""
    async with a_desk(browser) as desk:
        await desk.sign_in()
        await desk.ready()
        await desk.line("on")
        other = await desk.context.new_page()
        await desk.sign_in(other)
        await desk.shows("elsewhere", other)
        assert len(desk.carrier.sids) == 1
        await other.locator("#own-here").click()
        await desk.shows("", other)
        assert [order.reference for order in desk.office.line.hung_up] == [desk.carrier.sids[0]]
        await desk.page.evaluate("fake.calls[0].emit('disconnect')")
        await desk.shows("elsewhere")
        assert len(desk.carrier.sids) == 2


async def test_a_line_of_which_nobody_heard_is_opened_again(browser: Browser) -> None:
    """The call is up, and word of the room was lost: after a while the page hangs up and calls once more."""
    async with a_desk(browser) as desk:
        await desk.page.clock.install()
        await desk.sign_in()
        desk.carrier.joins = False
        await desk.ready()
        await desk.shows("connecting")
        async with desk.page.expect_request("**/fake/gone"):
            while len(desk.carrier.sids) < 1:
                await desk.page.clock.run_for(100)
            desk.carrier.joins = True
            await desk.page.clock.run_for(21_000)
        await desk.page.clock.run_for(10_000)
        await desk.line("on")
        assert len(desk.carrier.sids) == 2


@pytest.mark.parametrize("lang", ["en", "ja"])
async def test_a_microphone_that_is_refused_is_said(browser: Browser, lang: str) -> None:
    """And asked for again when the agent says so; until then they are ready, and get no call."""
    async with a_desk(browser, microphone=False, people=1) as desk:
        await desk.sign_in(lang=lang)
        await desk.ready()
        await desk.shows("refused")
        await expect(desk.page.locator("#own-here")).to_be_visible()
        await desk.office.tick()
        assert desk.office.line.placed == []
        await desk.context.grant_permissions(["microphone"])
        await desk.page.locator("#own-here").click()
        await desk.line("on")
        await desk.office.tick()
        assert len(desk.office.line.placed) == 1


async def test_a_token_is_renewed_before_its_end(browser: Browser) -> None:
    """The script says when; the call goes on."""
    async with a_desk(browser) as desk:
        await desk.sign_in()
        await desk.ready()
        await desk.line("on")
        desk.office.go(minutes=9)
        async with desk.page.expect_response("**/desk/aoki/line") as told:
            await desk.page.evaluate("fake.device.emit('tokenWillExpire')")
        assert (await told.value).ok
        await desk.page.evaluate("new Promise(requestAnimationFrame)")
        first, second = await desk.page.evaluate("fake.tokens")
        assert first != second
        assert (desk.lines.passes, len(desk.carrier.sids)) == (2, 1)


async def test_the_carriers_own_script_is_let_work(browser: Browser) -> None:
    """The file as published: it loads, is what was recorded, and asks for nothing that the page's policy forbids.

    Twilio itself is not there; the script's way to it ends at this test.
    """
    async with a_desk(browser, sdk=FILE) as desk:
        broken: list[str] = []
        asked: list[str] = []
        await desk.page.expose_function("forbidden", lambda what: broken.append(what))  # noqa: PLW0108 (wants a function)
        await desk.page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => forbidden(`${e.violatedDirective} ${e.blockedURI}`))"
        )
        desk.page.on("websocket", lambda socket: asked.append(socket.url))
        desk.page.on("request", lambda request: asked.append(request.url))
        await desk.sign_in()
        assert not [url for url in asked if "twilio" in url]
        async with desk.page.expect_websocket(timeout=20_000) as socket:
            await desk.ready()
        assert (await socket.value).url == "wss://voice-js.tokyo.twilio.com/signal"
        await desk.shows("connecting")
        assert broken == []
        hosts = {url.split("/")[2] for url in asked if "127.0.0.1" not in url}
        assert hosts <= {"voice-js.tokyo.twilio.com", "eventgw.twilio.com", "eventgw.jp1.twilio.com"}
