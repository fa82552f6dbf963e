"""What an agent notes while a call is theirs: duties, opinions, a refusal, the end of the call."""

import json
from typing import Any

import pytest

from campaigns.outcome import Ending, Outcome
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.desk_events import AgentHungUp, DutyTicked, OpinionHeard, OpinionKind, RefusalHeard
from dialer.desks import Desk, duties_of
from dialer.errors import StaleState
from dialer.events import CallEnding
from tests.support.builders import a_contact
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

FIRST, OTHER = f"{CAMPAIGN}-1-1", f"{CAMPAIGN}-2-1"


async def talking(office: Office) -> None:
    """The first person speaks with aoki."""
    await office.tick()
    await office.talks(FIRST)
    assert (await office.agent()).state is AgentState.TALKING


def ours(office: Office, **facts: Any) -> dict[str, Any]:
    """What every word of aoki's about the first call holds."""
    return {"agent": "aoki", "attempt": FIRST, **office.now, **facts}


async def desk(office: Office) -> Desk:
    """What aoki sees."""
    seen = await office.store.read(lambda reports: reports.desk("aoki"))
    assert seen is not None
    return seen


async def said(office: Office) -> list[dict[str, Any]]:
    """What the ledger has of aoki's notes."""
    return [json.loads(entry.body) for entry in await office.ledger("said")]


async def test_a_duty_is_ticked_and_sealed_once() -> None:
    """A second tab ticks the same: one row; unticked and ticked again, each is a row."""
    async with an_office(1) as office:
        await talking(office)
        duty = min(duties_of((await desk(office)).permit))
        for is_done in (True, True, False, True):
            await office.told(DutyTicked(duty=duty, is_done=is_done, **ours(office)))
        rows = await office.ledger("said")
        assert [json.loads(row.body)["is_done"] for row in rows] == [True, False, True]
        assert json.loads(rows[0].body) == {"agent": "aoki", "duty": duty, "is_done": True, "what": "duty"}
        assert (rows[0].attempt, rows[0].person, rows[0].campaign) == (FIRST, "C00001", CAMPAIGN)


async def test_a_duty_that_did_not_come_with_the_permit_is_refused() -> None:
    """Nobody can tick what was not asked of them."""
    async with an_office(1) as office:
        await talking(office)
        with pytest.raises(StaleState, match="not permitted with the duty sing"):
            await office.told(DutyTicked(duty="sing", is_done=True, **ours(office)))
        assert await said(office) == []


async def test_an_opinion_is_sealed_once() -> None:
    """With its kind; the same press told twice is one."""
    async with an_office(1) as office:
        await talking(office)
        heard = OpinionHeard(category=OpinionKind.REQUEST, note="小さい袋がほしい", **ours(office))
        await office.told(heard)
        await office.told(heard)
        (row,) = await said(office)
        assert row == {"agent": "aoki", "what": "opinion", "category": "request", "note": "小さい袋がほしい"}
        assert [one["note"] for one in (await desk(office)).said] == ["小さい袋がほしい"]


async def test_never_again_holds_at_once_and_the_talk_goes_on() -> None:
    """Suppressed by person, number and mailbox; another call to them ends; the agent can still say goodbye."""
    twin = [a_contact(1), a_contact(2, email=a_contact(1).email)]
    async with an_office(twin) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.rings(OTHER)
        await office.told(RefusalHeard(note="hates tea", **ours(office)))
        assert {one.person or one.number or one.email for one in await office.suppressions()} == {
            "C00001",
            "+819020000001",
            "guest1@example.jp",
        }
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.disposition, attempt.note) == (
            Outcome.OPTED_OUT,
            "never-again",
            "hates tea",
        )
        assert attempt.state is AttemptState.CONNECTED
        assert [order.attempt for order in office.line.hung_up] == [OTHER]
        assert (await office.lead()).ending is Ending.OPTED_OUT
        assert (await office.agent()).state is AgentState.TALKING
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        assert (await office.agent()).state is AgentState.READY


async def test_never_again_after_the_call_frees_the_agent() -> None:
    """It is a word about what came of it, like a disposition; pressed twice it is one."""
    async with an_office(1) as office:
        await talking(office)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        for _ in range(2):
            await office.told(RefusalHeard(**ours(office)))
        assert (await office.agent()).state is AgentState.READY
        assert len(await office.ledger("suppressed")) == 3
        assert [row["what"] for row in await said(office)] == ["never_again"]


async def test_never_again_outweighs_what_was_said_before() -> None:
    """Sold, and then the person changes their mind before hanging up."""
    async with an_office(1) as office:
        await talking(office)
        await office.disposes(FIRST, "sold")
        await office.told(RefusalHeard(**ours(office)))
        assert (await office.attempt(FIRST)).outcome is Outcome.OPTED_OUT


async def test_hanging_up_leaves_the_agent_to_write_it_up() -> None:
    """The carrier is told once, however often the key is hit; the call's own end moves the agent."""
    async with an_office(1) as office:
        await talking(office)
        pressed = AgentHungUp(**ours(office))
        await office.told(pressed)
        await office.told(pressed)
        assert [order.attempt for order in office.line.hung_up] == [FIRST]
        assert (await office.agent()).state is AgentState.TALKING
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=30)
        assert (await office.agent()).state is AgentState.WRAPPING
        await office.told(AgentHungUp(**ours(office)))
        assert len(office.line.hung_up) == 1


@pytest.mark.parametrize("kind", [AgentHungUp, RefusalHeard])
async def test_only_the_agent_of_the_call_has_a_word_in_it(kind: Any) -> None:
    """Another agent, a call nobody answered, a call nobody knows."""
    async with an_office(2) as office:
        await office.tick()
        with pytest.raises(StaleState, match="nobody has spoken yet"):
            await office.told(kind(**ours(office)))
        await office.talks(FIRST)
        for wrong in ({"agent": "baba"}, {"attempt": "nothing"}):
            with pytest.raises(StaleState, match="is not with agent"):
                await office.told(kind(**{**ours(office), **wrong}))
        assert (await said(office), office.line.hung_up) == ([], [])


async def test_a_desk_shows_the_call_and_what_was_tried_before() -> None:
    """The newest try first, the call itself left out; a free desk shows the agent alone."""
    async with an_office(1) as office:
        await office.tick()
        assert (await desk(office)).tries == ()
        await office.ends(FIRST, CallEnding.BUSY)
        free = await desk(office)
        assert (free.attempt, free.contact, free.agent.state) == (None, None, AgentState.READY)
        await office.after(minutes=40)
        seen = await desk(office)
        assert seen.attempt is not None
        assert (seen.attempt.ordinal, [one.id for one in seen.tries]) == (2, [FIRST])
        assert seen.contact is not None
        assert seen.contact.facts["前回商品"] == "煎茶"
        assert [agent.id for agent in await office.store.read(lambda reports: reports.agents())] == [
            "aoki",
            "baba",
        ]
        assert await office.store.read(lambda reports: reports.desk("nobody")) is None
