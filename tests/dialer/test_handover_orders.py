"""Hold, transfer, introduction, hang-up and whatever is told late, in any order: one end, and nobody taken twice."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.errors import StaleState
from dialer.events import AgentAway, AgentLeft, AgentReady, CallEnding
from dialer.line_events import (
    CallMoved,
    GuestArrived,
    HoldTurned,
    IntroductionEnded,
    MuteTurned,
    Said,
    TransferAsked,
    What,
)
from dialer.line_orders import MovePerson, SendAgent
from tests.dialer.test_holding import FIRST, handling, talking
from tests.support.builders import leg_of
from tests.support.engines import Office, an_office, reference_of

AGENTS = ("aoki", "baba", "chiba")
Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("transfer", "transfer", "warm", "warm", "moved", "moved", "moved", "guest", "guest"),
                *("leave", "back", "hold", "mute", "late", "left", "refused", "unsure", "gone", "well"),
                *("ready", "away", "dispose", "hang_up"),
            ]
        ),
        st.integers(min_value=0, max_value=5),
    ),
    max_size=25,
)
TELLING = {"refused": Said.REFUSED, "unsure": Said.UNSURE, "gone": Said.GONE, "well": Said.DONE}


async def step(office: Office, what: str, n: int) -> None:
    """One thing happens; what the present state does not allow is refused, and changes nothing."""
    agent, now, found = AGENTS[n % 3], office.now, await handling(office)
    owner = (await office.attempt(FIRST)).agent or agent
    guest = (found.guest if found else None) or agent
    # Mostly by whoever may; now and then by somebody who may not.
    word = {"agent": agent if n == 5 else owner, "attempt": FIRST, **now}
    visitor = word | {"agent": agent if n == 5 else guest}
    others = [name for name in AGENTS if name != word["agent"]]
    moves = [order for order in office.line.directed if isinstance(order, MovePerson)]
    trips = [order for order in office.line.directed if isinstance(order, SendAgent)]
    happenings: dict[str, Callable[[], Awaitable[object]]] = {
        "transfer": lambda: office.told(TransferAsked(colleague=others[n % 2], **word)),
        "warm": lambda: office.told(TransferAsked(is_warm=True, **word)),
        "leave": lambda: office.told(IntroductionEnded(**visitor)),
        "back": lambda: office.told(IntroductionEnded(is_taken_back=True, **visitor)),
        "hold": lambda: office.told(HoldTurned(is_on=n % 2 == 0, **word)),
        "mute": lambda: office.told(MuteTurned(is_on=n % 2 == 0, **word)),
        "late": lambda: office.after(seconds=4 * n),
        "left": lambda: office.told(AgentLeft(agent=agent, reference=leg_of(agent), **now)),
        "ready": lambda: office.told(AgentReady(agent=agent, **now)),
        "away": lambda: office.told(AgentAway(agent=agent, **now)),
        "dispose": lambda: office.disposes_as(word["agent"], FIRST, "sold"),
        "hang_up": lambda: office.ends(FIRST, CallEnding.COMPLETED, talk_s=9),
    }
    if what in TELLING:
        office.line.says = dict.fromkeys(What, TELLING[what])
    elif what == "moved" and moves:
        reference, move = reference_of(FIRST), moves[-1 if n < 4 else 0].move
        await office.told(CallMoved(attempt=FIRST, reference=reference, move=move, **now))
    elif what == "guest" and trips:
        trip = trips[-1 if n < 4 else 0]
        arrived = GuestArrived(agent=trip.agent, trip=trip.trip, is_home=trip.is_home, **now)
        await office.told(arrived)
    elif what in happenings:
        with suppress(StaleState):
            await happenings[what]()


async def check(office: Office) -> None:
    """A call under way is with one agent, whose it is, or on its way from the one to the other."""
    attempt, floor = await office.attempt(FIRST), [await office.agent(name) for name in AGENTS]
    having = [agent for agent in floor if agent.attempt == FIRST]
    found = await handling(office)
    if attempt.state is AttemptState.CONNECTED:
        assert [agent.id for agent in having] == [attempt.agent]
        assert having[0].state is AgentState.TALKING
    assert len(having) <= 1
    reserved = {agent.id for agent in floor if agent.state is AgentState.RESERVED and not agent.attempt}
    assert reserved <= {found.colleague if found else None}
    alone = {agent.id for agent in floor if agent.state is AgentState.TALKING and not agent.attempt}
    assert alone <= ({found.guest, found.giver} if found else set())


async def one_day(steps: list[Step]) -> None:
    """One call with all that happens to it, to the very end."""
    async with an_office(1, agents=AGENTS) as office:
        await talking(office)
        for what, n in steps:
            await step(office, what, n)
            await check(office)
        office.line.says.clear()
        for _ in range(8):  # whatever is under way is told of, or is overdue at last
            await office.after(seconds=12)
            await check(office)
        found = await handling(office)
        assert found is None or found.deadline is None, found
        before = await office.attempt(FIRST)
        if before.state is AttemptState.CONNECTED:
            await office.ends(FIRST, CallEnding.COMPLETED, talk_s=90)
        for _ in range(30):
            await office.after(seconds=12)
        attempt = await office.attempt(FIRST)
        assert attempt.state is AttemptState.OVER
        assert attempt.outcome is not None
        assert await handling(office) is None
        for name in AGENTS:
            agent = await office.agent(name)
            assert agent.state in {AgentState.READY, AgentState.AWAY}, agent
            assert agent.attempt is None
        assert len({entry.body for entry in await office.ledger("concluded")}) == 1


@settings(max_examples=100, deadline=None)
@given(steps=STEPS)
def test_any_order_of_what_happens_to_a_call_has_one_end(steps: list[Step]) -> None:
    """Nobody is double-booked on the way, nobody is left reserved, and the outcome is one."""
    asyncio.run(one_day(steps))
