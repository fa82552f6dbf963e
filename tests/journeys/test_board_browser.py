"""The board in a real browser: what a manager sees, hears and can reach."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from dialer.events import CampaignPaused
from tests.adapters.web.house import House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE = (1440, 900), (360, 800)
WORDS = {
    "ja": ["実行中", "更新中", "放棄率", "連絡しなかった件数と理由", "留守番電話", "通話中"],
    "en": ["Running", "Live", "Abandoned", "Not contacted, and why", "Answering machine", "Talking"],
}
COLOURS = {"light": ("f3f5f4", "187a48"), "dark": ("0d1312", "4fc58c")}
"""Of the page's ground, and of the part of the progress bar for people talked to."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


class Visit:
    """A page, and what it did that a page should not."""

    def __init__(self, page: Page) -> None:
        self.page, self.complaints = page, list[str]()
        page.on("console", lambda said: self._note(said.type in {"error", "warning"}, said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("request", lambda asked: self._note(urlsplit(asked.url).hostname != "127.0.0.1", asked.url))

    def _note(self, is_bad: bool, what: str) -> None:
        if is_bad:
            self.complaints.append(what)


@asynccontextmanager
async def visiting(
    browser: Browser,
    house: House,
    *,
    lang: str = "en",
    size: tuple[int, int] = DESKTOP,
    **options: Any,
) -> AsyncIterator[Visit]:
    """Open the board; with the script, wait until it is live and drawn."""
    async with serving(house) as server:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options
        )
        visit = Visit(await context.new_page())
        await visit.page.goto(str(server.make_url(f"/?lang={lang}")))
        if options.get("java_script_enabled", True):
            await visit.page.wait_for_selector("#link[data-is=live]")
            await visit.page.wait_for_selector("#plot canvas")
        yield visit
        await context.close()


async def colours(browser: Browser, png: bytes) -> dict[str, float]:
    """Return colour -> share of the pixels of a picture."""
    page = await browser.new_page()
    found = await page.evaluate(
        """async (address) => {
          const picture = new Image();
          picture.src = address;
          await picture.decode();
          const canvas = new OffscreenCanvas(picture.width, picture.height);
          const pen = canvas.getContext("2d");
          pen.drawImage(picture, 0, 0);
          const words = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
          const counts = new Map();
          for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
          const part = (word, bits) => ((word >>> bits) & 255).toString(16).padStart(2, "0");
          const seen = {};
          for (const [word, count] of counts) {
            seen[part(word, 0) + part(word, 8) + part(word, 16)] = count / words.length;
          }
          return seen;
        }""",
        "data:image/png;base64," + base64.b64encode(png).decode(),
    )
    await page.close()
    return dict(found)


@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [("ja", "light", DESKTOP), ("en", "dark", DESKTOP), ("en", "light", PHONE), ("ja", "dark", PHONE)],
)
async def test_the_board_is_drawn(browser: Browser, lang: str, scheme: Any, size: tuple[int, int]) -> None:
    """In both languages and both schemes, with its bar in its colour, quietly, and without asking anybody else."""
    async with visiting(browser, House(), lang=lang, size=size, color_scheme=scheme) as visit:
        text = await visit.page.inner_text("main")
        for word in [*WORDS[lang], "13:42:07", "1,024"]:
            assert word in text
        seen = await colours(browser, await visit.page.screenshot())
        strip = await colours(browser, await visit.page.locator(".progress").screenshot())
        plot = await colours(browser, await visit.page.locator("#plot").screenshot())
    assert visit.complaints == []
    ground, bar = COLOURS[scheme]
    assert seen[ground] > 0.03
    assert len(seen) > 100
    assert 0.3 < strip[bar] < 0.6
    assert len(plot) > 20


async def test_figures_change_by_themselves(browser: Browser) -> None:
    """What happens in the campaign shows on the open page, row by row, and the page is not loaded anew."""
    house = House()
    async with visiting(browser, house) as visit:
        await visit.page.evaluate("window.stayed = true")
        house.change(
            calls=2_048, outcomes={"sold": 9, "no_answer": 3}, agents=house.summaries["winback"].agents[:2]
        )
        bars = visit.page.locator(".bars li .word")
        await expect(visit.page.locator(".tile .value").first).to_have_text("2,048")
        await expect(bars).to_have_text(["Sold", "No answer"])
        await expect(visit.page.locator(".agents tbody tr")).to_have_count(2)
        house.change(outcomes={"sold": 9, "no_answer": 3, "busy": 30})
        await expect(bars).to_have_text(["Busy", "Sold", "No answer"])
        assert await visit.page.evaluate("window.stayed")
    assert visit.complaints == []


async def test_everything_can_be_done_from_the_keyboard(browser: Browser) -> None:
    """Tab reaches skip link, languages and buttons in reading order; Enter pauses; the focus stays where it was."""
    house = House()
    async with visiting(browser, house) as visit:
        keyboard, reached = visit.page.keyboard, list[str]()
        for _ in range(9):
            await keyboard.press("Tab")
            reached.append(await visit.page.evaluate("document.activeElement.textContent.trim()"))
        assert reached == [
            "Skip to the figures",
            "dialer",
            "Stop all calls",
            "日本語",
            "English",
            "",  # the field for a reason
            "Pause",
            "Stop…",
            "The same as a table",
        ]
        ring = "getComputedStyle(document.activeElement).outlineStyle"
        assert await visit.page.evaluate(ring) == "solid"
        await keyboard.press("Shift+Tab")
        await keyboard.press("Enter")
        await keyboard.press("Tab")
        assert await visit.page.evaluate("document.activeElement.textContent.trim()") == "Stop for good"
        await keyboard.press("Escape")
        assert not await visit.page.locator("main details.stop").evaluate("details => details.open")
        await keyboard.press("Shift+Tab")
        await keyboard.press("Enter")
        await visit.page.wait_for_selector("#said[data-is=done]")
        await expect(visit.page.locator("button:focus")).to_have_text("Resume")
        assert "Paused" in await visit.page.inner_text("#said")
        assert [type(event) for event in house.events] == [CampaignPaused]
    assert visit.complaints == []


async def test_a_stopped_campaign_has_no_buttons(browser: Browser) -> None:
    """Stopping asks first, and then there is nothing left to press."""
    house = House()
    async with visiting(browser, house) as visit:
        await visit.page.click("main details.stop summary")
        await visit.page.click("text=Stop for good")
        await visit.page.wait_for_selector(".pill[data-state=stopped]")
        assert await visit.page.locator("main button:visible").count() == 0
    assert visit.complaints == []


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_no_width_makes_the_page_scroll_sideways(browser: Browser, lang: str) -> None:
    """From the smallest phone to a screen on the wall."""
    async with visiting(browser, House(), lang=lang) as visit:
        for width in (320, 360, 414, 768, 1024, 1440, 2560):
            await visit.page.set_viewport_size({"width": width, "height": 800})
            sideways = await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert sideways <= 0, width


NAMELESS = """() => {
  const name = (node) => (node.getAttribute("aria-label") || node.textContent || "").trim()
    || node.labels?.[0]?.textContent.trim()
    || document.getElementById(node.getAttribute("aria-labelledby"))?.textContent;
  const asked = "a, button, summary, input:not([type=hidden]), section, nav, [role=img], [role=progressbar]";
  return [...document.querySelectorAll(asked)].filter((node) => !name(node)).map((node) => node.outerHTML);
}"""

FAINT = """() => {
  const parts = (colour) => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const says = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!says || !node.checkVisibility()) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) faint.push(`${node.textContent.trim().slice(0, 30)} ${contrast.toFixed(2)}`);
  }
  return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_whoever_cannot_see_or_sees_little_gets_it_all(
    browser: Browser, lang: str, scheme: Any
) -> None:
    """A language, one heading, a name for all that acts, heads for all columns, contrast of 4.5 and more."""
    house = House()
    house.change(abandoned_share=0.025)
    async with visiting(browser, house, lang=lang, color_scheme=scheme) as visit:
        page = visit.page
        await page.evaluate(
            "document.querySelectorAll('details').forEach((details) => (details.open = true))"
        )
        assert await page.get_attribute("html", "lang") == lang
        assert await page.locator("h1").count() == 1
        assert await page.evaluate(NAMELESS) == []
        assert await page.locator("th:not([scope])").count() == 0
        assert (
            await page.locator("[aria-live], [role=status], [role=alert]").count() == 3
        )  # what was done; a stop; a halt
        assert await page.evaluate("document.querySelectorAll('[id]').length") == await page.evaluate(
            "new Set([...document.querySelectorAll('[id]')].map((node) => node.id)).size"
        )
        bar = page.locator("[role=progressbar]")
        assert await bar.get_attribute("aria-valuenow") == "73"
        assert await page.locator(".numbers tbody tr").count() == 45
        assert await page.evaluate(FAINT) == []


async def test_without_a_script_the_board_is_read_and_pressed_all_the_same(browser: Browser) -> None:
    """Figures and table are there, and the button is a form."""
    house = House()
    async with visiting(browser, house, java_script_enabled=False) as visit:
        assert "1,024" in await visit.page.inner_text(".tiles")
        assert not await visit.page.is_visible("#plot")
        await visit.page.click("text=Pause")
        await visit.page.wait_for_selector("main button:text-is('Resume')")
        assert [type(event) for event in house.events] == [CampaignPaused]
    assert visit.complaints == []


async def test_a_lost_connection_is_said_and_mended(browser: Browser) -> None:
    """A board that stands still says so, and goes on by itself when there is something to show."""
    house = House()
    async with visiting(browser, house) as visit:
        house.broken = True
        await visit.page.wait_for_selector("#link[data-is=lost]")
        assert "Connection lost" in await visit.page.inner_text("#link")
        house.broken = False
        await visit.page.wait_for_selector("#link[data-is=live]")
