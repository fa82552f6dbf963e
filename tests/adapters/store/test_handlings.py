"""Live calls that are held, muted, handed over, listened to: kept over both databases, and taken once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dialer.agents import Agent, AgentState, release, reserve
from dialer.errors import StaleState
from dialer.handling import Handling
from dialer.listening import Listening, Mode
from dialer.ports import Store, Unit
from tests.support.builders import NOON
from tests.support.stores import an_attempt, open_call, prepared

CALL, OTHER = an_attempt(1).id, an_attempt(2).id


async def open_calls(store: Store) -> None:
    """Two calls under way, and two agents who are ready."""
    await prepared(store)

    for place in (1, 2):
        await store.transact(partial(open_call, place=place))


async def test_a_handling_comes_back_as_it_was_written(store: Store) -> None:
    """Every field, over what was there before; forgotten, it is gone."""
    await open_calls(store)
    plain = Handling(attempt=CALL, agent="aoki", is_held=True)
    moving = Handling(
        attempt=CALL,
        agent="aoki",
        is_muted=True,
        colleague="baba",
        giver="aoki",
        is_warm=True,
        moves=3,
        deadline=NOON + timedelta(seconds=10),
        problem="hold",
    )
    for one in (plain, moving):
        await store.transact(lambda unit, one=one: unit.save_handling(one))  # type: ignore[misc]
        assert await store.transact(lambda unit: unit.handling(CALL)) == one
    assert await store.transact(lambda unit: unit.handling_with("baba")) == moving
    assert await store.read(lambda reports: reports.handlings()) == (moving,)
    assert await store.transact(lambda unit: unit.handlings_due(NOON)) == ()
    assert await store.transact(lambda unit: unit.handlings_due(NOON + timedelta(minutes=1))) == (CALL,)
    await store.transact(lambda unit: unit.end_handling(CALL))
    assert await store.transact(lambda unit: unit.handling(CALL)) is None
    assert await store.transact(lambda unit: unit.handling_with("baba")) is None


async def test_a_colleague_is_reserved_for_one_call(store: Store) -> None:
    """The database refuses a second one, whoever forgot to look."""
    await open_calls(store)
    one, two = (Handling(attempt=name, agent="aoki", colleague="baba") for name in (CALL, OTHER))
    await store.transact(lambda unit: unit.save_handling(one))
    with pytest.raises(StaleState, match="reserved for another call"):
        await store.transact(lambda unit: unit.save_handling(two))
    assert await store.read(lambda reports: reports.handlings()) == (one,)


async def test_who_listens_comes_back_as_it_was_written(store: Store) -> None:
    """One place for each supervisor."""
    await open_calls(store)
    first = Listening(supervisor="mori", agent="aoki", attempt=CALL, mode=Mode.LISTEN, nonce="n1", since=NOON)
    then = replace(first, agent="baba", mode=Mode.WHISPER, reference="CA1", is_in=True, problem="gone")
    for one in (first, then):
        await store.transact(lambda unit, one=one: unit.save_listening(one))  # type: ignore[misc]
        assert await store.transact(lambda unit: unit.listening("mori")) == one
        assert await store.transact(lambda unit: unit.listeners_of(CALL)) == (one,)
    assert await store.read(lambda reports: reports.listenings()) == (then,)
    await store.transact(lambda unit: unit.end_listening("mori"))
    assert await store.transact(lambda unit: unit.listening("mori")) is None


async def test_one_colleague_is_taken_by_one_of_many(store: Store) -> None:
    """Answered calls and transfers want the same agent at once: one of them gets her, each time."""
    await open_calls(store)

    def take(unit: Unit, place: int) -> int | None:
        agent = unit.ready_agent("baba")
        if agent is None:
            return None
        if place % 2:  # an answered call
            unit.save_agent(reserve(agent, f"at-{place}", NOON), AgentState.READY)
            return place
        waiting = replace(reserve(agent, "", NOON), attempt=None)  # a transfer
        unit.save_agent(waiting, AgentState.READY)
        unit.save_handling(Handling(attempt=CALL, agent="aoki", colleague="baba"))
        return place

    for _ in range(15):
        taken = await asyncio.gather(*(store.transact(partial(take, place=place)) for place in range(12)))
        assert sum(place is not None for place in taken) == 1
        await store.transact(_freed)


def _freed(unit: Unit) -> None:
    """Let baba be ready again."""
    agent: Agent | None = unit.agent("baba")
    assert agent is not None
    unit.end_handling(CALL)
    unit.save_agent(release(agent, NOON), agent.state)
