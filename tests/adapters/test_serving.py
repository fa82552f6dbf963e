"""Lines on which nothing is said are ended, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from adapters.clock import SystemClock, VirtualClock
from adapters.serving import BODY_LIMIT_S, HEAD_LIMIT_S, Doorkeeper, serving
from tests.support.builders import NOON

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House:
    """A served application, its keeper and clock, and lines to it."""

    def __init__(self, most: int = 100) -> None:
        self.clock, self.held, self.app = VirtualClock(NOON), asyncio.Event(), web.Application()
        self.keeper = Doorkeeper(clock=self.clock, most=most)
        self.port, self.writers = 0, list[asyncio.StreamWriter]()
        self.runner: web.AppRunner | None = None

    async def line(self, said: bytes = b"") -> Line:
        """Open a line and say something."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(said)
        return reader, writer

    async def wait(self, seconds: float) -> int:
        """Let the keeper look, let time pass, and let it look again; return how many lines it ended."""
        assert await asks(await self.line()) == b"here"  # whoever came before has been let in by now
        self.sweep()
        self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))
        return self.sweep()

    def sweep(self) -> int:
        """Let the keeper look."""
        assert self.runner
        assert self.runner.server
        return self.keeper.sweep(self.runner.server.connections)

    async def close(self) -> None:
        """Let go of every line."""
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.writers), return_exceptions=True)


def pages(held: asyncio.Event) -> web.Application:
    """Three pages: one that answers, one that reads, one that is held until the test lets it go."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="here")

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def hold(request: web.Request) -> web.Response:
        await held.wait()
        return web.Response(text="held")

    app = web.Application()
    app.add_routes([web.get("/", answer), web.post("/read", read), web.get("/hold", hold)])
    return app


@asynccontextmanager
async def a_house(most: int = 100) -> AsyncIterator[House]:
    """A house whose keeper looks when the test says so."""
    house = House(most)
    app = pages(house.held)
    app.middlewares.append(house.keeper.note)
    house.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await house.runner.setup()
    await web.TCPSite(house.runner, "127.0.0.1", 0).start()
    house.port = house.runner.addresses[0][1]
    try:
        async with asyncio.timeout(20):
            yield house
    finally:
        await house.close()
        await house.runner.cleanup()


async def asks(line: Line, path: str = "/") -> bytes:
    """Ask for a page and return the last line of the answer."""
    reader, writer = line
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return await reader.readexactly(size)


async def is_over(line: Line) -> bool:
    """Wait for the end of a line."""
    return await line[0].read() == b""


async def test_half_a_head_is_not_waited_for() -> None:
    """Nor is silence; and dripping letters does not help."""
    async with a_house() as house:
        lines = [await house.line(said) for said in (b"", b"GET / HT", b"POST /read HTTP/1.1\r\nX-A: b\r\n")]
        assert await house.wait(HEAD_LIMIT_S / 2) == 0
        lines[1][1].write(b"TP/1.1\r\n")
        assert await house.wait(HEAD_LIMIT_S / 2 + 1) == 3
        assert [await is_over(line) for line in lines] == [True] * 3


async def test_a_line_that_asked_before_may_rest() -> None:
    """Proxies keep their lines; only those who never asked are ended."""
    async with a_house() as house:
        known, stranger = await house.line(), await house.line()
        assert await asks(known) == b"here"
        assert await house.wait(HEAD_LIMIT_S + 1) == 1
        assert await is_over(stranger)
        assert await asks(known) == b"here"


async def test_half_a_body_is_not_waited_for() -> None:
    """A page that reads is not held for ever by one who drips."""
    async with a_house() as house:
        dripping = await house.line(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
        assert await house.wait(BODY_LIMIT_S - 1) == 0
        dripping[1].write(b"b")
        assert await house.wait(1) == 1
        assert await is_over(dripping)


async def test_a_page_that_takes_its_time_is_left_alone() -> None:
    """The board's stream lasts for hours, and goes last when there are too many."""
    async with a_house(most=1) as house:
        slow = await house.line()
        asked = asyncio.create_task(asks(slow, "/hold"))
        stranger = await house.line()
        await house.wait(3600)
        assert await is_over(stranger)
        house.held.set()
        assert await asked == b"held"


async def test_the_oldest_strangers_go_when_there_are_too_many() -> None:
    """Time need not pass for that; who asked for something before goes last."""
    async with a_house(most=6) as house:
        known = await house.line()
        assert await asks(known) == b"here"
        old = [await house.line(b"GET") for _ in range(4)]
        assert await house.wait(1) == 0  # with the line that the house itself asks on there are six
        new = [await house.line(b"GET") for _ in range(4)]
        assert await asks(known) == b"here"
        assert house.sweep() == 4
        assert [await is_over(line) for line in old] == [True] * 4
        assert not any(line[0].at_eof() for line in new)
        assert await asks(known) == b"here"


@pytest.mark.parametrize(
    "said", [b"\x16\x03\x01 hello\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\na b\r\n\r\n"]
)
async def test_what_is_no_request_fills_no_log(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """It is answered, and that is all."""
    served = serving(pages(asyncio.Event()), host="127.0.0.1", port=0, clock=SystemClock())
    async with served as port, asyncio.timeout(20):
        house = House()
        house.port = port
        reader, _ = await house.line(said)
        assert (await reader.readline()).split(b" ")[1] == b"400"
        await house.close()
    assert caplog.records == []


async def test_a_served_application_is_kept() -> None:
    """The keeper looks each second, and what comes packed is not unpacked: a bomb stays as small as it came."""
    packed = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n"
    held = asyncio.Event()
    async with (
        serving(pages(held), host="127.0.0.1", port=0, clock=SystemClock(), most=2) as port,
        asyncio.timeout(20),
    ):
        house = House()
        house.port = port
        reader, _ = await house.line(packed + b"Connection: close\r\n\r\n12345")
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"\r\n\r\n5")
        strangers = [await house.line(b"GET") for _ in range(6)]
        assert [await is_over(line) for line in strangers[:4]] == [True] * 4
        await house.close()
