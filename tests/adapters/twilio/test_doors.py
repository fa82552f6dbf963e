"""The doors beside the call's own life: recordings, and what is asked when another door has failed."""

import pytest
from structlog.testing import capture_logs

from adapters.twilio import translate
from dialer.events import CallAnswered, CallOptedOut
from dialer.orders import Instruction, JoinRoom, PlayNotice, Release
from tests.adapters.twilio.builders import (
    ATTEMPT,
    NONCE,
    NOW,
    PUBLIC,
    SID,
    TO,
    Recorder,
    a_door,
    a_form,
    path,
    tell,
)

ANSWER = PUBLIC + path("answer")
NOTICE = PlayNotice(text="Aoba called.", language="en")
JOIN = JoinRoom(room="ag-4f2a", label=ATTEMPT)
RECORDING = {"RecordingSid": "RE" + "2" * 32, "RecordingStatus": "completed", "RecordingDuration": "12"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.twilio.com/a/RE1", "https://api.twilio.com/a/RE1"),
        ("https://AC1:token@api.twilio.com:443/a?key=1#f", "https://api.twilio.com:443/a"),
        ("https://", ""),
        ("", ""),
        ("ftp://x/y", ""),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
    ],
)
def test_a_recordings_address_holds_no_secrets(given: str, kept: str) -> None:
    """Nor is it anything but an address of the web."""
    event = translate.of_recording(a_form(**RECORDING, RecordingUrl=given), ATTEMPT, NOW)
    assert event
    assert event.url == kept


@pytest.mark.parametrize(
    "changes",
    [{"CallSid": ""}, {"RecordingSid": ""}, {"RecordingSid": "RE1"}, {"RecordingStatus": "deleted"}],
    ids=str,
)
def test_a_recording_of_nothing_is_no_event(changes: dict[str, str]) -> None:
    """No call, no recording, or a state that we know nothing of."""
    assert translate.of_recording(a_form(**(RECORDING | changes)), ATTEMPT, NOW) is None


@pytest.mark.parametrize("sid", ["", "CA1", SID + "0", "AC" + "1" * 32, "CA" + "g" * 32, SID + "\n"])
@pytest.mark.parametrize("door", ["answer", "status", "screened", "notice", "recording", "fallback"])
async def test_a_callback_that_names_no_call_is_nothing(door: str, sid: str) -> None:
    """Twilio's signature does not say where a name ends and its value begins: a sid has its shape, or is none."""
    receiver = Recorder(JOIN)
    form = a_form(
        CallSid=sid, AnsweredBy="human", Digits="9", ErrorCode="11200", ErrorUrl=ANSWER, **RECORDING
    )
    async with a_door(receiver) as client:
        status, text = await tell(client, path(door), form)
    assert receiver.events == []
    assert status == 204 or "<Hangup />" in text


@pytest.mark.parametrize(
    ("instruction", "element"),
    [(JOIN, "<Conference"), (NOTICE, "Aoba called."), (Release(), "<Hangup />"), (None, "<Hangup />")],
    ids=["room", "notice", "release", "nothing"],
)
async def test_a_line_that_could_not_ask_asks_once_more(
    instruction: Instruction | None, element: str
) -> None:
    """Its answer was lost on the way; the same key, so that an answer that did come counts once."""
    receiver = Recorder(instruction)
    form = a_form(CallStatus="in-progress", ErrorCode="11205", ErrorUrl=f"{ANSWER}?x=1#rc=2")
    async with a_door(receiver) as client:
        status, text = await tell(client, path("fallback"), form)
    assert (status, element in text) == (200, True)
    assert receiver.events == [CallAnswered(key=f"{SID}:answered", at=NOW, attempt=ATTEMPT, reference=SID)]


@pytest.mark.parametrize(
    ("code", "failed"),
    [
        ("12100", ANSWER),
        ("11200", PUBLIC + path("after")),
        ("11200", PUBLIC + path("notice") + "?language=ja"),
        ("11200", ""),
        ("", ANSWER),
        ("11200", "https://[" + TO),
    ],
)
async def test_any_other_failure_ends_the_call(code: str, failed: str) -> None:
    """A document that cannot be executed, or a door behind the first: nobody is put into a room twice."""
    receiver = Recorder(JOIN)
    async with a_door(receiver) as client:
        status, text = await tell(client, path("fallback"), a_form(ErrorCode=code, ErrorUrl=failed))
    assert (status, "<Hangup />" in text, receiver.events) == (200, True, [])


@pytest.mark.parametrize(
    ("code", "logged"), [("11205", 11205), ("", None), ("１１", None), ("1\n2 CRITICAL", None)]
)
async def test_the_error_code_is_logged_and_no_person(code: str, logged: int | None) -> None:
    """A number, or nothing: what else stands there may be anybody's words."""
    with capture_logs() as logs:
        async with a_door(Recorder(JOIN)) as client:
            await tell(client, path("fallback"), a_form(ErrorCode=code, ErrorUrl=ANSWER))
    [line] = [line for line in logs if line["event"] == "carrier_fell_back"]
    assert (line["attempt"], line["code"]) == (ATTEMPT, logged)
    assert TO not in str(logs)
    assert NONCE not in str(logs)


async def test_the_key_pressed_after_a_fallback_still_opts_out() -> None:
    """The notice that the fallback plays leads to the same door."""
    receiver = Recorder(NOTICE)
    async with a_door(receiver) as client:
        _, text = await tell(client, path("fallback"), a_form(ErrorCode="11200", ErrorUrl=ANSWER))
        assert path("notice") in text
        await tell(client, path("notice"), a_form(Digits="9"))
    assert isinstance(receiver.events[-1], CallOptedOut)


@pytest.mark.parametrize("door", ["notice", "keyed"])
async def test_the_way_out_counts_when_its_own_door_failed(door: str) -> None:
    """The key was pressed and could not be told: Twilio asks here with the same key, and nobody is called again."""
    receiver, failed = Recorder(JOIN), f"{ANSWER.rpartition('/')[0]}/{door}?language=en"
    async with a_door(receiver) as client:
        told = a_form(ErrorCode="11200", ErrorUrl=failed, Digits="9")
        status, text = await tell(client, path("fallback"), told)
    assert (status, "We will not call you again" in text or "今後" in text) == (200, True)
    assert [type(event) for event in receiver.events] == [CallOptedOut]
