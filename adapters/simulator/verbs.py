"""The verbs of TwiML as values, for as much of the language as the double executes."""

from dataclasses import dataclass


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
    """A room and how one enters it. `most` is how many it holds, `jitter` the size of the buffer that evens sound out.

    `wait_url` is what is heard before the room starts: None Twilio's own music, "" silence. `coaches` is the leg to
    which alone this one is heard.
    """

    name: str
    label: str | None
    starts: bool
    ends: bool
    beep: str
    wait_url: str | None
    status_callback: str | None
    status_events: frozenset[str]
    muted: bool = False
    jitter: str = "large"
    most: int = 250
    coaches: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Join a room; `action` is asked afterwards what to do next."""

    conference: Conference
    action: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOut:
    """Put the call through to a number (None: to somebody who is never there, as a browser that is not registered)."""

    number: str | None
    timeout_s: float
    action: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Take a message down: until so many seconds, or so many of silence."""

    action: str | None
    most_s: float
    quiet_s: float


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


Verb = Say | Play | Pause | Gather | Dial | DialOut | Record | Redirect | Hangup | Unknown
