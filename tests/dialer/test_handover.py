"""From one agent to another: the person is always with somebody, and nobody is taken twice."""

import json
from typing import Any

import pytest

from campaigns.outcome import Outcome
from dialer.agents import AgentState
from dialer.events import AgentLeft, CallEnding
from dialer.handover import NobodyFree
from dialer.legs import stay_of
from dialer.line_events import (
    CallMoved,
    GuestArrived,
    HoldTurned,
    IntroductionEnded,
    Said,
    TransferAsked,
    What,
)
from dialer.line_orders import MovePerson, SendAgent
from tests.dialer.test_holding import FIRST, handling, ours, said, talking
from tests.support.builders import leg_of
from tests.support.engines import Office, an_office, reference_of

AWAY, READY, RESERVED = AgentState.AWAY, AgentState.READY, AgentState.RESERVED
TALKING, WRAPPING = AgentState.TALKING, AgentState.WRAPPING


async def transfers(office: Office, **facts: Any) -> None:
    """Aoki hands the first person over."""
    await office.told(TransferAsked(**ours(office, **facts)))


async def arrives(office: Office, move: int = 1) -> None:
    """The person is in the room of that move."""
    await office.hears(CallMoved, FIRST, reference=reference_of(FIRST), move=move)


async def states(office: Office) -> dict[str, tuple[AgentState, str | None]]:
    """What aoki and baba do, and whose call is theirs."""
    return {
        name: ((await office.agent(name)).state, (await office.agent(name)).attempt)
        for name in "ab"
        for name in ([{"a": "aoki", "b": "baba"}[name]])
    }


async def test_a_person_goes_to_a_colleague_who_is_ready() -> None:
    """Reserved at the press, theirs at the arrival; the first is free again, and the second says what came of it."""
    async with an_office(1) as office:
        await talking(office)
        await transfers(office, colleague="baba")
        assert await states(office) == {"aoki": (TALKING, FIRST), "baba": (RESERVED, None)}
        (order,) = office.line.directed
        assert isinstance(order, MovePerson)
        assert (order.room, order.reference, order.move) == ("ag-baba", reference_of(FIRST), 1)
        await arrives(office)
        assert await states(office) == {"aoki": (READY, None), "baba": (TALKING, FIRST)}
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=60)
        await office.disposes(FIRST, "sold")
        assert (await office.attempt(FIRST)).agent == "baba"
        assert len(await office.ledger("concluded")) == 1
        assert [row["what"] for row in await said(office)] == ["transfer", "transferred"]
        assert await handling(office) is None


@pytest.mark.parametrize("facts", [{"colleague": "baba"}, {}, {"colleague": "nobody"}, {"colleague": "aoki"}])
async def test_without_anybody_free_the_person_stays(facts: dict[str, str]) -> None:
    """Refused in a word of its own; nothing is ordered, nothing sealed."""
    async with an_office(1, agents=["aoki"]) as office:
        await talking(office)
        with pytest.raises(NobodyFree):
            await transfers(office, **facts)
        assert office.line.directed == []
        assert await said(office) == []


async def test_a_move_that_is_refused_leaves_the_person_where_they_are() -> None:
    """With the agent they spoke with; the colleague is ready again, and a second try is one."""
    async with an_office(1) as office:
        await talking(office)
        office.line.says[What.MOVE] = Said.REFUSED
        await transfers(office, colleague="baba")
        assert await states(office) == {"aoki": (TALKING, FIRST), "baba": (READY, None)}
        found = await handling(office)
        assert found is not None
        assert found.problem == "transfer"
        office.line.says.clear()
        await transfers(office, colleague="baba")
        await arrives(office, move=2)
        assert await states(office) == {"aoki": (READY, None), "baba": (TALKING, FIRST)}


async def test_a_person_on_hold_whose_move_is_refused_is_on_hold_still() -> None:
    """The page says what is: they never left the room. Once they have, nobody holds them."""
    async with an_office(1) as office:
        await talking(office)
        await office.told(HoldTurned(is_on=True, **ours(office)))
        office.line.says[What.MOVE] = Said.REFUSED
        await transfers(office, colleague="baba")
        found = await handling(office)
        assert found is not None
        assert found.is_held
        office.line.says.clear()
        await transfers(office, colleague="baba")
        await arrives(office, move=2)
        found = await handling(office)
        assert found is not None
        assert not found.is_held


async def test_a_person_of_whom_nothing_is_heard_is_brought_back() -> None:
    """After ten seconds, by an order of its own; what is told of the first move then changes nothing."""
    async with an_office(1) as office:
        await talking(office)
        office.line.says[What.MOVE] = Said.UNSURE
        await transfers(office, colleague="baba")
        await office.after(seconds=11)
        back = office.line.directed[-1]
        assert isinstance(back, MovePerson)
        assert (back.room, back.move) == ("ag-aoki", 2)
        assert (await states(office))["baba"] == (READY, None)
        await arrives(office, move=1)
        assert await states(office) == {"aoki": (TALKING, FIRST), "baba": (READY, None)}
        found = await handling(office)
        assert found is not None
        assert found.is_moving
        await arrives(office, move=2)
        assert await states(office) == {"aoki": (TALKING, FIRST), "baba": (READY, None)}
        found = await handling(office)
        assert found is not None
        assert not found.is_moving


async def test_a_person_who_can_be_brought_to_nobody_is_not_left_in_silence() -> None:
    """Neither there nor back: the call is ended."""
    async with an_office(1) as office:
        await talking(office)
        office.line.says[What.MOVE] = Said.UNSURE
        await transfers(office, colleague="baba")
        await office.after(seconds=11)
        assert office.line.hung_up == []
        await office.after(seconds=11)
        assert [order.reference for order in office.line.hung_up] == [reference_of(FIRST)]
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        assert await states(office) == {"aoki": (WRAPPING, FIRST), "baba": (READY, None)}
        assert await handling(office) is None


async def test_a_colleague_whose_line_is_gone_gets_nobody() -> None:
    """The person on the way is brought back; whoever arrives in an empty room is, too."""
    async with an_office(1) as office:
        await talking(office)
        await transfers(office, colleague="baba")
        await office.told(AgentLeft(agent="baba", reference=leg_of("baba"), **office.now))
        assert (await states(office))["baba"] == (AWAY, None)
        assert [order.room for order in office.line.directed if isinstance(order, MovePerson)] == [
            "ag-baba",
            "ag-aoki",
        ]
        await arrives(office, move=1)
        await arrives(office, move=2)
        assert (await states(office))["aoki"] == (TALKING, FIRST)


async def test_a_person_who_hangs_up_on_the_way_is_written_up_once() -> None:
    """By the agent they spoke with; the colleague is ready again, and word of the arrival comes too late."""
    async with an_office(1) as office:
        await talking(office)
        await transfers(office, colleague="baba")
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=60)
        assert await states(office) == {"aoki": (WRAPPING, FIRST), "baba": (READY, None)}
        await arrives(office)
        assert await states(office) == {"aoki": (WRAPPING, FIRST), "baba": (READY, None)}
        await office.disposes(FIRST, "sold")
        assert (await office.attempt(FIRST)).outcome is Outcome.SOLD


async def warm(office: Office) -> None:
    """Aoki introduces the person to baba, in whose room all three are."""
    await talking(office)
    await transfers(office, colleague="baba", is_warm=True)
    await arrives(office)
    assert await states(office) == {"aoki": (TALKING, None), "baba": (TALKING, FIRST)}
    visit = office.line.directed[-1]
    assert isinstance(visit, SendAgent)
    assert (visit.agent, visit.home, visit.room, visit.is_home) == ("aoki", "ag-aoki", "ag-baba", False)
    await office.told(GuestArrived(agent="aoki", trip=2, **office.now))


async def test_an_agent_introduces_and_leaves() -> None:
    """They are free once their line is in their own room again; nobody may be put into an empty one."""
    async with an_office(1) as office:
        await warm(office)
        await office.told(IntroductionEnded(**ours(office)))
        assert (await states(office))["aoki"] == (TALKING, None)
        await office.told(GuestArrived(agent="aoki", trip=3, is_home=True, **office.now))
        assert await states(office) == {"aoki": (READY, None), "baba": (TALKING, FIRST)}
        whats = [row["what"] for row in await said(office)]
        assert whats == ["transfer", "transferred", "introduced"]


async def test_a_guest_has_not_left() -> None:
    """Their line left their room to be in the colleague's; once it is home, its going counts again."""
    async with an_office(1) as office:
        await warm(office)
        leg = leg_of("aoki")
        await office.told(AgentLeft(agent="aoki", reference=leg, **office.now))
        assert (await states(office))["aoki"] == (TALKING, None)
        await office.told(IntroductionEnded(**ours(office)))
        await office.told(GuestArrived(agent="aoki", trip=3, is_home=True, reference=leg, **office.now))
        assert (await states(office))["aoki"] == (READY, None)
        await office.told(AgentLeft(agent="aoki", reference=stay_of(leg, 3), **office.now))
        assert (await states(office))["aoki"] == (AWAY, None)


async def test_an_agent_takes_the_person_back() -> None:
    """First home, then the person after them: meanwhile the colleague is with them."""
    async with an_office(1) as office:
        await warm(office)
        await office.told(IntroductionEnded(is_taken_back=True, **ours(office)))
        assert await states(office) == {"aoki": (TALKING, None), "baba": (TALKING, FIRST)}
        await office.told(GuestArrived(agent="aoki", trip=3, is_home=True, **office.now))
        back = office.line.directed[-1]
        assert isinstance(back, MovePerson)
        assert (back.room, back.move) == ("ag-aoki", 4)
        await arrives(office, move=4)
        assert await states(office) == {"aoki": (TALKING, FIRST), "baba": (READY, None)}
        assert (await office.attempt(FIRST)).agent == "aoki"


async def test_the_person_hangs_up_while_three_speak() -> None:
    """The colleague writes up; the guest is sent home, and free there."""
    async with an_office(1) as office:
        await warm(office)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=60)
        assert await states(office) == {"aoki": (TALKING, None), "baba": (WRAPPING, FIRST)}
        home = office.line.directed[-1]
        assert isinstance(home, SendAgent)
        assert home.is_home
        await office.told(GuestArrived(agent="aoki", trip=home.trip, is_home=True, **office.now))
        assert (await states(office))["aoki"] == (READY, None)
        assert await handling(office) is None


async def test_a_guest_who_does_not_come_along_is_free() -> None:
    """Refused: their line never left. Gone, or nothing heard: they take no call before they say that they are there."""
    for answer, state in ((Said.REFUSED, READY), (Said.GONE, AWAY), (Said.DONE, AWAY)):
        async with an_office(1) as office:
            await talking(office)
            office.line.says[What.VISIT] = answer
            await transfers(office, colleague="baba", is_warm=True)
            await arrives(office)
            if answer is Said.DONE:
                await office.after(seconds=11)
            assert await states(office) == {"aoki": (state, None), "baba": (TALKING, FIRST)}, answer


async def test_a_guest_who_does_not_come_home_takes_no_call() -> None:
    """Ordered home once more, and away until they say that they are there."""
    async with an_office(1) as office:
        await warm(office)
        await office.told(IntroductionEnded(**ours(office)))
        await office.after(seconds=11)
        assert await states(office) == {"aoki": (AWAY, None), "baba": (TALKING, FIRST)}
        trips = [order for order in office.line.directed if isinstance(order, SendAgent)]
        assert [(order.trip, order.is_home) for order in trips] == [(2, False), (3, True), (4, True)]


async def test_a_taking_back_that_fails_leaves_the_person_with_the_colleague() -> None:
    """Refused at once: aoki is free. Nothing heard: the person is ordered to baba, wherever they are."""
    for answer in (Said.REFUSED, Said.UNSURE):
        async with an_office(1) as office:
            await warm(office)
            office.line.says[What.MOVE] = answer
            await office.told(IntroductionEnded(is_taken_back=True, **ours(office)))
            await office.told(GuestArrived(agent="aoki", trip=3, is_home=True, **office.now))
            if answer is Said.UNSURE:
                await office.after(seconds=11)
                last = office.line.directed[-1]
                assert isinstance(last, MovePerson)
                assert last.room == "ag-baba"
                await arrives(office, move=last.move)
            assert await states(office) == {"aoki": (READY, None), "baba": (TALKING, FIRST)}


async def test_a_transfer_asks_for_a_team_of_the_campaign() -> None:
    """With its skills and languages; a team that the campaign does not name is a mistake."""
    async with an_office(1) as office:
        await talking(office)
        with pytest.raises(Exception, match="has no team teapots"):
            await transfers(office, team="teapots")
        assert json.dumps(await said(office)) == "[]"
