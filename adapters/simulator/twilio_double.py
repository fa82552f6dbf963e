"""The double: Twilio's HTTP API on loopback, an SMTP server beside it, and the simulated people behind both."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from adapters.clock import SystemClock
from adapters.simulator.assembly import Assembly
from adapters.simulator.faults import Turn
from adapters.simulator.options import DoubleOptions


class DoubleRunning(Exception):
    """Another double keeps its record in the same folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a double listens: what `double.json` says."""

    port: int
    pid: int
    account_sid: str
    smtp_port: int


async def run_double(
    options: DoubleOptions, clock: SystemClock, *, ready: Callable[[Whereabouts], None] | None = None
) -> None:
    """Serve until `POST /double/stop`, SIGTERM, SIGINT, or `idle_s` real seconds without a request or a live call.

    When ready, `<state>/double.json` says {port, pid, account_sid, smtp_port}, and so is `ready` told; the file is
    gone again afterwards.
    Give a clock that runs as fast as the dialer's (`AcceleratedClock` with the same three values).
    Raises DoubleRunning when the folder is in use.
    """
    options.state.mkdir(parents=True, exist_ok=True)
    with _alone(options.state):
        async with contextlib.AsyncExitStack() as stack:
            double, where = await stack.enter_async_context(open_double(options, clock))
            stack.enter_context(_signals(double.control.stopped))
            stack.enter_context(_announced(options.state, where))
            if ready is not None:
                ready(where)
            await stack.enter_async_context(_turning(double, options.later, clock))
            await _until_stopped(double, options.idle_s)


@contextlib.asynccontextmanager
async def open_double(
    options: DoubleOptions, clock: SystemClock
) -> AsyncIterator[tuple[Assembly, Whereabouts]]:
    """Let a double listen within this process, and tell where; in the end whoever still talks is hung up on."""
    async with contextlib.AsyncExitStack() as stack:
        double = await stack.enter_async_context(_double(options, clock))
        port = await stack.enter_async_context(_listening(double.app, options.host, options.port))
        double.recordings.base = f"http://{options.host}:{port}"
        server = await double.mailbox.serve(options.host, options.smtp_port)
        stack.callback(server.close)
        smtp_port = server.sockets[0].getsockname()[1]
        where = Whereabouts(port=port, pid=os.getpid(), account_sid=options.account_sid, smtp_port=smtp_port)
        try:
            yield double, where
        finally:
            double.exchange.hang_up_all()
            await double.softphones.close()


@contextlib.asynccontextmanager
async def _double(options: DoubleOptions, clock: SystemClock) -> AsyncIterator[Assembly]:
    """Put a double together, and take it apart when its last callbacks are out."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:
        double = Assembly(options, clock, session)
        try:
            yield double
        finally:
            await double.close()


@contextlib.asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve an application and tell on which port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the folder for this process."""
    with (state / "double.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise DoubleRunning(
                f"another double uses {state}: stop it, or give --state another folder"
            ) from held
        yield


@contextlib.contextmanager
def _announced(state: Path, where: Whereabouts) -> Iterator[None]:
    """Say in `double.json` where the double is, whole or not at all, for as long as it is there."""
    path, draft = state / "double.json", state / "double.json.part"
    draft.write_text(json.dumps(asdict(where)) + "\n", encoding="utf-8")
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _signals(stopped: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C stop the double as its own API does."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def _turning(double: Assembly, later: Sequence[Turn], clock: SystemClock) -> AsyncIterator[None]:
    """Put each turn's faults into force when its moment comes."""
    began = clock.now()

    async def turn() -> None:
        for each in later:
            await clock.wait_until(began + timedelta(seconds=each.after_s))
            double.courier.faults = each.faults

    task = asyncio.create_task(turn())
    try:
        yield
    finally:
        task.cancel()


async def _until_stopped(double: Assembly, idle_s: float) -> None:
    """Wait for a word, or for nobody needing the double any more."""
    stopped = double.control.stopped
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), timeout=min(1.0, idle_s / 4) if idle_s else None)
        if 0 < idle_s < double.control.idleness.seconds and not double.exchange.live():
            return
