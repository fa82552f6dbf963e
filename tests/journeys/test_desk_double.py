"""The desk in a real browser, over a real installation and the double: people are dialled, ring, answer, hang up."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Error as Refused
from playwright.async_api import Page, async_playwright, expect

from adapters.clock import SystemClock
from adapters.configuration import load_configuration
from adapters.doubles import Double, find_double
from adapters.lists import enrol_list
from adapters.simulator.habits import Habits
from adapters.simulator.people import Kind, Population
from adapters.wiring.seats import Seat, seats_of
from adapters.wiring.stores import read_only
from tests.journeys.test_board_browser import FLAGS
from tests.journeys.test_control import CAMPAIGN, SECRETS, SEED, configure, free_port, process, write_yaml

PATIENCE_MS = 40_000
CLOCK = SystemClock()
EAGER = {"answers": 10, "ring_s": 6, "talk_s": 200}  # by night too: the test runs at any hour


def talkers() -> Iterator[str]:
    """Mobile numbers whose owner picks up soon and talks for a while, whatever the hour is now or becomes."""
    people, now = Population(SEED, habits=Habits.model_validate(EAGER)), CLOCK.now()
    hours = [people.local(now + timedelta(hours=more)) for more in (0, 1)]
    for number in (f"+8190{n:08d}" for n in range(20_000_000, 20_100_000)):
        met = [people.reaction(number, hour, 1) for hour in hours]
        if all(
            one.kind is Kind.ANSWER and one.ring_s < 12 and one.talk_s > 60 and not one.presses_9
            for one in met
        ):
            yield number


async def double_at(state: Path) -> Double:
    """The double, as soon as it answers."""
    for _ in range(3000):
        if found := await find_double(state):
            return found
        await CLOCK.wait(0.02)
    pytest.fail("the double did not start")


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[Seat]:
    """An installation that runs, with nobody at the desk yet, and no line in any room."""
    people, state, port, config = talkers(), tmp_path / "double", free_port(), tmp_path / "config"
    configure(config, port, [next(people) for _ in range(3)])
    write_yaml(tmp_path / "eager.yaml", {"says": "people pick up at any hour", "people": EAGER})
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    with ExitStack() as stack:
        playing = [
            "double",
            "--state",
            str(state),
            "--port",
            str(port),
            "--seed",
            SEED,
            "--calls-per-second",
            "20",
            "--scenario",
            str(tmp_path / "eager.yaml"),
        ]
        stack.enter_context(process(*playing, log=tmp_path / "double.log"))
        running = ["run", "--start", CAMPAIGN, "--config", str(config)]
        stack.enter_context(process(*running, log=tmp_path / "run.log"))
        await double_at(state)
        yield seats_of(configuration.settings, SECRETS["DIALER_SECRET"])[0]


async def open_desk(page: Page, seat: Seat) -> None:
    """Open the link that `dialer agents` prints, as soon as somebody answers there."""
    for _ in range(600):
        try:
            await page.goto(seat.sign_in_url)
            break
        except Refused:  # nobody listens there yet
            await CLOCK.wait(0.1)
    await expect(page.locator("#link")).to_have_attribute("data-is", "live", timeout=PATIENCE_MS)


async def state(page: Page, wanted: str) -> None:
    """Wait until the page shows a state."""
    await expect(page.locator(".now .pill")).to_have_attribute("data-state", wanted, timeout=PATIENCE_MS)


async def test_two_calls_of_a_shift(chromium: str, seat: Seat, tmp_path: Path) -> None:
    """Ready; a person answers and is on the screen; sold by a key, which ends the call; the next wants no more."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        await open_desk(page, seat)
        line = page.locator("#own-line")
        await expect(line).to_have_attribute("data-room", "off")
        await page.keyboard.press("r")
        await expect(line).to_have_attribute("data-room", "on", timeout=PATIENCE_MS)  # the double opened it
        await state(page, "talking")
        await expect(page.locator("#person-title")).to_contain_text("客 ")
        first = await page.inner_text("#person-title")
        await page.reload()  # a browser that dies: the call is still there
        await state(page, "talking")
        assert await page.inner_text("#person-title") == first
        for key in ("1", "1"):
            await page.keyboard.press(key)
        await expect(page.locator("#person-title")).not_to_have_text(first, timeout=PATIENCE_MS)
        await state(page, "talking")
        await page.keyboard.press("n")
        await expect(page.locator("#never-done")).to_be_visible()
        await page.keyboard.press("h")
        await asyncio.wait_for(until_suppressed(tmp_path), PATIENCE_MS / 1000)
        await browser.close()
    entries = await ledger(tmp_path)
    outcomes = [body["outcome"] for kind, body in entries if kind == "concluded"]
    assert outcomes[:2] == ["sold", "opted_out"]
    assert [body["what"] for kind, body in entries if kind == "said"] == ["never_again"]


async def ledger(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """The kinds and bodies of the ledger's rows."""
    url = f"sqlite:///{folder / 'dialer.db'}"
    rows = await read_only(url, lambda reports: [(entry.kind, entry.body) for entry in reports.ledger()])
    return [(kind, json.loads(body)) for kind, body in rows]


async def until_suppressed(folder: Path) -> None:
    """Wait until the refusal is on the ledger."""
    while not [kind for kind, _ in await ledger(folder) if kind == "suppressed"]:
        await CLOCK.wait(0.1)
