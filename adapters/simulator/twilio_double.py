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
from adapters.simulator.control import Control
from adapters.simulator.correspondents import Correspondents
from adapters.simulator.courier import Courier
from adapters.simulator.deliveries import Deliveries
from adapters.simulator.exchange import Exchange
from adapters.simulator.faults import Turn
from adapters.simulator.holds import Holds
from adapters.simulator.journal import Journal, stamp
from adapters.simulator.lines import Lines
from adapters.simulator.mailbox import Mailbox
from adapters.simulator.options import DoubleOptions
from adapters.simulator.people import Population
from adapters.simulator.performer import Performer
from adapters.simulator.rest import Rest
from adapters.simulator.rings import RingBook
from adapters.simulator.rooms import Rooms
from adapters.simulator.softphones import Softphones

_FAREWELL_S = 2.0  # real seconds that the last callbacks have when the double stops


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
            double = await stack.enter_async_context(_double(options, clock))
            port = await stack.enter_async_context(_listening(double.app, options.host, options.port))
            stack.enter_context(_signals(double.control.stopped))
            server = await double.mailbox.serve(options.host, options.smtp_port)
            stack.callback(server.close)
            smtp_port = server.sockets[0].getsockname()[1]
            where = Whereabouts(
                port=port, pid=os.getpid(), account_sid=options.account_sid, smtp_port=smtp_port
            )
            stack.enter_context(_announced(options.state, where))
            if ready is not None:
                ready(where)
            await stack.enter_async_context(_turning(double, options.later, clock))
            await _until_stopped(double, options.idle_s)
            double.exchange.hang_up_all()
            await double.softphones.close()


class _Double:
    """Everything of one double, put together."""

    def __init__(self, options: DoubleOptions, clock: SystemClock, session: aiohttp.ClientSession) -> None:
        """Wire it."""
        population, holds = Population(options.seed, habits=options.people), Holds()
        self._deliveries = Deliveries(options.state)
        self.courier = Courier(
            session,
            auth_token=options.auth_token,
            account_sid=options.account_sid,
            clock=clock,
            seed=options.seed,
            deliveries=self._deliveries,
        )
        self.courier.faults = options.faults
        self._clock, self._errors = clock, Journal(options.state / "errors.jsonl")
        self._rings = RingBook(options.state)
        rooms = Rooms(self.courier, clock, options.account_sid)
        performer = Performer(
            clock=clock, population=population, courier=self.courier, rooms=rooms, complain=self._complain
        )
        lines = Lines(
            clock=clock, courier=self.courier, rings=self._rings, performer=performer, gate=holds.ring
        )
        self.exchange = Exchange(options, clock, population=population, courier=self.courier, lines=lines)
        self.softphones = Softphones(
            session,
            clock=clock,
            population=population,
            courier=self.courier,
            rooms=rooms,
            complain=self._complain,
        )
        self._correspondents = Correspondents(options.state, session, clock)
        self.mailbox = Mailbox(options.state / "mailbox", population, self._correspondents)
        self.control = Control(
            clock=clock,
            exchange=self.exchange,
            softphones=self.softphones,
            mailbox=self.mailbox,
            courier=self.courier,
            holds=holds,
        )
        rest = Rest(options, self.exchange, self.courier, clock=clock, holds=holds)
        self.app = web.Application(middlewares=[self.control.idleness.note])
        self.app.add_routes(rest.routes())
        self.app.add_routes(self.control.routes())

    async def close(self) -> None:
        """Let the last callbacks go out, then let go of the files."""
        await self._correspondents.close()
        await self.courier.settle(_FAREWELL_S)
        self.exchange.close()
        self._rings.close()
        self._deliveries.close()
        self._errors.close()

    def _complain(self, subject: str, code: int, what: str) -> None:
        """Write a line into the account's debugger, `errors.jsonl`."""
        self._errors.append({"at": stamp(self._clock.now()), "sid": subject, "code": code, "what": what})


@contextlib.asynccontextmanager
async def _double(options: DoubleOptions, clock: SystemClock) -> AsyncIterator[_Double]:
    """Put a double together, and take it apart when its last callbacks are out."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:
        double = _Double(options, clock, session)
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
async def _turning(double: _Double, later: Sequence[Turn], clock: SystemClock) -> AsyncIterator[None]:
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


async def _until_stopped(double: _Double, idle_s: float) -> None:
    """Wait for a word, or for nobody needing the double any more."""
    stopped = double.control.stopped
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), timeout=min(1.0, idle_s / 4) if idle_s else None)
        if 0 < idle_s < double.control.idleness.seconds and not double.exchange.live():
            return
