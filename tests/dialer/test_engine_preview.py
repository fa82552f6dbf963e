"""Calls that an agent sees first: who is shown, who is dialled, who is let go, and that it happens once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campaigns.outcome import LeadState
from compliance.question import Suppression
from dialer.agents import AgentState, release
from dialer.attempt import AttemptState
from dialer.desk_events import PreviewAccepted, PreviewSkipped
from dialer.errors import StaleState
from dialer.events import (
    AgentAway,
    AgentReady,
    CallEnding,
    CampaignPaused,
    CampaignStarted,
    ContactSuppressed,
    SwitchTurned,
)
from dialer.previews import PreviewState, Why
from dialer.view import CampaignState
from tests.support.builders import NOON, a_contact, an_agent, the_campaign
from tests.support.engines import Office, an_office, opened
from tests.support.previews import previewing, seen
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
MINUTE = timedelta(minutes=1)
RUNNING, PAUSED = CampaignState.RUNNING, CampaignState.PAUSED


async def dials(office: Office, agent: str = "aoki", preview: str | None = None) -> None:
    """The agent presses dial."""
    which = preview or (await seen(office, agent)).id
    await office.told(PreviewAccepted(agent=agent, preview=which, **office.now))


async def skips(office: Office, agent: str = "aoki", reason: str = "not-now") -> None:
    """The agent presses skip."""
    which = (await seen(office, agent)).id
    await office.told(PreviewSkipped(agent=agent, preview=which, reason=reason, **office.now))


def bodies(entries: list[Any]) -> list[dict[str, Any]]:
    """Return what the ledger's rows say."""
    return [json.loads(entry.body) for entry in entries]


async def test_each_agent_is_shown_somebody_else_and_nobody_is_dialled() -> None:
    """Judged before they are shown, sealed with facts; the phone rings for nobody without a press."""
    async with an_office(9, campaign=previewing()) as office:
        for _ in range(5):
            await office.after(seconds=1)
        shown = [await seen(office, name) for name in ("aoki", "baba")]
        assert [one.lead for one in shown] == [1, 2]
        assert {(await office.agent(name)).state for name in ("aoki", "baba")} == {AgentState.PREVIEWING}
        assert (office.line.placed, await office.ledger("permitted")) == ([], [])
        rows = bodies(await office.ledger("agent"))
        assert [(row["agent"], row["to"], row["preview"]) for row in rows] == [
            (one.agent, "previewing", one.id) for one in shown
        ]
        assert all(row["verdict"] and row["facts"] for row in rows)


async def test_a_press_dials_once_with_the_agent_reserved() -> None:
    """The attempt begins at the press: permit, intent and one order; whoever answers gets the agent who looked."""
    async with an_office(9, campaign=previewing()) as office:
        await office.tick()
        preview = await seen(office)
        await dials(office)
        await dials(office)
        await office.after(seconds=1)
        await dials(office, preview=preview.id)
        await office.after(seconds=1)
        assert [order.attempt for order in office.line.placed] == [FIRST]
        assert [entry.attempt for entry in await office.ledger("permitted")] == [FIRST]
        agent = await office.agent()
        assert (agent.state, agent.attempt) == (AgentState.RESERVED, FIRST)
        assert ((await seen(office)).state, (await seen(office)).why) == (PreviewState.OVER, Why.DIALED)
        await office.talks(FIRST)
        assert (await office.agent()).state is AgentState.TALKING
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        await office.disposes(FIRST, "interested")
        await office.after(seconds=1)
        assert (await seen(office)).lead == 3


async def test_a_call_that_reaches_nobody_frees_the_agent_for_the_next_look() -> None:
    """As in progressive dialling."""
    async with an_office(9, campaign=previewing(), agents=("aoki",)) as office:
        await office.tick()
        await dials(office)
        await office.tick()
        await office.ends(FIRST)
        await office.after(seconds=1)
        assert ((await office.agent()).state, (await seen(office)).lead) == (AgentState.PREVIEWING, 2)


async def test_a_skip_is_sealed_with_its_reason_and_the_person_comes_later() -> None:
    """It counts as no try; the agent sees the next person, and a second press changes nothing."""
    async with an_office(9, campaign=previewing(), agents=("aoki",)) as office:
        await office.tick()
        first = await seen(office)
        await skips(office)
        lead = await office.lead(1)
        assert (lead.state, lead.tries, lead.due) == (LeadState.WAITING, 0, office.clock.now() + 240 * MINUTE)
        await office.told(PreviewSkipped(agent="aoki", preview=first.id, reason="not-now", **office.now))
        await office.after(seconds=1)
        assert (await seen(office)).lead == 2
        (row,) = await office.ledger("said")
        body = json.loads(row.body)
        assert (body["what"], body["reason"], body["agent"], row.person) == (
            *("skipped", "not-now", "aoki"),
            first.contact,
        )
        assert office.line.placed == []


async def test_a_reason_that_the_campaign_does_not_know_skips_nobody() -> None:
    """And nobody can press for a preview that is another's."""
    async with an_office(9, campaign=previewing()) as office:
        await office.tick()
        with pytest.raises(StaleState, match="no reason moon"):
            await skips(office, reason="moon")
        with pytest.raises(StaleState, match="is not with agent baba"):
            await dials(office, "baba", (await seen(office)).id)


async def test_a_look_that_lasts_too_long_dials_nobody_and_sends_the_agent_away() -> None:
    """As a write-up without a word does: an empty chair is shown nobody else. The person is due at once for others."""
    async with an_office(1, campaign=previewing(), agents=("aoki",)) as office:
        await office.tick()
        await office.after(seconds=59)
        assert (await office.agent()).state is AgentState.PREVIEWING
        await office.after(seconds=1)
        assert ((await office.agent()).state, (await seen(office)).why) == (AgentState.AWAY, Why.TIMEOUT)
        with pytest.raises(StaleState, match="over: timeout"):
            await dials(office)
        await office.told(AgentReady(agent="aoki", **office.now))
        await office.after(seconds=1)
        assert ((await seen(office)).lead, office.line.placed) == (1, [])


async def test_a_campaign_may_dial_when_the_time_is_up_and_is_judged_as_what_it_is() -> None:
    """The program dials in the agent's place: to the law that is progressive dialling."""
    async with an_office(3, campaign=previewing(on_timeout="dial"), agents=("aoki",)) as office:
        await office.tick()
        await office.after(seconds=60)
        assert [order.attempt for order in office.line.placed] == [FIRST]
        (permit,) = bodies(await office.ledger("permitted"))
        assert permit["facts"]["technology"] == "progressive"


async def test_the_law_is_asked_again_at_the_press() -> None:
    """The hours closed while the agent looked: refused and sealed, the person waits, the agent is free."""
    campaign = previewing(time=timedelta(minutes=30))
    evening = NOON.replace(
        hour=10, minute=20
    )  # 19:20 in Tokyo, ten minutes before the end of the calling day
    async with an_office(3, campaign=campaign, agents=("aoki",), start=evening) as office:
        await office.tick()
        preview = await seen(office)
        await office.after(minutes=15)
        assert (await office.agent()).state is AgentState.PREVIEWING
        await dials(office)
        await office.after(seconds=1)
        assert office.line.placed == []
        assert (await seen(office)).why is Why.REFUSED
        assert [entry.person for entry in await office.ledger("refused")][:1] == [preview.contact]
        due = (await office.lead(1)).due
        assert due is not None
        assert due > office.clock.now()
        assert (await office.agent()).state is AgentState.READY


async def test_who_refuses_meanwhile_is_let_go_and_never_dialled() -> None:
    """Also when the press comes first: the do-not-contact list is read again before the call."""
    async with an_office(9, campaign=previewing()) as office:
        await office.tick()
        first, other = await seen(office), await seen(office, "baba")
        await dials(office, "baba")
        for one in (first, other):
            entry = Suppression(
                number=one.address, at=office.clock.now(), reason="opted_out", source="t", by="t"
            )
            await office.told(ContactSuppressed(suppression=entry, **office.now))
        await office.after(seconds=1)
        await office.after(seconds=1)
        assert office.line.placed == []
        assert {(await office.lead(place)).state for place in (1, 2)} == {LeadState.DONE}
        assert {(await seen(office, name)).lead for name in ("aoki", "baba")} == {3, 4}


async def test_whoever_is_held_is_dialled_by_no_other_campaign() -> None:
    """One person on two lists: while an agent looks at them, the other campaign's agents leave them alone."""
    person = a_contact(1)
    other = the_campaign().model_copy(update={"id": "other"})
    async with an_office(
        [person], campaign=previewing(), agents=("aoki",), others=[(other, [person])]
    ) as office:
        await office.write(lambda unit: unit.set_campaign_state("other", PAUSED, RUNNING))
        await office.tick()
        assert (await seen(office)).contact == person.key
        await office.write(lambda unit: unit.set_campaign_state("other", RUNNING, PAUSED))
        await office.write(lambda unit: unit.put_agent(an_agent("baba")))
        for _ in range(5):
            await office.after(seconds=1)
        assert office.line.placed == []
        assert (await office.agent("baba")).state is AgentState.READY


@pytest.mark.parametrize("how", ["away", "pause", "stop switch"])
async def test_what_ends_a_preview_gives_the_person_back_at_once(how: str) -> None:
    """The agent goes, the campaign pauses, everything stops: nobody stays held."""
    async with an_office(1, campaign=previewing(), agents=("aoki",)) as office:
        await office.tick()
        match how:
            case "away":
                await office.told(AgentAway(agent="aoki", **office.now))
            case "pause":
                await office.told(CampaignPaused(campaign=CAMPAIGN, by="t", **office.now))
            case _:
                await office.told(SwitchTurned(enabled=False, by="t", **office.now))
        await office.after(seconds=1)
        why = {"away": Why.AGENT, "pause": Why.CAMPAIGN, "stop switch": Why.STOPPED}[how]
        assert (await seen(office)).why is why
        due = (await office.lead(1)).due
        assert due is not None
        assert due <= office.clock.now()
        assert (await office.agent()).state is (AgentState.AWAY if how == "away" else AgentState.READY)
        with pytest.raises(StaleState):
            await dials(office)
        assert office.line.placed == []
        if how == "pause":
            await office.told(CampaignStarted(campaign=CAMPAIGN, by="t", **office.now))
            await office.after(seconds=1)
            assert (await seen(office)).state is PreviewState.SHOWN


async def test_a_press_waits_for_a_line_and_is_given_up_in_the_end() -> None:
    """All lines are in use: the call is opened when one is free; after the time of a look the agent sees others."""
    async with an_office(9, campaign=previewing(max_lines=1)) as office:
        await office.tick()
        await dials(office, "aoki")
        await office.tick()
        await dials(office, "baba")
        await office.after(seconds=10)
        assert len(office.line.placed) == 1
        await office.ends(FIRST)
        await office.after(seconds=1)
        assert [order.attempt for order in office.line.placed] == [FIRST, f"{CAMPAIGN}-2-1"]
        await dials(office, "aoki")
        await office.after(seconds=59)
        assert (await office.agent()).state is AgentState.PREVIEWING
        await office.after(seconds=1)
        ended = bodies(await office.ledger("agent"))
        assert [row["why"] for row in ended if row.get("why")] == ["no_line"]
        assert len(office.line.placed) == 2


async def test_a_restart_with_agents_gone_gives_everybody_back() -> None:
    """Whoever waited or looked says again that they are there; a press from before dials nobody."""
    async with an_office(9, campaign=previewing(), agents=("aoki",)) as office:
        await office.tick()
        await dials(office)
        agent = await office.agent()
        gone = release(agent, office.clock.now(), AgentState.AWAY)
        await office.write(lambda unit: unit.save_agent(gone, agent.state))
        await office.after(seconds=1)
        assert ((await seen(office)).why, office.line.placed) == (Why.AGENT, [])
        due = (await office.lead(1)).due
        assert due == office.clock.now()


async def test_a_program_that_starts_again_finds_every_preview_as_it_was() -> None:
    """Killed between a look and a press: the press still dials, once, and the time still runs out."""
    async with an_office(9, campaign=previewing()) as office:
        await office.tick()
        before = await seen(office), await seen(office, "baba")
        again = opened(office.clock, office.store, campaigns=[previewing()])
        again = replace(again, numbers=office.numbers)
        await again.after(seconds=1)
        assert (await seen(again), await seen(again, "baba")) == before
        await dials(again)
        again = replace(opened(office.clock, office.store, campaigns=[previewing()]), numbers=office.numbers)
        await again.after(seconds=1)
        assert [order.attempt for order in again.line.placed] == [FIRST]
        await again.after(seconds=60)
        assert (await seen(again, "baba")).why is Why.TIMEOUT
        assert await again.state() is CampaignState.RUNNING
        assert (await again.attempt(FIRST)).state is AttemptState.PLACED
