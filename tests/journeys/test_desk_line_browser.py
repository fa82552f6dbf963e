"""What the desk says of a live call, in a real browser: held, muted, handed over, refused, listened to."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from dialer.events import AgentAway
from dialer.line_events import CallMoved, GuestArrived, Said, TransferAsked, What
from dialer.listen_events import ListenAsked
from dialer.listening import Mode
from tests.adapters.web.desk_office import FIRST
from tests.journeys.test_board_browser import FAINT, FLAGS, NAMELESS
from tests.journeys.test_desk_browser import DESKTOP, PHONE, Shift, a_shift
from tests.support.builders import an_agent
from tests.support.engines import reference_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOTH = pytest.mark.parametrize(("lang", "size"), [("en", DESKTOP), ("ja", PHONE)], ids=str)
MORI = {"id": "mori", "name": "Mori", "line": "client:mori", "caller_id": "+81312345678"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


async def on_the_line(shift: Shift, lang: str = "en", *colleagues: str) -> Page:
    """The first person speaks with aoki, while these colleagues are ready."""
    await shift.sign_in(lang)
    await shift.ready()
    await shift.on_the_line()
    for name in colleagues:
        await shift.office.write(lambda unit, name=name: unit.put_agent(an_agent(name)))  # type: ignore[misc]
    return shift.page


async def sound(page: Page) -> None:
    """Everything has a name, can be read, and fits the screen."""
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(FAINT) == []
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@BOTH
async def test_hold_and_mute_show_what_is(browser: Browser, lang: str, size: tuple[int, int]) -> None:
    """By key and by click; what the carrier refuses is taken back, and said."""
    async with a_shift(browser, size=size) as shift:
        page = await on_the_line(shift, lang, "baba")
        await shift.press("p")
        await expect(page.locator("#hold")).to_have_attribute("aria-pressed", "true")
        await page.click("#mute")
        await expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
        await expect(page.locator(".line-say")).not_to_be_empty()
        await sound(page)
        shift.office.line.says[What.HOLD] = Said.REFUSED
        await shift.press("p")
        await expect(page.locator(".line-problem")).not_to_be_empty()
        await expect(page.locator("#hold")).to_have_attribute("aria-pressed", "true")
        await sound(page)


@BOTH
async def test_a_guest_sees_whose_call_it_is(browser: Browser, lang: str, size: tuple[int, int]) -> None:
    """Nothing to write up, two ways out; and after leaving the desk is free."""
    async with a_shift(browser, size=size) as shift:
        page, office = await on_the_line(shift, lang, "baba"), shift.office
        await page.locator("#whom option[value=baba]").wait_for(state="attached")
        await page.select_option("#whom", "baba")
        await page.click("#warm")
        await office.engine.settle()
        await office.hears(CallMoved, FIRST, reference=reference_of(FIRST), move=1)
        await expect(page.locator("#leave-them")).to_be_visible()
        await expect(page.locator("#result")).to_be_hidden()
        await expect(page.locator("#hold")).to_be_hidden()
        await sound(page)
        await office.told(GuestArrived(agent="aoki", trip=2, **office.now))
        await page.click("#leave-them")
        await office.engine.settle()
        await office.told(GuestArrived(agent="aoki", trip=3, is_home=True, **office.now))
        await shift.state("ready")
        await expect(page.locator("#line")).to_be_hidden()


async def test_nobody_free_is_said_and_the_person_stays(browser: Browser) -> None:
    """A colleague who was ready a moment ago is not: one sentence, and nothing has happened."""
    async with a_shift(browser) as shift:
        page, office = await on_the_line(shift, "en", "baba"), shift.office
        await page.locator("#whom option[value=baba]").wait_for(state="attached")
        await page.select_option("#whom", "baba")
        await office.told(AgentAway(agent="baba", **office.now))
        async with page.expect_response("**/transfer") as answered:
            await page.click("#blind")
        assert (await answered.value).status == 409
        await expect(page.locator("#said")).to_contain_text("Nobody who could take this person is ready")
        assert office.line.directed == []
        shift.complaints.clear()  # the browser notes the 409 in its console


async def test_who_is_to_get_a_person_sees_them_coming(browser: Browser) -> None:
    """Before the person is there: who they are, and from whom; then the call is theirs."""
    async with a_shift(browser) as shift:
        page, office = shift.page, shift.office
        await office.write(lambda unit: unit.put_agent(an_agent("baba")))
        await shift.sign_in()
        await office.tick()
        await office.talks(FIRST)
        await shift.ready()
        asked = TransferAsked(agent="baba", attempt=FIRST, colleague="aoki", **office.now)
        await office.told(asked)
        await shift.state("reserved")
        await expect(page.locator(".line-say")).to_contain_text("A colleague is handing this person to you")
        await expect(page.locator("#person-title")).to_contain_text("山田 1")
        await office.hears(CallMoved, FIRST, reference=reference_of(FIRST), move=1)
        await shift.state("talking")
        await expect(page.locator("#hold")).to_be_visible()


async def test_a_supervisor_is_announced(browser: Browser) -> None:
    """Before their line is in the room, and until it is out."""
    async with a_shift(browser, supervisors=(MORI,)) as shift:
        page, office = await on_the_line(shift), shift.office
        await office.told(ListenAsked(supervisor="mori", agent="aoki", mode=Mode.WHISPER, **office.now))
        await expect(page.locator(".listeners")).to_contain_text("mori listens and speaks to you")
        await sound(page)
        await shift.over()
        await expect(page.locator(".listeners")).to_be_empty()
