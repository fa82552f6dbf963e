"""What a program that starts finds: agents who were ready are where they were, or have gone home."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.configuration import load_configuration
from adapters.wiring.house import prepare
from adapters.wiring.stores import open_store
from dialer.agents import AgentState, release
from dialer.ports import Unit
from tests.support.builders import NOON, SECRET

CONFIG = Path(__file__).parents[2] / "config"
HELD, OVER = timedelta(seconds=10), timedelta(0)


def at_work(unit: Unit, holds: timedelta | None) -> None:
    """One agent is ready; an engine holds its lease for so long still, None: it left everything when it stopped."""
    agent = unit.agents()[0]
    unit.save_agent(release(agent, NOON), agent.state)
    if holds is not None:
        unit.hold(["engine:before"], "before", holds)


@pytest.mark.parametrize(
    ("holds", "state"), [(HELD, AgentState.READY), (OVER, AgentState.AWAY), (None, AgentState.AWAY)]
)
async def test_agents_stay_ready_after_a_crash_and_not_after_a_night(
    holds: timedelta | None, state: AgentState
) -> None:
    """Killed a moment ago, calls are on their way to them; stopped, or dead for long, they say so again."""
    configuration, clock = load_configuration(CONFIG), VirtualClock(NOON)
    store = await open_store("sqlite:///:memory:", may_upgrade=True)
    try:
        await prepare(store, configuration, SECRET, clock)
        await store.transact(lambda unit: at_work(unit, holds))
        await prepare(store, configuration, SECRET, clock)
        agents = await store.transact(lambda unit: unit.agents())
        assert agents[0].state is state
        assert all(lease.is_over for lease in await store.transact(lambda unit: unit.leases()))
    finally:
        await store.close()
