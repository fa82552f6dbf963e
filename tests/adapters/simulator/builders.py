"""What the tests of the simulator are made of."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from aiohttp import web
from twilio.request_validator import RequestValidator

from adapters.clock import AcceleratedClock, SystemClock
from adapters.simulator.options import DoubleOptions, Faults
from adapters.simulator.people import Kind, MailReaction, Population, Reaction
from adapters.simulator.twilio_double import Whereabouts, run_double

TEN_IN_TOKYO = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)
ACCOUNT, TOKEN = "AC" + "d" * 32, "token-of-the-double"
KEY, SECRET = "SK" + "e" * 32, "secret-of-the-key"
CALLER = "+81312345678"
SEED = "7"
FACTOR = 400.0
HANG_UP = "<Response><Hangup/></Response>"


def numbers() -> Iterator[str]:
    """Mobile numbers in Japan, in order."""
    return (f"+8190{n:08d}" for n in range(10_000_000, 10_400_000))


def a_number(wanted: Callable[[Reaction], bool], *, nth: int = 1, skip: int = 0) -> str:
    """The first number (after `skip` others) whose n-th call at ten in Tokyo meets what is wanted."""
    people = Population(SEED)
    local = people.local(TEN_IN_TOKYO)
    found = (each for each in numbers() if wanted(people.reaction(each, local, nth)))
    for _ in range(skip):
        next(found)
    return next(found)


def an_address(wanted: Callable[[MailReaction], bool]) -> str:
    """The first e-mail address whose first mail meets what is wanted."""
    people = Population(SEED)
    addresses = (f"person{n}@example.jp" for n in range(100_000))
    return next(each for each in addresses if wanted(people.mail_reaction(each, 1)))


def talks(each: Reaction) -> bool:
    """Somebody who picks up soon and talks for less than a minute."""
    return each.kind is Kind.ANSWER and each.ring_s < 20 and each.talk_s < 60 and not each.presses_9


def never_answers(each: Reaction) -> bool:
    """A phone that rings in vain."""
    return each.kind is Kind.NO_ANSWER


def is_busy(each: Reaction) -> bool:
    """A line in use."""
    return each.kind is Kind.BUSY


def is_machine(each: Reaction) -> bool:
    """An answering machine."""
    return each.kind is Kind.MACHINE


@dataclass
class Told:
    """One request that came from the double."""

    path: str
    fields: dict[str, str]
    headers: Mapping[str, str]
    url: str
    at: datetime
    is_signed: bool


class DialerStandIn:
    """The dialer's side of the webhooks: answers with documents given beforehand and keeps all that it was told."""

    def __init__(self, clock: SystemClock) -> None:
        self.clock = clock
        self.told: list[Told] = []
        self.documents: dict[str, str] = defaultdict(lambda: HANG_UP)
        self.statuses: dict[str, list[int]] = {}
        self.pages: dict[str, list[dict[str, object]]] = {}
        self.held = asyncio.Event()
        self.held.set()
        self.base = ""
        self._changed = asyncio.Condition()
        self._validator = RequestValidator(TOKEN)

    def url(self, path: str) -> str:
        """The address of one of our webhooks."""
        return f"{self.base}{path}"

    def at(self, path: str) -> list[dict[str, str]]:
        """What was told at this path, in order of arrival."""
        return [each.fields for each in self.told if each.path == path]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked at after every request."""
        async with self._changed, asyncio.timeout(20):
            await self._changed.wait_for(holds)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one request."""
        body = await request.read()
        is_json = request.content_type == "application/json"
        form = {} if is_json else {name: str(value) for name, value in (await request.post()).items()}
        url = self.url(request.path_qs)
        signature = request.headers.get("X-Twilio-Signature", "")
        is_signed = bool(signature) and self._validator.validate(url, form, signature)
        fields = json.loads(body) if is_json else form
        self.told.append(Told(request.path, fields, request.headers.copy(), url, self.clock.now(), is_signed))
        async with self._changed:
            self._changed.notify_all()
        if request.path.startswith("/held"):
            await self.held.wait()
        if statuses := self.statuses.get(request.path):
            status = statuses.pop(0)
            if status != 200:
                return web.Response(status=status)
        if pages := self.pages.get(request.path):
            return web.json_response(pages.pop(0))
        if is_json:
            return web.json_response({})
        return web.Response(text=self.documents[request.path], content_type="text/xml")


@dataclass
class Standing:
    """A running double, the dialer's side of it, and a client of its API."""

    where: Whereabouts
    dialer: DialerStandIn
    api: httpx.AsyncClient
    state: Path

    @property
    def calls(self) -> str:
        """The path of the list of calls."""
        return f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"

    def call(self, sid: str) -> str:
        """The path of one call."""
        return f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"

    async def dial(self, to: str, **changes: Any) -> httpx.Response:
        """Create a call with all status callbacks."""
        form: dict[str, Any] = {
            "To": to,
            "From": CALLER,
            "Url": self.dialer.url("/answer"),
            "StatusCallback": self.dialer.url("/status"),
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
            "Timeout": "25",
        }
        return await self.api.post(
            self.calls, data={k: v for k, v in (form | changes).items() if v is not None}
        )

    async def over(self, sid: str) -> dict[str, str]:
        """Wait for the last status callback of a call and return it."""

        def last() -> list[dict[str, str]]:
            return [
                each
                for each in self.dialer.at("/status")
                if each["CallSid"] == sid and "CallDuration" in each
            ]

        await self.dialer.until(lambda: bool(last()))
        return last()[0]

    async def quiet(self) -> None:
        """Ask until no call is alive."""
        async with asyncio.timeout(20):
            while (await self.api.get("/double/health")).json()["live_calls"]:
                pass

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The lines of one of the double's files."""
        return read_lines(self.state / name)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@asynccontextmanager
async def a_double(
    state: Path, *, faults: Faults | None = None, factor: float = FACTOR, **changes: Any
) -> AsyncIterator[Standing]:
    """Run a double and a stand-in for the dialer on loopback; stop the double through its own API."""
    clock = AcceleratedClock(start=TEN_IN_TOKYO, anchor=SystemClock().now(), factor=factor)
    fields: dict[str, Any] = {
        "state": state,
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "key_sid": KEY,
        "key_secret": SECRET,
        "seed": SEED,
        "calls_per_second": 50.0,
        "faults": faults or Faults(),
    }
    options = DoubleOptions(**(fields | changes))
    ready: asyncio.Future[Whereabouts] = asyncio.get_running_loop().create_future()
    async with a_dialer(clock) as dialer:
        running = asyncio.create_task(run_double(options, clock, ready=ready.set_result))
        running.add_done_callback(lambda done: None if ready.done() else ready.set_exception(_why(done)))
        where = await ready
        base = f"http://127.0.0.1:{where.port}"
        async with httpx.AsyncClient(base_url=base, auth=(ACCOUNT, TOKEN), timeout=20) as api:
            yield Standing(where, dialer, api, state)
            if not running.done():
                await api.post("/double/stop")
        await asyncio.wait_for(running, 10)


@asynccontextmanager
async def a_dialer(clock: SystemClock, port: int = 0) -> AsyncIterator[DialerStandIn]:
    """Serve a stand-in for the dialer on loopback."""
    dialer = DialerStandIn(clock)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", dialer.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    dialer.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield dialer
    finally:
        dialer.held.set()
        await runner.cleanup()


def _why(done: "asyncio.Task[None]") -> BaseException:
    """Why a double never became ready."""
    return done.exception() or RuntimeError("the double ended at once")
