"""The double's own API, for the demo and the tests: seat agents, set faults, look, stop."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from pydantic import ValidationError

from adapters.clock import SystemClock
from adapters.simulator.courier import Courier
from adapters.simulator.exchange import Exchange
from adapters.simulator.faults import Faults
from adapters.simulator.holds import Holding, Holds
from adapters.simulator.journal import stamp
from adapters.simulator.mailbox import Mailbox
from adapters.simulator.seats import Shift
from adapters.simulator.softphones import Softphones

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Idleness:
    """For how many real seconds nobody has asked for anything."""

    def __init__(self, clock: SystemClock) -> None:
        """Begin counting now."""
        self._clock, self._last = clock, clock.monotonic()

    @property
    def seconds(self) -> float:
        """Real seconds since the last request."""
        return self._clock.monotonic() - self._last

    @web.middleware
    async def note(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Note that somebody asked; looking at the health does not count as work."""
        if request.path != "/double/health":
            self._last = self._clock.monotonic()
        return await handler(request)


class Control:
    """Handlers of `/double/...`; they listen on loopback alone and ask for no key."""

    def __init__(
        self,
        *,
        clock: SystemClock,
        exchange: Exchange,
        softphones: Softphones,
        mailbox: Mailbox,
        courier: Courier,
        holds: Holds,
    ) -> None:
        """Take what there is to control."""
        self._clock, self._exchange, self._softphones = clock, exchange, softphones
        self._mailbox, self._courier, self._holds = mailbox, courier, holds
        self.idleness = Idleness(clock)
        self.stopped = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.post("/double/agents", self._seat),
            web.post("/double/faults", self._misbehave),
            web.post("/double/hold", self._hold),
            web.get("/double/hold", self._hold),
            web.get("/double/health", self._health),
            web.post("/double/stop", self._stop),
        ]

    async def _seat(self, request: web.Request) -> web.StreamResponse:
        """Seat agents: body as in `Shift`; 400 with all problems when it is not."""
        try:
            shift = Shift.model_validate_json(await request.read())
        except ValidationError as wrong:
            return _bad(wrong)
        self._softphones.begin(shift)
        return web.json_response({"agents": len(shift.agents)})

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        """Put other faults into force: body as in `Faults`."""
        try:
            self._courier.faults = Faults.model_validate_json(await request.read())
        except ValidationError as wrong:
            return _bad(wrong)
        return web.json_response(self._courier.faults.model_dump())

    async def _hold(self, request: web.Request) -> web.StreamResponse:
        """Hold and let go: body as in `Holding`; asked without a body it tells what is held and how many wait."""
        try:
            if request.method == "POST":
                self._holds.turn(Holding.model_validate_json(await request.read()))
        except ValidationError as wrong:
            return _bad(wrong)
        return web.json_response(self._holds.shown())

    async def _health(self, _request: web.Request) -> web.StreamResponse:
        """Tell how the double is: campaign time, calls, agents, mails, real seconds since the last request."""
        return web.json_response(
            {
                "now": stamp(self._clock.now()),
                "live_calls": len(self._exchange.live()),
                "calls": self._exchange.count(),
                "agents": self._softphones.states(),
                "mails": self._mailbox.count,
                "last_request_s": round(self.idleness.seconds, 3),
            }
        )

    async def _stop(self, _request: web.Request) -> web.StreamResponse:
        """Stop, once this is answered."""
        self.stopped.set()
        return web.json_response({"stopping": True})


def _bad(wrong: ValidationError) -> web.Response:
    """Return what is wrong with a body."""
    problems = [{"at": list(each["loc"]), "what": each["msg"]} for each in wrong.errors(include_url=False)]
    return web.json_response({"error": "the body does not hold", "problems": problems}, status=400)
