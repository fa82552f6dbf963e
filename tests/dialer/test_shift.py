"""An agent's word: what they say happened, when they come and go, and when they say nothing."""

from datetime import timedelta

import pytest

from campaigns.outcome import Ending, LeadState, Outcome
from dialer.agents import AgentState
from dialer.errors import StaleState
from dialer.events import AgentAway, AgentLeft, AgentReady, AnsweredBy, CallEnding, CallScreened
from tests.support.builders import NOON, a_contact, leg_of
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
LATER = NOON + timedelta(hours=3)


async def spoken(office: Office) -> None:
    """The first person spoke with aoki, who writes it up."""
    await office.tick()
    await office.talked(FIRST)
    assert (await office.agent()).state is AgentState.WRAPPING


async def test_a_disposition_frees_the_agent_and_settles_the_lead() -> None:
    """Said in time: ready for the next person."""
    async with an_office(1) as office:
        await spoken(office)
        await office.disposes(FIRST, "sold")
        assert (await office.agent()).state is AgentState.READY
        assert (await office.attempt(FIRST)).outcome is Outcome.SOLD
        assert (await office.lead()).ending is Ending.TALKED


async def test_a_disposition_during_the_call_ends_it() -> None:
    """The line is hung up; the agent is free when it is."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.disposes(FIRST, "sold")
        assert [order.attempt for order in office.line.hung_up] == [FIRST]
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        assert (await office.agent()).state is AgentState.READY


async def test_an_agent_who_says_nothing_is_sent_away_when_wrap_up_is_over() -> None:
    """A call must not reach an empty chair: two minutes, not a second less; the attempt is settled without a word."""
    async with an_office(1) as office:
        await spoken(office)
        await office.after(minutes=1, seconds=59)
        assert (await office.agent()).state is AgentState.WRAPPING
        await office.after(seconds=1)
        agent, attempt = await office.agent(), await office.attempt(FIRST)
        assert (agent.state, agent.attempt) == (AgentState.AWAY, None)
        assert attempt.outcome is Outcome.NO_DISPOSITION
        assert (await office.lead()).ending is Ending.TALKED


async def test_what_is_said_after_wrap_up_still_counts() -> None:
    """Late, and heard: sold is sold, and the agent stays away until they come back by themselves."""
    async with an_office(1) as office:
        await spoken(office)
        await office.after(minutes=3)
        await office.disposes(FIRST, "sold")
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.disposition) == (Outcome.SOLD, "sold")
        assert (await office.agent()).state is AgentState.AWAY


async def test_who_was_opted_out_late_is_suppressed_all_the_same() -> None:
    """The weightiest word, after the time for words."""
    async with an_office(1) as office:
        await spoken(office)
        await office.after(minutes=3)
        await office.disposes(FIRST, "never-again")
        assert {entry.person for entry in await office.suppressions()} >= {"C00001"}
        assert (await office.lead()).ending is Ending.OPTED_OUT


async def test_a_refusal_outweighs_what_the_carrier_heard() -> None:
    """Detected as a machine, yet the agent heard a refusal: the person is left alone."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        machine = {"reference": reference_of(FIRST), "answered_by": AnsweredBy.MACHINE}
        await office.hears(CallScreened, FIRST, **machine)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        await office.disposes(FIRST, "refused")
        assert (await office.attempt(FIRST)).outcome is Outcome.REFUSED
        numbers = {entry.number for entry in await office.suppressions()}
        assert a_contact(1).phones[0].number in numbers
        assert (await office.lead()).ending is Ending.OPTED_OUT


async def test_a_wrong_number_behind_a_machine_is_suppressed() -> None:
    """The recorded voice is a stranger's: the number is theirs, whatever the carrier calls it."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        machine = {"reference": reference_of(FIRST), "answered_by": AnsweredBy.MACHINE}
        await office.hears(CallScreened, FIRST, **machine)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        await office.disposes(FIRST, "wrong-number")
        assert [entry.number for entry in await office.suppressions()] == [a_contact(1).phones[0].number]
        await office.after(hours=5)
        assert office.line.numbers == [a_contact(1).phones[0].number]


@pytest.mark.parametrize("word", ["refused", "never-again"])
async def test_a_second_heavier_word_goes_through(word: str) -> None:
    """First a callback, then never again: the promise is void, and nobody calls."""
    async with an_office(1) as office:
        await spoken(office)
        await office.disposes(FIRST, "callback", again_at=LATER)
        await office.disposes(FIRST, word)
        assert {entry.person for entry in await office.suppressions()} >= {"C00001"}
        lead = await office.lead()
        assert (lead.state, lead.ending) == (LeadState.DONE, Ending.OPTED_OUT)
        await office.after(hours=3, minutes=1)
        assert len(office.line.placed) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("callback", "sold"),
        ("sold", "callback"),
        ("not-now", "interested"),
        ("never-again", "sold"),
        ("never-again", "refused"),
        ("refused", "callback"),
    ],
)
async def test_any_other_second_word_is_refused(first: str, second: str) -> None:
    """Said aloud, not swallowed: what the agent believes to have written is what stands."""
    async with an_office(1) as office:
        await spoken(office)
        await office.disposes(FIRST, first, again_at=LATER)
        before = await office.attempt(FIRST)
        with pytest.raises(StaleState):
            await office.disposes(FIRST, second, again_at=LATER)
        assert await office.attempt(FIRST) == before


async def test_the_same_word_twice_is_one() -> None:
    """A second click, of another page: nothing more is written."""
    async with an_office(1) as office:
        await spoken(office)
        for _ in range(2):
            await office.disposes(FIRST, "never-again")
        assert len(await office.ledger("concluded")) == 1


async def test_a_callback_is_made_when_it_was_promised() -> None:
    """Not before; and it takes nothing from the person's tries."""
    async with an_office(1) as office:
        await spoken(office)
        await office.disposes(FIRST, "callback", again_at=LATER)
        await office.after(hours=2)
        assert len(office.line.placed) == 1
        office.clock.advance_to(LATER)
        await office.tick()
        assert len(office.line.placed) == 2


async def test_ready_without_a_word_about_the_last_call_is_refused() -> None:
    """The agent must say what happened first; going away closes the call without a word."""
    async with an_office(1) as office:
        await spoken(office)
        with pytest.raises(StaleState):
            await office.told(AgentReady(agent="aoki", **office.now))
        await office.told(AgentAway(agent="aoki", **office.now))
        assert (await office.agent()).state is AgentState.AWAY
        assert (await office.attempt(FIRST)).outcome is Outcome.NO_DISPOSITION


async def test_nobody_disposes_of_a_call_that_is_not_theirs() -> None:
    """Another agent's, one that nobody answered, a word the campaign does not have."""
    async with an_office(1) as office:
        await office.tick()
        with pytest.raises(StaleState):
            await office.disposes(FIRST, "sold")
        await office.talks(FIRST)
        with pytest.raises(StaleState):
            await office.disposes(FIRST, "no-such-word")
        with pytest.raises(StaleState):
            await office.disposes_as("baba", FIRST, "sold")
        assert (await office.attempt(FIRST)).disposition is None


async def test_an_agent_who_talks_can_neither_leave_nor_be_ready() -> None:
    """End the call first."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        for word in (AgentReady, AgentAway):
            with pytest.raises(StaleState):
                await office.told(word(agent="aoki", **office.now))
        assert (await office.agent()).state is AgentState.TALKING


async def test_a_refusal_corrects_a_wrong_number() -> None:
    """The wrong key first: the person wanted no call at all, which holds for every address of theirs."""
    async with an_office(1, agents=["aoki"]) as office:
        await office.tick()
        await office.talked(FIRST)
        await office.disposes(FIRST, "wrong-number")
        assert "C00001" not in {entry.person for entry in await office.suppressions()}
        await office.disposes(FIRST, "never-again")
        assert "C00001" in {entry.person for entry in await office.suppressions()}
        with pytest.raises(StaleState, match="disposed as never-again already"):
            await office.disposes(FIRST, "wrong-number")
        assert (await office.lead()).ending is Ending.OPTED_OUT


async def test_a_break_outlasts_the_line() -> None:
    """Who hangs their telephone up at lunch is still at lunch; ready ends it, and away without a word is no break."""
    async with an_office(1, agents=["aoki"]) as office:
        await office.told(AgentAway(agent="aoki", reason="lunch", **office.now))
        office.go(minutes=5)
        await office.told(AgentLeft(agent="aoki", reference=leg_of("aoki"), **office.now))
        agent = await office.agent()
        assert (agent.state, agent.reason, agent.since) == (AgentState.AWAY, "lunch", NOON)
        await office.told(AgentReady(agent="aoki", **office.now))
        assert (await office.agent()).reason is None
        await office.told(AgentAway(agent="aoki", **office.now))
        assert (await office.agent()).reason is None
        assert len(await office.ledger("agent")) == 3
