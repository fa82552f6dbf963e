"""The only place that asks the machine what time it is, or waits."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own clock."""

    factor = 1.0

    def now(self) -> datetime:
        """Return the current instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return real seconds that never go back."""
        return time.monotonic()

    async def wait(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        await asyncio.sleep(max(0.0, seconds) / self.factor)

    async def wait_until(self, instant: datetime) -> None:
        """Wait until this clock shows `instant`."""
        await self.wait((instant - self.now()).total_seconds())


class AcceleratedClock(SystemClock):
    """A clock that shows `start` up to the real instant `anchor`, and from then on runs `factor` times as fast.

    Two processes given the same three values agree on the time.
    """

    def __init__(self, *, start: datetime, anchor: datetime, factor: float) -> None:
        """Set the clock."""
        self.start, self.anchor, self.factor = start, anchor, factor

    def now(self) -> datetime:
        """Return the current campaign instant, in UTC."""
        return self.start + max(datetime.now(UTC) - self.anchor, timedelta(0)) * self.factor


class VirtualClock(SystemClock):
    """A clock that stands still until told otherwise; real time plays no part."""

    def __init__(self, start: datetime) -> None:
        """Set the clock."""
        self._now, self._start = start.astimezone(UTC), start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant last set."""
        return self._now

    def monotonic(self) -> float:
        """Return virtual seconds since the start."""
        return (self._now - self._start) / timedelta(seconds=1)

    def advance_to(self, instant: datetime) -> None:
        """Go forward to `instant`; never back."""
        self._now = max(self._now, instant)

    async def wait(self, seconds: float) -> None:
        """Go forward by `seconds` at once."""
        self.advance_to(self._now + timedelta(seconds=seconds))
