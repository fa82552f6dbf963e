"""F48: while another session locks the database nobody is dialled, waiting ends, and it goes on alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from adapters.clock import SystemClock
from adapters.metronome import Metronome
from adapters.store.errors import StoreError
from dialer.events import AgentAway
from tests.faults.fleet import Fleet, a_fleet

SHORT = {"lock_timeout": "200ms", "statement_timeout": "1s", "idle_in_transaction_session_timeout": "1s"}
CLOCK = SystemClock()


@asynccontextmanager
async def somebody_else(fleet: Fleet, *statements: str) -> AsyncIterator[Any]:
    """Hold what these statements take, in a transaction of a session that is not ours, until the end."""
    connection = await asyncpg.connect(fleet.url.replace("+asyncpg", ""))
    await connection.execute("BEGIN")
    for statement in statements:
        await connection.execute(statement)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "lock",
    [
        "LOCK TABLE lease IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE ledger IN SHARE MODE",
        "LOCK TABLE lead IN EXCLUSIVE MODE",
        "SELECT pg_advisory_xact_lock(1684627820, 1)",
        "SELECT pg_advisory_xact_lock(1684627820, 2)",
    ],
)
async def test_f48_nobody_is_dialled_while_the_database_is_locked(lock: str) -> None:
    """Whatever somebody holds that a look needs: the look fails within its patience and no order is given.

    As soon as it is let go, the next look dials, with nobody's help.
    """
    async with a_fleet("one", people=8, session=SHORT) as fleet:
        engine = fleet.engines["one"]
        metronome = Metronome(engine.tick)
        async with somebody_else(fleet, lock):
            began = CLOCK.monotonic()
            await metronome.look()
            waited_s = CLOCK.monotonic() - began
            await engine.settle()
            healthy = [metronome.is_healthy]
            assert not fleet.orders
            assert waited_s < 3, waited_s
        await metronome.look()
        await engine.settle()
        assert [*healthy, metronome.is_healthy] == [False, True]
        assert fleet.line.placed


async def test_f48_what_is_told_meanwhile_is_refused_and_taken_when_told_again() -> None:
    """An agent's word during the lock fails in words of ours, in time for whoever waits; told again, it holds."""
    async with a_fleet("one", people=1, agents=1, session=SHORT) as fleet:
        engine = fleet.engines["one"]
        word = AgentAway(key="agent-0:away", at=fleet.clock.now(), agent="agent-0")
        async with somebody_else(fleet, "LOCK TABLE event IN ACCESS EXCLUSIVE MODE", "LOCK TABLE agent"):
            with pytest.raises(StoreError, match=r"overloaded|does not answer"):
                await engine.receive(word)
        await engine.receive(word)
        await fleet.look()
        assert fleet.line.placed == []


async def test_f48_somebody_idle_in_a_transaction_is_in_nobodys_way() -> None:
    """A reader who went to lunch: looks are not slower for it, and calls are made."""
    reading = ("SELECT count(*) FROM attempt", "SELECT count(*) FROM lead")
    async with a_fleet("one", people=8, session=SHORT) as fleet, somebody_else(fleet, *reading):
        async with asyncio.timeout(5):
            await fleet.look()
        assert fleet.line.placed


async def test_f48_a_lock_that_is_let_go_soon_is_waited_for() -> None:
    """Shorter than the patience: the look is late and nothing else."""
    async with a_fleet("one", people=8, session={**SHORT, "lock_timeout": "3s"}) as fleet:
        async with somebody_else(fleet, "LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE"):
            looking = asyncio.create_task(fleet.engines["one"].tick())
            await CLOCK.wait(0.3)
            assert not looking.done()
        await looking
        await fleet.engines["one"].settle()
        assert fleet.line.placed
