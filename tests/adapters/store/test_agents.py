import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from dialer.agents import AgentState, release, reserve, talk, wrap_up
from dialer.errors import StaleState
from dialer.ports import Store, Unit
from tests.support.builders import NOON, an_agent, leg_of
from tests.support.stores import prepared


async def test_an_agent_comes_back_as_put(store: Store) -> None:
    """With languages and skills in their order."""
    agent = an_agent(languages=("ja", "en"), skills=("tea",), state=AgentState.AWAY)
    await store.transact(lambda unit: unit.put_agent(agent))
    assert await store.transact(lambda unit: unit.agent(agent.id)) == agent
    assert await store.transact(lambda unit: unit.agents()) == [agent]
    assert await store.transact(lambda unit: unit.agent("nobody")) is None


async def test_an_agent_known_keeps_their_state(store: Store) -> None:
    """A restart refreshes who they are, not what they do; the room changes only while nobody is in it."""
    await store.transact(lambda unit: unit.put_agent(an_agent()))
    later = an_agent(
        leg=leg_of("aoki"),
        name="青木",
        languages=("ja",),
        skills=("tea",),
        room="new",
        state=AgentState.AWAY,
        since=NOON,
    )
    await store.transact(lambda unit: unit.put_agent(replace(later, id="aoki")))
    found = await store.transact(lambda unit: unit.agent("aoki"))
    assert found == replace(later, id="aoki", state=AgentState.READY, room="ag-aoki")
    away = release(an_agent(), NOON, AgentState.AWAY)
    await store.transact(lambda unit: unit.save_agent(away, AgentState.READY))
    await store.transact(lambda unit: unit.put_agent(replace(later, id="aoki")))
    found = await store.transact(lambda unit: unit.agent("aoki"))
    assert found is not None
    assert found.room == "new"


async def test_an_agent_moves_only_from_the_state_expected(store: Store) -> None:
    """Two calls want one agent: one of them gets her."""
    agent = an_agent()
    await store.transact(lambda unit: unit.put_agent(agent))
    await store.transact(lambda unit: unit.save_agent(reserve(agent, "at-1", NOON), AgentState.READY))
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.save_agent(reserve(agent, "at-2", NOON), AgentState.READY))
    found = await store.transact(lambda unit: unit.agent(agent.id))
    assert found is not None
    assert found.attempt == "at-1"


async def test_an_attempt_is_with_one_agent(store: Store) -> None:
    """No two agents are promised to one person."""

    def both(unit: Unit) -> None:
        for name in ("aoki", "baba"):
            unit.put_agent(an_agent(name))
            unit.save_agent(reserve(an_agent(name), "at-1", NOON), AgentState.READY)

    with pytest.raises(StaleState):
        await store.transact(both)
    assert await store.transact(lambda unit: unit.agents()) == []


async def test_a_whole_turn_of_an_agent_is_written(store: Store) -> None:
    """Ready, reserved, talking, wrapping, ready."""
    agent = an_agent()
    steps = [agent]
    steps.append(reserve(steps[-1], "at-1", NOON + timedelta(seconds=10)))
    steps.append(talk(steps[-1], NOON + timedelta(seconds=20)))
    steps.append(wrap_up(steps[-1], NOON + timedelta(seconds=80), timedelta(seconds=30)))
    steps.append(release(steps[-1], NOON + timedelta(seconds=100)))
    await store.transact(lambda unit: unit.put_agent(agent))
    for before, after in pairwise(steps):
        await store.transact(
            lambda unit, before=before, after=after: unit.save_agent(after, before.state)  # type: ignore[misc]
        )
        assert await store.transact(lambda unit: unit.agent(agent.id)) == after


async def test_one_agent_is_taken_by_one_of_many(store: Store) -> None:
    """Twenty answered calls want two agents at once: each agent goes to one call, and nobody fails."""
    await prepared(store)

    def take(unit: Unit, place: int) -> str | None:
        for name in ("aoki", "baba"):
            agent = unit.ready_agent(name)
            if agent:
                unit.save_agent(reserve(agent, f"at-{place}", NOON), AgentState.READY)
                return name
        return None

    for _ in range(25):
        taken = await asyncio.gather(*(store.transact(partial(take, place=place)) for place in range(20)))
        assert sorted(name for name in taken if name) == ["aoki", "baba"]
        for name in ("aoki", "baba"):
            await store.transact(partial(freed, name=name))


def freed(unit: Unit, name: str) -> None:
    """Let an agent be ready again."""
    agent = unit.agent(name)
    assert agent is not None
    unit.save_agent(release(agent, NOON), agent.state)
