"""TwiML as values: the verbs of a document, for as much of the language as the dialer says."""

from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

LIMIT_BYTES = 64 * 1024


class TwimlInvalid(Exception):
    """A document that cannot be executed; `code` is Twilio's error code (twilio.md §1.6)."""

    def __init__(self, code: int, detail: str) -> None:
        """Keep Twilio's code and what is wrong."""
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Read a text aloud."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play a file, `loop` times."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Say nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """Listen for keys while something is said, and `timeout_s` seconds longer."""

    prompts: tuple["Say | Play | Pause", ...]
    action: str | None
    digits: int | None
    timeout_s: float
    on_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """A room and how one enters it."""

    name: str
    label: str | None
    starts: bool
    ends: bool
    beep: str
    wait_url: str | None
    status_callback: str | None
    status_events: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Join a room; `action` is asked afterwards what to do next."""

    conference: Conference
    action: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Go on with another document."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A verb the double does not execute."""

    verb: str


Verb = Say | Play | Pause | Gather | Dial | Redirect | Hangup | Unknown


def parse_twiml(text: str, url: str) -> tuple[Verb, ...]:
    """Return the verbs of a document that came from `url`, addresses in it made absolute.

    Raises TwimlInvalid: 11750 too large, 12100 not XML, 12200 not TwiML, 13230 to 13240 a bad conference.
    """
    if len(text.encode()) > LIMIT_BYTES:
        raise TwimlInvalid(11750, "the document is larger than 64 kB")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlInvalid(12100, "document type declarations are not read")
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a DTD there are no entities to expand
    except ET.ParseError as wrong:
        raise TwimlInvalid(12100, str(wrong)) from wrong
    if root.tag != "Response":
        raise TwimlInvalid(12200, f"the root is <{root.tag}>, not <Response>")
    return tuple(_verb(element, url) for element in root)


def _verb(element: ET.Element, url: str) -> Verb:
    """Return one verb."""
    match element.tag:
        case "Say" | "Play" | "Pause":
            return _prompt(element, url)
        case "Gather":
            return _gather(element, url)
        case "Dial":
            return _dial(element, url)
        case "Redirect":
            return Redirect(url=urljoin(url, (element.text or "").strip()))
        case "Hangup":
            return Hangup()
        case other:
            return Unknown(verb=other)


def _prompt(element: ET.Element, url: str) -> Say | Play | Pause:
    """Return something to be heard."""
    text = (element.text or "").strip()
    if element.tag == "Say":
        return Say(text="".join(element.itertext()).strip(), language=element.get("language", "en-US"))
    if element.tag == "Play":
        return Play(url=urljoin(url, text), loop=int(_number(element, "loop", 1)))
    return Pause(seconds=_number(element, "length", 1))


def _gather(element: ET.Element, url: str) -> Gather:
    """Return a listening."""
    action, digits = element.get("action"), element.get("numDigits")
    return Gather(
        prompts=tuple(_prompt(child, url) for child in element if child.tag in {"Say", "Play", "Pause"}),
        action=urljoin(url, action) if action else None,
        digits=int(_number(element, "numDigits", 1)) if digits else None,
        timeout_s=_number(element, "timeout", 5),
        on_empty=_flag(element, "actionOnEmptyResult", default=False),
    )


def _dial(element: ET.Element, url: str) -> Verb:
    """Return the joining of a room; to dial anything else is not known here."""
    room = element.find("Conference")
    if room is None:
        return Unknown(verb="Dial without Conference")
    name, label = (room.text or "").strip(), room.get("participantLabel")
    if not name:
        raise TwimlInvalid(12200, "<Conference> has no name")
    if label is not None and len(label) > 128:
        raise TwimlInvalid(16025, "participantLabel is longer than 128 letters")
    beep = room.get("beep", "true")
    if beep not in {"true", "false", "onEnter", "onExit"}:
        raise TwimlInvalid(13233, f"beep is {beep!r}")
    action, callback, wait_url = element.get("action"), room.get("statusCallback"), room.get("waitUrl")
    conference = Conference(
        name=name,
        label=label,
        starts=_flag(room, "startConferenceOnEnter", default=True),
        ends=_flag(room, "endConferenceOnExit", default=False),
        beep=beep,
        wait_url=urljoin(url, wait_url) if wait_url else wait_url,
        status_callback=urljoin(url, callback) if callback else None,
        status_events=frozenset(room.get("statusCallbackEvent", "start end").split()),
    )
    return Dial(conference=conference, action=urljoin(url, action) if action else None)


def _flag(element: ET.Element, name: str, *, default: bool) -> bool:
    """Return a true/false attribute."""
    value = element.get(name)
    if value is None:
        return default
    if value not in {"true", "false"}:
        raise TwimlInvalid(12200, f"{name} is {value!r}, neither true nor false")
    return value == "true"


def _number(element: ET.Element, name: str, default: float) -> float:
    """Return an attribute that is a number, not negative."""
    try:
        value = float(element.get(name, default))
    except ValueError as wrong:
        raise TwimlInvalid(12200, f"{name} is no number") from wrong
    if not 0 <= value <= 86400:
        raise TwimlInvalid(12200, f"{name} is out of range")
    return value
