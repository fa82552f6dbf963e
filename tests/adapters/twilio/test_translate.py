"""Twilio's words, and the events they become."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio import translate
from adapters.twilio.translate import CallRecord
from dialer.events import (
    AnsweredBy,
    CallConnected,
    CallDialed,
    CallEnded,
    CallEnding,
    CallPlaced,
    CallRinging,
)
from tests.adapters.twilio.builders import ATTEMPT, NOW, SID, a_form


def test_a_dequeued_call_is_dialled() -> None:
    """`initiated` is the first word that it no longer queues."""
    event = translate.of_status(a_form(CallStatus="initiated"), ATTEMPT, NOW)
    assert event == CallDialed(key=f"{SID}:dialed", at=NOW, attempt=ATTEMPT, reference=SID)


def test_a_taken_call_is_placed() -> None:
    """It says that Twilio has the call, as its 201 does: one key for both."""
    event = translate.of_status(a_form(CallStatus="queued"), ATTEMPT, NOW)
    assert event == CallPlaced(key=f"{SID}:placed", at=NOW, attempt=ATTEMPT, reference=SID)


def test_a_ringing_call_rings() -> None:
    """The event's time is ours, not Twilio's Timestamp."""
    event = translate.of_status(a_form(Timestamp="Mon, 01 Jan 2001 00:00:00 +0000"), ATTEMPT, NOW)
    assert event == CallRinging(key=f"{SID}:ringing", at=NOW, attempt=ATTEMPT, reference=SID)


@pytest.mark.parametrize("status", ["in-progress", "", "something-new"])
def test_news_without_a_question_is_no_event(status: str) -> None:
    """That a line was picked up is said by the answer webhook, which waits for what to do."""
    assert translate.of_status(a_form(CallStatus=status), ATTEMPT, NOW) is None


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        ("completed", CallEnding.COMPLETED),
        ("busy", CallEnding.BUSY),
        ("no-answer", CallEnding.NO_ANSWER),
        ("failed", CallEnding.FAILED),
        ("canceled", CallEnding.CANCELED),
    ],
)
def test_every_end_is_an_end(status: str, ending: CallEnding) -> None:
    """Each terminal status; seconds come from CallDuration (Duration is minutes, rounded up)."""
    form = a_form(CallStatus=status, CallDuration="61", Duration="2")
    assert translate.of_status(form, ATTEMPT, NOW) == CallEnded(
        key=f"{SID}:{status}", at=NOW, attempt=ATTEMPT, reference=SID, ending=ending, talk_s=61
    )


def test_callbacks_and_the_list_give_one_key() -> None:
    """The same end told by a callback and found in the list is one event."""
    for status in translate.ENDINGS:
        told = translate.of_status(a_form(CallStatus=status), ATTEMPT, NOW)
        found = translate.of_record(CallRecord(sid=SID, status=status), ATTEMPT, NOW)[-1]
        assert told
        assert told.key == found.key


@pytest.mark.parametrize(
    ("word", "by"),
    [
        ("human", AnsweredBy.HUMAN),
        ("fax", AnsweredBy.FAX),
        ("unknown", AnsweredBy.UNKNOWN),
        ("machine_start", AnsweredBy.MACHINE),
        ("machine_end_beep", AnsweredBy.MACHINE),
        ("machine_end_silence", AnsweredBy.MACHINE),
        ("machine_end_other", AnsweredBy.MACHINE),
        ("robot", AnsweredBy.UNKNOWN),
    ],
)
def test_who_answered(word: str, by: AnsweredBy) -> None:
    """Every machine is a machine; a word we do not know is no machine, since machines are hung up on."""
    event = translate.of_screening(a_form(AnsweredBy=word), ATTEMPT, NOW)
    assert event
    assert event.answered_by is by
    assert event.greeting_over is word.startswith("machine_end")


def test_entering_a_room_connects() -> None:
    """The label names the attempt; leaving, and every other event of a room, is nothing to a call."""
    form = a_form(StatusCallbackEvent="participant-join", ParticipantLabel=ATTEMPT)
    assert translate.of_room(form, NOW) == CallConnected(
        key=f"{SID}:connected", at=NOW, attempt=ATTEMPT, reference=SID
    )
    for other in ("participant-leave", "participant-mute", "conference-start", "conference-end", ""):
        assert translate.of_room(form | {"StatusCallbackEvent": other}, NOW) is None
    assert translate.of_room(form | {"ParticipantLabel": ""}, NOW) is None


@pytest.mark.parametrize(
    ("price", "cost"),
    [("-0.0215", Decimal("0.0215")), (None, None), ("", None), ("free", None), ("NaN", None), ("-inf", None)],
)
def test_what_a_call_cost(price: str | None, cost: Decimal | None) -> None:
    """A charge is negative in Twilio's books, positive in ours; what is no amount is none."""
    end = translate.of_record(CallRecord(sid=SID, status="completed", price=price), ATTEMPT, NOW)[-1]
    assert isinstance(end, CallEnded)
    assert end.price == cost


WORDS = st.sampled_from(
    ["", "queued", "ringing", "in-progress", "completed", "busy", "human", "machine_start"]
)
FORMS = st.dictionaries(
    st.sampled_from(
        ["CallSid", "CallStatus", "CallDuration", "AnsweredBy", "ParticipantLabel", "StatusCallbackEvent"]
    ),
    WORDS | st.text(max_size=12),
)


@given(form=FORMS)
def test_no_form_raises_and_every_event_is_known_by_its_call(form: dict[str, str]) -> None:
    """Whatever is signed is translated or passed over; an event's key begins with the call's sid."""
    events = [
        translate.of_status(form, ATTEMPT, NOW),
        translate.of_screening(form, ATTEMPT, NOW),
        translate.of_room(form, NOW),
    ]
    for event in events:
        if event is not None:
            assert event.key.startswith(form["CallSid"] + ":")
            assert event.at == NOW
            if isinstance(event, CallEnded):
                assert event.talk_s >= 0


@given(
    status=st.text(max_size=12) | st.sampled_from(sorted(translate.ENDINGS)),
    duration=st.none() | st.text(max_size=5),
    price=st.none() | st.text(max_size=8),
)
def test_no_record_raises(status: str, duration: str | None, price: str | None) -> None:
    """A record of Twilio's is always placed, and over at most once, at the end."""
    record = CallRecord(sid=SID, status=status, duration=duration, price=price)
    events = translate.of_record(record, ATTEMPT, NOW)
    assert isinstance(events[0], CallPlaced)
    assert all(not isinstance(event, CallEnded) for event in events[:-1])
    assert len({event.key for event in events}) == len(events)
