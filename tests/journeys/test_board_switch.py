"""The stop switch in a real browser: pressed twice, typed, heard of, on a telephone, in the dark, without a script."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from dialer.events import SwitchTurned
from dialer.reports import Stopped
from tests.adapters.web.house import House
from tests.journeys.test_board_browser import DESKTOP, FAINT, FLAGS, NAMELESS, PHONE, visiting
from tests.support.summaries import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOPPED = Stopped(at=NOW, by="mori (board)", reason="名簿の取り違え", hung_up=3, unnamed=1)
BUTTON = {"en": "Stop all calls", "ja": "全発信停止"}
SAYS = {
    "en": "STOPPED since Tue 24 Nov 13:42:07 by mori (board) · reason: 名簿の取り違え",
    "ja": "全発信停止中 11月24日(火) 13:42:07から(停止した人: mori (board)) ・理由: 名簿の取り違え",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


def turns(house: House) -> list[tuple[bool, str, str]]:
    """How the switch was turned."""
    return [
        (event.enabled, event.by, event.reason) for event in house.events if isinstance(event, SwitchTurned)
    ]


@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [("ja", "light", DESKTOP), ("en", "dark", DESKTOP), ("en", "light", PHONE), ("ja", "dark", PHONE)],
)
async def test_two_presses_stop_and_a_name_resumes(
    browser: Browser, lang: str, scheme: Any, size: tuple[int, int]
) -> None:
    """The first press stops nothing; the second does, wherever one is; what holds is on the page; then it goes on."""
    house = House()
    async with visiting(browser, house, lang=lang, size=size, color_scheme=scheme) as visit:
        page = visit.page
        await page.click(f".switch summary:text-is('{BUTTON[lang]}')")
        sure = page.locator(".switch button.danger")
        await expect(sure).to_be_in_viewport(ratio=1)
        assert turns(house) == []
        await page.fill(".switch input[name=by]", "mori")
        await page.fill(".switch input[name=reason]", "名簿の取り違え")
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await sure.click()
        await expect(page.locator(".stopped:not(.held) [role=status]")).to_contain_text(SAYS[lang])
        assert turns(house) == [(False, "mori (board)", "名簿の取り違え")]
        assert not await page.locator(".switch").is_visible()

        await page.click(".stopped summary")
        await expect(page.locator(".stopped button")).to_be_in_viewport(ratio=1)
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await page.click(".stopped button")  # without a name the browser keeps the form
        assert len(turns(house)) == 1
        await page.fill(".stopped input[name=by]", "aoki")
        await page.click(".stopped button")
        await expect(page.locator(".switch summary")).to_be_visible()
        await expect(page.locator(".stopped:not(.held) [role=status]")).to_be_empty()
        assert turns(house)[1:] == [(True, "aoki (board)", "")]
    assert visit.complaints == []


async def test_the_keyboard_reaches_it_before_anything_else_of_the_page(browser: Browser) -> None:
    """Tab past the skip link and the name of the program; Enter asks, Escape takes it back, Enter twice stops."""
    house = House()
    async with visiting(browser, house) as visit:
        keyboard = visit.page.keyboard
        for _ in range(3):
            await keyboard.press("Tab")
        focus = "document.activeElement.textContent.trim()"
        assert await visit.page.evaluate(focus) == "Stop all calls"
        await keyboard.press("Enter")
        await keyboard.press("Tab")
        assert await visit.page.evaluate(focus) == "Yes, stop all calls now"
        await keyboard.press("Escape")
        assert not await visit.page.locator(".switch details").evaluate("details => details.open")
        assert await visit.page.evaluate(focus) == "Stop all calls"
        assert turns(house) == []
        for key in ("Enter", "Tab", "Enter"):
            await keyboard.press(key)
        await expect(visit.page.locator(".stopped:not(.held) [role=status]")).to_contain_text("STOPPED since")
        assert turns(house) == [(False, "board", "")]
    assert visit.complaints == []


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_an_open_board_shows_a_stop_from_elsewhere(browser: Browser, lang: str) -> None:
    """Somebody stops from a terminal: the banner comes by itself, in words, and goes by itself."""
    house = House()
    async with visiting(browser, house, lang=lang) as visit:
        await visit.page.evaluate("window.stayed = true")
        banner = visit.page.locator(".stopped:not(.held) [role=status]")
        await expect(banner).to_be_empty()
        house.stop = STOPPED
        await expect(banner).to_contain_text(SAYS[lang])
        await expect(visit.page.locator(".stopped summary")).to_be_visible()
        await expect(visit.page.locator(".switch")).to_be_hidden()
        assert await visit.page.evaluate(NAMELESS) == []
        assert await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        house.stop = None
        await expect(visit.page.locator(".switch summary")).to_be_visible()
        assert await visit.page.evaluate("window.stayed")
    assert visit.complaints == []


async def test_without_a_script_it_asks_on_a_page_of_its_own(browser: Browser) -> None:
    """The board loads itself anew every few seconds, which would lose what is typed; that page does not."""
    house = House()
    async with visiting(browser, house, java_script_enabled=False) as visit:
        page = visit.page
        await page.click("header a:text-is('Stop all calls')")
        assert await page.locator("meta[http-equiv=refresh]").count() == 0
        await page.fill("main input[name=by]", "mori")
        await page.click("main button:text-is('Yes, stop all calls now')")
        await expect(page.locator(".stopped:not(.held) [role=status]")).to_contain_text("by mori (board)")
        await page.click(".stopped a:text-is('Resume…')")
        await page.fill("main input[name=by]", "aoki")
        await page.click("main button:text-is('Yes, resume dialling')")
        await expect(page.locator("header a:text-is('Stop all calls')")).to_be_visible()
        assert turns(house) == [(False, "mori (board)", ""), (True, "aoki (board)", "")]
    assert visit.complaints == []
