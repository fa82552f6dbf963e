"""One callback of each kind, byte for byte as it would arrive, and the event that it becomes, or that it becomes none.

The files are written after the fields that Twilio documents and that public samples show, for fictional numbers; no
account was there to record them from.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from multidict import MultiDict

from dialer.events import (
    AgentJoined,
    AgentLeft,
    AnsweredBy,
    CallAnswered,
    CallConnected,
    CallDialed,
    CallEnded,
    CallEnding,
    CallOptedOut,
    CallPlaced,
    CallRecorded,
    CallRinging,
    CallScreened,
    Event,
)
from dialer.nonce import nonce_for
from dialer.orders import JoinRoom
from tests.adapters.twilio.builders import ATTEMPT, NOW, PUBLIC, SECRET, Recorder, a_door, path, signed

FOLDER = Path(__file__).parent / "payloads"
SID = "CA3f0c6a2f5f7d4b6c8e9d0a1b2c3d4e5f"
LEG = "CA0b1c2d3e4f5a69788796a5b4c3d2e1f0"
RECORDING = "RE7c1e5b9a3d8f4c6082b4e6d8f0a1c3e5"
URL = f"https://api.twilio.com/2010-04-01/Accounts/AC{'a' * 32}/Recordings/{RECORDING}"
JOIN = f"/twilio/agents/sato/{nonce_for(SECRET, 'agent', 'sato')}/join"


def told(kind: type[Any], what: str, **facts: Any) -> Event:
    """The event of our call."""
    event: Event = kind(key=f"{SID}:{what}", at=NOW, attempt=ATTEMPT, reference=SID, **facts)
    return event


def ended(status: str, ending: CallEnding, talk_s: int = 0) -> Event:
    """The end of our call."""
    return told(CallEnded, status, ending=ending, talk_s=talk_s)


def screened(by: AnsweredBy, *, greeting_over: bool = False) -> Event:
    """What machine detection found."""
    return told(CallScreened, "screened", answered_by=by, greeting_over=greeting_over)


def recorded(status: str, *, url: str = URL, seconds: int = 0) -> Event:
    """How the recording stands."""
    return CallRecorded(
        key=f"{RECORDING}:{status}",
        at=NOW,
        attempt=ATTEMPT,
        reference=SID,
        recording=RECORDING,
        url=url,
        seconds=seconds,
        status=status,
    )


ANSWERED = told(CallAnswered, "answered")
BECOMES: dict[str, Event | None] = {
    "status-queued": told(CallPlaced, "placed"),
    "status-initiated": told(CallDialed, "dialed"),
    "status-ringing": told(CallRinging, "ringing"),
    "status-foreign": told(CallRinging, "ringing"),
    "status-answered": None,
    "status-completed": ended("completed", CallEnding.COMPLETED, 43),
    "status-completed-recorded": ended("completed", CallEnding.COMPLETED, 43),
    "status-busy": ended("busy", CallEnding.BUSY),
    "status-no-answer": ended("no-answer", CallEnding.NO_ANSWER),
    "status-failed": ended("failed", CallEnding.FAILED),
    "status-canceled": ended("canceled", CallEnding.CANCELED),
    "screened-human": screened(AnsweredBy.HUMAN),
    "screened-machine-start": screened(AnsweredBy.MACHINE),
    "screened-machine-end-beep": screened(AnsweredBy.MACHINE, greeting_over=True),
    "screened-fax": screened(AnsweredBy.FAX),
    "screened-unknown": screened(AnsweredBy.UNKNOWN),
    "recording-in-progress": recorded("in-progress"),
    "recording-completed": recorded("completed", seconds=41),
    "recording-absent": recorded("absent", url=""),
    "recording-processing": None,
    "answer": ANSWERED,
    "answer-screened": ANSWERED,
    "after-conference": None,
    "after-hung-up": None,
    "notice-nine": told(CallOptedOut, "opted-out"),
    "notice-five": None,
    "notice-silence": None,
    "rooms-person-join": told(CallConnected, "connected"),
    "rooms-agent-join": AgentJoined(key=f"{LEG}:joined", at=NOW, agent="sato", reference=LEG),
    "rooms-agent-leave": AgentLeft(key=f"{LEG}:left", at=NOW, agent="sato", reference=LEG),
    **dict.fromkeys(
        (
            "rooms-start",
            "rooms-person-mute",
            "rooms-person-unmute",
            "rooms-person-hold",
            "rooms-person-unhold",
            "rooms-person-modify",
            "rooms-person-speech-start",
            "rooms-person-speech-stop",
            "rooms-announcement-end",
            "rooms-announcement-fail",
            "rooms-person-leave",
            "rooms-end",
        )
    ),
    "fallback-answer-unreachable": ANSWERED,
    "fallback-answer-invalid": None,
    "fallback-after-unreachable": None,
    "join": None,
}
"""What each file becomes; the first word of its name is the door it goes to."""

ASKING = {"answer", "after", "notice", "fallback", "join"}
"""The doors that are answered with a document; the others with nothing."""


def door_of(name: str) -> str:
    """Where a payload goes."""
    door = name.partition("-")[0]
    return {"rooms": "/twilio/rooms", "join": JOIN}.get(door) or path(door)


@pytest.mark.parametrize("name", sorted(BECOMES))
async def test_a_callback_becomes_its_event(name: str) -> None:
    """Signed, sent as it stands, and heard."""
    body = (FOLDER / f"{name}.txt").read_bytes().strip()
    form = MultiDict(parse_qsl(body.decode(), keep_blank_values=True))
    where, receiver = door_of(name), Recorder(JoinRoom(room="ag-4f2a", label=ATTEMPT))
    headers = signed(PUBLIC + where, dict(form)) | {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "I-Twilio-Idempotency-Token": "0b5c1f3e-6d2a-4c7b-9e8f-1a2b3c4d5e6f",
        "User-Agent": "TwilioProxy/1.1",
    }
    async with a_door(receiver) as client:
        answer = await client.post(where, data=body, headers=headers)
        text = await answer.text()
    expected = BECOMES[name]
    assert receiver.events == ([] if expected is None else [expected])
    is_asking = name.partition("-")[0] in ASKING
    assert (answer.status, text.startswith("<?xml")) == ((200, True) if is_asking else (204, False))


def test_every_file_is_looked_at() -> None:
    """Neither a file that nobody expects nor one that is gone."""
    assert {one.stem for one in FOLDER.iterdir()} == set(BECOMES)
