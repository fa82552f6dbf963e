"""Agents' lines, as the store keeps them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialer.agents import AgentState, release
from dialer.errors import StaleState
from dialer.legs import Leg, LegEnding, LegState, open_leg
from dialer.ports import Store
from tests.support.builders import NOON, an_agent, leg_of


def a_leg(agent: str = "aoki", ordinal: int = 1) -> Leg:
    """A call to an agent, just opened."""
    leg = open_leg(
        an_agent(agent), "+815031234567", "+81312345678", ordinal=ordinal, secret="s" * 32, now=NOON
    )
    return replace(leg, deadline=NOON + timedelta(seconds=30))


async def hire(store: Store, *names: str) -> None:
    """Put agents on the floor."""
    for name in names:
        await store.transact(lambda unit, name=name: unit.put_agent(an_agent(name)))  # type: ignore[misc]


async def test_a_call_to_an_agent_comes_back_as_it_was_written(store: Store) -> None:
    """From its opening to its end."""
    await hire(store, "aoki")
    leg = a_leg()
    await store.transact(lambda unit: unit.open_leg(leg))
    assert await store.transact(lambda unit: unit.leg(leg.id)) == leg
    over = replace(
        leg,
        state=LegState.OVER,
        reference="CA1",
        ending=LegEnding.UNCONFIRMED,
        deadline=None,
        asked=2,
    )
    await store.transact(lambda unit: unit.save_leg(over, LegState.OPENED))
    assert await store.transact(lambda unit: unit.leg(leg.id)) == over
    assert await store.transact(lambda unit: unit.live_legs()) == []
    assert await store.transact(lambda unit: unit.leg("nobody-1")) is None


async def test_an_agent_is_called_once_at_a_time(store: Store) -> None:
    """The database says so, whoever asks."""
    await hire(store, "aoki", "baba")
    await store.transact(lambda unit: unit.open_leg(a_leg()))
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.open_leg(a_leg(ordinal=2)))
    await store.transact(lambda unit: unit.open_leg(a_leg("baba")))
    assert [one.agent for one in await store.transact(lambda unit: unit.live_legs())] == ["aoki", "baba"]


async def test_of_many_who_ring_one_agent_one_does(store: Store) -> None:
    """Ten engines look at once."""
    await hire(store, "aoki")

    async def ring(ordinal: int) -> bool:
        try:
            await store.transact(lambda unit: unit.open_leg(a_leg(ordinal=ordinal)))
        except StaleState:
            return False
        return True

    assert sum(await asyncio.gather(*(ring(ordinal) for ordinal in range(1, 11)))) == 1


async def test_a_state_that_is_no_longer_there_is_not_written_over(store: Store) -> None:
    """Somebody was faster."""
    await hire(store, "aoki")
    await store.transact(lambda unit: unit.open_leg(a_leg()))
    with pytest.raises(StaleState):
        await store.transact(
            lambda unit: unit.save_leg(replace(a_leg(), state=LegState.OVER), LegState.RINGING)
        )


async def test_calls_to_agents_are_counted_for_the_rate(store: Store) -> None:
    """From an instant on; and the newest of one agent come first."""
    await hire(store, "aoki")
    first = a_leg()
    await store.transact(lambda unit: unit.open_leg(first))
    over = replace(first, state=LegState.OVER)
    await store.transact(lambda unit: unit.save_leg(over, LegState.OPENED))
    later = replace(a_leg(ordinal=2), opened_at=NOON + timedelta(seconds=5))
    await store.transact(lambda unit: unit.open_leg(later))
    counted = [
        await store.transact(lambda unit, s=s: unit.legs_opened_since(NOON + timedelta(seconds=s)))  # type: ignore[misc]
        for s in (0, 1, 6)
    ]
    assert counted == [2, 1, 0]
    assert await store.transact(lambda unit: unit.legs_of("aoki")) == [later, over]
    assert await store.transact(lambda unit: unit.count_legs("aoki")) == 2
    desk = await store.read(lambda reports: reports.desk("aoki"))
    assert desk is not None
    assert desk.leg == later


async def test_a_line_in_the_room_is_named_once(store: Store) -> None:
    """It changes from what it was expected to be, and stays through whatever else moves the agent."""
    await hire(store, "aoki")
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.set_leg("aoki", "CA2", None))
    await store.transact(lambda unit: unit.set_leg("aoki", "CA2", leg_of("aoki")))
    away = release(an_agent(), NOON, AgentState.AWAY)
    await store.transact(lambda unit: unit.save_agent(away, AgentState.READY))
    found = await store.transact(lambda unit: unit.agent("aoki"))
    assert found is not None
    assert found.leg == "CA2"
    await store.transact(lambda unit: unit.set_leg("aoki", None, "CA2"))
    await store.transact(lambda unit: unit.set_leg("aoki", "CA3", None))


async def test_nobody_is_taken_who_is_ready_without_a_line(store: Store) -> None:
    """Several calls answered at once look here for an agent."""
    await hire(store, "aoki")
    assert await store.transact(lambda unit: unit.ready_agent("aoki")) is not None
    await store.transact(lambda unit: unit.set_leg("aoki", None, leg_of("aoki")))
    assert await store.transact(lambda unit: unit.ready_agent("aoki")) is None


async def test_a_line_is_none_in_another_room(store: Store) -> None:
    """The installation's secret is another, and so are the rooms: who sits in the old one hears nobody."""
    away = an_agent(state=AgentState.AWAY)
    await store.transact(lambda unit: unit.put_agent(away))
    await store.transact(lambda unit: unit.put_agent(away))
    kept = await store.transact(lambda unit: unit.agent("aoki"))
    await store.transact(lambda unit: unit.put_agent(replace(away, room="another")))
    moved = await store.transact(lambda unit: unit.agent("aoki"))
    assert kept is not None
    assert moved is not None
    assert (kept.leg, moved.leg, moved.room) == (leg_of("aoki"), None, "another")


async def test_an_event_is_known_again(store: Store) -> None:
    """By its key."""
    assert not await store.transact(lambda unit: unit.has_heard("CA1:left"))
    await store.transact(lambda unit: unit.remember("CA1:left", None, "AgentLeft", NOON, {}))
    assert await store.transact(lambda unit: unit.has_heard("CA1:left"))
