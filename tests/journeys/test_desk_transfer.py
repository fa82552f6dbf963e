"""A live call at two desks in real browsers, over a real installation and the double: held, muted, handed over."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from playwright.async_api import Page, async_playwright, expect

from adapters.configuration import load_configuration
from adapters.lists import enrol_list
from adapters.wiring.seats import Seat, seats_of, supervisors_of
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

MORI = {"id": "mori", "name": "Mori", "line": "client:mori", "caller_id": "+81312345678"}


@dataclass(frozen=True, kw_only=True)
class Floor:
    """Two agents whose lines are in their rooms, and one person to be called."""

    seats: list[Seat]
    folder: Path
    link: str

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
    settings = yaml.safe_load((config / "dialer.yaml").read_text("utf-8"))
    write_yaml(config / "dialer.yaml", settings | {"supervisors": [MORI]})
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
        ((_, _, link),) = supervisors_of(configuration.settings, SECRETS["DIALER_SECRET"])
        yield Floor(seats=seats, folder=tmp_path, link=link)


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


async def test_a_supervisor_takes_part(chromium: str, floor: Floor) -> None:
    """Listens, whispers, speaks: the agent's page says so each time; out with the call, and all on the ledger."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        desk, page = [await (await browser.new_context()).new_page() for _ in range(2)]
        await open_desk(desk, floor.seats[0])
        await page.goto(floor.link)
        await expect(page.locator("#link")).to_have_attribute("data-is", "live", timeout=PATIENCE_MS)
        await expect(page.locator("tbody tr")).to_have_count(4)
        await expect(page.locator("[data-mode]:visible")).to_have_count(0)
        await desk.keyboard.press("r")
        await state(desk, "talking")
        row = page.locator("tbody tr").first
        for mode in ("listen", "whisper", "barge"):
            await row.locator(f"[data-mode={mode}]").click(timeout=PATIENCE_MS)
            await pressed(page, f"tbody tr:nth-of-type(1) [data-mode={mode}]", is_on=True)
            await expect(desk.locator(".listeners")).to_contain_text("mori", timeout=PATIENCE_MS)
            said = {"listen": "You listen", "whisper": "You listen", "barge": "You take part"}[mode]
            await expect(page.locator(".line-say")).to_contain_text(said, timeout=PATIENCE_MS)
        await page.click("#leave")
        await expect(desk.locator(".listeners")).to_be_empty(timeout=PATIENCE_MS)
        await row.locator("[data-mode=listen]").click()
        await expect(page.locator(".line-say")).to_contain_text("You listen", timeout=PATIENCE_MS)
        await desk.keyboard.press("h")
        await state(desk, "wrapping")
        await expect(page.locator("#leave")).to_be_hidden(timeout=PATIENCE_MS)
        await browser.close()
    assert floor.errors() == []
    rows = [body for kind, body in await ledger(floor.folder) if kind == "said"]
    assert [(row["what"], row.get("mode")) for row in rows] == [
        *(("supervised", mode) for mode in ("listen", "whisper", "barge")),
        ("supervision_over", None),
        ("supervised", "listen"),
        ("supervision_over", None),
    ]
    assert {row["by"] for row in rows} == {"mori"}
