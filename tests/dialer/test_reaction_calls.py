"""What the engine makes of the world's word about a call: agents, leads, suppressions, hang-ups."""

import json

import pytest

from campaigns.outcome import Ending, LeadState, Outcome
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.events import (
    AgentAway,
    AnsweredBy,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallOptedOut,
    CallPlaced,
    CallRinging,
    CallScreened,
)
from dialer.mail_events import MailAnswered, MailComplained, MailUnsubscribed
from dialer.orders import HangUp, JoinRoom, PlayNotice, Release
from tests.support.builders import a_contact, the_campaign
from tests.support.engines import Office, an_office, on_mail_step, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
AGAIN = f"{CAMPAIGN}-1-2"
HUNG_UP = HangUp(attempt=FIRST, reference=reference_of(FIRST))


async def everywhere(office: Office) -> set[tuple[str | None, str | None, str | None]]:
    """The subjects of the do-not-contact list, all of them for every channel."""
    entries = await office.suppressions()
    assert {entry.channel for entry in entries} <= {None}
    return {(entry.person, entry.number, entry.email) for entry in entries}


def the_first_person() -> set[tuple[str | None, str | None, str | None]]:
    """What names the first person: key, each number, mailbox."""
    contact = a_contact(1)
    numbers = {(None, phone.number, None) for phone in contact.phones}
    return {(contact.key, None, None), (None, None, contact.email), *numbers}


async def test_a_person_who_picks_up_joins_their_agent() -> None:
    """The room of the agent who was reserved; asked again, the same; connected, the agent talks."""
    async with an_office(1) as office:
        await office.tick()
        agent = (await office.attempt(FIRST)).agent
        answer = CallAnswered(attempt=FIRST, reference=reference_of(FIRST), **office.now)
        for _ in range(2):
            instruction = await office.told(answer)
            assert isinstance(instruction, JoinRoom)
            assert (instruction.room, instruction.label) == (f"ag-{agent}", FIRST)
        await office.hears(CallConnected, FIRST, reference=reference_of(FIRST))
        assert (await office.agent(agent or "")).state is AgentState.TALKING


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (CallEnding.NO_ANSWER, Outcome.NO_ANSWER),
        (CallEnding.BUSY, Outcome.BUSY),
        (CallEnding.FAILED, Outcome.FAILED),
        (CallEnding.CANCELED, Outcome.CANCELED),
    ],
)
async def test_a_call_nobody_took_frees_the_agent_at_once(ending: CallEnding, outcome: Outcome) -> None:
    """And the person waits for another try."""
    async with an_office(1) as office:
        await office.tick()
        await office.ends(FIRST, ending)
        assert (await office.attempt(FIRST)).outcome is outcome
        assert {(await office.agent(name)).state for name in ("aoki", "baba")} == {AgentState.READY}
        assert (await office.lead()).state is LeadState.WAITING


async def test_an_agent_who_leaves_before_the_answer_is_replaced() -> None:
    """Away while reserved: off the floor at once, and who picks up is given to another who is ready."""
    async with an_office(1) as office:
        await office.tick()
        await office.told(AgentAway(agent="aoki", **office.now))
        assert (await office.agent()).state is AgentState.AWAY
        instruction = await office.answers(FIRST)
        assert isinstance(instruction, JoinRoom)
        assert instruction.room == "ag-baba"
        await office.talks(FIRST)
        assert (await office.agent("baba")).state is AgentState.TALKING
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        assert (await office.agent()).state is AgentState.AWAY


async def test_when_nobody_is_left_the_notice_is_played() -> None:
    """The only agent left: the person hears who called, and the call counts as abandoned."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.told(AgentAway(agent="aoki", **office.now))
        instruction = await office.answers(FIRST)
        assert isinstance(instruction, PlayNotice)
        assert "みどり園" in instruction.text
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.attempt(FIRST)).outcome is Outcome.ABANDONED
        assert (await office.agent()).state is AgentState.AWAY


@pytest.mark.parametrize("heard", [AnsweredBy.MACHINE, AnsweredBy.FAX])
async def test_a_machine_is_dropped(heard: AnsweredBy) -> None:
    """As soon as it is known for one; the agent needs to write nothing up."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.hears(CallScreened, FIRST, reference=reference_of(FIRST), answered_by=heard)
        assert office.line.hung_up == [HUNG_UP]
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=5)
        assert (await office.attempt(FIRST)).outcome is Outcome.MACHINE
        assert (await office.agent()).state is AgentState.READY


@pytest.mark.parametrize("heard", [AnsweredBy.HUMAN, AnsweredBy.UNKNOWN])
async def test_a_person_is_not_dropped(heard: AnsweredBy) -> None:
    """Nor is whoever might be one."""
    async with an_office(1) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.hears(CallScreened, FIRST, reference=reference_of(FIRST), answered_by=heard)
        assert office.line.hung_up == []


@pytest.mark.parametrize("late", [CallPlaced, CallRinging, CallAnswered])
async def test_a_call_made_after_all_is_hung_up(late: type[CallPlaced]) -> None:
    """We held it for never placed, and now it rings: it is ended, and recorded for the officer."""
    async with an_office(1) as office:
        await office.engine.tick()
        office.go(seconds=3)
        await office.engine.settle()
        assert (await office.attempt(FIRST)).state is AttemptState.OVER
        instruction = await office.hears(late, FIRST, reference=reference_of(FIRST))
        assert instruction in {None, Release()}
        assert office.line.hung_up == [HUNG_UP]
        assert (
            await office.attempt(FIRST)
        ).outcome is Outcome.UNKNOWN  # a phone may have rung: it counts as a contact
        outcomes = [json.loads(entry.body)["outcome"] for entry in await office.ledger("concluded")]
        assert outcomes == ["not_placed", "unknown"]
        assert len(await office.ledger("ignored")) == 1


async def test_the_same_word_of_the_carrier_twice_is_one() -> None:
    """A callback delivered twice changes nothing and is sealed once."""
    async with an_office(1) as office:
        await office.tick()
        facts = {"attempt": FIRST, "reference": reference_of(FIRST), **office.now}
        over = CallEnded(ending=CallEnding.BUSY, **facts)
        for _ in range(2):
            await office.told(over)
        assert len(await office.ledger("concluded")) == 1
        assert (await office.lead()).tries == 1


async def test_a_key_pressed_in_the_notice_is_an_opt_out() -> None:
    """Person, numbers and mailbox, every channel, at once; the lead is done when the call is."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.told(AgentAway(agent="aoki", **office.now))
        await office.answers(FIRST)
        await office.hears(CallOptedOut, FIRST, reference=reference_of(FIRST))
        assert await everywhere(office) == the_first_person()
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.lead()).ending is Ending.OPTED_OUT


async def mailed(office: Office) -> None:
    """The first person was sent a mail."""
    await office.write(on_mail_step)
    await office.tick()
    assert [order.attempt for order in office.post.sent] == [FIRST]


@pytest.mark.parametrize(("word", "facts"), [(MailUnsubscribed, {"how": "page"}), (MailComplained, {})])
async def test_who_unsubscribes_is_never_contacted_again(
    word: type[MailComplained], facts: dict[str, str]
) -> None:
    """On any channel, by any address; the lead ends, and the ledger has each entry."""
    async with an_office(1) as office:
        await mailed(office)
        await office.hears(word, FIRST, **facts)
        assert await everywhere(office) == the_first_person()
        lead = await office.lead()
        assert (lead.state, lead.ending) == (LeadState.DONE, Ending.OPTED_OUT)
        assert len(await office.ledger("suppressed")) == len(the_first_person())


async def test_who_answers_a_mail_is_done() -> None:
    """They asked to be contacted: a person does that, not the list. Nobody is suppressed."""
    async with an_office(1) as office:
        await mailed(office)
        await office.hears(MailAnswered, FIRST)
        lead = await office.lead()
        assert (lead.state, lead.ending, lead.due) == (LeadState.DONE, Ending.ANSWERED, None)
        assert await office.suppressions() == []


@pytest.mark.parametrize(
    ("word", "facts", "ending"),
    [
        (MailAnswered, {}, Ending.ANSWERED),
        (MailUnsubscribed, {"how": "page"}, Ending.OPTED_OUT),
    ],
)
async def test_a_mails_answer_outlives_the_call_that_was_ringing(
    word: type[MailAnswered], facts: dict[str, str], ending: Ending
) -> None:
    """Answered or unsubscribed while the phone rings: the call's end does not put the person back on the list."""
    campaign = the_campaign()
    call, mail = campaign.steps
    steps = (mail.model_copy(update={"after": mail.after * 0}), call)
    async with an_office(1, campaign=campaign.model_copy(update={"steps": steps})) as office:
        await office.tick()
        await office.after(seconds=1)
        assert [order.attempt for order in office.line.placed] == [AGAIN]
        await office.rings(AGAIN)
        await office.hears(word, FIRST, **facts)
        await office.ends(AGAIN)
        lead = await office.lead()
        assert (lead.state, lead.ending) == (LeadState.DONE, ending)
        assert (await office.attempt(AGAIN)).state is AttemptState.OVER


async def test_a_call_made_after_all_does_not_end_the_next_try() -> None:
    """The second try, on the campaign's only step, is under way: its lead is not done before that is."""
    one_step = the_campaign().model_copy(update={"steps": the_campaign().steps[:1]})
    async with an_office(1, agents=["aoki"], campaign=one_step) as office:
        await office.engine.tick()
        office.go(seconds=3)
        await office.engine.settle()
        due = (await office.lead()).due
        assert due is not None
        office.clock.advance_to(due)
        await office.tick()
        assert (await office.lead()).state is LeadState.TRYING
        await office.rings(FIRST)
        assert [order.attempt for order in office.line.hung_up] == [FIRST]
        assert (await office.lead()).state is LeadState.TRYING
