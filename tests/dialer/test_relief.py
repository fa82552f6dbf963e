"""The plan at work in the engine: whom it lets go, who stays all the same, and what pacing is told of it."""

import json
from datetime import datetime, timedelta
from typing import Any

from campaigns.parts import Text
from dialer.agents import AgentState
from dialer.crew import Crew
from dialer.events import AgentAway, AgentReady, CallEnding
from dialer.settings import BreakSettings
from dialer.shifts import Shift
from tests.dialer.test_crew import predictive
from tests.support.builders import NOON, an_agent
from tests.support.engines import Office, an_office
from tests.support.rotas import a_shift
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
MINUTE = timedelta(minutes=1)
LUNCH = a_shift(agents=("aoki", "baba"), breaks=((725, 30),))
"""From 12:05 to 12:35 in Tokyo; an office opens at noon."""
KINDS = (BreakSettings(id="lunch", label=Text(en="Lunch")),)


def planned(*shifts: Shift) -> dict[str, Any]:
    """Settings with these shifts."""
    return {"shifts": shifts or (LUNCH,), "breaks": KINDS}


async def ready(office: Office, agent: str = "aoki") -> None:
    """An agent says that they take calls."""
    await office.told(AgentReady(agent=agent, **office.now))


async def test_a_planned_break_begins_by_itself() -> None:
    """Whoever is ready is on the break, with its reason, from its minute on; the ledger says that the plan did it."""
    async with an_office(0, **planned()) as office:
        await office.after(minutes=4, seconds=59)
        assert (await office.agent()).state is AgentState.READY
        await office.after(seconds=1)
        agent = await office.agent()
        assert (agent.state, agent.reason, agent.since) == (AgentState.AWAY, "lunch", NOON + 5 * MINUTE)
        bodies = [json.loads(entry.body) for entry in await office.ledger("agent")]
        told = {"from": "ready", "to": "away", "by": "plan", "reason": "lunch"}
        assert bodies == [{"agent": "aoki", **told}, {"agent": "baba", **told}]


async def test_nobody_is_called_for_those_whose_break_has_come() -> None:
    """The look that lets them go plans without them."""
    async with an_office(3, **planned()) as office:
        await office.after(minutes=5)
        assert office.line.placed == []


async def test_whoever_comes_back_early_stays_until_the_plan_lets_them_go_again() -> None:
    """Their own word holds over the rest of the break, and over the end of the shift if they say it then."""
    early = a_shift(agents=("aoki",), hours=(570, 740), breaks=((725, 10),))
    async with an_office(0, agents=("aoki",), **planned(early)) as office:
        await office.after(minutes=6)
        office.go(seconds=30)
        await ready(office)
        for _ in range(4):
            await office.after(minutes=1)
            assert (await office.agent()).state is AgentState.READY
        await office.after(minutes=12)
        gone = await office.agent()
        assert (gone.state, gone.reason) == (AgentState.AWAY, None)
        office.go(seconds=30)
        await ready(office)
        await office.after(hours=2)
        assert (await office.agent()).state is AgentState.READY


async def test_whoever_talks_goes_after_the_call() -> None:
    """The call is finished and written up; the next is somebody else's."""
    async with an_office(3, agents=("aoki",), **planned()) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.after(minutes=6)
        assert (await office.agent()).state is AgentState.TALKING
        await office.disposes(FIRST, "interested")
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=300)
        assert (await office.agent()).state is AgentState.READY
        await office.tick()
        assert (await office.agent()).reason == "lunch"
        assert len(office.line.placed) == 1


async def test_whoever_came_before_their_shift_is_let_work() -> None:
    """And so is whoever is in no shift at all."""
    later = a_shift(agents=("aoki",), hours=(780, 1080))
    async with an_office(2, **planned(later)) as office:
        await office.told(AgentAway(agent="aoki", **office.now))
        office.go(minutes=1)
        await ready(office)
        await office.after(seconds=1)
        assert len(office.line.placed) == 2


async def test_a_rehearsal_looks_when_somebody_must_go() -> None:
    """The engine asks to be looked at by then, also when nothing else comes due."""
    async with an_office(0, **planned()) as office:
        assert await office.engine.tick() == NOON + 5 * MINUTE
        await office.engine.settle()


async def test_without_shifts_nobody_is_sent() -> None:
    """As before there were any."""
    async with an_office(0) as office:
        assert await office.engine.tick() is None
        await office.after(hours=9)
        assert (await office.agent()).state is AgentState.READY
        assert await office.ledger("agent") == []


async def test_the_agents_own_word_is_as_before() -> None:
    """Whoever goes early, for their own reason, is not told anything by the plan."""
    async with an_office(0, **planned()) as office:
        await office.told(AgentAway(agent="aoki", reason="training", **office.now))
        await office.after(minutes=5)
        agent = await office.agent()
        assert (agent.reason, agent.since) == ("training", NOON)


def test_pacing_is_told_when_everybody_goes() -> None:
    """A break or an end of shift counts for the idle, the talking and whoever writes; of others nothing is known."""
    campaign = predictive()
    agents = (
        an_agent("aoki"),
        an_agent("baba", state=AgentState.TALKING, since=NOON - MINUTE, attempt="at-7"),
        an_agent(
            "chiba", state=AgentState.WRAPPING, since=NOON - MINUTE, deadline=NOON + MINUTE, attempt="at-8"
        ),
        an_agent("doi"),
    )
    leaves: dict[str, datetime] = {
        "aoki": NOON + timedelta(seconds=20),
        "baba": NOON - MINUTE,
        "chiba": NOON + timedelta(seconds=5),
    }

    def seen(leaves: dict[str, datetime]) -> Any:
        crew = Crew(agents=agents, calls=(), campaigns={CAMPAIGN: campaign}, now=NOON, leaves=leaves)
        return crew.situation(campaign, "ja", patience=timedelta(seconds=2), lines=9, room=9)

    told = seen(leaves)
    assert (list(told.idle_leaving), told.staying) == ([20.0, float("inf")], 1)
    assert list(told.talking_leaving) == [0.0]
    assert list(told.wrapping_leaving) == [5.0]
    unknown = seen({})
    assert (len(unknown.idle_leaving), unknown.staying, list(unknown.wrapping_leaving)) == (0, 2, [60.0])
