"""An agent's line leaves their room: once, whatever they are doing then."""

import json

from dialer.agents import AgentState
from dialer.events import AgentJoined, AgentLeft, AgentReady, CallEnding
from dialer.line_events import GuestArrived
from dialer.orders import PlayNotice
from tests.support.builders import leg_of
from tests.support.engines import Office, an_office


def left(office: Office, reference: str = leg_of("aoki")) -> AgentLeft:
    """The news that a leg of Aoki's is gone."""
    return AgentLeft(key=f"{reference}:left", at=office.now["at"], agent="aoki", reference=reference)


def joined(office: Office, reference: str) -> AgentJoined:
    """The news that a line of Aoki's is in their room."""
    return AgentJoined(key=f"{reference}:joined", at=office.now["at"], agent="aoki", reference=reference)


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
        await office.told(joined(office, "CA2"))
        await office.told(AgentReady(agent="aoki", **office.now))
        office.go(hours=1)
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.READY
        assert (await office.agent()).leg == "CA2"


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


async def test_a_call_that_is_being_written_up_stays_theirs() -> None:
    """A browser that is loaded anew loses its line for a moment: what came of the talk is still to be said."""
    async with an_office(agents=["aoki"], people=2) as office:
        await office.tick()
        [order] = office.line.placed
        await office.talked(order.attempt)
        await office.told(left(office))
        assert (await office.agent()).state is AgentState.WRAPPING
        assert (await office.attempt(order.attempt)).outcome is None
        await office.disposes(order.attempt, "sold")
        await office.after(seconds=5)
        assert len(office.line.placed) == 1
        await office.told(joined(office, "CA2"))
        await office.after(seconds=5)
        assert len(office.line.placed) == 2


async def test_ready_without_a_line_is_not_served() -> None:
    """Whoever answered would hear nobody; as soon as the line is in the room the next look serves it."""
    async with an_office(agents=["aoki"]) as office:
        await office.told(left(office))
        await office.told(AgentReady(agent="aoki", **office.now))
        await office.tick()
        assert ((await office.agent()).state, office.line.placed) == (AgentState.READY, [])
        await office.told(joined(office, "CA2"))
        await office.tick()
        assert len(office.line.placed) == 1


async def test_a_call_that_is_answered_goes_to_nobody_without_a_line() -> None:
    """The agent it was reserved for has gone; the other is ready, and not there."""
    async with an_office(agents=["aoki", "baba"], people=1) as office:
        await office.write(lambda unit: unit.set_leg("baba", None, leg_of("baba")))
        await office.tick()
        [order] = office.line.placed
        await office.told(left(office))
        assert isinstance(await office.answers(order.attempt), PlayNotice)


async def test_a_second_line_takes_the_place_of_the_first() -> None:
    """The first is ended, and that it leaves is no news any more."""
    async with an_office(agents=["aoki"], people=0) as office:
        await office.told(joined(office, "CA2"))
        assert [order.reference for order in office.line.hung_up] == [leg_of("aoki")]
        await office.told(left(office))
        agent = await office.agent()
        assert (agent.state, agent.leg) == (AgentState.READY, "CA2")


async def test_callbacks_that_crossed_leave_the_room_empty() -> None:
    """Word that the line is gone came first: then word that it came is old."""
    async with an_office(agents=["aoki"], people=0) as office:
        await office.told(left(office))
        await office.told(left(office, "CA2"))
        await office.told(joined(office, "CA2"))
        assert (await office.agent()).leg is None


async def test_a_stranger_who_leaves_is_only_noted() -> None:
    """Somebody who is no longer on the floor."""
    async with an_office(agents=[]) as office:
        await office.told(left(office))
        assert [json.loads(entry.body)["why"] for entry in await office.ledger("ignored")] == [
            "no such agent"
        ]


async def test_a_line_that_comes_home_from_a_visit_is_in_its_room_again() -> None:
    """The same call, another stay: that the first ended is old news, whenever it is told."""
    async with an_office(agents=["aoki"], people=0) as office:
        sid = leg_of("aoki")
        home = GuestArrived(agent="aoki", reference=sid, trip=2, is_home=True, **office.now)
        await office.told(home)
        await office.told(left(office))
        assert (await office.agent()).leg == f"{sid}-2"
        await office.told(left(office, f"{sid}-2"))
        await office.told(home)
        assert (await office.agent()).leg is None
        assert office.line.hung_up == []


async def test_word_that_it_came_home_may_come_after_word_that_it_left() -> None:
    """Then it is gone."""
    async with an_office(agents=["aoki"], people=0) as office:
        sid = leg_of("aoki")
        await office.told(left(office))
        await office.told(left(office, f"{sid}-2"))
        await office.told(GuestArrived(agent="aoki", reference=sid, trip=2, is_home=True, **office.now))
        assert (await office.agent()).leg is None
