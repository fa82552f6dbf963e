"""F7: an engine that stopped for a while orders nothing that it judged before, and holds nobody up for long."""

import asyncio
import json
import subprocess
import sys
import threading
from datetime import timedelta

import asyncpg
import pytest

from adapters.clock import SystemClock
from adapters.store.errors import StoreError
from dialer.events import SwitchTurned
from dialer.ports import Unit
from tests.faults.fleet import a_fleet, a_store, until
from tests.faults.strikes import ROOT
from tests.support.postgres import MISSING, binaries

CLOCK = SystemClock()


async def test_f07_what_was_judged_before_the_freeze_is_dropped() -> None:
    """Frozen between the intent and the order for longer than `intent_age`: no order, and the intent is given back.

    Another engine has the campaign by then; the one that wakes plans nothing of it and the carrier hears nothing twice.
    """
    async with a_fleet("frozen", "other", people=8) as fleet:
        await fleet.engines["frozen"].tick()
        fleet.clock.advance_to(fleet.clock.now() + timedelta(seconds=3))
        await fleet.engines["frozen"].settle()
        assert fleet.line.placed == []
        assert await fleet.stores["frozen"].transact(lambda unit: unit.live_calls()) == []
        await fleet.ask("UPDATE lease SET until = 0 WHERE owner = 'frozen'")
        await fleet.engines["other"].tick()
        await fleet.engines["other"].settle()
        placed = len(fleet.line.placed)
        assert placed
        await fleet.engines["frozen"].tick()
        await fleet.engines["frozen"].settle()
        assert len(fleet.line.placed) == placed
        assert set(fleet.orders.values()) == {1}


async def test_f07_a_process_frozen_in_a_transaction_is_in_the_way_for_seconds_at_most() -> None:
    """It stops with the turn to plan in its hands: the server ends it, and the other one dials within seven seconds.

    Five of them are `idle_in_transaction_session_timeout`. What the frozen one had written is gone when it wakes.
    """
    may_wake, has_stopped = threading.Event(), threading.Event()
    async with a_fleet("other", people=8) as fleet:

        def freeze(unit: Unit) -> None:
            unit.take_turn("frozen")
            unit.set_dialing(enabled=False)
            has_stopped.set()
            may_wake.wait(30)

        async def frozen() -> None:
            async with a_store(fleet.url) as store:
                await store.transact(freeze)

        thread = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(frozen())))
        await asyncio.to_thread(has_stopped.wait)

        async def has_dialled() -> bool:
            return bool(fleet.line.placed)

        took_s = await until(has_dialled, fleet.look, 15)
        print(f"F7: the other dials after {took_s:.1f} s")  # noqa: T201 (pytest -s shows the figure)
        assert took_s < 7
        may_wake.set()
        with pytest.raises(StoreError, match="does not answer"):
            await thread
        assert await fleet.stores["other"].transact(lambda unit: unit.is_dialing_enabled())


async def test_f07_a_process_frozen_inside_a_question_is_ended_by_the_others() -> None:
    """It stops between asking for a statement and using it: the server calls that busy, and no timeout of it applies.

    Whoever waits for its locks ends it, and dials within twelve seconds: two waits, and a look.
    """
    async with a_fleet("other", people=8) as fleet:
        address = fleet.url.replace("+asyncpg", "")
        frozen = await asyncpg.connect(
            address,
            server_settings={"application_name": "dialer", "idle_in_transaction_session_timeout": "5s"},
        )
        await frozen.execute("BEGIN; SELECT pg_advisory_xact_lock(1684627820, 1)")
        await frozen.prepare("SELECT count(*) FROM lead")

        async def has_dialled() -> bool:
            return bool(fleet.line.placed)

        took_s = await until(has_dialled, fleet.look, 20)
        print(f"F7: the other dials after {took_s:.1f} s")  # noqa: T201 (pytest -s shows the figure)
        assert took_s < 12
        frozen.terminate()


async def test_f07_an_emergency_stop_is_not_refused_because_of_a_frozen_process() -> None:
    """What stops all calls waits for every other transaction: it ends the one that stands still, and then holds."""
    async with a_fleet("other", people=8) as fleet:
        frozen = await asyncpg.connect(
            fleet.url.replace("+asyncpg", ""), server_settings={"application_name": "dialer"}
        )
        await frozen.execute("BEGIN; SELECT pg_advisory_xact_lock_shared(1684627820, 1)")
        await frozen.prepare("SELECT count(*) FROM lead")
        at = fleet.clock.now()
        await fleet.engines["other"].receive(SwitchTurned(key="stop", at=at, enabled=False, by="mori"))
        assert not await fleet.stores["other"].transact(lambda unit: unit.is_dialing_enabled())
        frozen.terminate()


def test_f07_a_stopped_process_orders_nothing_late() -> None:
    """SIGSTOP to the process that dials, another takes over, SIGCONT: judged from the record of the carrier's double.

    No order came later after its verdict than `intent_age` and the time on the line; none twice, and each has its end.
    """
    if binaries() is None:
        pytest.skip(MISSING)
    command = [sys.executable, "-m", "bench.freeze"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    print(figures)  # noqa: T201 (pytest -s shows the figures)
    assert done.returncode == 0, (figures, done.stderr)
    assert figures["taken over after, s"] <= 15
    assert figures["orders by the other while it was stopped"] > 0
    assert figures["orders later than allowed"] == 0
