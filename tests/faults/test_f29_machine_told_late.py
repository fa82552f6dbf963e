"""F29: word of a machine that comes after the end, or never, delays no outcome; it is added when it comes."""

import pytest

from campaigns.outcome import Outcome
from dialer.agents import AgentState
from dialer.events import AgentAway, AnsweredBy, CallEnding, CallScreened
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"


async def screened(office: Office, by: AnsweredBy) -> None:
    """The carrier says who picked up."""
    await office.hears(CallScreened, FIRST, reference=reference_of(FIRST), answered_by=by)


async def test_f29_without_a_word_the_outcome_is_there_at_once() -> None:
    """Detection never answers: the agent's word settles the call the moment it is said."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.talked(FIRST)
        await office.disposes(FIRST, "sold")
        assert (await office.attempt(FIRST)).outcome is Outcome.SOLD
        assert (await office.agent()).state is AgentState.READY


@pytest.mark.parametrize("ending", [CallEnding.NO_ANSWER, CallEnding.BUSY])
async def test_f29_a_call_nobody_took_waits_for_no_detection(ending: CallEnding) -> None:
    """The end is the outcome."""
    async with an_office(1) as office:
        await office.tick()
        await office.ends(FIRST, ending)
        assert (await office.attempt(FIRST)).outcome is not None


async def test_f29_a_machine_told_while_the_agent_writes_up_frees_them() -> None:
    """The call is over and the agent is asked what happened: the carrier knows, so they need not say it."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.talked(FIRST)
        assert (await office.agent()).state is AgentState.WRAPPING
        await screened(office, AnsweredBy.MACHINE)
        assert (await office.attempt(FIRST)).outcome is Outcome.MACHINE
        assert (await office.agent()).state is AgentState.READY
        assert len(await office.ledger("concluded")) == 1


async def test_f29_a_machine_told_late_is_no_abandoned_person() -> None:
    """The notice was played to it: counted as abandoned at the end, as a machine when that is known."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.told(AgentAway(agent="aoki", **office.now))
        await office.answers(FIRST)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=20)
        assert (await office.attempt(FIRST)).outcome is Outcome.ABANDONED
        await office.after(minutes=10)
        await screened(office, AnsweredBy.MACHINE)
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.answered_by) == (Outcome.MACHINE, "machine")
        assert '"machine"' in (await office.ledger("concluded"))[-1].body


@pytest.mark.parametrize("by", [AnsweredBy.HUMAN, AnsweredBy.UNKNOWN])
async def test_f29_a_person_told_late_is_noted_and_changes_nothing(by: AnsweredBy) -> None:
    """It is added to the attempt."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.talked(FIRST)
        await office.disposes(FIRST, "sold")
        await screened(office, by)
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.answered_by) == (Outcome.SOLD, by.value)


async def test_f29_what_an_agent_said_is_not_unsaid_by_a_machine() -> None:
    """They heard a person; detection errs now and then."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.talked(FIRST)
        await office.disposes(FIRST, "sold")
        await screened(office, AnsweredBy.MACHINE)
        assert (await office.attempt(FIRST)).outcome is Outcome.SOLD
