"""Previews through the real engine and store, whatever is pressed, told and lost, in whatever order."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.outcome import LeadState
from compliance.question import Suppression
from dialer.agents import AgentState
from dialer.desk_events import PreviewAccepted, PreviewSkipped
from dialer.errors import StaleState
from dialer.events import (
    AgentAway,
    AgentReady,
    CampaignPaused,
    CampaignStarted,
    ContactSuppressed,
    Event,
    SwitchTurned,
)
from tests.support.engines import Office, an_office, opened
from tests.support.previews import previewing
from tests.support.stores import CAMPAIGN

PEOPLE, AGENTS = 5, ("aoki", "baba")
PRESSES = ("dial", "skip", "away", "ready", "refuse")
STEPS = st.one_of(
    st.tuples(st.sampled_from(PRESSES), st.sampled_from(AGENTS)),
    st.tuples(
        st.sampled_from(("look", "minute", "restart", "ends", "pause", "start", "stop", "resume")),
        st.just(""),
    ),
)


async def does(office: Office, what: str, agent: str) -> None:
    """Press or tell one thing; what the moment does not allow is refused, and that is all."""
    preview = await office.write(lambda unit: unit.preview(agent)) if agent else None
    which, number = (preview.id, preview.address) if preview else ("pv-none", "+819000000000")
    entry = Suppression(number=number, at=office.clock.now(), reason="opted_out", source="t", by="t")
    told: dict[str, Event] = {
        "dial": PreviewAccepted(agent=agent, preview=which, **office.now),
        "skip": PreviewSkipped(agent=agent, preview=which, reason="not-now", **office.now),
        "away": AgentAway(agent=agent, **office.now),
        "ready": AgentReady(agent=agent, **office.now),
        "refuse": ContactSuppressed(suppression=entry, **office.now),
        "pause": CampaignPaused(campaign=CAMPAIGN, by="t", **office.now),
        "start": CampaignStarted(campaign=CAMPAIGN, by="t", **office.now),
        "stop": SwitchTurned(enabled=False, by="t", **office.now),
        "resume": SwitchTurned(enabled=True, by="t", **office.now),
    }
    if what in told:
        with suppress(StaleState):
            await office.told(told[what])
    elif what == "ends":
        for call in await office.write(lambda unit: unit.live_attempts()):
            await office.ends(call.id)
    elif what in {"look", "minute"}:
        await office.after(seconds=60 if what == "minute" else 1)


async def holds(office: Office, presses: Counter[str]) -> None:
    """What must be true between any two steps."""
    live = await office.write(lambda unit: unit.previews())
    agents = {name: await office.agent(name) for name in AGENTS}
    leads = [await office.lead(place) for place in range(1, PEOPLE + 1)]
    assert len({one.preview.lead for one in live}) == len(live)
    looking = {name for name, agent in agents.items() if agent.state is AgentState.PREVIEWING}
    assert looking <= {one.preview.agent for one in live}
    on_the_phone = {call.contact for call in await office.write(lambda unit: unit.live_attempts())}
    assert not on_the_phone & {one.preview.contact for one in live}
    assert sum(lead.tries for lead in leads) == len(await office.ledger("permitted")) <= presses["dial"]
    assert all(lead.due is not None for lead in leads if lead.state is LeadState.WAITING)


async def a_story(steps: list[tuple[str, str]]) -> None:
    """Live through the steps, and see at the end that nobody is held or lost."""
    async with an_office(PEOPLE, campaign=previewing(), agents=AGENTS) as first:
        office, offices = first, [first]
        await office.tick()
        presses: Counter[str] = Counter()
        for what, agent in steps:
            presses[what] += 1
            if what == "restart":  # nothing is kept but the database
                again = opened(office.clock, office.store, campaigns=[previewing()])
                office = replace(again, numbers=office.numbers)
                offices.append(office)
            await does(office, what, agent)
            await holds(office, presses)
        suppressed = {entry.number for entry in await office.suppressions()}
        before = len(office.line.numbers)
        for _ in range(4):
            await office.after(seconds=61)
        assert await office.write(lambda unit: unit.previews()) == []
        assert not suppressed & set(office.line.numbers[before:])
        ordered = [order.attempt for each in offices for order in each.line.placed]
        assert len(set(ordered)) == len(ordered) == len(await office.ledger("permitted"))


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_nobody_is_dialled_twice_held_for_ever_or_lost(steps: list[tuple[str, str]]) -> None:
    """One live preview for each person and agent; a permit for a press alone; refusals hold; kills change nothing."""
    asyncio.run(a_story(steps))
