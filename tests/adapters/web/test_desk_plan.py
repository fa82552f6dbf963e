"""What a desk says of the plan: the next break, the end of the shift, and how long the break under way may last."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.adapters.web.desk_office import AT_HOME, Browser, app_of, client_of
from tests.support.engines import an_office
from tests.support.rotas import BREAKS, a_shift

PLAN: dict[str, Any] = {"shifts": (a_shift(breaks=((725, 30), (900, 15))),), "breaks": BREAKS}
"""Lunch from 12:05 to 12:35, another from 15:00 to 15:15, until 18:00; an office opens at noon."""


@asynccontextmanager
async def a_planned_desk(**plan: Any) -> AsyncIterator[Browser]:
    """Aoki's desk in an office with shifts."""
    settings = {**PLAN, **plan}
    async with (
        an_office(0, agents=["aoki"], **settings) as office,
        client_of(app_of(office, **settings)) as client,
    ):
        browser = Browser(office, client)
        assert (await browser.sign_in()).status == 303
        yield browser


@pytest.mark.parametrize(
    ("lang", "before", "during", "after", "home"),
    [
        (
            "en",
            "Next: Lunch 12:05–12:35 · shift ends 18:00",
            "By plan: Lunch until 12:35 · Next: Lunch 15:00–15:15 · shift ends 18:00",
            "shift ends 18:00",
            "Next shift: Wed 25 Nov 09:30",
        ),
        (
            "ja",
            "次: 昼休み 12:05〜12:35 · 勤務終了 18:00",
            "予定: 昼休み 12:35 まで · 次: 昼休み 15:00〜15:15 · 勤務終了 18:00",
            "勤務終了 18:00",
            "次の勤務: 11月25日(水) 09:30",
        ),
    ],
)
async def test_what_comes_next_is_said_and_changes_by_itself(
    lang: str, before: str, during: str, after: str, home: str
) -> None:
    """Nothing is pressed and nothing happens to the agent: the minute of the plan alone draws the desk anew."""
    async with a_planned_desk() as browser, browser.watching(lang) as page:
        assert (await page.next())["plan_say"] == before
        browser.office.go(minutes=6)
        assert (await page.until(plan_say=during))[
            "limit_s"
        ] is None  # nobody has sent them yet: no engine looks
        browser.office.go(hours=4)
        await page.until(plan_say=after)
        browser.office.go(hours=2)
        await page.until(plan_say=home)


async def test_a_break_is_counted_against_its_limit() -> None:
    """By its kind; a break of a kind without a limit only while it is the planned one."""
    async with a_planned_desk() as browser, browser.watching() as page:
        await page.next()
        assert (await browser.does("away", reason="lunch")).status == 200
        assert (await page.until(reason="lunch"))["limit_s"] == 3600.0
        assert (await browser.does("away", reason="rest")).status == 200
        assert (await page.until(reason="rest"))["limit_s"] is None
        assert (await browser.does("ready")).status == 200
        await page.until(state="ready")
        await browser.office.after(minutes=5)
        gone = await page.until(state="away")
        assert (gone["state_word"], gone["limit_s"]) == ("Away · Lunch", 3600.0)


async def test_a_program_is_told_whether_the_agent_is_due() -> None:
    """The demo's agents take their breaks by it."""
    async with a_planned_desk() as browser:

        async def is_due() -> bool:
            answer = await browser.client.get("/desk/aoki", headers=AT_HOME)
            return bool((await answer.json())["due"])

        assert await is_due()
        browser.office.go(minutes=5)
        assert not await is_due()
        browser.office.go(minutes=30)
        assert await is_due()


async def test_without_shifts_nothing_is_said() -> None:
    """As before there were any."""
    async with a_planned_desk(shifts=()) as browser, browser.watching() as page:
        seen = await page.next()
        assert (seen["plan_say"], seen["limit_s"]) == ("", None)
