"""How a live call is handled beside the talk itself: held, muted, on its way from one agent to another."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

PATIENCE = timedelta(seconds=10)
"""How long word may take that a leg is in the room it was ordered into; then the person is brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """One call, from its first hold, mute or transfer to its end; `agent` is whose call it was when that began.

    `colleague` is reserved for the person until they are in the colleague's room, `giver` who hands them over, and
    `guest` who introduces them there. `moves` counts how often the person's leg was ordered into another room; the
    last one `is_back` when it returns them to the giver. `deadline` is when word of what was ordered is overdue, and
    `problem` what could not be done last. What belongs to an agent's line is set right `after` the end.
    """

    attempt: str
    agent: str
    is_held: bool = False
    is_muted: bool = False
    colleague: str | None = None
    giver: str | None = None
    guest: str | None = None
    is_warm: bool = False
    is_back: bool = False
    moves: int = 0
    deadline: datetime | None = None
    problem: str = ""
    after: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether the person's leg is on its way into another room, as far as anybody knows."""
        return self.colleague is not None or self.is_back

    def with_problem(self, problem: str) -> "Handling":
        """Return the same with what could not be done."""
        return replace(self, problem=problem)


class Handlings(Protocol):
    """How live calls are handled: a part of `dialer.ports.Unit`."""

    def handling(self, attempt: str) -> Handling | None:
        """Return how a call is handled, None while nothing out of the ordinary was done. Only once it is locked."""
        ...

    def handling_with(self, agent: str) -> Handling | None:
        """Return the call that an agent is reserved for, or a guest in, locking nothing."""
        ...

    def handlings_due(self, now: datetime) -> tuple[str, ...]:
        """Return the attempts about which word is overdue, locking nothing."""
        ...

    def save_handling(self, handling: Handling) -> None:
        """Write how a call is handled. Raises StaleState when the colleague is reserved for another call."""
        ...

    def end_handling(self, attempt: str) -> None:
        """Forget how a call was handled."""
        ...


class LiveHandlings(Protocol):
    """The same for pages: a part of `dialer.ports.Reports`."""

    def handlings(self) -> tuple[Handling, ...]:
        """Return every call that is held, muted or handed over, by attempt."""
        ...
