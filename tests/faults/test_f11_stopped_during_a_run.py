"""F11: told to end during a run, an engine dials nobody more, hands over at once, and loses no call."""

import asyncio
from datetime import timedelta

import pytest

from adapters.clock import SystemClock
from campaigns.outcome import Outcome
from dialer.attempt import AttemptState
from dialer.ports import Unit
from tests.faults.fleet import Fleet, a_fleet

CLOCK = SystemClock()


async def test_f11_another_engine_has_the_campaign_within_a_second() -> None:
    """One engine dials, one waits; the first is told to end. No new order of it; the other's next look dials on."""
    async with a_fleet("old", people=40, agents=8) as fleet:
        await fleet.look()
        live = {order.attempt for order in fleet.line.placed}
        assert live
        old = fleet.engines["old"]
        await fleet.start("new")
        began = CLOCK.monotonic()
        await fleet.stop("old")
        drained_s = CLOCK.monotonic() - began
        assert await old.tick() is None
        fleet.clock.advance_to(fleet.clock.now() + timedelta(seconds=2))
        await fleet.look()
        taken_s = CLOCK.monotonic() - began
        print(f"F11: drained in {drained_s:.2f} s, the other dials after {taken_s:.2f} s")  # noqa: T201 (-s shows it)
        assert await fleet.shares() == {"new": 1}
        assert {order.attempt for order in fleet.line.placed} > live
        assert drained_s < 1
        assert taken_s < 2


async def test_f11_live_calls_are_handed_over_through_the_database() -> None:
    """Every call of the engine that went away is concluded by the one that stayed: none is lost, none doubled."""
    async with a_fleet("old", "new", campaigns=2, people=20, agents=8) as fleet:
        await fleet.look()
        await fleet.look()
        await fleet.stop("old")
        live = [order.attempt for order in fleet.line.placed]
        assert live
        await fleet.hang_up_all(fleet.engines["new"])
        found = await fleet.stores["new"].transact(lambda unit: [unit.attempt(name) for name in live])
        assert {(one.state, one.outcome) for one in found if one} == {(AttemptState.OVER, Outcome.NO_ANSWER)}
        assert set(fleet.orders.values()) == {1}


@pytest.mark.parametrize("moment", range(6))
async def test_f11_an_engine_stopped_in_the_middle_of_a_look_leaves_nothing_half_done(moment: int) -> None:
    """The word comes while a look is under way, a little later each time: what it opened is ordered or given back."""
    async with a_fleet("old", "new", people=40, agents=8) as fleet:
        looking = [asyncio.create_task(engine.tick()) for engine in fleet.engines.values()]
        await CLOCK.wait(moment * 0.006)
        await fleet.stop("old")
        await asyncio.gather(*looking)
        for engine in (*fleet.engines.values(),):
            await engine.settle()
        await _old_is_done(fleet)
        ordered = {order.attempt for order in fleet.line.placed}
        under_way = await fleet.stores["new"].transact(_under_way)
        assert under_way == ordered
        fleet.clock.advance_to(fleet.clock.now() + timedelta(seconds=2))
        await fleet.look()
        assert set(fleet.orders.values()) == {1}
        assert await fleet.shares() == {"new": 1}


async def _old_is_done(fleet: Fleet) -> None:
    """Let the orders of a look that ended after the word be dropped."""
    for _ in range(20):
        ordered = {order.attempt for order in fleet.line.placed}
        if await fleet.stores["new"].transact(_under_way) == ordered:
            return
        await CLOCK.wait(0.05)


def _under_way(unit: Unit) -> set[str]:
    """The attempts of calls that are not over."""
    names = [f"{lead.campaign}-{lead.id}-1" for place in range(1, 41) if (lead := unit.lead(place))]
    found = [unit.attempt(name) for name in names]
    return {one.id for one in found if one and one.state is not AttemptState.OVER}
