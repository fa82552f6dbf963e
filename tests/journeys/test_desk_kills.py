"""Killed in mid-call, each in turn: the browser, the pages, the engine. Nobody is cut off, and no word is lost."""

import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from playwright.async_api import Page, async_playwright, expect

from adapters.configuration import load_configuration
from adapters.doubles import Double
from adapters.lists import enrol_list
from adapters.wiring.seats import Seat, seats_of
from adapters.wiring.stores import read_only
from tests.journeys.test_board_browser import FLAGS
from tests.journeys.test_control import CAMPAIGN, SECRETS, SEED, configure, free_port, process, up, write_yaml
from tests.journeys.test_desk_double import EAGER, PATIENCE_MS, open_desk, state, talkers
from tests.support.postgres import new_database

PEOPLE = 3
ROLES = {"sqlite": ("all",), "postgres": ("web", "engine")}
"""The processes of each deployment; every one of them is killed."""


@dataclass
class Site:
    """One installation, its processes by role, and the double."""

    folder: Path
    database: str
    seat: Seat
    double: Double
    running: dict[str, ExitStack] = field(default_factory=dict)

    def start(self, role: str) -> None:
        """Start a process of ours."""
        command = ["run", "--role", role, "--config", str(self.folder / "config")]
        if role != "web":
            command += ["--start", CAMPAIGN]
        self.running[role] = ExitStack()
        number = len(list(self.folder.glob("*.log")))
        # Beside a database server the checkpoints lie in the folder that a program is started in.
        log = self.folder / f"{role}-{number}.log"
        self.running[role].enter_context(process(*command, log=log, cwd=self.folder))

    def kill(self, role: str) -> None:
        """Kill it as kill -9 does, and start it again."""
        self.running[role].close()
        self.start(role)

    def book(self) -> list[dict[str, str]]:
        """What the carrier wrote down of calls."""
        lines = (self.folder / "double" / "calls.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    async def concluded(self) -> list[str]:
        """Return the outcomes on the ledger, in order."""
        rows = await read_only(
            self.database, lambda reports: [(entry.kind, entry.body) for entry in reports.ledger()]
        )
        return [json.loads(body)["outcome"] for kind, body in rows if kind == "concluded"]


@pytest.fixture(params=list(ROLES))
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    """An installation on each database, with one agent's line in its room."""
    port, config, people = free_port(), tmp_path / "config", talkers()
    database = new_database() if request.param == "postgres" else f"sqlite:///{tmp_path / 'dialer.db'}"
    if database is None:
        pytest.skip("there is no PostgreSQL on this machine")
    configure(config, port, [next(people) for _ in range(PEOPLE)])
    settings = yaml.safe_load((config / "dialer.yaml").read_text("utf-8"))
    write_yaml(config / "dialer.yaml", settings | {"database": database})
    write_yaml(tmp_path / "eager.yaml", {"says": "people pick up at any hour", "people": EAGER})
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    playing = ["double", "--state", str(tmp_path / "double"), "--port", str(port), "--seed", SEED]
    playing += ["--calls-per-second", "20", "--scenario", str(tmp_path / "eager.yaml")]
    with ExitStack() as stack:
        stack.enter_context(process(*playing, log=tmp_path / "double.log"))
        double = await up(tmp_path / "double")
        seat = seats_of(configuration.settings, SECRETS["DIALER_SECRET"])[0]
        found = Site(folder=tmp_path, database=database, seat=seat, double=double)
        for role in ROLES[request.param]:
            found.start(role)
            stack.callback(lambda role=role: found.running[role].close())  # type: ignore[misc]
        line = {"id": seat.agent, "join_url": seat.join_url, "desk_url": seat.desk_url, "token": seat.token}
        offered = {CAMPAIGN: [{"id": "sold", "means": "sold"}]}
        await double.post("/double/agents", {"agents": [{**line, "presses": False}], "dispositions": offered})
        yield found


async def test_whatever_dies_in_mid_call_the_call_stays_and_its_word_is_kept(
    chromium: str, site: Site
) -> None:
    """One talk outlives the browser and every process of ours, killed in turn; then it is disposed by a key."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        await open_desk(page, site.seat)
        await page.keyboard.press("r")
        await state(page, "talking")
        person = await page.inner_text("#person-title")
        await browser.close()
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        await open_desk(page, site.seat)
        await still_talking(page, person)
        for role in list(site.running):
            site.kill(role)
            await still_talking(page, person)
        assert [line["event"] for line in site.book() if line["event"] != "create"] == []
        for key in ("1", "1"):
            await page.keyboard.press(key)
        await expect(page.locator("#person-title")).not_to_have_text(person, timeout=PATIENCE_MS)
        await state(page, "talking")
        await browser.close()
    assert await site.concluded() == ["sold"]


async def still_talking(page: Page, person: str) -> None:
    """Wait until the page is live again, and see that it shows the same call."""
    await expect(page.locator("#link")).to_have_attribute("data-is", "live", timeout=PATIENCE_MS)
    await state(page, "talking")
    assert await page.inner_text("#person-title") == person
