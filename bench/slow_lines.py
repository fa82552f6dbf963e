"""Lines that say nothing, or drip: half a head, a letter of a header a second, a body that never ends."""

import asyncio
from types import TracebackType
from typing import Self

from adapters.clock import SystemClock

SAID = (
    b"",
    b"POST /twilio/a/b/status HTTP/1.1\r\nHost: dialer.example\r\n",
    b"GET / HTTP/1.1\r\nHost: dialer.example\r\nX-Slow: ",
    b"POST /twilio/a/b/status HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Length: 60000\r\n\r\na",
    b"POST /control/switch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
)
_DRIP_S = 1.0


class SlowLines:
    """So many slow lines, held open; one that is ended is opened again."""

    def __init__(self, port: int, many: int) -> None:
        """Take where to."""
        self._port, self._many = port, many
        self._tasks: list[asyncio.Task[None]] = []
        self._clock = SystemClock()
        self.opened = self.ended = 0

    async def __aenter__(self) -> Self:
        """Open them."""
        self._tasks = [
            asyncio.create_task(self._hold(SAID[place % len(SAID)])) for place in range(self._many)
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let them go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self, said: bytes) -> None:
        while True:
            try:
                await self._once(said)
            except OSError:
                await self._clock.wait(_DRIP_S)
            self.ended += 1

    async def _once(self, said: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.opened += 1
        try:
            writer.write(said)
            while not reader.at_eof():
                writer.write(b"a" if said else b"")
                try:
                    async with asyncio.timeout(_DRIP_S):
                        await reader.read(4096)
                except TimeoutError:
                    continue
        finally:
            writer.close()
