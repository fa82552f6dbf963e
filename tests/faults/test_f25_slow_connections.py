"""F25: connections that say nothing, and bodies that never end or become huge, are cut off and disturb nobody."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from adapters.clock import SystemClock
from adapters.twilio.gate import BODY_LIMIT, BODY_LIMIT_S
from tests.adapters.twilio.builders import PUBLIC, Recorder, a_door, a_form, path, signed, tell

Client = TestClient[web.Request, web.Application]
IDLE = 200
TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


async def half_open(client: Client, text: bytes) -> asyncio.StreamWriter:
    """Open a connection, begin a request, and say no more."""
    _, writer = await asyncio.open_connection("127.0.0.1", client.server.port)
    writer.write(text)
    await writer.drain()
    return writer


async def test_f25_others_are_served_beside_hundreds_that_say_nothing() -> None:
    """Half without a word, half in the middle of their headers: twenty genuine callbacks are acknowledged at once."""
    clock, receiver = SystemClock(), Recorder()
    async with a_door(receiver) as client:
        begun = [b"", b"POST /twilio/x HTTP/1.1\r\nHost: a\r\nX-Slow: "]
        idle = [await half_open(client, begun[place % 2]) for place in range(IDLE)]
        start = clock.monotonic()
        answers = [
            await tell(client, path("status"), a_form(SequenceNumber=str(place))) for place in range(20)
        ]
        assert {status for status, _ in answers} == {204}
        assert clock.monotonic() - start < BODY_LIMIT_S
        for writer in idle:
            writer.close()
    assert len(receiver.events) == 20


@pytest.mark.parametrize(
    ("header", "status", "after_s"),
    [(signed(PUBLIC + path("status"), {}), 408, BODY_LIMIT_S), ({}, 403, 0)],
    ids=["signed", "unsigned"],
)
async def test_f25_a_body_that_trickles_is_cut_off_in_time(
    header: dict[str, str], status: int, after_s: float
) -> None:
    """A letter now and then for as long as it is let: 408 after the limit, and another callback is served meanwhile.

    Without a signature nothing of it is read: 403 at once.
    """
    clock, receiver = SystemClock(), Recorder()

    async def letters() -> AsyncIterator[bytes]:
        while clock.monotonic() < start + 4 * BODY_LIMIT_S:
            yield b"a"
            await clock.wait(0.2)

    async with a_door(receiver) as client:
        start = clock.monotonic()
        slow = asyncio.create_task(client.post(path("status"), data=letters(), headers={**TYPE, **header}))
        assert (await tell(client, path("status"), a_form()))[0] == 204
        answer = await slow
        assert answer.status == status
        assert after_s - 0.5 <= clock.monotonic() - start < after_s + BODY_LIMIT_S
    assert len(receiver.events) == 1


@pytest.mark.parametrize(("packing", "status"), [(None, 413), ("gzip", 403)], ids=["as it comes", "packed"])
async def test_f25_a_huge_body_is_cut_off(packing: str | None, status: int) -> None:
    """As it comes or packed small: refused before it is looked at, in time, and nobody hears of it."""
    clock, receiver, body = SystemClock(), Recorder(), b"x=" + b"a" * (BODY_LIMIT * 12)
    header = {**TYPE, **signed(PUBLIC + path("status"), {})}
    if packing:
        header, body = {**header, "Content-Encoding": packing}, gzip.compress(body)
    async with a_door(receiver) as client:
        start = clock.monotonic()
        answer = await client.post(path("status"), data=body, headers=header)
        assert (answer.status, await answer.read()) == (status, b"")
        assert clock.monotonic() - start < BODY_LIMIT_S
        assert (await tell(client, path("status"), a_form()))[0] == 204
    assert len(receiver.events) == 1
