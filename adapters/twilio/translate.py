"""Twilio's words into our events; nothing else, so that it can be read and tested by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from adapters.twilio import labels
from dialer.events import (
    AgentJoined,
    AgentLeft,
    AnsweredBy,
    CallAnswered,
    CallConnected,
    CallDialed,
    CallEnded,
    CallEnding,
    CallEvent,
    CallKeyed,
    CallOptedOut,
    CallPlaced,
    CallQueued,
    CallRecorded,
    CallRinging,
    CallScreened,
    CallWaited,
)
from dialer.legs import left_key, stay_of
from dialer.line_events import CallMoved, GuestArrived
from dialer.listen_events import ListenerMoved

ENDINGS: Final = {
    "completed": CallEnding.COMPLETED,
    "busy": CallEnding.BUSY,
    "no-answer": CallEnding.NO_ANSWER,
    "failed": CallEnding.FAILED,
    "canceled": CallEnding.CANCELED,
}
_ANSWERED_BY: Final = {"human": AnsweredBy.HUMAN, "fax": AnsweredBy.FAX, "unknown": AnsweredBy.UNKNOWN}


RECORDINGS: Final = frozenset({"in-progress", "completed", "absent"})
# Twilio signs names and values run together, so the fence between the two can be moved under a good signature. A sid
# that must have its length cannot grow or shrink by that: no captured callback becomes the news of another call.
_CALL_SID: Final = re.compile(r"CA[0-9a-fA-F]{32}")
_RECORDING_SID: Final = re.compile(r"RE[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A call as Twilio lists it, in its words; `price` is negative for a charge."""

    sid: str
    status: str
    duration: str | None = None
    answered_by: str | None = None
    price: str | None = None
    price_unit: str | None = None


# Every key is made of the call's sid and of what happened, so that Twilio's repeats, its callbacks and its list
# give one thing one key. Twilio's own Timestamp stays out: it has whole seconds and another clock.


def sid_of(form: Mapping[str, str]) -> str:
    """Return the sid of the call that a callback is about, empty when it names none."""
    return _shaped(form.get("CallSid", ""), _CALL_SID)


def placed(sid: str, attempt: str, at: datetime) -> CallPlaced:
    """Return the event that Twilio has the call: its 201 and `queued` say no more than that."""
    return CallPlaced(key=f"{sid}:placed", at=at, attempt=attempt, reference=sid)


def answered(sid: str, attempt: str, at: datetime) -> CallAnswered:
    """Return the event that the line was picked up and asks what to do."""
    return CallAnswered(key=f"{sid}:answered", at=at, attempt=attempt, reference=sid)


def waited(sid: str, attempt: str, at: datetime) -> CallWaited:
    """Return the event that the line still waits, at `at`."""
    return CallWaited(key=f"{sid}:waited:{at.isoformat()}", at=at, attempt=attempt, reference=sid)


def opted_out(sid: str, attempt: str, at: datetime) -> CallOptedOut:
    """Return the event that the person pressed the key."""
    return CallOptedOut(key=f"{sid}:opted-out", at=at, attempt=attempt, reference=sid)


def keyed(sid: str, key: str, attempt: str, at: datetime) -> CallKeyed:
    """Return the event that the person pressed a key that is not the way out."""
    return CallKeyed(key=f"{sid}:keyed:{key}", at=at, attempt=attempt, reference=sid, pressed=key)


def of_status(form: Mapping[str, str], attempt: str, at: datetime) -> CallEvent | None:
    """Translate a status callback; None for what tells us nothing.

    `in-progress` is such: it is news without a question. Only the answer webhook waits for an instruction, and only
    it may reserve an agent; that the line was picked up is also in the answer webhook and in the final duration.
    """
    sid, status = sid_of(form), form.get("CallStatus", "")
    if not sid:
        return None
    if status == "queued":
        return placed(sid, attempt, at)
    if status == "initiated":
        return CallDialed(key=f"{sid}:dialed", at=at, attempt=attempt, reference=sid)
    if status == "ringing":
        return CallRinging(key=f"{sid}:ringing", at=at, attempt=attempt, reference=sid)
    record = CallRecord(sid=sid, status=status, duration=form.get("CallDuration"))
    return _ended(record, attempt, at) if status in ENDINGS else None


def of_screening(form: Mapping[str, str], attempt: str, at: datetime) -> CallScreened | None:
    """Translate what asynchronous machine detection found."""
    sid, word = sid_of(form), form.get("AnsweredBy", "")
    return _screened(sid, word, attempt, at) if sid and word else None


def of_recording(form: Mapping[str, str], attempt: str, at: datetime) -> CallRecorded | None:
    """Translate how a recording stands; None for what names no call, no recording, or a state we do not know."""
    sid, recording = sid_of(form), _shaped(form.get("RecordingSid", ""), _RECORDING_SID)
    status = form.get("RecordingStatus", "")
    if not sid or not recording or status not in RECORDINGS:
        return None
    return CallRecorded(
        key=f"{recording}:{status}",
        at=at,
        attempt=attempt,
        reference=sid,
        recording=recording,
        url=_address(form.get("RecordingUrl", "")),
        seconds=_seconds(form.get("RecordingDuration")),
        status=status,
    )


def left(sid: str, agent: str, at: datetime, trip: int = 0) -> AgentLeft:
    """Return the event that an agent's leg left their room, which it may have entered again from a trip."""
    stay = stay_of(sid, trip)
    return AgentLeft(key=left_key(stay), at=at, agent=agent, reference=stay)


def of_room(form: Mapping[str, str], at: datetime) -> CallConnected | CallMoved | None:
    """Translate a room's callback: a person who entered carries the attempt as label, and which move it was."""
    sid, (attempt, move) = sid_of(form), labels.person(form.get("ParticipantLabel", ""))
    if form.get("StatusCallbackEvent") != "participant-join" or not sid or not attempt:
        return None
    if move:
        return CallMoved(key=f"{sid}:moved:{move}", at=at, attempt=attempt, reference=sid, move=move)
    return CallConnected(key=f"{sid}:connected", at=at, attempt=attempt, reference=sid)


def of_agents_leg(
    form: Mapping[str, str], agent: str, at: datetime
) -> AgentJoined | AgentLeft | GuestArrived | None:
    """Translate a room's callback about an agent's leg, in their own room or in a colleague's."""
    sid, label, event = sid_of(form), form.get("ParticipantLabel", ""), form.get("StatusCallbackEvent")
    trip, is_home = labels.trip_of(label), labels.guest(label) is None
    if not sid:
        return None
    if event == "participant-leave" and is_home:
        return left(sid, agent, at, trip)
    if event == "participant-join" and trip:
        key = f"{sid}:{'home' if is_home else 'visit'}:{trip}"
        return GuestArrived(key=key, at=at, agent=agent, trip=trip, is_home=is_home, reference=sid)
    if event == "participant-join" and is_home:
        return AgentJoined(key=f"{sid}:joined", at=at, agent=agent, reference=sid)
    return None


def of_listener(form: Mapping[str, str], listener: tuple[str, str], at: datetime) -> ListenerMoved | None:
    """Translate a room's callback about a supervisor's leg."""
    sid, event = sid_of(form), form.get("StatusCallbackEvent")
    if not sid or event not in {"participant-join", "participant-leave"}:
        return None
    supervisor, nonce = listener
    is_in = event == "participant-join"
    key = f"{sid}:{'listens' if is_in else 'listened'}"
    return ListenerMoved(key=key, at=at, supervisor=supervisor, nonce=nonce, reference=sid, is_in=is_in)


def of_record(record: CallRecord, attempt: str, at: datetime) -> tuple[CallEvent, ...]:
    """Return the events, in order, that bring an attempt up to what Twilio's record of its call says.

    A call in progress gets no CallAnswered: nobody waits any more for what we would say.
    """
    events: list[CallEvent] = [placed(record.sid, attempt, at)]
    if record.status == "queued":  # each time that it is seen there
        key = f"{record.sid}:queued:{at.isoformat()}"
        events.append(CallQueued(key=key, at=at, attempt=attempt, reference=record.sid))
    if record.status == "ringing":
        events.append(CallRinging(key=f"{record.sid}:ringing", at=at, attempt=attempt, reference=record.sid))
    if record.answered_by:
        events.append(_screened(record.sid, record.answered_by, attempt, at))
    if record.status in ENDINGS:
        events.append(_ended(record, attempt, at))
    return tuple(events)


def _screened(sid: str, word: str, attempt: str, at: datetime) -> CallScreened:
    by = AnsweredBy.MACHINE if word.startswith("machine") else _ANSWERED_BY.get(word, AnsweredBy.UNKNOWN)
    return CallScreened(
        key=f"{sid}:screened",
        at=at,
        attempt=attempt,
        reference=sid,
        answered_by=by,
        greeting_over=word.startswith("machine_end"),
    )


def cost_of(record: CallRecord) -> tuple[Decimal, str] | None:
    """Return what a call cost, as a positive amount with its currency; None while Twilio has not said both."""
    price = _cost(record.price)
    return (price, record.price_unit) if price is not None and record.price_unit else None


def _ended(record: CallRecord, attempt: str, at: datetime) -> CallEnded:
    price = _cost(record.price)
    return CallEnded(
        key=f"{record.sid}:{record.status}",
        at=at,
        attempt=attempt,
        reference=record.sid,
        ending=ENDINGS[record.status],
        talk_s=_seconds(record.duration),
        price=price,
        currency=record.price_unit if price is not None else None,
    )


def _shaped(sid: str, shape: re.Pattern[str]) -> str:
    return sid if shape.fullmatch(sid) else ""


def _address(text: str) -> str:
    """Return an http(s) address without user, password, query and fragment; empty for anything else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme in {"http", "https"} and host else ""


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _cost(text: str | None) -> Decimal | None:
    """Return what the call cost, as a positive amount."""
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return -amount if amount is not None and amount.is_finite() else None
