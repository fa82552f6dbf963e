"""Where programs are killed: a carrier's double, an installation of one or more processes, and people to call."""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration, Plan, load_configuration
from adapters.crashing import crash_at
from adapters.environment import Keys
from adapters.simulator.habits import Habits
from adapters.wiring.double import DoubleOptions, run_double
from adapters.wiring.house import Role, open_house, prepare, ticking
from adapters.wiring.seats import seats_of
from adapters.wiring.stores import open_store
from campaigns.contact import Contact, Phone
from compliance.terms import Technology
from dialer.events import CampaignStarted, SwitchTurned
from dialer.ports import Candidate, Unit
from dialer.scene import Scene
from dialer.settings import AgentSettings, CarrierSettings, MailSettings
from dialer.shift import manager_said

FORK = multiprocessing.get_context("fork")
TOKYO = ZoneInfo("Asia/Tokyo")
OPENS, CLOSES = time(10), time(19, 30)
FACTOR = 120.0
CURTAIN = timedelta(seconds=1.5)
SID, TOKEN, SECRET = "AC" + "0" * 32, "t" * 32, "s" * 64
AGENTS = 16
CAMPAIGN = "winback-dormant"
READY_S, SETTLED_S = 30.0, 120.0
USUAL = Habits()
_ROOT = Path(__file__).parents[1]
_kept: list[object] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One bench's folder, database, ports and people."""

    folder: Path
    database: str
    port: int
    double_port: int
    people: int
    seed: str
    mode: Technology = Technology.PROGRESSIVE

    @property
    def double(self) -> str:
        """Where the double's API is."""
        return f"http://127.0.0.1:{self.double_port}"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def configuration_of(ground: Ground) -> Configuration:
    """Return our own configuration, with short patience and many agents; calls alone, and soon again."""
    configuration = load_configuration(_ROOT / "config")
    plan = configuration.plans[CAMPAIGN]
    steps = tuple(step for step in plan.campaign.steps if step.channel == "voice")
    pace = {"mode": ground.mode, "max_lines": 200, "calls_per_second": 100.0}
    pacing = plan.campaign.pacing.model_copy(update=pace)
    campaign = plan.campaign.model_copy(update={"steps": steps, "pacing": pacing})
    settings = configuration.settings.model_copy(
        update={
            "database": ground.database,
            "public_url": f"http://127.0.0.1:{ground.port}",
            "listen": f"127.0.0.1:{ground.port}",
            "silence": timedelta(minutes=1),
            "agents": tuple(
                AgentSettings(id=f"agent{number}", name=f"Agent {number}", languages=("ja", "en"))
                for number in range(AGENTS)
            ),
            "carrier": CarrierSettings(
                base_url=ground.double,
                account_sid=SID,
                calls_per_second=60,
                connect_timeout=timedelta(seconds=1),
                read_timeout=timedelta(seconds=1),
                accept_limit=timedelta(minutes=4),
                queue_limit=timedelta(minutes=1),
            ),
            "mail": MailSettings(security="none"),
        }
    )
    return replace(
        configuration,
        settings=settings,
        plans={CAMPAIGN: Plan(path=plan.path, version="v1", campaign=campaign)},
    )


def morning(configuration: Configuration, day: date, factor: float = FACTOR) -> AcceleratedClock:
    """Return a clock that shows the opening of the first working day from `day` on, a moment from now."""
    day = configuration.working_day(configuration.plans[CAMPAIGN].campaign, day)
    start = datetime.combine(day, OPENS, TOKYO).astimezone(UTC)
    return AcceleratedClock(start=start, anchor=SystemClock().now() + CURTAIN, factor=factor)


def furnish(ground: Ground, configuration: Configuration, clock: AcceleratedClock) -> None:
    """Make the database: the campaign running, everybody on its list."""
    run_apart(lambda: asyncio.run(_furnish(ground, configuration, clock)))


async def _furnish(ground: Ground, configuration: Configuration, clock: AcceleratedClock) -> None:
    store = await open_store(ground.database, may_upgrade=True)
    await prepare(store, configuration, SECRET, clock)
    for place, name in enumerate(configuration.plans):
        await store.transact(lambda unit, name=name: _start(unit, name, configuration, clock))  # type: ignore[misc]
        for first in range(0, ground.people, 500):
            numbers = range(first, min(first + 500, ground.people))
            batch = [_candidate(number + place * ground.people) for number in numbers]
            await store.transact(lambda unit, name=name, batch=batch: unit.enrol(name, batch, clock.start))  # type: ignore[misc]
    await store.close()


def _start(unit: Unit, name: str, configuration: Configuration, clock: AcceleratedClock) -> None:
    rules = configuration.rules(SECRET)
    scene = Scene(unit=unit, campaigns=configuration.campaigns, rules=rules, now=clock.start)
    manager_said(scene, CampaignStarted(key=f"bench:{name}", at=clock.start, campaign=name, by="bench"))


def _candidate(number: int) -> Candidate:
    contact = Contact(
        key=f"K{number:06}",
        name=f"顧客 {number}",
        language="en" if number % 10 == 0 else "ja",
        phones=(Phone(number=f"+8190{20000000 + number}"),),
        facts=dict.fromkeys(("会員ランク", "前回商品", "都道府県", "最終購入日"), "-"),
    )
    return Candidate(contact=contact, unique=contact.key, rank=number)


def run_apart(work: object) -> None:
    """Run something in a process of its own, and wait for it."""
    process = FORK.Process(target=work)  # type: ignore[arg-type]
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"a step of the bench failed with status {process.exitcode}")


def start_double(ground: Ground, clock: AcceleratedClock, people: Habits = USUAL) -> ForkProcess:
    """Start the carrier's double."""
    options = DoubleOptions(
        state=ground.folder / "double",
        account_sid=SID,
        auth_token=TOKEN,
        seed=ground.seed,
        calls_per_second=100.0 if clock.factor > 1 else 100_000.0,
        people=people,
        port=ground.double_port,
        idle_s=0,
    )
    process = FORK.Process(
        target=lambda: _quietly(ground, "double", lambda: asyncio.run(run_double(options, clock)))
    )
    process.start()
    return process


class Program:
    """One process of the installation, as `dialer run` would be; `crash` is where it is to kill itself."""

    def __init__(
        self, ground: Ground, configuration: Configuration, clock: AcceleratedClock, crash: str | None = None
    ) -> None:
        """Start it, and return at once."""
        self._ready: Event = FORK.Event()
        self.process = FORK.Process(
            target=lambda: _quietly(
                ground, "program", lambda: asyncio.run(_live(configuration, clock, self._ready, crash))
            )
        )
        self.process.start()

    def wait_until_ready(self) -> bool:
        """Wait until it serves; False when it died first."""
        waited = 0.0
        while not self._ready.wait(0.05):
            waited += 0.05
            if not self.process.is_alive() or waited > READY_S:
                return False
        return True

    def dies_within(self, seconds: float) -> bool:
        """Wait so long, and tell whether it died by itself."""
        self.process.join(seconds)
        return not self.process.is_alive()

    def end_the_day(self) -> None:
        """Let it open nothing more, on any day."""
        os.kill(self.process.pid or 0, signal.SIGUSR1)

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Ask it to end."""
        self.process.terminate()
        self.process.join(20)
        self.kill()


async def _live(
    configuration: Configuration, clock: AcceleratedClock, ready: Event, crash: str | None
) -> None:
    """Run the installation until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    keys = Keys(key_sid=SID, key_secret=TOKEN, auth_tokens=(TOKEN,))
    async with open_house(configuration, keys, clock=clock, secret=SECRET, role=Role.ALL) as house:
        if crash:
            house.engine.passing = crash_at(crash, lambda: signal.raise_signal(signal.SIGKILL))

        def switch_off() -> None:
            off = SwitchTurned(key=f"bench:{clock.now()}", at=clock.now(), enabled=False, by="bench")
            _kept.append(asyncio.ensure_future(house.engine.receive(off)))

        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, switch_off)
        async with ticking(house.engine, clock, interval_s=0.1, ringing=house.ringing):
            ready.set()
            await ended.wait()
            await house.engine.stop()


def _quietly(ground: Ground, name: str, work: object) -> None:
    """Do something with what it says in a file, in a folder where no other installation has left a mark."""
    os.chdir(ground.folder)
    log = (ground.folder / f"{name}.log").open("a")
    sys.stdout = sys.stderr = log
    work()  # type: ignore[operator]


def seat(ground: Ground, configuration: Configuration) -> None:
    """Put the simulated agents on their softphones; who sits already goes on."""
    agents = [
        {"id": one.agent, "join_url": one.join_url, "desk_url": one.desk_url, "token": one.token}
        for one in seats_of(configuration.settings, SECRET)
    ]
    campaign = configuration.plans[CAMPAIGN].campaign
    means = [{"id": each.id, "means": each.means.value} for each in campaign.dispositions]
    told(ground, "/double/agents", {"agents": agents, "dispositions": {CAMPAIGN: means}})


def told(ground: Ground, path: str, body: object) -> None:
    """Tell the double something."""
    httpx.post(f"{ground.double}{path}", json=body, timeout=10).raise_for_status()


def live_calls(ground: Ground) -> int:
    """Return how many calls the double has under way."""
    return int(httpx.get(f"{ground.double}/double/health", timeout=10).json()["live_calls"])


def wait_for_double(ground: Ground, process: ForkProcess) -> None:
    """Wait until the double answers."""
    for _ in range(200):
        try:
            live_calls(ground)
        except (httpx.HTTPError, json.JSONDecodeError):
            process.join(0.1)
        else:
            return
    raise RuntimeError("the double did not start")


def lines_of(path: Path) -> list[dict[str, object]]:
    """Return the lines of one of the double's records."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def pick_faults(chance: random.Random, menu: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return what the carrier does wrong in one trial."""
    return dict(chance.choice(menu))
