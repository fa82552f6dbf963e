"""Attributes of TwiML: flags, numbers, and all that says how a room is entered."""

import re
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from adapters.simulator.verbs import Conference, Dial, DialOut, TwimlInvalid, Unknown, Verb

_BEEPS = frozenset({"true", "false", "onEnter", "onExit"})
_JITTERS = frozenset({"off", "small", "medium", "large"})
_CALL_SID = re.compile("CA[0-9a-f]{32}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_LABEL, _MOST = 128, 250


def dial_of(element: ET.Element, url: str) -> Verb:
    """Return the joining of a room, or the putting through to a number or a client; no queues, no SIP, no two at once.

    Raises TwimlInvalid with the code of the attribute at fault: 13230 to 13237, 16023, or 12200 for those without one.
    """
    room = element.find("Conference")
    if room is None:
        return _dial_out(element, url)
    name = (room.text or "").strip()
    if not name:
        raise TwimlInvalid(13237, "<Conference> has no name")
    action, callback = element.get("action"), room.get("statusCallback")
    conference = Conference(
        name=name,
        label=_label(room.get("participantLabel")),
        starts=flag_of(room, "startConferenceOnEnter", default=True, code=13232),
        ends=flag_of(room, "endConferenceOnExit", default=False, code=13231),
        beep=_choice(room, "beep", "true", _BEEPS, 13235),
        wait_url=_wait_url(room, url),
        status_callback=urljoin(url, callback) if callback else None,
        status_events=frozenset(room.get("statusCallbackEvent", "start end").split()),
        muted=flag_of(room, "muted", default=False, code=13230),
        jitter=_choice(room, "jitterBufferSize", "large", _JITTERS, 12200),
        most=_most(room),
        coaches=room.get("coach"),
    )
    return Dial(conference=conference, action=urljoin(url, action) if action else None)


def _dial_out(element: ET.Element, url: str) -> Verb:
    """Return the dialling of another leg. Raises TwimlInvalid 13223 for what is no number in E.164."""
    nouns, action = list(element), element.get("action")
    if len(nouns) > 1 or any(noun.tag not in {"Number", "Client"} for noun in nouns):
        return Unknown(verb=f"Dial to {', '.join(noun.tag for noun in nouns)}")
    number = None
    if not nouns or nouns[0].tag == "Number":
        number = ((nouns[0].text if nouns else element.text) or "").strip()
        if not _E164.fullmatch(number):
            raise TwimlInvalid(13223, f"{number!r} is no phone number")
    return DialOut(
        number=number,
        timeout_s=number_of(element, "timeout", 30),
        action=urljoin(url, action) if action else None,
    )


def _label(label: str | None) -> str | None:
    """Return a participant's label, which must not be long, nor look like a call's SID, nor hold a slash."""
    if label is not None and (len(label) > _LONGEST_LABEL or _CALL_SID.fullmatch(label) or "/" in label):
        raise TwimlInvalid(16023, f"participantLabel is {label[:140]!r}")
    return label


def _wait_url(room: ET.Element, url: str) -> str | None:
    """Return what is heard while waiting, as an absolute address."""
    text = room.get("waitUrl")
    if not text:
        return text
    absolute = urljoin(url, text)
    if not absolute.startswith(("http://", "https://")):
        raise TwimlInvalid(13233, f"waitUrl is {text!r}")
    if room.get("waitMethod", "POST") not in {"GET", "POST"}:
        raise TwimlInvalid(13234, f"waitMethod is {room.get('waitMethod')!r}")
    return absolute


def _most(room: ET.Element) -> int:
    """Return how many a room holds."""
    most = number_of(room, "maxParticipants", _MOST)
    if not 2 <= most <= _MOST:
        raise TwimlInvalid(12200, "maxParticipants is not between 2 and 250")
    return int(most)


def _choice(element: ET.Element, name: str, default: str, choices: frozenset[str], code: int) -> str:
    """Return an attribute that is one of a few words."""
    value = element.get(name, default)
    if value not in choices:
        raise TwimlInvalid(code, f"{name} is {value!r}")
    return value


def flag_of(element: ET.Element, name: str, *, default: bool, code: int = 12200) -> bool:
    """Return a true/false attribute. Raises TwimlInvalid with `code` for anything else."""
    value = element.get(name)
    if value is None:
        return default
    if value not in {"true", "false"}:
        raise TwimlInvalid(code, f"{name} is {value!r}, neither true nor false")
    return value == "true"


def number_of(element: ET.Element, name: str, default: float) -> float:
    """Return an attribute that is a number, not negative, not more than a day's seconds. Raises TwimlInvalid 12200."""
    try:
        value = float(element.get(name, default))
    except ValueError as wrong:
        raise TwimlInvalid(12200, f"{name} is no number") from wrong
    if not 0 <= value <= 86400:
        raise TwimlInvalid(12200, f"{name} is out of range")
    return value
