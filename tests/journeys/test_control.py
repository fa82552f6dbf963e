"""A real installation with calls on the line is told from other processes: never this person again, stop, go on."""

import asyncio
import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.clock import SystemClock
from adapters.configuration import load_configuration
from adapters.doubles import Double, find_double
from adapters.lists import enrol_list
from adapters.remote import OrderRefused
from adapters.simulator.people import Kind, Population
from adapters.wiring.seats import seats_of
from adapters.wiring.stores import read_only
from dialer.errors import DialerError

ROOT = Path(__file__).parents[2]
SEED = "control"
LINES, PEOPLE = 4, 10
CAMPAIGN = "reminder"
SECRETS = {
    "DIALER_SECRET": "journey-" * 5,
    "TWILIO_ACCOUNT_SID": "AC" + "7" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-journey",
    "TWILIO_API_KEY": "SK" + "7" * 32,
    "TWILIO_API_SECRET": "secret-of-the-journey",
}
CLOCK = SystemClock()


def nobody_answers() -> Iterator[str]:
    """Mobile numbers whose phone rings in vain, whatever the hour is now or becomes during the test."""
    people, now = Population(SEED), CLOCK.now()
    hours = [people.local(now + timedelta(hours=more)) for more in (0, 1)]
    for number in (f"+8190{n:08d}" for n in range(20_000_000, 20_010_000)):
        if all(people.reaction(number, hour, 1).kind is Kind.NO_ANSWER for hour in hours):
            yield number


def write_yaml(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document as a person would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False), "utf-8")


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(folder: Path, carrier_port: int, numbers: list[str]) -> None:
    """Our own campaign as a service call, which the law allows at any hour; the test runs at any."""
    campaign = yaml.safe_load((ROOT / "config/campaigns/winback-dormant.yaml").read_text("utf-8"))
    for unused in ("hours", "closed_on", "caps", "mails", "holdout", "recording"):
        campaign.pop(unused, None)
    facts = ["会員ランク", "前回商品", "最終購入日"]
    columns = {"key": "顧客番号", "name": "氏名", "phones": ["携帯電話"], "facts": [*facts, "都道府県"]}
    campaign |= {
        "campaign": CAMPAIGN,
        "purpose": "service",
        "holidays": "allow",
        "audience": {"file": "../contacts/list.csv", "region": "JP", "columns": columns, "language": "ja"},
        "steps": [{"channel": "voice", "attempts": 2}],
        "teams": [{"id": "all", "languages": ["ja", "en"]}],
    }
    write_yaml(folder / "campaigns" / "reminder.yaml", campaign)
    write_yaml(folder / "policy.yaml", {"profile": "statutory"})
    listen = f"127.0.0.1:{free_port()}"
    agents = [{"id": f"a{n}", "name": f"Agent {n}", "languages": ["ja"]} for n in range(LINES)]
    carrier = {
        "base_url": f"http://127.0.0.1:{carrier_port}",
        "account_sid": SECRETS["TWILIO_ACCOUNT_SID"],
        "calls_per_second": 20,
    }
    settings = {
        "database": f"sqlite:///{folder.parent / 'dialer.db'}",
        "public_url": f"http://{listen}",
        "listen": listen,
        "carrier": carrier,
        "agents": agents,
    }
    write_yaml(folder / "dialer.yaml", settings)
    (folder / "contacts").mkdir()
    with (folder / "contacts" / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["顧客番号", "氏名", "携帯電話", *facts, "都道府県"])
        rows.writerows([f"C{n}", f"客 {n}", number, "", "", "", ""] for n, number in enumerate(numbers))


@contextmanager
def process(*arguments: str, log: Path, cwd: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of ours in a process of its own, and see that nothing of it is left."""
    command = [sys.executable, "-m", "dialer", *arguments]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **SECRETS}, stdout=output, stderr=output
        ) as running,
    ):
        try:
            yield running
        finally:
            running.kill()


@dataclass
class Journey:
    """A running installation, its carrier's record, and a terminal beside it."""

    folder: Path
    numbers: list[str]
    installation: subprocess.Popen[bytes]

    def dialer(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type a command in a terminal: a process of its own."""
        command = [sys.executable, "-m", "dialer", *arguments, "--config", str(self.folder / "config")]
        environment = {**os.environ, **SECRETS}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    async def here(self, *arguments: str, secret: str = SECRETS["DIALER_SECRET"]) -> Result:
        """Type a command in this process, which is another than the installation's as well, and starts sooner."""
        command = [*arguments, "--config", str(self.folder / "config")]
        return await asyncio.to_thread(CliRunner().invoke, app, command, env={"DIALER_SECRET": secret})

    def rings(self, event: str = "ring_start") -> list[tuple[str, datetime]]:
        """What the carrier noted down so far: whose phone, when."""
        path = self.folder / "double" / "rings.jsonl"
        written = path.read_text().splitlines() if path.exists() else []
        lines = [json.loads(line) for line in written]
        return [(each["to"], datetime.fromisoformat(each["at"])) for each in lines if each["event"] == event]

    def ringing(self) -> set[str]:
        """Whose phones ring now."""
        return {to for to, _ in self.rings()} - {to for to, _ in self.rings("ring_end")}

    async def until(self, is_so: Callable[[], bool], within_s: float = 8.0) -> float:
        """Wait until something is so; return how many seconds that took."""
        began = CLOCK.monotonic()
        while not is_so():
            waited = CLOCK.monotonic() - began
            assert waited < within_s, (
                self.rings(),
                self.rings("ring_end"),
                (self.folder / "run.log").read_text()[-3000:],
            )
            await CLOCK.wait(0.02)
        return CLOCK.monotonic() - began


def created(folder: Path) -> list[datetime]:
    """When the carrier took an order to dial."""
    lines = [json.loads(line) for line in (folder / "double" / "calls.jsonl").read_text().splitlines()]
    return [datetime.fromisoformat(each["at"]) for each in lines if each["event"] == "create"]


async def up(double: Path) -> Double:
    """The double, as soon as it answers."""
    for _ in range(500):
        if found := await find_double(double):
            return found
        await CLOCK.wait(0.02)
    pytest.fail("the double did not start")


@pytest.fixture
async def journey(tmp_path: Path) -> AsyncIterator[Journey]:
    """Four agents, four phones ringing, six people waiting for their turn."""
    people, state, port = nobody_answers(), tmp_path / "double", free_port()
    numbers, config = [next(people) for _ in range(PEOPLE)], tmp_path / "config"
    configure(config, port, numbers)
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    playing = ["double", "--state", str(state), "--port", str(port), "--seed", SEED]
    running = ["run", "--start", CAMPAIGN, "--config", str(config)]
    with ExitStack() as stack:
        stack.enter_context(process(*playing, "--calls-per-second", "20", log=tmp_path / "double.log"))
        installation = stack.enter_context(process(*running, log=tmp_path / "run.log"))
        double = await up(state)
        seats = seats_of(configuration.settings, SECRETS["DIALER_SECRET"])
        agents = [
            {"id": each.agent, "join_url": each.join_url, "desk_url": each.desk_url, "token": each.token}
            for each in seats
        ]
        offered = {CAMPAIGN: [{"id": "sold", "means": "sold"}]}
        await double.post("/double/agents", {"agents": agents, "dispositions": offered})
        journey = Journey(tmp_path, numbers, installation)
        await journey.until(lambda: len(journey.ringing()) == LINES, within_s=20)
        yield journey


async def test_a_running_installation_is_steered_from_another_terminal(journey: Journey) -> None:
    """One person's phone falls silent for good while others ring on; a stop silences all; a resume goes on."""
    rung = {to for to, _ in journey.rings()}
    ringing, waiting = (
        min(journey.ringing()),
        next(number for number in journey.numbers if number not in rung),
    )
    why = ("--reason", "letter", "--by", "mori")

    typed, listed = await asyncio.gather(
        asyncio.to_thread(journey.dialer, "suppress", "add", waiting, *why),
        journey.here("suppress", "add", "0" + ringing.removeprefix("+81"), *why),
    )
    assert (typed.returncode, typed.stdout.strip()) == (0, f"{waiting}: suppressed"), typed.stderr
    assert (listed.exit_code, listed.output.strip()) == (0, f"{ringing}: suppressed")
    assert await journey.until(lambda: ringing not in journey.ringing()) < 1
    await journey.until(lambda: len(journey.rings()) > LINES)  # the agent who is free serves the next

    typed = journey.dialer("stop", "--all", "--by", "mori", "--reason", "drill")
    stopped_at = CLOCK.now()
    assert (typed.returncode, typed.stdout[:22]) == (0, "all dialing is stopped"), typed.stderr
    assert f"{LINES} queued or ringing calls were told to end" in typed.stdout
    assert await journey.until(lambda: not journey.ringing()) < 1
    await CLOCK.wait(2.5)
    late = [to for to, at in journey.rings() if at > stopped_at + timedelta(seconds=1)]
    ordered = [at for at in created(journey.folder) if at > stopped_at]
    assert (late, ordered, journey.ringing()) == ([], [], set())

    assert (await journey.here("resume", "--by", "mori")).exit_code == 0
    await journey.until(lambda: len(journey.ringing()) == LINES)
    assert [to for to, _ in journey.rings()].count(ringing) == 1
    assert waiting not in {to for to, _ in journey.rings()}
    await orders_that_cannot_be(journey)

    database = f"sqlite:///{journey.folder / 'dialer.db'}"
    kinds = await read_only(database, lambda reports: [entry.kind for entry in reports.ledger()])
    assert (kinds.count("suppressed"), kinds.count("switch"), kinds.count("campaign")) == (2, 2, 2)


async def orders_that_cannot_be(journey: Journey) -> None:
    """A state that does not allow it, and a terminal without the secret: each is told with what to do."""
    assert (await journey.here("campaign", "pause", CAMPAIGN, "--by", "mori")).exit_code == 0
    again = await journey.here("campaign", "pause", CAMPAIGN, "--by", "mori")
    assert isinstance(again.exception, OrderRefused)
    assert "campaign reminder is paused" in str(again.exception)
    without = await journey.here("campaign", "start", CAMPAIGN, "--by", "mori", secret="")
    assert isinstance(without.exception, DialerError)
    assert "DIALER_SECRET" in str(without.exception)
    without = await journey.here("stop", "--by", "mori", secret="")
    assert (without.exit_code, "DIALER_SECRET is not set" in without.stderr) == (1, True)


async def test_an_installation_that_hangs_is_killed_and_its_calls_are_ended(journey: Journey) -> None:
    """The stop fails and says how; once that is done, the same command silences the phones that still ring."""
    hung = journey.installation
    hung.send_signal(signal.SIGSTOP)
    typed = await asyncio.to_thread(journey.dialer, "stop", "--all", "--by", "mori")
    assert (typed.returncode, typed.stdout) == (1, "")
    assert typed.stderr.startswith("CALLS WERE NOT STOPPED")
    assert f"`kill -9 {hung.pid}`" in typed.stderr
    assert len(journey.ringing()) == LINES

    hung.kill()
    await asyncio.to_thread(hung.wait)
    typed = await asyncio.to_thread(journey.dialer, "stop", "--all", "--by", "mori")
    assert typed.returncode == 0, typed.stderr
    assert f"{LINES} queued or ringing calls were told to end" in typed.stdout
    assert await journey.until(lambda: not journey.ringing()) < 1
    last = max(created(journey.folder))
    await CLOCK.wait(2)
    assert max(created(journey.folder)) == last
