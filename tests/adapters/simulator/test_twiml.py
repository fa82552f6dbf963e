"""TwiML as values."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.twiml import (
    Dial,
    DialOut,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    TwimlInvalid,
    Unknown,
    Verb,
    parse_twiml,
)

HERE = "https://dialer.example/twilio/a/answer?x=1"

GOOD: list[tuple[str, Verb]] = [
    ('<Say language="ja-JP">もしもし</Say>', Say(text="もしもし", language="ja-JP")),
    ("<Say>Hello <emphasis>you</emphasis></Say>", Say(text="Hello you", language="en-US")),
    ('<Play loop="2">/tone.mp3</Play>', Play(url="https://dialer.example/tone.mp3", loop=2)),
    ('<Pause length="3"/>', Pause(seconds=3)),
    ("<Pause/>", Pause(seconds=1)),
    ("<Hangup/>", Hangup()),
    ("<Redirect>next</Redirect>", Redirect(url="https://dialer.example/twilio/a/next")),
    ("<Enqueue>all</Enqueue>", Unknown(verb="Enqueue")),
    ("<Reject/>", Hangup()),
    ("<Dial><Queue>all</Queue></Dial>", Unknown(verb="Dial to Queue")),
    ("<Dial>+819012345678</Dial>", DialOut(number="+819012345678", timeout_s=30, action=None)),
    (
        '<Dial timeout="9" action="/on"><Number>+819012345678</Number></Dial>',
        DialOut(number="+819012345678", timeout_s=9, action="https://dialer.example/on"),
    ),
    ("<Dial><Client>aoki</Client></Dial>", DialOut(number=None, timeout_s=30, action=None)),
    (
        '<Record maxLength="60" timeout="3" action="/on"/>',
        Record(action="https://dialer.example/on", most_s=60, quiet_s=3),
    ),
    (
        '<Gather numDigits="1" action="key" timeout="4" actionOnEmptyResult="true"><Say>Press 9</Say></Gather>',
        Gather(
            prompts=(Say(text="Press 9", language="en-US"),),
            action="https://dialer.example/twilio/a/key",
            digits=1,
            timeout_s=4,
            on_empty=True,
        ),
    ),
]


@pytest.mark.parametrize(("text", "verb"), GOOD)
def test_a_verb_is_read(text: str, verb: Verb) -> None:
    """Each verb comes out as a value, its addresses made absolute."""
    assert parse_twiml(f"<Response>{text}</Response>", HERE) == (verb,)


def test_a_room_is_read_with_all_its_terms() -> None:
    """Whatever a conference says about entering, leaving and reporting is kept."""
    (dial,) = parse_twiml(
        '<Response><Dial answerOnBridge="true" action="/after"><Conference startConferenceOnEnter="true" '
        'endConferenceOnExit="true" beep="false" waitUrl="" jitterBufferSize="small" region="jp1" '
        'participantLabel="a-1" statusCallback="/rooms" statusCallbackEvent="join leave">ag-1</Conference></Dial>'
        "</Response>",
        HERE,
    )
    assert isinstance(dial, Dial)
    assert dial.action == "https://dialer.example/after"
    room = dial.conference
    assert (room.name, room.label, room.starts, room.ends, room.beep) == ("ag-1", "a-1", True, True, "false")
    assert (room.wait_url, room.jitter, room.most, room.muted) == ("", "small", 250, False)
    assert room.status_callback == "https://dialer.example/rooms"
    assert set(room.status_events) == {"join", "leave"}


BAD: list[tuple[str, int]] = [
    ("", 12100),
    ("hello", 12100),
    ("<Response><Say></Response>", 12100),
    ("<!DOCTYPE x [<!ENTITY y 'z'>]><Response>&y;</Response>", 12100),
    ("<Html/>", 12200),
    ('<Response><Pause length="soon"/></Response>', 12200),
    ('<Response><Pause length="-1"/></Response>', 12200),
    ('<Response><Pause length="nan"/></Response>', 12200),
    ("<Response><Dial><Conference> </Conference></Dial></Response>", 13237),
    *(
        (f"<Response><Dial><Conference {attribute}>r</Conference></Dial></Response>", code)
        for attribute, code in (
            ('muted="no"', 13230),
            ('endConferenceOnExit="1"', 13231),
            ('startConferenceOnEnter="yes"', 13232),
            ('waitUrl="ftp://x/y"', 13233),
            ('waitUrl="/m" waitMethod="PUT"', 13234),
            ('beep="loud"', 13235),
            (f'participantLabel="{"x" * 129}"', 16023),
            ('participantLabel="a/b"', 16023),
            (f'participantLabel="CA{"0" * 32}"', 16023),
            ('jitterBufferSize="huge"', 12200),
            ('maxParticipants="1"', 12200),
            ('maxParticipants="251"', 12200),
        )
    ),
    ("<Response><Dial>090-1234</Dial></Response>", 13223),
    (f"<Response><Say>{'x' * 70_000}</Say></Response>", 11750),
]


@pytest.mark.parametrize(("text", "code"), BAD)
def test_a_broken_document_has_twilios_code(text: str, code: int) -> None:
    """What cannot be executed is refused with the code Twilio's debugger would show."""
    with pytest.raises(TwimlInvalid) as caught:
        parse_twiml(text, HERE)
    assert caught.value.code == code


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text whatever does anything but come out as verbs or as a refusal."""
    with suppress(TwimlInvalid):
        assert isinstance(parse_twiml(text, HERE), tuple)
