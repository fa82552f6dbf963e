"""A supervisor in an agent's room: who, how, and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Mode(StrEnum):
    """How a supervisor takes part: hears both; is heard by the agent alone; is heard by both."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """One supervisor's line, in one call. `nonce` names this line among all of theirs, `reference` is the carrier's.

    `is_in` once it is in the room; `problem` is what could not be done last.
    """

    supervisor: str
    agent: str
    attempt: str
    mode: Mode
    nonce: str
    since: datetime
    reference: str | None = None
    is_in: bool = False
    problem: str = ""


RING = timedelta(seconds=25)
"""How long a supervisor's line rings."""


class Listenings(Protocol):
    """Who listens: a part of `dialer.ports.Unit`."""

    def listeners_of(self, attempt: str) -> tuple[Listening, ...]:
        """Return who takes part in a call, locked until the end of the transaction."""
        ...

    def listening(self, supervisor: str) -> Listening | None:
        """Return where a supervisor listens, locked until the end of the transaction; None when nowhere."""
        ...

    def save_listening(self, listening: Listening) -> None:
        """Write where and how a supervisor listens."""
        ...

    def end_listening(self, supervisor: str) -> None:
        """Forget that a supervisor listened."""
        ...


class LiveListenings(Protocol):
    """The same for pages: a part of `dialer.ports.Reports`."""

    def listenings(self) -> tuple[Listening, ...]:
        """Return every supervisor who listens or is about to, by id."""
        ...
