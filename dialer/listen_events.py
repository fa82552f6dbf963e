"""What a supervisor does with a live call, and what the carrier tells of their line, in the past tense."""

from dataclasses import dataclass

from dialer.events import AttemptEvent, Event
from dialer.line_events import Said
from dialer.listening import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorEvent(Event):
    """Something that a supervisor did, or that happened to their line."""

    supervisor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenAsked(SupervisorEvent):
    """The supervisor takes part in an agent's call, or takes part in another way from now on."""

    agent: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenEnded(SupervisorEvent):
    """The supervisor takes part no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerMoved(SupervisorEvent):
    """The supervisor's line came into the room of the order with this `nonce`, or left it (`is_in` False)."""

    nonce: str
    reference: str
    is_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenAnswered(AttemptEvent):
    """The carrier's word to an order about a supervisor's line; `reference` is its own id for that line, if known."""

    supervisor: str
    nonce: str
    said: Said
    mode: Mode
    is_first: bool
    reference: str = ""
    detail: str = ""
