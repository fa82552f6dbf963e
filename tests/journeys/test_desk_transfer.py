"""A live call at two desks in real browsers, over a real installation and the double: held, muted, handed over."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from adapters.configuration import load_configuration
from adapters.lists import enrol_list
from adapters.wiring.seats import Seat, seats_of
from tests.journeys.test_board_browser import FLAGS
from tests.journeys.test_control import CAMPAIGN, SECRETS, SEED, configure, free_port, process, write_yaml
from tests.journeys.test_desk_double import (
    EAGER,
    PATIENCE_MS,
    double_at,
    ledger,
    open_desk,
    state,
    talkers,
)


@dataclass(frozen=True, kw_only=True)
class Floor:
    """Two agents whose lines are in their rooms, and one person to be called."""

    seats: list[Seat]
    folder: Path

    def heard(self, door: str) -> int:
        """How many of the double's requests to a door were answered well."""
        lines = (self.folder / "double" / "callbacks.jsonl").read_text("utf-8").splitlines()
        return sum(f"/{door}" in line for line in lines)

    def errors(self) -> list[str]:
        """What the double's debugger holds, but that nobody answered yet when a line first asked for its room."""
        path = self.folder / "double" / "errors.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [line for line in lines if "found no room" not in line]


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    """An installation that runs, with nobody at the desks yet."""
    state_, port, config = tmp_path / "double", free_port(), tmp_path / "config"
    configure(config, port, [next(talkers())])
    write_yaml(tmp_path / "eager.yaml", {"says": "people pick up at any hour", "people": EAGER})
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    playing = ["double", "--state", str(state_), "--port", str(port), "--seed", SEED]
    playing += ["--calls-per-second", "20", "--scenario", str(tmp_path / "eager.yaml")]
    running = ["run", "--start", CAMPAIGN, "--config", str(config)]
    with ExitStack() as stack:
        stack.enter_context(process(*playing, log=tmp_path / "double.log"))
        stack.enter_context(process(*running, log=tmp_path / "run.log"))
        double = await double_at(state_)
        seats = seats_of(configuration.settings, SECRETS["DIALER_SECRET"])[:2]
        lines = [
            {
                "id": seat.agent,
                "join_url": seat.join_url,
                "desk_url": seat.desk_url,
                "token": seat.token,
                "presses": False,
            }
            for seat in seats
        ]
        offered = {CAMPAIGN: [{"id": "sold", "means": "sold"}]}
        await double.post("/double/agents", {"agents": lines, "dispositions": offered})
        yield Floor(seats=seats, folder=tmp_path)


async def pressed(page: Page, button: str, is_on: bool) -> None:
    """Wait until a button shows that it is on, or off."""
    wanted = "true" if is_on else "false"
    await expect(page.locator(button)).to_have_attribute("aria-pressed", wanted, timeout=PATIENCE_MS)


async def hands(page: Page, colleague: str, how: str) -> None:
    """Choose a colleague, and hand the person over."""
    option = page.locator(f'#whom option[value="{colleague}"]')
    await expect(option).to_have_count(1, timeout=PATIENCE_MS)
    await page.select_option("#whom", colleague)
    await page.click(how)


async def hold_and_mute(page: Page) -> None:
    """Held and let back, muted and heard, by key; a page that is loaded again shows it all the same."""
    await page.keyboard.press("p")
    await pressed(page, "#hold", is_on=True)
    await page.reload()
    await state(page, "talking")
    await pressed(page, "#hold", is_on=True)
    await expect(page.locator(".line-say")).not_to_be_empty()
    await page.keyboard.press("p")
    await pressed(page, "#hold", is_on=False)
    for is_on in (True, False):
        await page.keyboard.press("u")
        await pressed(page, "#mute", is_on=is_on)
    await expect(page.locator(".line-problem")).to_be_empty()


async def introduce(giver: Page, taker: Page, colleague: str, how: str) -> None:
    """Go along with the person, and leave or take them back: one of the two is free afterwards."""
    await hands(giver, colleague, "#warm")
    await state(taker, "talking")
    await expect(giver.locator("#take-back")).to_be_visible(timeout=PATIENCE_MS)
    await expect(giver.locator("#result")).to_be_hidden()
    await giver.click(how)
    await state(taker if how == "#take-back" else giver, "ready")


async def test_a_call_goes_from_desk_to_desk(chromium: str, floor: Floor) -> None:
    """Handed over; introduced and taken back; introduced and left alone; ended, and written up once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        first, second = [await (await browser.new_context()).new_page() for _ in floor.seats]
        await open_desk(first, floor.seats[0])
        await first.keyboard.press("r")
        await state(first, "talking")
        await hold_and_mute(first)
        await open_desk(second, floor.seats[1])
        await second.keyboard.press("r")
        await state(second, "ready")
        person = await first.inner_text("#person-title")
        await hands(first, floor.seats[1].agent, "#blind")
        await state(second, "talking")
        await state(first, "ready")
        assert await second.inner_text("#person-title") == person
        await introduce(second, first, floor.seats[0].agent, "#take-back")
        await expect(second.locator("#hold")).to_be_visible(timeout=PATIENCE_MS)
        await introduce(second, first, floor.seats[0].agent, "#leave-them")
        await first.keyboard.press("h")
        await state(first, "wrapping")
        for key in ("1", "1"):
            await first.keyboard.press(key)
        await state(first, "ready")
        await browser.close()
    assert floor.heard("hold") >= 1
    assert floor.errors() == []
    rows = await ledger(floor.folder)
    assert [body["outcome"] for kind, body in rows if kind == "concluded"] == ["sold"]
    assert [body["what"] for kind, body in rows if kind == "said"] == [
        *("hold", "hold", "mute", "mute"),
        *("transfer", "transferred"),
        *("transfer", "transferred", "take_back", "taken_back"),
        *("transfer", "transferred", "introduced"),
    ]
