"""The two sides of the carrier's adapter with the real engine behind them: webhooks in, orders out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import respx

from adapters.twilio.account import Credentials, KeySource
from adapters.twilio.carrier import TwilioCarrier
from dialer.engine import Engine
from dialer.events import Event
from dialer.orders import Instruction
from dialer.settings import CarrierSettings
from tests.adapters.twilio.builders import CALLS, KEYS, PUBLIC, Recorder, a_call, a_router, settings
from tests.support.builders import rules, the_campaign
from tests.support.engines import Office, an_office


@dataclass
class Told(Recorder):
    """A receiver that keeps what it is told, and has the engine act on it."""

    engine: Engine
    events: list[Event] = field(default_factory=list)

    async def receive(self, event: Event) -> Instruction | None:
        """Keep the event, and act."""
        self.events.append(event)
        return await self.engine.receive(event)


@dataclass(kw_only=True)
class Floor:
    """An office whose orders go through the real adapter to a stand-in for Twilio."""

    office: Office
    engine: Engine
    router: respx.MockRouter

    async def look(self, **time: float) -> None:
        """Let time pass, plan once, and see the orders carried out."""
        self.office.go(**time)
        await self.engine.tick()
        await self.engine.settle()

    @property
    def ordered(self) -> list[str]:
        """Whom the carrier was asked to call, in order, by the requests that it saw."""
        posts = [call.request for call in self.router.calls if call.request.url.path == CALLS]
        return [dict(parse_qsl(post.content.decode()))["To"] for post in posts if post.method == "POST"]

    @property
    def asked(self) -> int:
        """How many questions the carrier saw."""
        return sum(call.request.method == "GET" for call in self.router.calls)


@asynccontextmanager
async def a_floor(
    people: int, *, agents: int = 2, keys: Credentials | KeySource = KEYS
) -> AsyncIterator[Floor]:
    """Open an office, people due, whose engine speaks to a router that answers what a test tells it to."""
    async with an_office(people, agents=[f"agent-{place}" for place in range(agents)]) as office:
        router = a_router()
        carrier = TwilioCarrier(
            settings(),
            keys,
            public_url=PUBLIC,
            clock=office.clock,
            wire=httpx.MockTransport(router.async_handler),
        )
        engine = Engine(
            store=office.store,
            carrier=carrier,
            mailer=office.post,
            clock=office.clock,
            rules=rules(carrier=CarrierSettings(calls_per_second=50)),
        )
        engine.take_campaigns({the_campaign().id: the_campaign()})
        yield Floor(office=office, engine=engine, router=router)
        await carrier.close()


def takes(request: httpx.Request) -> httpx.Response:
    """Answer an order as Twilio does when all is well."""
    to = dict(parse_qsl(request.content.decode()))["To"]
    return httpx.Response(201, json=a_call(sid=f"CA{to[1:]:0>32}", to=to))


def a_list(*calls: dict[str, object]) -> httpx.Response:
    """Answer a question with these calls."""
    return httpx.Response(
        200, json={"calls": list(calls), "next_page_uri": None, "page": 0, "page_size": 100}
    )
