"""Shifts and breaks in a real browser: the agent's desk and the manager's board, on a screen and on a phone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright, expect

from tests.adapters.web.desk_office import app_of
from tests.adapters.web.test_desk_plan import PLAN
from tests.journeys.test_board_browser import FAINT, FLAGS
from tests.journeys.test_desk_browser import DESKTOP, PHONE, Shift
from tests.support.engines import an_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOTS = Path("/tmp/hp/shots")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all of them; others may use the machine meanwhile, so it is waited for longer than usual."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def a_planned_shift(browser: Browser, size: tuple[int, int]) -> AsyncIterator[Shift]:
    """Open an office with shifts, in which aoki alone works and is ready, and a browser."""
    async with (
        an_office(0, agents=["aoki"], **PLAN) as office,
        TestServer(app_of(office, **PLAN), host="127.0.0.1") as server,
    ):
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        shift = Shift(office, context, str(server.make_url("/desk")), await context.new_page())
        shift.watch(shift.page)
        yield shift
        await context.close()
    assert shift.complaints == []


@pytest.mark.parametrize(
    ("lang", "size", "coming", "over"),
    [
        ("en", DESKTOP, "Next: Lunch 12:05–12:35 · shift ends 18:00", "longer than it may be"),
        ("ja", PHONE, "次: 昼休み 12:05〜12:35 · 勤務終了 18:00", "上限を超えています"),
    ],
    ids=["en", "ja"],
)
async def test_a_break_by_plan_turns_red_when_it_is_too_long(
    browser: Browser, lang: str, size: tuple[int, int], coming: str, over: str
) -> None:
    """The break is announced, begins by itself, is counted against its limit, and says so once it is over that."""
    async with a_planned_shift(browser, size) as shift:
        page, office = shift.page, shift.office
        await shift.sign_in(lang)
        await shift.state("ready")
        await expect(page.locator(".plan")).to_have_text(coming)
        await expect(page.locator("#limit")).to_be_hidden()
        await office.after(minutes=5)
        await shift.state("away")
        await expect(page.locator("#limit")).to_have_text("/ 1:00:00")
        await expect(page.locator("#over")).to_be_hidden()
        office.go(minutes=61)
        await page.reload()
        await expect(page.locator("#over")).to_have_text(over)
        await expect(page.locator("#for")).to_have_text(re.compile(r"^1:01:\d\d$"))
        red = await page.evaluate("getComputedStyle(document.getElementById('for')).color")
        assert red == "rgb(180, 52, 42)"
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await page.screenshot(path=SHOTS / f"desk-{lang}.png")
