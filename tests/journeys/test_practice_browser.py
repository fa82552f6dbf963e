"""A practice at the real desk in a real browser: two calls on a phone, the banner, the lines, the review, the end."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from campaigns.outcome import Outcome
from tests.journeys.test_board_browser import FAINT, FLAGS, NAMELESS
from tests.support.practices import a_config, a_practice, a_seed, calls_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
PHONE = (390, 844)
BANNER = {"en": "Nobody is called", "ja": "誰にも電話はかかりません"}
COMPLAINT = {"en": "not noted: Complaint", "ja": "記録されていません: 苦情"}
PRESSED = {Outcome.OPTED_OUT: ("n", "h"), Outcome.REFUSED: ("6", "6")}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser; calls come at the pace of real ones, so it is waited for longer than usual."""
    expect.set_options(timeout=60_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


async def a_call(page: Page, lang: str, wanted: Outcome) -> None:
    """Take a call: hear the person out, tick the duties, and honour what they want."""
    await expect(page.locator(".now .pill")).to_have_attribute("data-state", "talking")
    await expect(page.locator("#practice-banner")).to_contain_text(BANNER[lang])
    boxes = page.locator(".duties input")
    for ticked in range(1, await boxes.count() + 1):
        await page.keyboard.press("t")
        await expect(page.locator(".duties input:checked")).to_have_count(ticked)
    await expect(page.locator("#practice-lines li").nth(3)).to_be_visible()
    if shots := os.environ.get("PRACTICE_SHOTS"):
        await page.screenshot(path=Path(shots) / f"desk-{lang}.png")
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for key in PRESSED[wanted]:
        await page.keyboard.press(key)


async def test_two_calls_and_their_review(browser: Browser, tmp_path: Path) -> None:
    """A call in Japanese, one in English; all is right but a complaint not noted; and then nothing is left."""
    context = await browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, reduced_motion="reduce"
    )
    page, complaints = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    async with a_practice(
        tmp_path, a_config(tmp_path), "--calls", "2", "--seed", a_seed(*PRESSED)
    ) as practice:
        await page.goto(practice.link.replace("/desk#", "/desk?lang=ja#"))
        await expect(page.locator("#link")).to_have_attribute("data-is", "live")
        await expect(page.locator("#practice-calls")).to_have_text("2")
        await page.keyboard.press("r")
        await a_call(page, "ja", Outcome.OPTED_OUT)
        await expect(page.locator("#practice-done")).to_have_text("1")
        await page.goto(f"{practice.base}/desk?lang=en")
        await a_call(page, "en", Outcome.REFUSED)
        await page.wait_for_url(re.compile(r"/desk/aoki/review$"), timeout=60_000)
        for lang in ("ja", "en"):
            await page.goto(f"{practice.base}/desk/aoki/review?lang={lang}")
            await expect(page.locator("#practice-banner")).to_contain_text(BANNER[lang])
            await expect(page.locator(".review-call")).to_have_count(2)
            await expect(page.locator("li[data-mark=bad]")).to_have_count(1)
            await expect(page.locator("li[data-mark=bad]")).to_contain_text(COMPLAINT[lang])
            assert int(await page.inner_text("#score")) >= 80
            assert await page.locator("h1").count() == 1
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert await page.evaluate(NAMELESS) == []
            assert await page.evaluate(FAINT) == []
            if shots := os.environ.get("PRACTICE_SHOTS"):
                await page.screenshot(path=Path(shots) / f"review-{lang}.png", full_page=True)
        await page.click("#practice-end")
        await expect(page.locator("#practice-ended")).to_contain_text("The practice has ended")
        out, _ = await asyncio.wait_for(practice.process.communicate(), 60)
        assert practice.process.returncode == 0
    await context.close()
    assert complaints == []
    calls = calls_of(out.decode())
    assert [(one["wanted"], one["chosen"]) for one in calls] == [
        ("opted_out", "opted_out"),
        ("refused", "refused"),
    ]
    assert list(practice.temporary.iterdir()) == []
