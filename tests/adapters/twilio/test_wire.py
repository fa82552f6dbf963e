"""The same promises over real connections on loopback: one request, and an honest word about it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.clock import VirtualClock
from adapters.twilio.http import CONNECTIONS, MOST_CREATES, MOST_LOOKS
from dialer.events import CallPlaced, CallThrottled, CallUnsure
from dialer.orders import HangUp
from dialer.settings import CarrierSettings
from tests.adapters.twilio.builders import (
    ATTEMPT,
    CALLS,
    NOW,
    ONE,
    SID,
    a_call,
    a_carrier,
    an_attempt,
    an_order,
)

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listener:
    """A server that behaves as told and counts the requests whose head it has seen."""

    def __init__(self, behave: Behave) -> None:
        self.requests: list[bytes] = []
        self.base_url = ""
        self._behave = behave

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            await self._behave(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(behave: Behave) -> AsyncIterator[Listener]:
    """Serve on a port of the system's choice."""
    listener = Listener(behave)
    server = await asyncio.start_server(listener.meet, "127.0.0.1", 0)
    listener.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield listener


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing until the other side leaves."""
    while await reader.read(1024):
        pass


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and cut the connection."""
    writer.transport.abort()


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one letter at a time, for ever: no single read is late."""
    writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        try:
            await asyncio.wait_for(reader.read(4096), 0.01)
        except TimeoutError:
            continue


def quick(url: str) -> dict[str, Any]:
    """Settings with limits a test can wait for."""
    limit = timedelta(seconds=0.1)
    return {"base_url": url, "connect_timeout": limit, "read_timeout": limit}


@pytest.mark.parametrize("behave", [hang, reset, trickle])
async def test_a_lost_answer_leaves_doubt_and_no_second_request(behave: Behave) -> None:
    """Hung, reset or trickling: within our own limits the order is unsure, and was sent once."""
    async with listening(behave) as listener:
        carrier = a_carrier(**quick(listener.base_url))
        event = await carrier.place(an_order())
        await carrier.close()
    assert isinstance(event, CallUnsure)
    assert len(listener.requests) == 1
    assert listener.requests[0].startswith(f"POST {CALLS} ".encode())


async def test_a_refused_connection_gives_the_slot_back() -> None:
    """Nobody listens: no byte left."""
    async with listening(reset) as listener:
        url = listener.base_url
    carrier = a_carrier(**quick(url))
    assert isinstance(await carrier.place(an_order()), CallThrottled)
    await carrier.close()


async def test_a_connection_that_died_while_idle_is_no_reason_to_send_twice() -> None:
    """A kept connection that the server closes is noticed; what goes out on a new one goes out once."""
    body = str(a_call()).replace("'", '"').replace("None", "null").encode()

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )
        await writer.drain()

    async with listening(answer_once) as listener:
        carrier = a_carrier(base_url=listener.base_url)
        events = [await carrier.place(an_order()) for _ in range(3)]
        await carrier.close()
    assert len(listener.requests) == 3
    assert all(isinstance(event, CallPlaced | CallUnsure) for event in events)


async def halve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promise an answer, give half of it, and hang up."""
    writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 200\r\n\r\n{"sid": "CA')
    await writer.drain()


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say what is no HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


@pytest.mark.parametrize("behave", [halve, babble])
async def test_half_an_answer_leaves_doubt(behave: Behave) -> None:
    """The order arrived; what came back is worth nothing. It was sent once."""
    async with listening(behave) as listener:
        carrier = a_carrier(**quick(listener.base_url))
        event = await carrier.place(an_order())
        await carrier.close()
    assert isinstance(event, CallUnsure)
    assert len(listener.requests) == 1


async def test_a_server_that_speaks_no_tls_gets_no_order() -> None:
    """The handshake comes before the first byte of a request: surely not sent."""
    async with listening(babble) as listener:
        carrier = a_carrier(**quick(listener.base_url.replace("http:", "https:")))
        event = await carrier.place(an_order())
        await carrier.close()
    assert isinstance(event, CallThrottled)
    assert listener.requests == []


async def test_an_order_that_finds_no_connection_free_is_given_back() -> None:
    """As many as may hang: the one that waited in vain was surely not sent, the others are in doubt, each sent once."""
    async with listening(hang) as listener:
        limits: dict[str, Any] = {
            "connect_timeout": timedelta(seconds=0.2),
            "read_timeout": timedelta(seconds=1),
        }
        carrier = a_carrier(base_url=listener.base_url, **limits)
        events = await asyncio.gather(*[carrier.place(an_order()) for _ in range(MOST_CREATES + 1)])
        await carrier.close()
    kinds = [type(event) for event in events]
    assert (kinds.count(CallUnsure), kinds.count(CallThrottled)) == (MOST_CREATES, 1)
    assert len(listener.requests) == MOST_CREATES


async def test_a_hang_up_never_waits_for_creates_and_questions() -> None:
    """More creates and questions than there are connections, and every one hangs: the hang-up goes out at once."""
    reached, left = asyncio.Event(), asyncio.Event()

    async def answer_hang_ups(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if listener.requests[-1].startswith(f"POST {ONE} ".encode()):
            reached.set()
        elif len(listener.requests) >= MOST_CREATES + MOST_LOOKS:
            left.set()
        await hang(reader, writer)

    async with listening(answer_hang_ups) as listener, asyncio.TaskGroup() as group:
        patience = timedelta(seconds=60)
        carrier = a_carrier(base_url=listener.base_url, connect_timeout=patience, read_timeout=patience)
        waiting: list[asyncio.Task[Any]] = []
        waiting += [group.create_task(carrier.place(an_order())) for _ in range(CONNECTIONS + 4)]
        waiting += [group.create_task(carrier.ask(an_attempt())) for _ in range(CONNECTIONS + 4)]
        async with asyncio.timeout(30):
            await left.wait()
            waiting.append(group.create_task(carrier.hang_up(HangUp(attempt=ATTEMPT, reference=SID))))
            await reached.wait()
        for task in waiting:
            task.cancel()
    assert len(listener.requests) == MOST_CREATES + MOST_LOOKS + 1
    await carrier.close()


async def test_a_dead_server_is_left_alone_after_five_tries_and_found_again() -> None:
    """Over real connections: five creates, then looks alone, until one is answered (F15)."""
    body, clock = json.dumps(a_call()).encode(), VirtualClock(NOW)
    heads: list[int] = []

    async def come_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(len(heads))
        if len(heads) <= 6:
            writer.transport.abort()
            return
        answer = b'{"calls": []}' if len(heads) == 7 else body
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        writer.write(head % len(answer) + answer)
        await writer.drain()

    async with listening(come_back) as listener:
        carrier = a_carrier(clock=clock, **quick(listener.base_url))
        events = [await carrier.place(an_order()) for _ in range(8)]
        for pause_s in (30, 60):
            clock.advance_to(clock.now() + timedelta(seconds=pause_s))
            events.append(await carrier.place(an_order()))
        events.append(await carrier.place(an_order()))
        await carrier.close()
    methods = [head.split(b" ")[0].decode() for head in listener.requests]
    assert [type(event) for event in events] == [CallUnsure] * 5 + [CallThrottled] * 5 + [CallPlaced]
    assert methods == ["POST"] * 5 + ["GET"] * 2 + ["POST"]


def test_the_limits_of_the_settings_are_the_ones_used() -> None:
    """Out of the box: five seconds to connect, ten for an answer."""
    assert CarrierSettings().connect_timeout == timedelta(seconds=5)
    assert CarrierSettings().read_timeout == timedelta(seconds=10)
