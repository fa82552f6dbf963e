"""What makes the engine look: once an interval, and at once when nudged."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from adapters.vigil import Vigil
from dialer.errors import DialerError

_log = structlog.get_logger()

Alarm = Callable[[float], Awaitable[None]]
"""What to do when the wall clock jumped by so many real seconds; called again until it succeeds."""


BREATH_S = 0.03
"""Real seconds between two looks at least: where calls end all the time, some thirty looks a second are enough."""


class Metronome:
    """A plain task that calls `tick`. A failed tick is logged and no call is made; the next one tries again."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[datetime | None]],
        *,
        interval_s: float = 1.0,
        vigil: Vigil | None = None,
        alarm: Alarm | None = None,
    ) -> None:
        """Take what to call; `interval_s` is in real seconds. With a vigil no look is trusted that it doubts."""
        self._tick, self._interval_s = tick, interval_s
        self._vigil, self._alarm, self._jump_s = vigil, alarm, 0.0
        self._nudged = asyncio.Event()
        self._is_stopped = False
        self.is_healthy = True

    def nudge(self) -> None:
        """Make the next look happen at once."""
        self._nudged.set()

    def stop(self) -> None:
        """Look no more."""
        self._is_stopped = True
        self._nudged.set()

    async def run(self) -> None:
        """Look until stopped."""
        while not self._is_stopped:
            self._nudged.clear()
            await self.look()
            await self._rest()

    async def look(self) -> None:
        """Look once, unless the machine is too late for it or its clock cannot be believed."""
        try:
            if await self._is_trusted():
                await self._tick()
                self.is_healthy = True
        except (DialerError, OSError) as problem:
            self.is_healthy = False
            _log.warning("tick_failed", problem=str(problem))
        except Exception:  # noqa: BLE001 - the engine's loop: it must outlive any one look, and call nobody meanwhile
            self.is_healthy = False
            _log.exception("tick_broken")

    async def _is_trusted(self) -> bool:
        """Tell whether to plan. A jump of the clock is told to the alarm first, whose failure fails the look."""
        if self._vigil is None:
            return True
        found = self._vigil.look()
        if found.has_jumped:
            _log.error("clock_jumped", jump_s=round(found.jump_s, 1))
            self._jump_s = found.jump_s
        if self._jump_s and self._alarm:
            await self._alarm(self._jump_s)
            self._jump_s = 0.0
        if found.is_late:
            self.is_healthy = False
            _log.warning("loop_lagged", lag_s=round(found.lag_s, 1))
        return not found.is_late

    async def _rest(self) -> None:
        """Wait for the next look or a nudge; nudges that come within a breath are one."""
        await asyncio.sleep(min(BREATH_S, self._interval_s))
        if self._vigil is not None:
            self._vigil.await_in(self._interval_s)
        try:
            async with asyncio.timeout(self._interval_s):
                await self._nudged.wait()
        except TimeoutError:
            return
