"""Where the web side listens, and what keeps the slow and the many from holding its doors shut."""

import asyncio
import logging
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from aiohttp.web_protocol import RequestHandler

from adapters.metronome import Metronome
from dialer.ports import Clock

_log = structlog.get_logger(__name__)

HEAD_LIMIT_S: Final = 10.0
"""How long somebody new may take for a request line and headers."""

BODY_LIMIT_S: Final = 15.0
"""How long anybody may take for a body; the callbacks' own gate is stricter."""

IDLE_LIMIT_S: Final = 75.0
"""How long a line that had a request may rest: longer than the proxies in front of us keep theirs (60 s)."""

_MOST: Final = 800
_RESERVE: Final = 200  # files that the store, the carrier and the mail need beside the lines
_BACKLOG: Final = 512
_SWEEP_S: Final = 1.0
# How long a thread keeps the interpreter when another wants it. The store's thread asks for it several times in each
# transaction: with Python's own five milliseconds a busy web side held back every commit (bench.flood: three times).
_SWITCH_S: Final = 0.0005


class _Strangers(logging.Filter):
    """Leaves out what the server says of requests that are none: each was answered with 400, and cost us ten lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else."""
        problem = record.exc_info[1] if record.exc_info else None
        return not isinstance(problem, HttpProcessingError | web.RequestPayloadError)


_STRANGERS: Final = _Strangers()


class Doorkeeper:
    """Ends lines on which nothing is said, and the oldest silent ones when there are more than `most`."""

    def __init__(self, *, clock: Clock, most: int) -> None:
        """Take the clock whose real seconds count."""
        self._clock, self._most = clock, most
        self._since: dict[RequestHandler, float] = {}
        self._asked: dict[RequestHandler, tuple[web.Request, float]] = {}
        self._known: set[RequestHandler] = set()

    @web.middleware
    async def note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """See who asks for something, and for how long."""
        line, now = request.protocol, self._clock.monotonic()
        self._asked[line] = request, now
        self._known.add(line)
        try:
            return await handler(request)
        finally:
            self._asked.pop(line, None)
            self._since[line] = self._clock.monotonic()

    def sweep(self, lines: list[RequestHandler]) -> int:
        """End the lines that may not stay, of all that are open; return how many."""
        now, here = self._clock.monotonic(), set(lines)
        self._since = {line: self._since.get(line, now) for line in lines}
        self._known &= here
        silent = sorted((line for line in lines if line not in self._asked), key=self._rank)
        ended = {line for line in silent if line not in self._known and self._is_over(line, now)}
        ended |= {line for line, (request, at) in self._asked.items() if _drags(request, now - at)}
        spare = [line for line in silent if line not in ended]
        ended |= set(spare[: max(0, len(lines) - len(ended) - self._most)])
        for line in ended:
            line.force_close()
        if ended:
            _log.info("lines_ended", count=len(ended), open=len(lines))
        return len(ended)

    def _rank(self, line: RequestHandler) -> tuple[bool, float]:
        """Return the order in which silent lines go: those who never asked for anything first, the oldest first."""
        return line in self._known, self._since[line]

    def _is_over(self, line: RequestHandler, now: float) -> bool:
        return now - self._since[line] >= HEAD_LIMIT_S


def _drags(request: web.Request, seconds: float) -> bool:
    return seconds >= BODY_LIMIT_S and not request.content.is_eof()


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str, port: int, clock: Clock, most: int | None = None, shared: bool = False
) -> AsyncIterator[int]:
    """Serve an application and tell on which port. Compressed bodies are handed on as they came: none are expected.

    When it is `shared`, other processes may listen on the same port, and the system hands lines to any of them.
    """
    limit = min(_MOST, max(50, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _RESERVE))
    keeper = Doorkeeper(clock=clock, most=most or limit)
    app.middlewares.insert(0, keeper.note)
    logging.getLogger("aiohttp.server").addFilter(_STRANGERS)
    sys.setswitchinterval(_SWITCH_S)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=2,
        keepalive_timeout=IDLE_LIMIT_S,
        lingering_time=2.0,
        auto_decompress=False,
    )
    await runner.setup()

    async def sweep() -> datetime | None:
        if runner.server is not None:
            keeper.sweep(runner.server.connections)
        return None

    metronome = Metronome(sweep, interval_s=_SWEEP_S)
    task = asyncio.create_task(metronome.run())
    try:
        await web.TCPSite(runner, host, port, backlog=_BACKLOG, reuse_port=shared or None).start()
        yield int(runner.addresses[0][1])
    finally:
        metronome.stop()
        await task
        await runner.cleanup()
