"""What people hear who are played a message, which keys they press, and what a machine is left."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from campaigns.answers import Broadcast, Voicemail
from campaigns.campaign import Campaign
from campaigns.dialing import Detection
from campaigns.outcome import Ending, LeadState, Outcome
from campaigns.parts import Text
from campaigns.speech import Audio, Recording, Spoken, Voices
from compliance.terms import Technology
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.events import (
    AgentAway,
    AnsweredBy,
    CallConnected,
    CallEnding,
    CallKeyed,
    CallOptedOut,
    CallScreened,
    ContactSuppressed,
    SwitchTurned,
)
from dialer.hearing import means
from dialer.ordering import call_order
from dialer.orders import (
    ConfirmOptOut,
    Hearing,
    Instruction,
    JoinRoom,
    LeaveMessage,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
)
from dialer.plan import plan
from dialer.reaction import BRIEF, CROSSING
from tests.support.builders import NOON, a_campaign, a_contact, a_due, a_view, rules, the_campaign
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN, a_suppression, an_attempt

FIRST = f"{CAMPAIGN}-1-1"
MESSAGE = Spoken(
    ja="みどり園です。話すには1、不要なら9を押してください。", en="Midorien. 1 to talk, 9 to stop."
)
LEFT = Spoken(ja="みどり園です。またお電話します。", audio=Audio(en="https://sound.example/left.mp3"))


def agentless(**changes: Any) -> Campaign:
    """Our own campaign, with a message in place of agents."""
    pacing = the_campaign().pacing.model_copy(update={"mode": Technology.PRERECORDED})
    options = {"1": "connect", "2": "callback", "3": "opt_out", "9": "opt_out"}
    broadcast = Broadcast.model_validate({"message": MESSAGE, "options": options})
    return a_campaign(**({"pacing": pacing, "broadcast": broadcast} | changes))


def leaving(**changes: Any) -> Campaign:
    """Our own campaign, with a message for machines."""
    return a_campaign(**({"voicemail": Voicemail(message=LEFT)} | changes))


async def pressed(office: Office, key: str) -> Instruction | None:
    """The person presses a key."""
    return await office.hears(CallKeyed, FIRST, reference=reference_of(FIRST), pressed=key)


async def screened(office: Office, who: AnsweredBy, *, over: bool = True) -> None:
    """The carrier says who answered."""
    facts = {"reference": reference_of(FIRST), "answered_by": who, "greeting_over": over}
    await office.hears(CallScreened, FIRST, **facts)


async def test_a_message_is_played_to_whoever_answers() -> None:
    """Nobody is reserved, no agent is needed, and whoever hears it out was not abandoned."""
    async with an_office(1, agents=(), campaign=agentless()) as office:
        await office.tick()
        assert (await office.attempt(FIRST)).agent is None
        instruction = await office.answers(FIRST)
        assert instruction == PlayMessage(
            text=str(MESSAGE.ja),
            language="ja",
            voice="Polly.Takumi-Neural",
            announcement=instruction.announcement if isinstance(instruction, PlayMessage) else None,
        )
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.attempt(FIRST)).outcome is Outcome.SENT
        assert (await office.lead()).step == 1


async def test_a_recorded_message_is_announced_first() -> None:
    """And not again in the agent's room."""
    recording = Recording(record=True, announcement=Spoken(ja="録音します。"))
    async with an_office(1, campaign=agentless(recording=recording)) as office:
        await office.tick()
        instruction = await office.answers(FIRST)
        assert isinstance(instruction, PlayMessage)
        assert instruction.announcement is not None
        assert instruction.announcement.text == "録音します。"
        joined = await pressed(office, "1")
        assert isinstance(joined, JoinRoom)
        assert joined.announcement is None


async def test_1_leads_to_an_agent() -> None:
    """One who is ready: reserved, then talking, then writing up what came of it. Asked twice, the same room."""
    async with an_office(1, agents=("aoki",), campaign=agentless()) as office:
        await office.tick()
        await office.answers(FIRST)
        key = CallKeyed(attempt=FIRST, reference=reference_of(FIRST), pressed="1", **office.now)
        for _ in range(2):
            instruction = await office.told(key)
            assert isinstance(instruction, JoinRoom)
            assert instruction.room == "ag-aoki"
        assert (await office.agent()).state is AgentState.RESERVED
        await office.hears(CallConnected, FIRST, reference=reference_of(FIRST))
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=40)
        assert (await office.agent()).state is AgentState.WRAPPING
        await office.disposes(FIRST, "sold")
        assert (await office.attempt(FIRST)).outcome is Outcome.SOLD


@pytest.mark.parametrize(("key", "agents"), [("1", ()), ("2", ("aoki",))])
async def test_a_callback_is_promised_and_kept(key: str, agents: Sequence[str]) -> None:
    """When nobody is ready, and when one was asked for: the person waits on the list, at no try's cost."""
    async with an_office(1, agents=agents, campaign=agentless()) as office:
        await office.tick()
        await office.answers(FIRST)
        assert await pressed(office, key) == PromiseCallback(language="ja", voice="Polly.Takumi-Neural")
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.attempt(FIRST)).outcome is Outcome.CALLBACK
        lead = await office.lead()
        assert (lead.state, lead.step, lead.step_tries) == (LeadState.WAITING, 0, 0)
        assert lead.due is not None
        assert lead.due > NOON


@pytest.mark.parametrize("key", ["3", "9"])
async def test_never_again_holds_at_once(key: str) -> None:
    """Before the call is over: the entry stands as soon as the key is pressed."""
    async with an_office(1, agents=(), campaign=agentless()) as office:
        await office.tick()
        await office.answers(FIRST)
        assert await pressed(office, key) == ConfirmOptOut(language="ja", voice="Polly.Takumi-Neural")
        assert {entry.number for entry in await office.suppressions()} >= {a_contact().phones[0].number}
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.attempt(FIRST)).outcome is Outcome.OPTED_OUT
        assert (await office.lead()).ending is Ending.OPTED_OUT


@pytest.mark.parametrize("key", ["3", "9"])
@pytest.mark.parametrize("is_over", [True, False], ids=["after the end", "before the answer"])
async def test_never_again_counts_whenever_it_is_told(key: str, is_over: bool) -> None:
    """Who presses a key and hangs up at once: word of the end may overtake word of the key."""
    async with an_office(1, agents=(), campaign=agentless()) as office:
        await office.tick()
        if is_over:
            await office.answers(FIRST)
            await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
            assert (await office.attempt(FIRST)).outcome is Outcome.SENT
        await pressed(office, key)
        assert (await office.attempt(FIRST)).outcome is Outcome.OPTED_OUT
        assert (await office.lead()).ending is Ending.OPTED_OUT
        assert {entry.number for entry in await office.suppressions()} >= {a_contact().phones[0].number}


async def test_a_key_that_means_nothing_ends_the_call() -> None:
    """It changes nothing, and neither does one that comes after the end."""
    async with an_office(1, agents=(), campaign=agentless()) as office:
        await office.tick()
        await office.answers(FIRST)
        assert await pressed(office, "5") == Release()
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert await pressed(office, "1") is None
        assert (await office.attempt(FIRST)).outcome is Outcome.SENT


async def test_who_pressed_1_and_reached_nobody_was_abandoned() -> None:
    """An agent was reserved and the person hung up before the room: that counts."""
    async with an_office(1, agents=("aoki",), campaign=agentless()) as office:
        await office.tick()
        await office.answers(FIRST)
        await pressed(office, "1")
        office.go(seconds=BRIEF.total_seconds() + 1)
        await office.ends(FIRST, CallEnding.COMPLETED)
        await office.after(seconds=CROSSING.total_seconds() - 1)
        assert (await office.attempt(FIRST)).outcome is None  # word of the room may still come
        await office.after(seconds=1)
        assert (await office.attempt(FIRST)).outcome is Outcome.ABANDONED
        assert (await office.agent()).state is AgentState.READY


def test_9_is_never_again_whatever_a_file_says() -> None:
    """Also in a campaign without a message."""
    assert means(the_campaign(), "9") is Outcome.OPTED_OUT
    assert means(the_campaign(), "1") is None


def test_a_message_is_judged_as_a_prerecorded_call() -> None:
    """The question on the ledger says so; in America it is refused without a consent in writing."""
    due = a_due()
    opening = plan(a_view(due, campaign=agentless()), NOON, rules()).openings[0]
    assert opening.ruling.question.technology is Technology.PRERECORDED
    assert opening.agent is None
    audience = the_campaign().audience.model_copy(update={"region": "US"})
    phones = (replace(due.contact.phones[0], number="+12125550123"),)
    american = replace(due, contact=replace(due.contact, phones=phones))
    planned = plan(a_view(american, campaign=agentless(audience=audience)), NOON, rules())
    assert planned.openings == ()
    codes = {
        reason.code.value
        for one in planned.refusals
        for ruling in one.rulings
        for reason in ruling.verdict.reasons
    }
    assert "NO_CONSENT" in codes


def test_lines_limit_a_campaign_without_agents() -> None:
    """`max_lines` alone, since nobody has to be free."""
    pacing = the_campaign().pacing.model_copy(update={"mode": Technology.PRERECORDED, "max_lines": 2})
    campaign = agentless(pacing=pacing)
    view = replace(a_view(*(a_due(place) for place in range(1, 6)), campaign=campaign), agents=())
    fast = rules(carrier={"calls_per_second": 50})
    assert len(plan(view, NOON, fast).openings) == 2


async def test_a_machine_is_left_the_message() -> None:
    """When its greeting is over; the agent is free at once, and the call ends as a machine's."""
    async with an_office(1, agents=("aoki",), campaign=leaving()) as office:
        await office.tick()
        assert office.line.placed[0].hearing.to_the_end
        await office.talks(FIRST)
        await screened(office, AnsweredBy.MACHINE)
        assert office.line.left == [
            LeaveMessage(attempt=FIRST, reference=reference_of(FIRST), message=office.line.left[0].message)
        ]
        assert office.line.left[0].message.text == LEFT.ja
        assert office.line.hung_up == []
        assert (await office.agent()).state is AgentState.READY
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=20)
        done = await office.attempt(FIRST)
        assert (done.outcome, done.note, done.state) == (Outcome.MACHINE, "message left", AttemptState.OVER)


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stop switch", "do not contact"])
async def test_no_message_is_left_once_nobody_may_be_contacted(is_stopped: bool) -> None:
    """An agent listens to the greeting, so the call is not cut off; when the beep comes, the machine is dropped."""
    async with an_office(1, agents=("aoki",), campaign=leaving()) as office:
        await office.tick()
        await office.talks(FIRST)
        if is_stopped:
            await office.told(SwitchTurned(enabled=False, by="mori", **office.now))
        else:
            await office.told(ContactSuppressed(suppression=a_suppression(person="C00001"), **office.now))
        assert office.line.hung_up == []
        await screened(office, AnsweredBy.MACHINE)
        assert (office.line.left, [order.reference for order in office.line.hung_up]) == (
            [],
            [reference_of(FIRST)],
        )


async def test_a_message_is_left_to_a_machine_that_a_broadcast_met() -> None:
    """The message for machines, not the one with keys."""
    async with an_office(1, agents=(), campaign=agentless(voicemail=Voicemail(message=LEFT))) as office:
        await office.tick()
        await office.answers(FIRST)
        await screened(office, AnsweredBy.MACHINE)
        assert [order.message.text for order in office.line.left] == [LEFT.ja]
        await office.ends(FIRST, CallEnding.COMPLETED)
        assert (await office.attempt(FIRST)).outcome is Outcome.MACHINE


@pytest.mark.parametrize(
    ("who", "over", "voicemail"),
    [
        (AnsweredBy.MACHINE, False, Voicemail(message=LEFT)),
        (AnsweredBy.FAX, True, Voicemail(message=LEFT)),
        (AnsweredBy.MACHINE, True, Voicemail(leave=False, message=LEFT)),
        (AnsweredBy.MACHINE, True, None),
    ],
)
async def test_any_other_machine_is_dropped(who: AnsweredBy, over: bool, voicemail: Voicemail | None) -> None:
    """Whose greeting still runs, a fax, and where the campaign leaves nothing."""
    async with an_office(1, campaign=a_campaign(voicemail=voicemail)) as office:
        await office.tick()
        await office.talks(FIRST)
        await screened(office, who, over=over)
        assert office.line.left == []
        assert [order.attempt for order in office.line.hung_up] == [FIRST]


async def test_no_message_is_left_to_whoever_opted_out() -> None:
    """Nor to a line that is over."""
    async with an_office(1, campaign=leaving()) as office:
        await office.tick()
        await office.talks(FIRST)
        await office.hears(CallOptedOut, FIRST, reference=reference_of(FIRST))
        await screened(office, AnsweredBy.MACHINE)
        assert office.line.left == []


def test_the_end_of_a_greeting_is_waited_for_only_where_a_message_may_be_left() -> None:
    """In America the judge refuses a recorded message without consent: a call that goes out there leaves nothing."""
    due, attempt = a_due(), an_attempt(address="+819020000001")
    assert call_order(leaving(), due, attempt, rules()).hearing.to_the_end
    audience = the_campaign().audience.model_copy(update={"region": "US"})
    phones = (replace(due.contact.phones[0], number="+12125550123"),)
    american = replace(due, contact=replace(due.contact, phones=phones))
    there = replace(attempt, address="+12125550123")
    assert not call_order(leaving(audience=audience), american, there, rules()).hearing.to_the_end


def test_the_order_carries_how_machines_are_told() -> None:
    """The campaign's figures, its reason in the person's language, and who is asked when we do not answer."""
    detection = Detection(mode="DetectMessageEnd", speech_threshold=1900, timeout=20)
    pacing = the_campaign().pacing.model_copy(update={"detection": detection})
    facts = {"call_reason": Text(ja="お茶のご案内", en="Tea"), "fallback_url": "https://twiml.example/bin"}
    order = call_order(a_campaign(pacing=pacing, **facts), a_due(), an_attempt(language="en"), rules())
    assert order.hearing == Hearing(to_the_end=True, speech_threshold=1900, timeout_s=20)
    assert (order.reason, order.fallback_url) == ("Tea", "https://twiml.example/bin")
    assert call_order(the_campaign(), a_due(), an_attempt(), rules()).hearing == Hearing()


@pytest.mark.parametrize(
    ("language", "heard", "voice", "audio"),
    [
        ("ja", "ja", "Polly.Kazuha-Neural", None),
        ("en", "en", "Polly.Matthew", "https://sound.example/en.mp3"),
        ("zh", "en", "Polly.Matthew", "https://sound.example/en.mp3"),
    ],
)
async def test_people_hear_their_language_by_its_voice(
    language: str, heard: str, voice: str, audio: str | None
) -> None:
    """The notice too may be played; whoever speaks neither language hears English."""
    notice = Spoken(ja="みどり園です。", en="Midorien.", audio=Audio(en="https://sound.example/en.mp3"))
    voices = Voices(ja="Polly.Kazuha-Neural", en="Polly.Matthew")
    campaign = agentless(broadcast=None, notice=notice, voices=voices)
    async with an_office([a_contact(1, language="ja")], agents=(), campaign=campaign) as office:
        await office.tick()
        attempt = await office.attempt(FIRST)
        await office.write(lambda unit: unit.save_attempt(replace(attempt, language=language), attempt.state))
        instruction = await office.answers(FIRST)
        assert instruction == PlayNotice(text=notice.in_(language), language=heard, voice=voice, audio=audio)


async def test_words_that_are_missing_are_said_in_the_other_language_by_its_voice() -> None:
    """An English voice reads no Japanese."""
    campaign = a_campaign(notice=Spoken(ja="みどり園です。"))
    async with an_office([a_contact(1, language="en")], agents=("aoki",), campaign=campaign) as office:
        await office.tick()
        await office.told(AgentAway(agent="aoki", **office.now))
        instruction = await office.answers(FIRST)
        assert isinstance(instruction, PlayNotice)
        assert (instruction.language, instruction.voice) == ("ja", "Polly.Takumi-Neural")


async def test_music_for_whoever_waits() -> None:
    """The campaign's address goes with them into the room."""
    async with an_office(1, campaign=a_campaign(hold_music="https://sound.example/hold.mp3")) as office:
        await office.tick()
        instruction = await office.answers(FIRST)
        assert isinstance(instruction, JoinRoom)
        assert instruction.music == "https://sound.example/hold.mp3"
