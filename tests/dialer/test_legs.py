"""Calls to agents' own telephones: whom to ring, what each event does, and never two at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.agents import AgentState
from dialer.events import AgentJoined, AgentLeft, AgentReady
from dialer.leg_events import (
    LegAnswered,
    LegEnded,
    LegEvent,
    LegKeyed,
    LegNotPlaced,
    LegPlaced,
    LegRefused,
    LegRinging,
    LegUnsure,
)
from dialer.legs import LEG, Leg, LegEnding, LegState, advance, deadline_of, open_leg, to_ring, unwanted
from dialer.orders import EnterRoom, Instruction, Invite, Release
from tests.support.builders import NOON, an_agent, leg_of
from tests.support.engines import Office
from tests.support.engines import an_office as a_whole_office

SILENCE = timedelta(seconds=30)
PHONE, CALLER = "+815031234567", "+81312345678"
KINDS: dict[type[LegEvent], dict[str, str]] = {
    LegPlaced: {"reference": "CA9"},
    LegRefused: {"code": "21211"},
    LegUnsure: {"detail": "http-500"},
    LegNotPlaced: {"detail": "never sent"},
    LegRinging: {"reference": "CA9"},
    LegAnswered: {"reference": "CA9"},
    LegKeyed: {"reference": "CA9"},
    LegEnded: {"reference": "CA9"},
}


def a_leg(agent: str = "aoki", **changes: Any) -> Leg:
    """A call to an agent, just opened."""
    opened = open_leg(an_agent(agent), PHONE, CALLER, ordinal=1, secret="s" * 32, now=NOON)
    return replace(opened, **changes)


def an_event(kind: type[LegEvent], leg: str = "aoki-1", **changes: str) -> LegEvent:
    """Something that happened to a call to Aoki."""
    facts: dict[str, Any] = {**KINDS[kind], **changes}
    return kind(key=f"{leg}:{kind.__name__}:{facts}", at=NOON, agent="aoki", leg=leg, **facts)


@given(
    states=st.lists(st.sampled_from(AgentState), min_size=1, max_size=6),
    legs=st.lists(st.booleans(), min_size=6, max_size=6),
    live=st.lists(st.booleans(), min_size=6, max_size=6),
    lines=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_only_who_waits_for_it_is_rung(
    states: list[AgentState], legs: list[bool], live: list[bool], lines: list[bool]
) -> None:
    """Ready, a telephone of their own, no line in the room and none on its way; and then always."""
    agents = [
        an_agent(f"a{n}", state=state, leg="CA1" if legs[n] else None) for n, state in enumerate(states)
    ]
    under_way = [a_leg(agent.id) for n, agent in enumerate(agents) if live[n]]
    known = {agent.id for n, agent in enumerate(agents) if lines[n]}
    expected = [
        agent.id
        for n, agent in enumerate(agents)
        if agent.state is AgentState.READY and not legs[n] and not live[n] and lines[n]
    ]
    assert [agent.id for agent in to_ring(agents, under_way, known)] == expected


@given(st.lists(st.sampled_from(list(KINDS)), max_size=12))
def test_whatever_comes_a_call_that_is_over_stays_over(kinds: list[type[LegEvent]]) -> None:
    """And what is over has a reason and no deadline; what is not has a time at which it is asked about."""
    leg = a_leg()
    for kind in kinds:
        after = advance(leg, an_event(kind), SILENCE, NOON)
        if leg.state is LegState.OVER:
            assert after is None
        leg = after or leg
        assert (leg.state is LegState.OVER) is (leg.ending is not None)
        assert (leg.state is LegState.OVER) is (deadline_of(leg, SILENCE, NOON) is None)


def test_only_a_key_and_the_room_make_a_line() -> None:
    """No event of the carrier's puts a leg into the room by itself; that it is there, the room says."""
    assert LegState.JOINED not in LEG.values()
    assert {state for state, kind in LEG if kind is LegKeyed} == {LegState.ANSWERED}


@pytest.mark.parametrize(
    ("state", "kind", "ending"),
    [
        (LegState.OPENED, LegRefused, LegEnding.REFUSED),
        (LegState.UNSURE, LegNotPlaced, LegEnding.NOT_PLACED),
        (LegState.RINGING, LegEnded, LegEnding.UNANSWERED),
        (LegState.ANSWERED, LegEnded, LegEnding.UNCONFIRMED),
        (LegState.JOINED, LegEnded, LegEnding.LEFT),
    ],
)
def test_an_end_says_why(state: LegState, kind: type[LegEvent], ending: LegEnding) -> None:
    """The desk tells the agent."""
    after = advance(a_leg(state=state), an_event(kind), SILENCE, NOON)
    assert after is not None
    assert after.ending is ending


def test_a_call_that_nobody_waits_for_is_ended() -> None:
    """The agent went away, or sits in the room by another line; one that the carrier has not named waits for that."""
    known = a_leg(state=LegState.RINGING, reference="CA9")
    assert unwanted([an_agent(state=AgentState.AWAY, leg=None)], [known]) == (known,)
    assert unwanted([an_agent()], [known]) == (known,)
    assert unwanted([an_agent(leg=None)], [known]) == ()
    assert unwanted([], [replace(known, reference=None)]) == ()
    assert unwanted([an_agent()], [replace(known, state=LegState.JOINED)]) == ()


async def rung(office: Office, **changes: Any) -> None:
    """Aoki is ready, without a line, and being called."""
    await office.told(AgentLeft(agent="aoki", reference=leg_of("aoki"), **office.now))
    await office.told(AgentReady(agent="aoki", **office.now))
    await office.write(lambda unit: unit.open_leg(a_leg(**changes)))


async def told(office: Office, kind: type[LegEvent], **changes: str) -> Instruction | None:
    """The carrier says something of that call."""
    return await office.told(an_event(kind, **changes))


async def test_a_telephone_comes_into_the_room_after_a_key() -> None:
    """Asked, then let in; each question that is repeated has the same answer."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        await rung(office)
        await told(office, LegPlaced)
        for _ in range(2):
            assert await told(office, LegAnswered) == Invite(name="aoki", language="ja")
        for _ in range(2):
            assert await told(office, LegKeyed) == EnterRoom(room="ag-aoki")
        await office.told(AgentJoined(agent="aoki", reference="CA9", **office.now))
        assert (await office.agent()).leg == "CA9"
        found = await office.write(lambda unit: unit.leg("aoki-1"))
        assert found is not None
        assert (found.state, found.deadline) == (LegState.JOINED, None)


async def test_nobody_is_let_in_who_is_not_waited_for() -> None:
    """They went away; another line of theirs is in the room; the call is another than the one ordered."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        await rung(office)
        await told(office, LegAnswered)
        assert await told(office, LegKeyed, reference="CA8") == Release()
        assert [order.reference for order in office.line.hung_up] == ["CA8"]
        await office.told(AgentJoined(agent="aoki", reference="CA7", **office.now))
        assert await told(office, LegKeyed) == Release()


async def test_who_did_not_come_is_away() -> None:
    """And nobody rings them again until they say ready."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        await rung(office)
        await told(office, LegRinging)
        await told(office, LegEnded)
        assert (await office.agent()).state is AgentState.AWAY


async def test_a_call_made_after_all_is_ended() -> None:
    """It was given up, and the carrier dials it: whoever picks up is hung up on."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        await rung(office)
        await told(office, LegNotPlaced)
        await told(office, LegRinging)
        assert [order.reference for order in office.line.hung_up] == ["CA9"]
        assert await told(office, LegAnswered) == Release()


async def test_a_line_that_ends_takes_its_agent_off_the_floor_once() -> None:
    """By the room's word, the call's, or both in any order; another line that came meanwhile stays."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        await rung(office)
        await told(office, LegAnswered)
        await office.told(AgentJoined(agent="aoki", reference="CA9", **office.now))
        await told(office, LegEnded)
        assert ((await office.agent()).state, (await office.agent()).leg) == (AgentState.AWAY, None)
        await office.told(AgentJoined(agent="aoki", reference="CA7", **office.now))
        await office.told(AgentReady(agent="aoki", **office.now))
        await office.told(AgentLeft(agent="aoki", reference="CA9", **office.now))
        assert ((await office.agent()).state, (await office.agent()).leg) == (AgentState.READY, "CA7")


async def test_news_of_a_call_that_nobody_made_is_only_noted() -> None:
    """A leg of no agent."""
    async with a_whole_office(0, agents=["aoki"]) as office:
        assert await office.told(an_event(LegAnswered, leg="aoki-9")) == Release()
        assert len(await office.ledger("ignored")) == 1
