"""Whole calls, from the first callback to the last, in the words of Twilio."""

from collections.abc import Awaitable, Callable

from adapters.twilio.urls import Door
from dialer.reaction import CROSSING
from tests.adapters.twilio.builders import PUBLIC
from tests.adapters.twilio.premises import Line, Premises
from tests.support.engines import reference_of

AGENT = "aoki"


async def unreached(line: Line, status: str, *, rings: bool = True) -> None:
    """Nobody is reached."""
    if rings:
        await line.rings()
    else:
        await line.status("initiated", SequenceNumber="0")
    await line.status(status, SequenceNumber="2", CallDuration="0")


async def talked(line: Line) -> None:
    """Person and agent speak, recorded; the agent writes it up."""
    recording = line.premises.sid("RE")
    assert "<Conference" in await line.answers()
    await line.enters()
    await line.recording(recording, "in-progress")
    await line.at(Door.SCREENED, AnsweredBy="human", MachineDetectionDuration="1840")
    await line.premises.room("participant-leave", line.sid, line.order.attempt)
    assert "<Hangup" in await line.at(Door.AFTER, DialCallStatus="completed", DialBridged="true")
    await line.status("completed", SequenceNumber="3", CallDuration="41", Duration="1")
    await line.premises.office.disposes(line.order.attempt, "interested")
    await line.recording(recording, "completed", RecordingDuration="40", RecordingUrl="https://t.example/r")


async def machine(line: Line) -> None:
    """A machine answers and is dropped; nothing is recorded."""
    await line.answers()
    await line.enters()
    await line.at(Door.SCREENED, AnsweredBy="machine_start", MachineDetectionDuration="3100")
    await line.premises.room("participant-leave", line.sid, line.order.attempt)
    await line.status("completed", SequenceNumber="3", CallDuration="6", Duration="1")
    await line.recording(line.premises.sid("RE"), "absent", RecordingDuration="0")


async def abandoned(line: Line, digits: str) -> None:
    """Nobody is free: the notice is played, and a key is pressed."""
    await line.premises.away(AGENT)
    assert "<Gather" in await line.answers()
    await line.at(Door.NOTICE, query="?language=ja", Digits=digits)
    await line.status("completed", SequenceNumber="3", CallDuration="9", Duration="1")


async def lost(line: Line) -> None:
    """The answer was lost on the way, twice; and the agent's line breaks while they talk."""
    leg = await line.premises.leg(AGENT)
    await line.answers()
    failed = f"{PUBLIC}/twilio/{line.order.attempt}/{line.order.nonce}/answer"
    assert "<Conference" in await line.at(Door.FALLBACK, ErrorCode="11205", ErrorUrl=failed)
    await line.enters()
    await line.premises.room("participant-leave", leg, f"agent.{AGENT}.{leg}")
    await line.status("completed", SequenceNumber="3", CallDuration="20", Duration="1")
    await line.premises.office.disposes(line.order.attempt, "not-now")
    again = await line.premises.leg(AGENT)
    await line.premises.room("participant-leave", again, f"agent.{AGENT}.{again}")


async def crossed(line: Line) -> None:
    """Everything comes backwards, and twice; then nobody waits any more for word of the room."""
    await line.status("completed", SequenceNumber="1", CallDuration="0")
    for status in ("in-progress", "ringing", "initiated", "completed"):
        await line.status(status, SequenceNumber="0", CallDuration="0")
    await line.at(Door.SCREENED, AnsweredBy="human")
    await line.premises.away(AGENT)
    await line.premises.office.after(seconds=CROSSING.total_seconds())


STORIES: list[Callable[[Line], Awaitable[None]]] = [
    lambda line: unreached(line, "busy"),
    lambda line: unreached(line, "no-answer"),
    lambda line: unreached(line, "failed", rings=False),
    lambda line: unreached(line, "canceled", rings=False),
    talked,
    machine,
    lambda line: abandoned(line, "9"),
    lambda line: abandoned(line, "5"),
    lost,
    crossed,
]


async def a_day(premises: Premises, rounds: int = 4) -> None:
    """Live every story that many times, one call after the other."""
    for story in STORIES * rounds:
        await premises.ready(AGENT)
        before = len(premises.office.line.placed)
        await premises.office.after(minutes=2)
        [order] = premises.office.line.placed[before:]
        await story(Line(premises=premises, order=order, sid=reference_of(order.attempt)))
