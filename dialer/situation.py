"""The floor as pacing sees it: who is free, who will be, what is in flight, and what may be opened at all."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.float64]
"""One figure for each agent or call, in seconds."""

NONE: Seconds = np.empty(0)
"""Nobody; also "nothing is known" where a column may be left out."""
NONE.setflags(write=False)

RINGS_S = 30.0
"""How long a call may ring, its set-up included: who goes before that is no reason to open one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """One group of agents who serve the same calls, at one instant. Arrays are not changed by whoever gets them.

    `idle` agents wait, `waiting` people have answered and wait for one of them. `talking` and `wrapping` are the
    seconds since each talk and write-up began; `wrap_left` the seconds after which a write-up ends by itself.
    `leaving` columns hold the seconds after which an agent goes (break, end of shift; inf: not known), where a talk
    is finished first. `ringing` are the seconds since the order for each call in flight, those that the carrier
    still queues among them, and `odds` the chance given to each when it was opened. A column beside another has its
    length or is empty: nothing is known.
    """

    idle: int = 0
    waiting: int = 0
    talking: Seconds = field(default_factory=lambda: NONE)
    wrapping: Seconds = field(default_factory=lambda: NONE)
    wrap_left: Seconds = field(default_factory=lambda: NONE)
    idle_leaving: Seconds = field(default_factory=lambda: NONE)
    talking_leaving: Seconds = field(default_factory=lambda: NONE)
    wrapping_leaving: Seconds = field(default_factory=lambda: NONE)
    ringing: Seconds = field(default_factory=lambda: NONE)
    odds: Seconds = field(default_factory=lambda: NONE)
    next_odds: float | None = None
    """The chance of the calls that would be opened next; None: that of the forecast."""
    lines: int = 1_000_000
    """How many more lines the campaign may have."""
    room: int = 1_000_000
    """How many more calls the carrier's account may start now."""
    ratio: int | None = None
    """How many more the manager's ratio leaves; None where calls are only predicted."""

    @property
    def staying(self) -> int:
        """The idle who will still be there when a call that is opened now has rung."""
        return self.idle - int((self.idle_leaving <= RINGS_S).sum())

    @property
    def in_flight(self) -> int:
        """Calls that were ordered and have neither been answered nor ended."""
        return len(self.ringing)

    @property
    def agents(self) -> int:
        """Everybody who serves or will serve."""
        return self.idle + len(self.talking) + len(self.wrapping)
