"""An installation on loopback: the real engine, store, pages and carrier adapter, and the double to call through."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from adapters.environment import Keys
from adapters.simulator.options import DoubleOptions, Faults
from adapters.simulator.people import Population, Reaction
from adapters.simulator.twilio_double import Whereabouts, run_double
from adapters.wiring.house import House, open_house
from campaigns.contact import Phone
from compliance.policy import Policy
from compliance.rulebook import packaged_law
from dialer.attempt import Attempt, AttemptState
from dialer.settings import CarrierSettings, Settings
from tests.adapters.simulator.builders import ACCOUNT, KEY, SECRET, SEED, TOKEN, numbers, read_lines
from tests.support.builders import NOON, a_contact, an_agent, the_campaign
from tests.support.engines import furnish

FACTOR = 400.0
"""Campaign seconds in a real one."""


def people_who(wanted: Callable[[Reaction], bool], count: int, *, at: datetime = NOON) -> list[str]:
    """Return the first numbers whose first call at that hour meets what is wanted."""
    population = Population(SEED)
    local = population.local(at)
    found = (each for each in numbers() if wanted(population.reaction(each, local, 1)))
    return [next(found) for _ in range(count)]


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What runs, and the double's own record of it."""

    house: House
    api: httpx.AsyncClient
    state: Path

    async def look(self) -> None:
        """Plan once, and see the orders carried out."""
        await self.house.engine.tick()
        await self.house.engine.settle()

    async def until(self, holds: Callable[[], Awaitable[bool]], *, within_s: float = 60) -> None:
        """Plan on until something holds."""
        async with asyncio.timeout(within_s):
            while not await holds():
                await self.look()
                await self.api.get("/double/health")

    async def misbehave(self, **faults: Any) -> None:
        """Put other faults into force at the double."""
        answer = await self.api.post("/double/faults", json=Faults(**faults).model_dump())
        answer.raise_for_status()

    async def attempts(self, count: int) -> list[Attempt]:
        """Return the first attempts of that many leads, those that are there."""
        names = [f"{the_campaign().id}-{place}-1" for place in range(1, count + 1)]
        found = await self.house.store.transact(lambda unit: [unit.attempt(name) for name in names])
        return [attempt for attempt in found if attempt]

    async def are_over(self, count: int) -> bool:
        """Tell whether the first attempts of that many leads are all over."""
        found = await self.attempts(count)
        return len(found) == count and all(attempt.state is AttemptState.OVER for attempt in found)

    async def ledger(self, kind: str) -> list[Any]:
        """Return what the ledger has of one kind."""
        entries = await self.house.store.read(lambda reports: list(reports.ledger()))
        return [entry for entry in entries if entry.kind == kind]

    @property
    def accepted(self) -> Counter[str]:
        """How many orders the carrier took for each number, by its own journal."""
        return Counter(
            line["to"] for line in read_lines(self.state / "calls.jsonl") if line["event"] == "create"
        )

    @property
    def rings(self) -> list[dict[str, Any]]:
        """Each ring that started, by the carrier's own book."""
        return [line for line in read_lines(self.state / "rings.jsonl") if line["event"] == "ring_start"]


@asynccontextmanager
async def an_installation(
    folder: Path,
    called: Iterable[str],
    *,
    agents: int = 2,
    start: datetime = NOON,
    factor: float = FACTOR,
    carrier: dict[str, Any] | None = None,
    **double: Any,
) -> AsyncIterator[Installation]:
    """Open an installation whose list is these numbers; `carrier` changes its settings, `double` the double's."""
    clock = AcceleratedClock(start=start, anchor=SystemClock().now(), factor=factor)
    async with _a_double(folder, clock, double) as where:
        account: dict[str, Any] = {
            "base_url": f"http://127.0.0.1:{where.port}",
            "account_sid": ACCOUNT,
            "calls_per_second": 50,
            "read_timeout": timedelta(seconds=5),
            **(carrier or {}),
        }
        async with (
            open_house(_configuration(account), _keys(), clock=clock, secret="s" * 32) as house,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{where.port}", timeout=20) as api,
        ):
            await _furnish(house, list(called), agents)
            yield Installation(house=house, api=api, state=folder)


@asynccontextmanager
async def _a_double(
    folder: Path, clock: AcceleratedClock, changes: dict[str, Any]
) -> AsyncIterator[Whereabouts]:
    fields: dict[str, Any] = {"calls_per_second": 50.0, **changes}
    options = DoubleOptions(
        state=folder,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        key_sid=KEY,
        key_secret=SECRET,
        seed=SEED,
        **fields,
    )
    ready: asyncio.Future[Whereabouts] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(run_double(options, clock, ready=ready.set_result))
    where = await asyncio.wait_for(ready, 20)
    try:
        yield where
    finally:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{where.port}") as api:
            await api.post("/double/stop")
        await asyncio.wait_for(running, 20)


def _configuration(account: dict[str, Any]) -> Configuration:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    settings = Settings(
        database="sqlite:///:memory:",
        public_url=f"http://{address}",
        listen=address,
        carrier=CarrierSettings(**account),
    )
    return Configuration(settings=settings, policy=Policy(), law=packaged_law(), plans={})


def _keys() -> Keys:
    return Keys(key_sid=KEY, key_secret=SECRET, auth_tokens=(TOKEN,))


async def _furnish(house: House, called: list[str], agents: int) -> None:
    contacts = [
        a_contact(place, phones=(Phone(number=number, kind="mobile"),))
        for place, number in enumerate(called, 1)
    ]
    await house.store.transact(lambda unit: furnish(unit, [(the_campaign(), contacts)]))
    house.engine.take_campaigns({the_campaign().id: the_campaign()})
    for place in range(agents):
        agent = an_agent(f"agent-{place}")
        await house.store.transact(lambda unit, agent=agent: unit.put_agent(agent))  # type: ignore[misc]
