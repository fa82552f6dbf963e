"""TwiML documents, read into verbs."""

from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from adapters.simulator.attributes import dial_of, flag_of, number_of
from adapters.simulator.verbs import (
    Conference,
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
)

__all__ = [
    "Conference",
    "Dial",
    "DialOut",
    "Gather",
    "Hangup",
    "Pause",
    "Play",
    "Record",
    "Redirect",
    "Say",
    "TwimlInvalid",
    "Unknown",
    "Verb",
    "parse_twiml",
]

LIMIT_BYTES = 64 * 1024


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
            return dial_of(element, url)
        case "Redirect":
            return Redirect(url=urljoin(url, (element.text or "").strip()))
        case "Record":
            action = element.get("action")
            return Record(
                action=urljoin(url, action) if action else None,
                most_s=number_of(element, "maxLength", 3600),
                quiet_s=number_of(element, "timeout", 5),
            )
        case "Hangup" | "Reject":  # to reject what was answered is to hang up
            return Hangup()
        case other:
            return Unknown(verb=other)


def _prompt(element: ET.Element, url: str) -> Say | Play | Pause:
    """Return something to be heard."""
    text = (element.text or "").strip()
    if element.tag == "Say":
        return Say(text="".join(element.itertext()).strip(), language=element.get("language", "en-US"))
    if element.tag == "Play":
        return Play(url=urljoin(url, text), loop=int(number_of(element, "loop", 1)))
    return Pause(seconds=number_of(element, "length", 1))


def _gather(element: ET.Element, url: str) -> Gather:
    """Return a listening."""
    action, digits = element.get("action"), element.get("numDigits")
    return Gather(
        prompts=tuple(_prompt(child, url) for child in element if child.tag in {"Say", "Play", "Pause"}),
        action=urljoin(url, action) if action else None,
        digits=int(number_of(element, "numDigits", 1)) if digits else None,
        timeout_s=number_of(element, "timeout", 5),
        on_empty=flag_of(element, "actionOnEmptyResult", default=False),
    )
