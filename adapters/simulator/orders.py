"""An order to dial as a client's form gives it: read whole, or refused with Twilio's code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.simulator import refusals
from adapters.simulator.detection import Tuning, read_tuning
from adapters.simulator.refusals import Refusal

Form = Mapping[str, list[str]]
"""A form's values by name; a name may come more than once."""

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SIP = re.compile(r"sips?:[^@\s]+@[^@\s]+")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})
_LONGEST_TWIML = 4000
_METHODS = frozenset({"GET", "POST"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTerms:
    """How a call is recorded, and where that is reported."""

    channels: str = "mono"
    track: str = "both"
    callback: str | None = None
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """What a client asked for when it created the call."""

    to: str
    sender: str
    url: str | None = None
    method: str = "POST"
    fallback_url: str | None = None
    twiml: str | None = None
    status_callback: str | None = None
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    timeout_s: int = 60
    time_limit_s: int = 14400
    detection: Tuning | None = None
    recording: RecordingTerms | None = None


def read_request(form: Form) -> CallRequest | Refusal:
    """Return what a form asks for, or Twilio's error for it (twilio.md §1.1, §1.6)."""
    one = {name: values[-1] for name, values in form.items()}
    wrong = _wrong_numbers(one) or _wrong_instructions(one) or _wrong_callback(one)
    if wrong is not None:
        return wrong
    timeout, limit = one.get("Timeout", "60"), one.get("TimeLimit", "14400")
    if not timeout.isdecimal() or not 1 <= int(timeout) <= 600:
        return refusals.BAD_TIMEOUT
    if not limit.isdecimal():
        return refusals.BAD_PARAMETER
    events = _events(form, "StatusCallbackEvent")
    if not _EVENTS.issuperset(events):
        return refusals.BAD_EVENT
    detection, recording = read_tuning(one), _recording(form, one)
    if isinstance(detection, Refusal):
        return detection
    if isinstance(recording, Refusal):
        return recording
    return CallRequest(
        to=one["To"],
        sender=one["From"],
        url=one.get("Url"),
        method=one.get("Method", "POST"),
        fallback_url=one.get("FallbackUrl"),
        twiml=None if "Url" in one else one.get("Twiml"),
        status_callback=one.get("StatusCallback"),
        status_method=one.get("StatusCallbackMethod", "POST"),
        status_events=events,
        timeout_s=int(timeout),
        time_limit_s=int(limit),
        detection=detection,
        recording=recording,
    )


def from_journal(kept: Mapping[str, Any]) -> CallRequest:
    """Return the request that `dataclasses.asdict` and JSON kept."""
    detection, recording = kept.get("detection"), kept.get("recording")
    terms = RecordingTerms(**(recording | {"events": tuple(recording["events"])})) if recording else None
    parts = {
        "status_events": tuple(kept["status_events"]),
        "detection": Tuning(**detection) if detection else None,
        "recording": terms,
    }
    return CallRequest(**{**kept, **parts})


def _events(form: Form, name: str) -> tuple[str, ...]:
    """Return the events subscribed to: the parameter once for each, or all in one."""
    return tuple(event for values in form.get(name, ["completed"]) for event in values.split())


def _recording(form: Form, one: Mapping[str, str]) -> RecordingTerms | Refusal | None:
    """Return how to record, None for not at all."""
    if one.get("Record", "false").lower() != "true":
        return None
    terms = RecordingTerms(
        channels=one.get("RecordingChannels", "mono"),
        track=one.get("RecordingTrack", "both"),
        callback=one.get("RecordingStatusCallback"),
        method=one.get("RecordingStatusCallbackMethod", "POST"),
        events=_events(form, "RecordingStatusCallbackEvent"),
    )
    is_known = (
        terms.channels in {"mono", "dual"}
        and terms.track in {"inbound", "outbound", "both"}
        and one.get("Trim", "trim-silence") in {"trim-silence", "do-not-trim"}
        and _RECORDING_EVENTS.issuperset(terms.events)
        and terms.method in _METHODS
    )
    return terms if is_known else refusals.BAD_PARAMETER


def _wrong_numbers(one: Mapping[str, str]) -> Refusal | None:
    """Return the error for To and From, if any."""
    to, sender = one.get("To", ""), one.get("From", "")
    if not to:
        return refusals.NO_TO
    if not sender:
        return refusals.NO_FROM
    if to in refusals.MAGIC_TO:
        return refusals.MAGIC_TO[to]
    if not (_E164.fullmatch(to) or _SIP.fullmatch(to)) or to == sender:
        return refusals.BAD_TO
    return refusals.MAGIC_FROM.get(sender) or (None if _E164.fullmatch(sender) else refusals.BAD_FROM)


def _wrong_instructions(one: Mapping[str, str]) -> Refusal | None:
    """Return the error for the source of instructions, if any."""
    if "ApplicationSid" in one:
        return refusals.BAD_APPLICATION
    if one.get("Method", "POST") not in _METHODS:
        return refusals.BAD_METHOD
    url = one.get("Url")
    if url is not None:
        return None if url.startswith(("http://", "https://")) else refusals.BAD_URL
    if not one.get("Twiml"):
        return refusals.BAD_URL
    return refusals.BAD_PARAMETER if len(one["Twiml"]) > _LONGEST_TWIML else None


def _wrong_callback(one: Mapping[str, str]) -> Refusal | None:
    """Return the error for the address of status callbacks: no web address, or a host's name with an underscore."""
    if one.get("StatusCallbackMethod", "POST") not in _METHODS:
        return refusals.BAD_METHOD
    url = one.get("StatusCallback")
    if url is None:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    is_good = host is not None and "_" not in host and url.startswith(("http://", "https://"))
    return None if is_good else refusals.BAD_CALLBACK
