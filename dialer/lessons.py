"""What happened on the floor, as far as pacing learns from it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Something that happened, with its time zone."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Lesson):
    """It turned out whether a call needs an agent. `after_s` runs from the order to dial, so set-up is inside.

    `odds` is the chance that was given to the call when it was opened; None where nobody gave one.
    """

    after_s: float
    odds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Resolved):
    """The call asks for an agent now: picked up, and past the detection of machines if that comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Resolved):
    """The call is over and never asked for an agent: not answered, busy, failed, a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened(Lesson):
    """How long a person was kept by the detection of machines before the call asked for an agent."""

    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked(Lesson):
    """An agent's talk is over after so many seconds; the write-up begins."""

    lasted_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedUp(Lesson):
    """An agent's write-up is over after so many seconds."""

    lasted_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Lesson):
    """A person answered and had an agent in time, or hung up before the time was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned(Lesson):
    """A person answered and no agent came in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misjudged(Lesson):
    """A person answered, was taken for a machine and hung up on."""
