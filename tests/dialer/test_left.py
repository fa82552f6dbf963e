"""An agent's line leaves their room: once, whatever they are doing then."""

import json

from dialer.agents import AgentState
from dialer.events import AgentLeft, AgentReady, CallEnding
from tests.support.engines import Office, an_office


def left(office: Office, key: str = "leg-1:left") -> AgentLeft:
    """The news that a leg of Aoki's is gone."""
    return AgentLeft(key=key, at=office.now["at"], agent="aoki")


async def test_a_ready_agent_whose_line_is_gone_is_away() -> None:
    """Nobody may be put into an empty room."""
    async with an_office(agents=["aoki"]) as office:
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.AWAY
        assert [json.loads(entry.body)["to"] for entry in await office.ledger("agent")] == ["away"]


async def test_the_same_news_again_does_not_take_them_away_again() -> None:
    """They are back on another line by then."""
    async with an_office(agents=["aoki"], people=0) as office:
        await office.told(left(office))
        await office.told(AgentReady(agent="aoki", **office.now))
        office.go(hours=1)
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.READY


async def test_leaving_in_a_call_is_remembered_though_it_changes_nothing() -> None:
    """Told again when they are ready, it would otherwise take them off the floor; the officer sees both."""
    async with an_office(agents=["aoki"], people=1) as office:
        await office.tick()
        [order] = office.line.placed
        await office.talks(order.attempt)
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.TALKING
        await office.ends(order.attempt, CallEnding.COMPLETED, talk_s=30)
        await office.disposes(order.attempt, "sold")
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.READY
        assert [json.loads(entry.body)["why"] for entry in await office.ledger("ignored")] == [
            "agent is talking"
        ]


async def test_old_news_does_not_close_a_call_that_is_being_written_up() -> None:
    """Only the first news may: later the agent is there and still has to say what happened."""
    async with an_office(agents=["aoki"], people=1) as office:
        await office.told(left(office))
        await office.told(AgentReady(agent="aoki", **office.now))
        await office.tick()
        [order] = office.line.placed
        await office.talked(order.attempt)
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.WRAPPING
        assert (await office.attempt(order.attempt)).outcome is None
        await office.told(left(office, "leg-2:left"))
        assert (await office.agent()).state is AgentState.AWAY
        assert (await office.attempt(order.attempt)).outcome is not None


async def test_a_stranger_who_leaves_is_only_noted() -> None:
    """Somebody who is no longer on the floor."""
    async with an_office(agents=[]) as office:
        await office.told(left(office))
        assert [json.loads(entry.body)["why"] for entry in await office.ledger("ignored")] == [
            "no such agent"
        ]
