"""What makes the engine look: once an interval, and at once when nudged."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from dialer.errors import DialerError

_log = structlog.get_logger()


class Metronome:
    """A plain task that calls `tick`. A failed tick is logged and no call is made; the next one tries again."""

    def __init__(self, tick: Callable[[], Awaitable[datetime | None]], *, interval_s: float = 1.0) -> None:
        """Take what to call; `interval_s` is in real seconds."""
        self._tick, self._interval_s = tick, interval_s
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
            try:
                await self._tick()
                self.is_healthy = True
            except (DialerError, OSError) as problem:
                self.is_healthy = False
                _log.warning("tick_failed", problem=str(problem))
            except Exception:  # noqa: BLE001 - the engine's loop: it must outlive any one look, and call nobody meanwhile
                self.is_healthy = False
                _log.exception("tick_broken")
            await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._interval_s):
                await self._nudged.wait()
        except TimeoutError:
            return
