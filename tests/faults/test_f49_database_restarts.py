"""F49: the server restarts or drops its connections: nobody is dialled meanwhile, and it goes on alone in seconds."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from adapters.clock import SystemClock
from adapters.store.errors import StoreError
from compliance.ledger import Kind, verify
from dialer.ports import Store, Unit
from tests.faults.fleet import Fleet, a_fleet, until
from tests.support.builders import NOON
from tests.support.postgres import MISSING, Server, binaries, new_server
from tests.support.stores import a_record

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dialer'"
BACK_S = 15.0
CLOCK = SystemClock()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the test's own, that may be stopped."""
    where = binaries()
    if where is None:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="dialer-postgres-"))  # short: a socket's name is in it
    one = new_server(where, folder)
    yield one
    with suppress(RuntimeError):
        one.stop("immediate")
    one.remove()


class Clerk:
    """Writes on and on, notes what it was told is durable, and what it was told is not."""

    def __init__(self, store: Store) -> None:
        """Take the store."""
        self._store, self.is_over = store, False
        self.kept, self.refused = list[str](), 0

    async def write(self, name: str) -> None:
        """Write until it is over; an error is the carrier's 500, who tells again."""
        number = 0
        while not self.is_over:
            key = f"{name}-{number}"

            def work(unit: Unit, key: str = key) -> None:
                unit.remember(key, None, "Crash", NOON, {})
                unit.record([a_record(Kind.IGNORED, body={"key": key})])

            try:
                await self._store.transact(work)
            except StoreError:
                self.refused += 1
                await CLOCK.wait(0.05)
            else:
                self.kept.append(key)
            number += 1


async def test_f49_a_server_that_crashes_loses_nothing_and_dialling_goes_on(server: Server) -> None:
    """Stopped as by a power cut under load, and started again: all acknowledged is there, no order without intent.

    While it is down every look and every word fails in words of ours. Looks succeed again within seconds.
    """
    server.run("CREATE DATABASE one")
    async with a_fleet("one", people=200, url=server.url("one")) as fleet:
        clerk = Clerk(fleet.stores["one"])
        writing = [asyncio.create_task(clerk.write(f"clerk-{place}")) for place in range(3)]
        await fleet.look()
        before = len(fleet.line.placed)
        assert before
        await CLOCK.wait(0.3)
        await asyncio.to_thread(server.stop, "immediate")
        with pytest.raises(StoreError):
            await fleet.engines["one"].tick()
        with pytest.raises(StoreError):
            await fleet.stores["one"].transact(lambda unit: unit.set_dialing(enabled=False))
        assert len(fleet.line.placed) == before
        await asyncio.to_thread(server.start)
        back_s = await resumed(fleet)
        written = len(clerk.kept)
        await until(lambda: _more_than(clerk, written), fleet.look, BACK_S)
        clerk.is_over = True
        await asyncio.gather(*writing)
        print(f"F49: looks succeed {back_s:.1f} s after the restart")  # noqa: T201 (pytest -s shows the figure)
        await intact(fleet, clerk)
        assert clerk.refused


async def _more_than(clerk: Clerk, written: int) -> bool:
    return len(clerk.kept) > written


async def resumed(fleet: Fleet) -> float:
    """Look until a call that is over leads to the next order; return the seconds."""
    orders = fleet.orders.total()

    async def has_dialled() -> bool:
        return fleet.orders.total() > orders

    async def look() -> None:
        fleet.clock.advance_to(
            fleet.clock.now() + timedelta(seconds=10)
        )  # calls that fell silent are asked about
        await fleet.hang_up_all(fleet.engines["one"])
        await fleet.look()

    return await until(has_dialled, look, BACK_S)


async def intact(fleet: Fleet, clerk: Clerk) -> None:
    """All that was acknowledged is there, the chain holds, and the carrier took one order for each intent."""
    entries = await fleet.stores["one"].read(lambda reports: list(reports.ledger()))
    assert verify(entries)[2] is None
    there = {orjson.loads(entry.body).get("key") for entry in entries if entry.kind == Kind.IGNORED}
    assert set(clerk.kept) <= there
    permitted = {entry.attempt for entry in entries if entry.kind == Kind.PERMITTED}
    assert set(fleet.orders) <= permitted
    assert set(fleet.orders.values()) == {1}


async def test_f49_connections_that_are_cut_again_and_again_lose_nothing() -> None:
    """Fifteen times all our connections are ended by the server, in the middle of whatever they do."""
    async with a_fleet("one", people=200) as fleet:
        clerk = Clerk(fleet.stores["one"])
        writing = [asyncio.create_task(clerk.write(f"clerk-{place}")) for place in range(3)]
        for _ in range(15):
            await fleet.ask(CUT)
            with suppress(StoreError):
                await fleet.look()
            with suppress(StoreError):
                await fleet.hang_up_all(fleet.engines["one"])
            await CLOCK.wait(0.02)
        back_s = await resumed(fleet)
        clerk.is_over = True
        await asyncio.gather(*writing)
        assert clerk.refused
        assert clerk.kept
        assert back_s < BACK_S
        await intact(fleet, clerk)


async def test_f49_when_all_connections_are_in_use_a_look_fails_and_the_next_one_dials() -> None:
    """Two connections, both waiting for somebody's lock: the look gives up in words of ours, and nobody is dialled."""
    async with a_fleet("one", people=8, connections=2, session={"lock_timeout": "8s"}) as fleet:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            holder = await _locked(fleet)
            for _ in range(2):
                group.create_task(fleet.stores["one"].transact(lambda unit: unit.set_dialing(enabled=True)))
            await CLOCK.wait(0.2)
            with pytest.raises(StoreError, match="does not answer"):
                await fleet.engines["one"].tick()
            assert fleet.line.placed == []
            await holder.close()
        await fleet.look()
        assert fleet.line.placed


async def _locked(fleet: Fleet) -> Any:
    connection = await asyncpg.connect(fleet.url.replace("+asyncpg", ""))
    await connection.execute("BEGIN")
    await connection.execute("SELECT pg_advisory_xact_lock(1684627820, 1)")
    return connection
