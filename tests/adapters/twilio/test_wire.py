"""The same promises over real connections on loopback: one request, and an honest word about it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from dialer.events import CallPlaced, CallThrottled, CallUnsure
from dialer.settings import CarrierSettings
from tests.adapters.twilio.builders import CALLS, a_call, a_carrier, an_order

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


def test_the_limits_of_the_settings_are_the_ones_used() -> None:
    """Out of the box: five seconds to connect, ten for an answer."""
    assert CarrierSettings().connect_timeout == timedelta(seconds=5)
    assert CarrierSettings().read_timeout == timedelta(seconds=10)
