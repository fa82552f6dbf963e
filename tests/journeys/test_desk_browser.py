"""The agent's desk in a real browser: a shift from signing in to signing out, by keyboard, on a phone, in Japanese."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, Response, async_playwright, expect

from campaigns.campaign import Campaign
from campaigns.outcome import LeadState, Outcome
from dialer.agents import AgentState
from dialer.events import CallEnding
from tests.adapters.web.desk_office import FIRST, app_of, away, token_of
from tests.journeys.test_board_browser import FAINT, FLAGS, NAMELESS
from tests.support.engines import Office, an_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESKTOP, PHONE = (1440, 900), (390, 844)
HEAVIEST = 150_000
UNLABELLED = """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((one) => !one.labels?.length).length"""
SAY_COMPANY = {"en": "Say the company's name", "ja": "会社名を伝える"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them; others may use the machine meanwhile, so it is waited for longer than usual."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Shift:
    """An agent at their desk, and what the pages did that pages should not."""

    office: Office
    context: BrowserContext
    url: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note what a page complains of, asks elsewhere, and weighs."""
        page.on("console", lambda said: self._note(said.type in {"error", "warning"}, said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("request", lambda asked: self._note(urlsplit(asked.url).hostname != "127.0.0.1", asked.url))

    def _note(self, is_bad: bool, what: str) -> None:
        if is_bad:
            self.complaints.append(what)

    async def sign_in(self, lang: str = "en") -> None:
        """Open the link that the team leader gave."""
        await self.page.goto(f"{self.url}?lang={lang}#aoki:{token_of('aoki')}")
        await expect(self.page.locator("#link")).to_have_attribute("data-is", "live")

    async def state(self, state: str) -> None:
        """Wait until the page shows a state."""
        await expect(self.page.locator(".now .pill")).to_have_attribute("data-state", state)

    async def ready(self) -> None:
        """Take calls from now on."""
        await self.press("r")
        await self.state("ready")

    async def on_the_line(self) -> None:
        """The first person is called and answers."""
        await self.office.tick()
        await self.state("reserved")
        await self.office.talks(FIRST)
        await self.state("talking")

    async def over(self) -> None:
        """The person hangs up."""
        await self.office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def noted(self, is_done: str = "done") -> None:
        """Wait until the page says that a press was heard, or refused."""
        await expect(self.page.locator("#said")).to_have_attribute("data-is", is_done)
        await self.office.engine.settle()


@asynccontextmanager
async def a_shift(
    browser: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    people: int = 2,
    supervisors: Sequence[Mapping[str, str]] = (),
    campaign: Campaign | None = None,
    **options: Any,
) -> AsyncIterator[Shift]:
    """Open an office in which aoki alone works, and a browser that nobody has signed in."""
    async with (
        an_office(people, agents=["aoki"], campaign=campaign, supervisors=supervisors) as office,
        TestServer(app_of(office, campaign=campaign), host="127.0.0.1") as server,
    ):
        await away(office)
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options
        )
        shift = Shift(office, context, str(server.make_url("/desk")), await context.new_page())
        shift.watch(shift.page)
        yield shift
        await context.close()
    assert shift.complaints == []


@pytest.mark.parametrize(
    ("lang", "size"), [("en", DESKTOP), ("ja", DESKTOP), ("en", PHONE), ("ja", PHONE)], ids=str
)
async def test_a_call_from_ready_to_saved(browser: Browser, lang: str, size: tuple[int, int]) -> None:
    """Ready, a call, the script, the duties ticked, a note, the result by its key: nothing but the keyboard."""
    async with a_shift(browser, size=size) as shift:
        page, office = shift.page, shift.office
        await shift.sign_in(lang)
        await shift.state("away")
        await shift.ready()
        await shift.on_the_line()
        await expect(page.locator("#person-title")).to_contain_text("山田 1")
        await expect(page.locator("#person-title")).to_be_focused()
        await expect(page.locator("#steps li")).to_have_count(5)
        await expect(page.locator("#steps li").first).to_contain_text("お忙しいところ失礼いたします")
        assert "{" not in await page.inner_text("#steps")
        for word in ("煎茶", "ゴールド", SAY_COMPANY[lang]):
            await expect(page.locator("#call")).to_contain_text(word)
        boxes = page.locator(".duties input")
        amount = await boxes.count()
        for ticked in range(1, amount + 1):
            await shift.press("t")
            await expect(page.locator(".duties input:checked")).to_have_count(ticked)
            await shift.noted()
        assert len(await office.ledger("said")) == amount == 5
        await shift.press("ArrowRight")
        await expect(page.locator("#steps li").nth(1)).to_have_attribute("aria-current", "step")
        await shift.press("b")
        await expect(page.locator("#steps .other").first).to_be_visible()
        await shift.press("m")
        await page.keyboard.type("prefers mornings, 1 box r n")
        await shift.press("Escape", "1")
        await expect(page.locator("#save")).to_be_focused()
        await shift.over()
        await shift.state("wrapping")
        await expect(page.locator("#left-time")).to_have_text(re.compile(r"^(2:00|1:5\d)$"))
        await shift.press("Enter")
        await shift.state("ready")
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.note) == (Outcome.SOLD, "prefers mornings, 1 box r n")
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_a_callback_is_promised_within_the_law(browser: Browser) -> None:
    """A refused hour says its rule and the next lawful one, which one press takes; then it is written down."""
    async with a_shift(browser) as shift:
        page = shift.page
        await shift.sign_in()
        await shift.ready()
        await shift.on_the_line()
        await shift.press("4")
        await expect(page.locator("#hour")).to_be_focused()
        await page.fill("#hour", "2026-11-24T22:00")
        await expect(page.locator("#verdict")).to_contain_text("POL-7")
        await expect(page.locator("#verdict")).to_contain_text("Allowed again from Wed 25 Nov 2026 10:00")
        await page.click("#save")
        await expect(page.locator("#verdict")).to_contain_text("POL-7")
        assert (await shift.office.attempt(FIRST)).disposition is None
        await page.click("#take")
        await expect(page.locator("#verdict")).to_contain_text("May be promised: Wed 25 Nov 10:00")
        await page.click("#save")
        await shift.noted()
        await shift.over()
        await shift.state("ready")
        lead = await shift.office.lead()
        assert (lead.state, f"{lead.due:%d %H:%M}") == (LeadState.WAITING, "25 01:00")


@pytest.mark.parametrize(("lang", "size"), [("en", DESKTOP), ("ja", PHONE)], ids=str)
async def test_never_again_is_one_key(browser: Browser, lang: str, size: tuple[int, int]) -> None:
    """Held at once; the talk goes on until the agent ends it, and there is nothing else left to press."""
    async with a_shift(browser, size=size) as shift:
        page = shift.page
        await shift.sign_in(lang)
        await shift.ready()
        await shift.on_the_line()
        await shift.press("n")
        await expect(page.locator("#never-done")).to_be_visible()
        await shift.noted()
        assert len(await shift.office.suppressions()) == 3
        assert shift.office.line.hung_up == []
        for gone in ("#never", "#wrong", "#result"):
            await expect(page.locator(gone)).to_be_hidden()
        await shift.press("h")
        await expect(page.locator("#said")).to_have_text("")
        await shift.office.engine.settle()
        assert len(shift.office.line.hung_up) == 1
        await shift.over()
        await shift.state("ready")
        await expect(page.locator("#call")).to_be_hidden()


async def test_opinions_and_a_wrong_number(browser: Browser) -> None:
    """An opinion with its kind is recorded and shown; a wrong number is one key."""
    async with a_shift(browser) as shift:
        page = shift.page
        await shift.sign_in()
        await shift.ready()
        await shift.on_the_line()
        await page.select_option("#kind", "request")
        await shift.press("Escape", "o")
        await page.keyboard.type("smaller bags")
        await page.click("#opinion button")
        await expect(page.locator(".heard li")).to_have_text("Request smaller bags")
        await page.click("#person-title")
        await shift.press("w")
        await shift.noted()
        await shift.office.engine.settle()
        assert (await shift.office.attempt(FIRST)).outcome is Outcome.WRONG_NUMBER


async def test_a_break_is_chosen_and_ended(browser: Browser) -> None:
    """The page says which, and Ready ends it."""
    async with a_shift(browser) as shift:
        await shift.sign_in()
        await shift.page.click("[data-break=lunch]")
        await expect(shift.page.locator(".now .pill")).to_have_text("Away · Lunch")
        await expect(shift.page.locator("[data-break=lunch]")).to_have_attribute("aria-pressed", "true")
        await shift.ready()
        await expect(shift.page.locator(".now .pill")).to_have_text("Ready")


async def test_a_browser_that_dies_finds_its_call_again(browser: Browser) -> None:
    """What was ticked is ticked, what was being written is there, and nobody was cut off."""
    async with a_shift(browser) as shift:
        page = shift.page
        await shift.sign_in()
        await shift.ready()
        await shift.on_the_line()
        await shift.press("t")
        await shift.noted()
        await page.fill("#note", "half a sent")
        await page.reload()
        await shift.state("talking")
        await expect(page.locator("#note")).to_have_value("half a sent")
        await expect(page.locator(".duties input:checked")).to_have_count(1)
        assert shift.office.line.hung_up == []


async def test_two_tabs_take_one_call(browser: Browser) -> None:
    """Whatever is pressed in one shows in the other."""
    async with a_shift(browser, people=3) as shift:
        await shift.sign_in()
        other = await shift.context.new_page()
        shift.watch(other)
        await other.goto(shift.url)
        await expect(other.locator("#link")).to_have_attribute("data-is", "live")
        await other.click("#ready")
        await shift.state("ready")
        await shift.office.tick()
        await shift.on_the_line()
        await expect(other.locator("#person-title")).to_contain_text("山田 1")
        assert len(shift.office.line.placed) == 1


async def test_a_double_click_is_one(browser: Browser) -> None:
    """On Ready, and on Save."""
    async with a_shift(browser) as shift:
        page = shift.page
        await shift.sign_in()
        await page.dblclick("#ready")
        await shift.state("ready")
        await shift.on_the_line()
        await shift.press("5")
        await page.dblclick("#save")
        await shift.noted()
        await shift.over()
        await shift.state("ready")
        assert len(await shift.office.ledger("concluded")) == 1
        assert len(shift.office.line.hung_up) == 1


async def test_a_server_that_is_gone_is_said_and_waited_for(browser: Browser) -> None:
    """The page says that the call goes on, and mends itself."""
    async with a_shift(browser) as shift:
        page = shift.page
        await shift.sign_in()
        await shift.ready()
        await shift.on_the_line()
        await page.route("**/events*", lambda route: route.abort())
        await page.evaluate("location.reload()")
        await expect(page.locator("#lost")).to_contain_text("Your call goes on")
        await page.unroute("**/events*")
        await expect(page.locator("#lost")).to_be_hidden(timeout=10_000)
        await shift.state("talking")
        shift.complaints.clear()  # that the browser complains of the line that we cut is its duty


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_whoever_cannot_see_or_sees_little_gets_it_all(
    browser: Browser, lang: str, scheme: Any
) -> None:
    """A language, one main heading, a name for all that acts, contrast of 4.5 and more, no id twice."""
    async with a_shift(browser, color_scheme=scheme) as shift:
        page = shift.page
        await page.goto(f"{shift.url}?lang={lang}")
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(FAINT) == []
        await shift.sign_in(lang)
        await shift.ready()
        await shift.on_the_line()
        await shift.press("?", "4")
        await page.fill("#hour", "2026-11-24T22:00")
        await expect(page.locator("#take")).to_be_visible()
        assert await page.get_attribute("html", "lang") == lang
        assert await page.locator("h1").count() == 1
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate(UNLABELLED) == 0
        ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_no_width_makes_the_desk_scroll_sideways(browser: Browser, lang: str) -> None:
    """From the smallest phone to a wide screen."""
    async with a_shift(browser) as shift:
        await shift.sign_in(lang)
        await shift.ready()
        await shift.on_the_line()
        await shift.press("b", "4")
        for width in (320, 360, 390, 768, 1024, 1440, 2560):
            await shift.page.set_viewport_size({"width": width, "height": 844})
            sideways = await shift.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert sideways <= 0, width


async def weight_of(context: BrowserContext, url: str, landmark: str) -> int:
    """Load a page, and return the bytes of all that came with it."""
    page, answers = await context.new_page(), list[Response]()

    def keep(answer: Response) -> None:
        if answer.status == 200 and not answer.url.partition("?")[0].endswith("/events"):
            answers.append(answer)

    await page.route("**/*", lambda route: route.continue_())  # with a route, nothing comes from a cache
    page.on("response", keep)
    await page.goto(url)
    await expect(page.locator(landmark)).to_be_visible()
    weight = sum([len(await answer.body()) for answer in answers])
    await page.close()
    return weight


async def test_no_page_is_heavy(browser: Browser) -> None:
    """The sign-in page and the desk with everything they load: under 150 kB."""
    async with a_shift(browser) as shift:
        weights = [await weight_of(shift.context, shift.url, "#sign-in")]
        await shift.sign_in()
        weights.append(await weight_of(shift.context, shift.url, "#desk"))
    assert 15_000 < weights[0] < weights[1] < HEAVIEST, weights


async def test_signing_in_by_hand_and_out(browser: Browser) -> None:
    """A wrong token is said; the right one opens the desk; signing out takes no more calls."""
    async with a_shift(browser) as shift:
        page = shift.page
        await page.goto(f"{shift.url}?lang=en")
        await expect(page.locator("[name=agent]")).to_be_focused()
        await page.keyboard.type("aoki")
        await page.fill("[name=token]", "wrong")
        await shift.press("Enter")
        await expect(page.locator("[role=alert]")).to_contain_text("do not belong together")
        shift.complaints.clear()  # the browser notes the 403
        await page.fill("[name=token]", token_of("aoki"))
        await shift.press("Enter")
        await expect(page.locator("#link")).to_have_attribute("data-is", "live")
        await shift.ready()
        await page.click(".out button")
        await expect(page.locator("#sign-in")).to_be_visible()
        assert (await shift.office.agent()).state is AgentState.AWAY
