"""Several engines on one PostgreSQL database, each with connections of its own, and one carrier for all of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from adapters.clock import SystemClock, VirtualClock
from adapters.metronome import Metronome
from adapters.store import migrating, postgres
from campaigns.campaign import Campaign
from dialer.engine import Engine
from dialer.events import CallEnded, CallEnding
from dialer.ports import Store
from dialer.settings import CarrierSettings
from tests.support.builders import NOON, a_campaign, an_agent, rules, the_campaign
from tests.support.engines import Line, Office, Post, furnish, opened, reference_of
from tests.support.postgres import MISSING, new_database


@dataclass(kw_only=True)
class Fleet:
    """What runs, and the carrier that all of it calls."""

    url: str
    clock: VirtualClock
    line: Line
    post: Post
    campaigns: Sequence[Campaign]
    stack: AsyncExitStack
    patience: dict[str, Any] = field(default_factory=dict)
    engines: dict[str, Engine] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)

    async def start(self, name: str) -> Engine:
        """Start one more engine, as a process would: with a store of its own."""
        if name not in self.stores:
            self.stores[name] = await self.stack.enter_async_context(a_store(self.url, **self.patience))
        parts: dict[str, Any] = {"carrier": self.line, "mailer": self.post, "clock": self.clock}
        known = rules(carrier=CarrierSettings(calls_per_second=500))
        engine = Engine(store=self.stores[name], rules=known, name=name, **parts)
        engine.take_campaigns({one.id: one for one in self.campaigns})
        self.engines[name] = engine
        return engine

    async def stop(self, name: str) -> None:
        """Stop an engine as SIGTERM does."""
        await self.engines.pop(name).stop()

    async def look(self) -> None:
        """Let all engines look at once, and carry out what they ordered."""
        await asyncio.gather(*(engine.tick() for engine in self.engines.values()))
        await asyncio.gather(*(engine.settle() for engine in self.engines.values()))

    async def hang_up_all(self, receiver: Engine) -> None:
        """Nobody answered any call that is on the line; what is not taken in is told again the next time."""
        while self.line.placed:
            order = self.line.placed[0]
            told: dict[str, Any] = {"attempt": order.attempt, "reference": reference_of(order.attempt)}
            at, key = self.clock.now(), f"{order.attempt}:end"
            await receiver.receive(CallEnded(key=key, at=at, ending=CallEnding.NO_ANSWER, **told))
            self.taken[self.line.placed.pop(0).attempt] += 1

    taken: Counter[str] = field(default_factory=Counter)
    """How many orders the carrier took for each attempt whose call is over."""

    @property
    def orders(self) -> Counter[str]:
        """How many orders the carrier took for each attempt."""
        return self.taken + Counter(order.attempt for order in self.line.placed)

    async def shares(self) -> dict[str, int]:
        """Return how many campaigns each engine that runs holds, by the database."""
        rows = await self.ask("SELECT owner, name FROM lease WHERE until > 0 AND name LIKE 'campaign:%'")
        held = Counter(owner for owner, _ in rows)
        return {name: held[name] for name in self.engines}

    async def ask(self, statement: str) -> list[Any]:
        """Ask the database from another session."""
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


@asynccontextmanager
async def a_store(url: str, **how: Any) -> AsyncIterator[Store]:
    """Open a store of one process's own; `how` changes its patience."""
    store = await postgres.opened(url, **how)
    try:
        yield store
    finally:
        await store.close()


async def an_office_on(store: Store, people: int = 3, agents: int = 2, **settings: Any) -> Office:
    """Prepare a store with one campaign, people and ready agents, and open an engine over it."""
    await store.transact(lambda unit: furnish(unit, [(the_campaign(), people)]))
    for place in range(agents):
        await store.transact(lambda unit, place=place: unit.put_agent(an_agent(f"agent-{place}")))  # type: ignore[misc]
    carrier = CarrierSettings(calls_per_second=50)
    return opened(VirtualClock(NOON), store, campaigns=[the_campaign()], carrier=carrier, **settings)


@asynccontextmanager
async def a_fleet(
    *engines: str,
    campaigns: int = 1,
    people: int = 20,
    agents: int = 4,
    url: str | None = None,
    **patience: Any,
) -> AsyncIterator[Fleet]:
    """Open engines over a fresh database with these campaigns, that many people in each, and ready agents.

    `patience` changes how long their connections wait, and how many there are: see `adapters.store.postgres.opened`.
    """
    url = url or await asyncio.to_thread(new_database) or pytest.skip(MISSING)
    await asyncio.to_thread(migrating.upgrade, url)
    running = [a_campaign(id=f"campaign-{place}") for place in range(campaigns)]
    clock = VirtualClock(NOON)
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(a_store(url))
        await office.transact(lambda unit: furnish(unit, [(one, people) for one in running]))
        for place in range(agents):
            await office.transact(lambda unit, place=place: unit.put_agent(an_agent(f"agent-{place}")))  # type: ignore[misc]
        line, post = Line(clock=clock), Post(clock=clock)
        fleet = Fleet(
            url=url, clock=clock, line=line, post=post, campaigns=running, stack=stack, patience=patience
        )
        for name in engines:
            await fleet.start(name)
        stack.enter_context(capture_logs())
        yield fleet


async def until(
    holds: Callable[[], Awaitable[bool]], look: Callable[[], Awaitable[object]], within_s: float
) -> float:
    """Look five times a second, as the metronome does whatever a look comes to, until something holds.

    Returns how many real seconds that took.
    """
    clock = SystemClock()
    began = clock.monotonic()

    async def tick() -> None:
        if await holds():
            metronome.stop()
            return
        await look()

    metronome = Metronome(tick, interval_s=0.2)
    async with asyncio.timeout(within_s):
        await metronome.run()
    return clock.monotonic() - began
