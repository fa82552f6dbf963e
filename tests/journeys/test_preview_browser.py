"""The person before the call in a real browser: by keyboard, on a phone, in Japanese."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from dialer.agents import AgentState
from tests.adapters.web.desk_office import FIRST
from tests.journeys.test_board_browser import FAINT, FLAGS, NAMELESS
from tests.journeys.test_desk_browser import DESKTOP, HEAVIEST, PHONE, UNLABELLED, a_shift, weight_of
from tests.support.previews import previewing, seen

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = {
    "en": ("Before the call", "Dial", "Not now", "Nobody is called until you press Dial"),
    "ja": ("発信前の確認", "発信", "今は控える", "「発信」を押すまで電話はかかりません"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.mark.parametrize(
    ("lang", "size"), [("en", DESKTOP), ("ja", DESKTOP), ("en", PHONE), ("ja", PHONE)], ids=str
)
async def test_look_skip_look_dial_talk(
    browser: Browser, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    """The first is skipped by the key of a reason, the second dialled by D: nothing but the keyboard."""
    async with a_shift(browser, size=size, campaign=previewing()) as shift:
        page, office = shift.page, shift.office
        await shift.sign_in(lang)
        await shift.ready()
        await office.tick()
        await shift.state("previewing")
        await expect(page.locator("#person-title")).to_contain_text("山田 1")
        await expect(page.locator("#person-title")).to_be_focused()
        for word in WORDS[lang][:3]:
            await expect(page.locator("#preview")).to_contain_text(word)
        await expect(page.locator(".hint")).to_contain_text(WORDS[lang][3])
        await expect(page.locator("#steps li")).to_have_count(5)
        await expect(page.locator("#result")).to_be_hidden()
        await expect(page.locator("#never")).to_be_hidden()
        await expect(page.locator("#left")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await page.screenshot(path=tmp_path / "preview.png", full_page=True)
        await shift.press("1")
        await shift.state("ready")
        await office.tick()
        await expect(page.locator("#person-title")).to_contain_text("山田 2")
        assert len(await office.ledger("said")) == 1
        await shift.press("d", "d")
        await expect(page.locator(".dialling")).to_be_visible()
        await expect(page.locator("#dial")).to_be_hidden()
        await office.engine.settle()
        await office.tick()
        await shift.state("reserved")
        await expect(page.locator("#preview")).to_be_hidden()
        second = FIRST.replace("-1-1", "-2-1")
        assert [order.attempt for order in office.line.placed] == [second]
        await office.talks(second)
        await shift.state("talking")
        await expect(page.locator("#never")).to_be_visible()


async def test_a_second_tab_sees_the_same_person_and_adds_no_call(browser: Browser) -> None:
    """One dials, the other clicks as well: one call."""
    async with a_shift(browser, campaign=previewing()) as shift:
        await shift.sign_in()
        await shift.ready()
        other = await shift.context.new_page()
        await other.goto(f"{shift.url}?lang=en")
        await shift.office.tick()
        for page in (shift.page, other):
            await expect(page.locator("#person-title")).to_contain_text("山田 1")
        await shift.page.click("#dial")
        await other.evaluate("document.getElementById('dial').click()")
        await expect(other.locator(".dialling")).to_be_visible()
        await shift.office.engine.settle()
        await shift.office.after(seconds=1)
        await shift.office.after(seconds=1)
        assert [order.attempt for order in shift.office.line.placed] == [FIRST]
        assert (await shift.office.agent()).state is AgentState.RESERVED


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_whoever_sees_little_can_dial_and_skip(browser: Browser, scheme: str) -> None:
    """Names for all that acts, contrast, no width that scrolls sideways; the page stays light."""
    async with a_shift(browser, campaign=previewing(), color_scheme=scheme) as shift:
        page = shift.page
        await shift.sign_in("ja")
        await shift.ready()
        await shift.office.tick()
        await shift.state("previewing")
        assert (await seen(shift.office)).agent == "aoki"
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate(UNLABELLED) == 0
        for width in (320, 390, 768, 1440):
            await page.set_viewport_size({"width": width, "height": 844})
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        assert await weight_of(shift.context, shift.url, "#desk") < HEAVIEST
