"""Shifts and breaks in a real browser: the agent's desk and the manager's board, on a screen and on a phone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright, expect

from dialer.agents import AgentState
from dialer.need import Workload
from dialer.presence import Present
from dialer.settings import Settings
from tests.adapters.web.desk_office import app_of
from tests.adapters.web.house import House, an_agent, serving
from tests.adapters.web.test_desk_plan import PLAN
from tests.journeys.test_board_browser import FAINT, FLAGS, visiting
from tests.journeys.test_desk_browser import DESKTOP, HEAVIEST, PHONE, Shift, weight_of
from tests.support.engines import an_office
from tests.support.rotas import BREAKS, a_shift
from tests.support.summaries import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


def a_floor() -> House:
    """A board of a floor with shifts, on which one agent is on lunch for too long, and one for a while."""
    team = tuple(f"a{place}" for place in range(1, 9))
    early = a_shift(agents=team[:4], hours=(540, 1110), breaks=((720, 60),))
    late = a_shift(agents=team[4:], hours=(630, 1200), breaks=((840, 60),))
    later = {NOW.replace(minute=0, second=0) + timedelta(hours=hour): 60 for hour in (1, 2, 4)}
    resting = {"state": AgentState.AWAY, "attempt": None, "reason": "lunch"}
    return House(
        settings=Settings(shifts=(early, late), breaks=BREAKS),
        work=Workload(is_running=True, overdue=2400, due=later, calls=900, talks=200, handled_s=42_000.0),
        there=Present(agents=6.4, busy=4.6),
        seats={
            "a1": an_agent("a1"),
            "a2": replace(an_agent("a2", since=NOW - timedelta(minutes=72), **resting), name="鈴木 大輔"),
            "a3": replace(an_agent("a3", since=NOW - timedelta(minutes=12), **resting), name="Olivia Grant"),
        },
    )


@pytest.mark.parametrize(
    ("lang", "size", "words"),
    [
        (
            "en",
            DESKTOP,
            ["Staffing", "8 planned now, 6.4 there", "Need from today's calls", "over its limit"],
        ),
        ("ja", PHONE, ["要員", "現在 予定8人・在席6.4人", "必要数は本日の実績から", "上限超過"]),
    ],
    ids=["en", "ja"],
)
async def test_staffing_and_breaks_are_drawn(
    browser: Browser, lang: str, size: tuple[int, int], words: list[str]
) -> None:
    """A column for each half hour with its line of need, who is on a break, and the same as a table; live."""
    house = a_floor()
    async with visiting(browser, house, lang=lang, size=size) as visit:
        page = visit.page
        text = await page.inner_text("main")
        for word in words:
            assert word in text
        columns = page.locator(".staff-chart li")
        await expect(columns).to_have_count(22)
        await expect(page.locator(".staff-chart [data-tone=now]")).to_have_count(1)
        await expect(page.locator(".staff-chart [data-tone=short]")).to_have_count(7)
        await expect(page.locator(".rested[data-tone=bad]")).to_have_count(1)
        await page.evaluate(
            "document.querySelectorAll('details.as-table').forEach((one) => (one.open = true))"
        )
        rows = page.locator(".staffing tbody tr")
        assert [cell.strip() for cell in await rows.nth(9).locator("td").all_inner_texts()][:2] == [
            "8",
            "6.4",
        ]
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert await page.evaluate(FAINT) == []
        house.there = Present(agents=3.0, busy=3.0)
        house.seats.pop("a2")
        house.clock.advance_to(NOW + timedelta(minutes=20))
        await expect(page.locator(".rested")).to_have_count(1)
        await expect(page.locator(".staffing .minor").first).to_contain_text("3")
    assert visit.complaints == []


async def test_a_board_without_shifts_is_as_before(browser: Browser) -> None:
    """No chart, no list of breaks; and the page with them weighs what a page may."""
    async with visiting(browser, House()) as visit:
        await expect(visit.page.locator(".staffing")).to_be_hidden()
        await expect(visit.page.locator(".resting")).to_be_hidden()
    async with serving(a_floor()) as server:
        context = await browser.new_context()
        weight = await weight_of(context, str(server.make_url("/?lang=ja")), "#board")
        await context.close()
    assert 30_000 < weight < HEAVIEST
