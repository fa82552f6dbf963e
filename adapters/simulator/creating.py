"""An order to dial, as the API takes it: read, held, refused, accepted, answered; and all that goes wrong meanwhile."""

from collections import Counter

import orjson
from aiohttp import web

from adapters.clock import SystemClock
from adapters.simulator import refusals
from adapters.simulator.calls import Call
from adapters.simulator.chance import Chance
from adapters.simulator.courier import Courier
from adapters.simulator.exchange import Exchange
from adapters.simulator.holds import Holds
from adapters.simulator.options import DoubleOptions
from adapters.simulator.orders import CallRequest, read_request
from adapters.simulator.refusals import Refusal

_SOMEBODY_ELSE = "+15005550009"  # whom a wrong answer names


class Creating:
    """`POST …/Calls.json`."""

    def __init__(
        self,
        options: DoubleOptions,
        *,
        exchange: Exchange,
        courier: Courier,
        clock: SystemClock,
        holds: Holds,
    ) -> None:
        """Take who accepts calls, who knows the faults in force, and what is held."""
        self._exchange, self._courier, self._clock, self._holds = exchange, courier, clock, holds
        self._chance, self._tries = Chance(options.seed), Counter[str]()
        self._numbers = options.numbers

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Accept a call, or misbehave as the faults in force demand."""
        form = await request.post()
        asked = read_request({name: [str(value) for value in form.getall(name)] for name in form})
        if isinstance(asked, Refusal):
            return refuse(asked)
        if self._numbers and asked.sender not in self._numbers:
            return refuse(refusals.NOT_OURS)
        refused = await self._before(request, asked)
        if refused is not None:
            return refuse_create(refused, self._chance, asked.to, self._exchange.nth(asked.to))
        names = (asked.to, self._exchange.nth(asked.to))
        call = self._exchange.accept(asked)
        if isinstance(call, Refusal):
            return refuse(call)
        return await self._after(request, call, names)

    async def _before(self, request: web.Request, asked: CallRequest) -> Refusal | None:
        """Do what happens to an order that is not accepted yet; a lost connection is an error nobody hears."""
        faults, chance = self._courier.faults, self._chance
        self._tries[asked.to] += 1
        names = (asked.to, self._tries[asked.to])  # the n-th order for a number, accepted or not
        if chance.happens(faults.status_429_share, "429", *names, self._clock.now()):
            return refusals.TOO_MANY_REQUESTS
        if faults.hold_before_accept_s:
            await self._real_seconds(faults.hold_before_accept_s)
        await self._holds.accept.passed()
        if chance.happens(faults.refuse_before_accept, "refuse", *names):
            _hang_up(request)
            return refusals.SERVER_ERROR
        if chance.happens(faults.error_500_before_accept, "500-before", *names):
            return refusals.SERVER_ERROR
        return None

    async def _after(self, request: web.Request, call: Call, names: tuple[object, ...]) -> web.StreamResponse:
        """Answer an order that *was* accepted, or fail to."""
        faults, chance = self._courier.faults, self._chance
        await self._holds.answer.passed()
        if faults.hold_after_accept_s:
            await self._real_seconds(faults.hold_after_accept_s)
        if chance.happens(faults.hang_after_accept, "hang", *names):
            await self._real_seconds(faults.hang_s)
        if chance.happens(faults.reset_after_accept, "reset", *names):
            _hang_up(request)
        if chance.happens(faults.error_500_after_accept, "500", *names):
            return refuse(refusals.SERVER_ERROR)
        shown = call.resource()
        if chance.happens(faults.wrong_to, "wrong-to", *names):
            shown["to"] = shown["to_formatted"] = _SOMEBODY_ELSE
        body = orjson.dumps(shown)
        if chance.happens(faults.garbled_answer, "garbled", *names):
            body = body[: len(body) // 2]
        return web.Response(body=body, status=201, content_type="application/json")

    async def _real_seconds(self, seconds: float) -> None:
        """Keep a client waiting; its patience is real, so these seconds are too."""
        await self._clock.wait(seconds * self._clock.factor)


def refuse(refusal: Refusal) -> web.Response:
    """Return an error as Twilio answers it."""
    return web.json_response(refusal.body(), status=refusal.status)


def refuse_create(refusal: Refusal, chance: Chance, *names: object) -> web.Response:
    """Return an error; a 429 has a Retry-After only sometimes: Twilio does not promise one."""
    response = refuse(refusal)
    if refusal is refusals.TOO_MANY_REQUESTS and chance.happens(0.5, "retry-after", *names):
        response.headers["Retry-After"] = "1"
    return response


def _hang_up(request: web.Request) -> None:
    """Close the connection without a word (a reset)."""
    if request.transport is not None:
        request.transport.abort()
