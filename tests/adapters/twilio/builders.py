"""What the tests of the Twilio adapter are made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import respx
from aiohttp import TCPConnector, web
from aiohttp.test_utils import TestClient, TestServer
from twilio.request_validator import RequestValidator

from adapters.clock import VirtualClock
from adapters.twilio.account import Credentials, KeySource
from adapters.twilio.carrier import TwilioCarrier
from adapters.twilio.gate import Gate
from adapters.twilio.lines import AgentLines
from adapters.twilio.urls import Addresses
from adapters.twilio.webhooks import line_routes, routes
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState
from dialer.events import Event
from dialer.nonce import nonce_for
from dialer.orders import Instruction, PlaceCall
from dialer.settings import CarrierSettings

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
BASE = "https://api.tokyo.jp1.twilio.com"
PUBLIC = "https://dialer.example"
ACCOUNT = "AC" + "a" * 32
SID = "CA" + "1" * 32
TOKEN, OLD_TOKEN, SECRET = "token-of-the-account", "token-before-that", "secret of this house"
TO, FROM = "+819012345678", "+81312345678"
ATTEMPT = "winback-7-1"
NONCE = nonce_for(SECRET, "call", ATTEMPT)
KEYS = Credentials(key_sid="SKkey", key_secret="key-secret")
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
ONE = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json"

Json = dict[str, Any]


def an_order(**changes: Any) -> PlaceCall:
    """A call to place."""
    fields: Json = {
        "attempt": ATTEMPT,
        "nonce": NONCE,
        "to": TO,
        "caller_id": FROM,
        "ring_limit_s": 25,
        "call_limit_s": 1800,
    }
    return PlaceCall(**(fields | changes))


def an_attempt(**changes: Any) -> Attempt:
    """An attempt the carrier is asked about."""
    fields: Json = {
        "id": ATTEMPT,
        "campaign": "winback",
        "version": "1",
        "lead": 7,
        "contact": "c-7",
        "channel": Channel.VOICE,
        "ordinal": 1,
        "address": TO,
        "nonce": NONCE,
        "state": AttemptState.UNSURE,
        "opened_at": NOW,
        "caller_id": FROM,
    }
    return Attempt(**(fields | changes))


def a_call(**changes: Any) -> Json:
    """A call as Twilio's API shows it."""
    fields: Json = {
        "sid": SID,
        "account_sid": ACCOUNT,
        "to": TO,
        "from": FROM,
        "status": "queued",
        "direction": "outbound-api",
        "date_created": rfc2822(NOW),
        "date_updated": None,
        "start_time": None,
        "end_time": None,
        "duration": None,
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "queue_time": "0",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json",
    }
    return fields | changes


def a_page(*calls: Json, next_page: str | None = None) -> httpx.Response:
    """A page of the list of calls."""
    body = {"calls": list(calls), "page": 0, "page_size": 100, "uri": CALLS, "next_page_uri": next_page}
    return httpx.Response(
        200, json=body | {"first_page_uri": "", "previous_page_uri": None, "start": 0, "end": 9}
    )


def a_refusal(code: int, status: int = 400) -> Json:
    """An error as Twilio's API words it."""
    return {"code": code, "message": f"No: {TO} will not do", "more_info": "", "status": status}


def rfc2822(instant: datetime) -> str:
    """An instant as Twilio writes it."""
    return instant.strftime("%a, %d %b %Y %H:%M:%S +0000")


def a_router() -> respx.MockRouter:
    """A stand-in for Twilio that answers what a test tells it to, and nothing else."""
    return respx.MockRouter(base_url=BASE, assert_all_called=False)


def settings(**changes: Any) -> CarrierSettings:
    """An account's settings."""
    return CarrierSettings(**({"base_url": BASE, "account_sid": ACCOUNT} | changes))


def a_carrier(
    router: respx.MockRouter | None = None,
    *,
    clock: VirtualClock | None = None,
    keys: Credentials | KeySource = KEYS,
    **changes: Any,
) -> TwilioCarrier:
    """A carrier whose network is `router`, or the real one."""
    wire = httpx.MockTransport(router.async_handler) if router else None
    return TwilioCarrier(
        settings(**changes), keys, public_url=PUBLIC, clock=clock or VirtualClock(NOW), wire=wire
    )


class Recorder:
    """A receiver that keeps what it is told and answers what it was given."""

    def __init__(self, instruction: Instruction | None = None, failure: Exception | None = None) -> None:
        self.events: list[Event] = []
        self.instruction, self.failure = instruction, failure

    async def receive(self, event: Event) -> Instruction | None:
        self.events.append(event)
        if self.failure:
            raise self.failure
        return self.instruction


async def room_of(agent: str) -> str | None:
    """One agent has a room."""
    return "ag-4f2a" if agent == "sato" else None


@asynccontextmanager
async def a_door(
    receiver: Recorder,
    *,
    public: str = PUBLIC,
    tokens: tuple[str, ...] = (TOKEN, OLD_TOKEN),
    lines: int = 100,
) -> AsyncIterator["TestClient[web.Request, web.Application]"]:
    """The webhooks, served on loopback while their public address is another; we ask on so many lines at once."""
    clock, addresses = VirtualClock(NOW), Addresses(public_url=public)
    gate = Gate(root=addresses.root, auth_tokens=tokens, secret=SECRET, clock=clock)
    app = web.Application()
    app.add_routes(routes(receiver, gate=gate, addresses=addresses, clock=clock, room_of=room_of))
    lines_of = AgentLines(
        receiver=receiver, addresses=addresses, clock=clock, room_of=room_of, agents=("sato", "gone", "a-1")
    )
    app.add_routes(line_routes(lines_of, gate))
    server = TestServer(app)
    await server.start_server(auto_decompress=False)  # as adapters/serving.py does: bodies as they came
    async with TestClient(server, connector=TCPConnector(limit=lines)) as client:
        yield client


def path(door: str, *, attempt: str = ATTEMPT, nonce: str = NONCE) -> str:
    """The path of a call's callback."""
    return f"/twilio/{attempt}/{nonce}/{door}"


def a_form(**changes: str) -> dict[str, str]:
    """A status callback's fields, blank ones included, as Twilio sends them for a Japanese number."""
    fields = {
        "CallSid": SID,
        "AccountSid": ACCOUNT,
        "From": FROM,
        "To": TO,
        "CallStatus": "ringing",
        "Direction": "outbound-api",
        "Timestamp": rfc2822(NOW),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "1",
        "ToCity": "",
        "ToState": "東京",
        "CallerCountry": "JP",
    }
    return fields | changes


def signed(url: str, form: Json | str, token: str = TOKEN) -> dict[str, str]:
    """The header that makes a request Twilio's."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


async def tell(
    client: "TestClient[web.Request, web.Application]", where: str, form: dict[str, str], token: str = TOKEN
) -> tuple[int, str]:
    """Call a webhook as Twilio does; return status and body."""
    answer = await client.post(where, data=form, headers=signed(PUBLIC + where, form, token))
    return answer.status, await answer.text()


def seconds(count: float) -> timedelta:
    """A short duration."""
    return timedelta(seconds=count)


def document(twiml: str) -> ET.Element:
    """TwiML of ours, read."""
    return ET.fromstring(twiml)  # noqa: S314 - our own words
