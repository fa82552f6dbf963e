"""What TwiML may be: each verb with its attributes, values, children and limits (facts of Twilio, 1.1, 1.6, 3.1)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from campaigns.speech import VOICES

WHOLE_BYTES, INLINE_LETTERS = 64 * 1024, 4000

Fits = Callable[[str], bool]


def one_of(*words: str) -> Fits:
    """These words and no others."""
    return lambda value: value in words


def within(least: int, most: int) -> Fits:
    """A whole number in this range."""
    return lambda value: value.isascii() and value.isdigit() and least <= int(value) <= most


def like(pattern: str) -> Fits:
    """Text of this form."""
    return lambda value: re.fullmatch(pattern, value) is not None


def each_of(*words: str) -> Fits:
    """Words of these, with spaces between them."""
    return lambda value: bool(value) and set(value.split(" ")) <= set(words)


_URL = like(r"https?://[^\s]+")
_FLAG = one_of("true", "false")
_METHOD = one_of("GET", "POST")


@dataclass(frozen=True, kw_only=True)
class Element:
    """One verb or noun: its attributes, what stands in it, and whether it has text."""

    attributes: Mapping[str, Fits] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: Fits | None = None
    required: frozenset[str] = frozenset()


TABLE: Mapping[str, Element] = {
    "Response": Element(children=frozenset({"Say", "Play", "Pause", "Gather", "Dial", "Redirect", "Hangup"})),
    "Say": Element(
        attributes={
            "language": one_of("ja-JP", "en-US"),
            "voice": one_of(*VOICES["ja"], *VOICES["en"]),
            "loop": within(0, 1000),
        },
        text=lambda _: True,
    ),
    "Play": Element(attributes={"loop": within(0, 1000), "digits": like(r"[0-9wW*#]+")}, text=_URL),
    "Pause": Element(attributes={"length": within(1, 180)}),
    "Gather": Element(
        attributes={
            "input": one_of("dtmf", "speech", "dtmf speech"),
            "action": _URL,
            "method": _METHOD,
            "numDigits": within(1, 100),
            "finishOnKey": like(r"[0-9*#]?"),
            "timeout": within(1, 600),
            "actionOnEmptyResult": _FLAG,
        },
        children=frozenset({"Say", "Play", "Pause"}),
    ),
    "Dial": Element(
        attributes={
            "action": _URL,
            "method": _METHOD,
            "answerOnBridge": _FLAG,
            "timeout": within(1, 600),
            "timeLimit": within(1, 86_400),
        },
        children=frozenset({"Conference"}),
    ),
    "Conference": Element(
        attributes={
            "beep": one_of("true", "false", "onEnter", "onExit"),
            "startConferenceOnEnter": _FLAG,
            "endConferenceOnExit": _FLAG,
            "participantLabel": like(r".{1,128}"),
            "jitterBufferSize": one_of("off", "small", "medium", "large"),
            "region": one_of("us1", "us2", "ie1", "de1", "sg1", "br1", "au1", "jp1"),
            "waitUrl": lambda value: value == "" or _URL(value),
            "waitMethod": _METHOD,
            "maxParticipants": within(2, 250),
            "statusCallback": _URL,
            "statusCallbackMethod": _METHOD,
            "statusCallbackEvent": each_of(
                "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
            ),
        },
        text=like(r".{1,128}"),
        required=frozenset({"participantLabel"}),
    ),
    "Redirect": Element(attributes={"method": _METHOD}, text=_URL),
    "Hangup": Element(),
}


def faults(twiml: str, *, inline: bool = False) -> list[str]:
    """Return all that is wrong with a document: not XML, too large, a verb or value that Twilio does not take."""
    if inline and len(twiml) > INLINE_LETTERS:
        return ["longer than 4000 letters"]
    if len(twiml.encode()) > WHOLE_BYTES:
        return ["larger than 64 kB"]
    try:
        root = ET.fromstring(twiml)  # noqa: S314 - our own words
    except ET.ParseError as wrong:
        return [f"not XML: {wrong}"]
    return [f"the root is {root.tag}"] if root.tag != "Response" else list(_faults(root))


def _faults(element: ET.Element) -> Iterator[str]:
    known = TABLE.get(element.tag)
    if known is None:
        yield f"{element.tag} is no verb"
        return
    for name, value in element.attrib.items():
        fits = known.attributes.get(name)
        if fits is None or not fits(value):
            yield f"{element.tag} {name}={value!r}"
    yield from (f"{element.tag} without {name}" for name in known.required - set(element.attrib))
    text = (element.text or "").strip()
    if (known.text is None and text) or (known.text is not None and not known.text(text)):
        yield f"{element.tag} says {text!r}"
    for child in element:
        if child.tag not in known.children or (child.tail or "").strip():
            yield f"{child.tag} in {element.tag}"
        yield from _faults(child)
    if element.tag == "Dial" and len(element) != 1:
        yield "Dial has one noun"
