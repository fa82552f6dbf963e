"""Whether the machine can be trusted with a call: does the loop come back in time, does the wall clock keep time."""

from dataclasses import dataclass

from adapters.clock import SystemClock

LAG_LIMIT_S = 1.0
"""A loop that is called back later than that is starved or was stopped: what it would plan now, it would order late."""
JUMP_LIMIT_S = 2.0
"""Wall clock and monotonic clock may drift apart that far between two looks: the open hours are read off the wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look found, in real seconds: how late it comes, how far the wall clock jumped (negative: back)."""

    lag_s: float
    jump_s: float

    @property
    def is_late(self) -> bool:
        """Whether to plan nothing this time."""
        return self.lag_s > LAG_LIMIT_S

    @property
    def has_jumped(self) -> bool:
        """Whether nobody may be called until somebody has looked at the clock."""
        return abs(self.jump_s) > JUMP_LIMIT_S


class Vigil:
    """Compares the clocks of one machine at each look with how they stood at the one before."""

    def __init__(self, clock: SystemClock) -> None:
        """Begin now; a clock that runs fast is asked for its factor."""
        self._clock = clock
        self._wall, self._steady = clock.now(), clock.monotonic()
        self._awaited: float | None = None

    def await_in(self, seconds: float) -> None:
        """Say that the next look is to come in so many real seconds, or sooner."""
        self._awaited = self._clock.monotonic() + seconds

    def look(self) -> Finding:
        """Return what has happened since the last look."""
        wall, steady = self._clock.now(), self._clock.monotonic()
        shown = (wall - self._wall).total_seconds() / self._clock.factor
        lag_s = 0.0 if self._awaited is None else steady - self._awaited
        found = Finding(lag_s=max(lag_s, 0.0), jump_s=shown - (steady - self._steady))
        self._wall, self._steady, self._awaited = wall, steady, None
        return found
