"""The double: how many orders it accepts a second, beside a bare aiohttp server that the same client asks.

python -m bench.double [--calls 4000] [--rounds 3] [--json var/bench/double.json]

Three servers run, each in a process of its own: a bare aiohttp application that reads the same form and answers a
constant; the double, whose calls nobody asks to hear of; and a double whose calls each have four status callbacks,
which a trivial local server answers. The client is plain sockets, so that little of the machine goes into asking.
Figures are medians of the rounds.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from aiohttp import web

LEAST_A_SECOND = 500.0
CONNECTIONS = 16
ACCOUNT, TOKEN = "AC" + "b" * 32, "bench"
CALLBACKS = ("initiated", "ringing", "answered", "completed")
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
# Everybody picks up after some seconds and hears one short document: each call has all four callbacks.
SCENARIO = """says: everybody picks up
people: {answers: 10, machines: 0, busy: 0, failed: 0, gone: 0, ring_s: 5}
"""
FACTOR = "200"


@dataclass(frozen=True, slots=True)
class Server:
    """Where somebody listens."""

    port: int
    stop: Callable[[], None]


async def main_of(options: argparse.Namespace, folder: Path) -> dict[str, float | bool]:
    """Ask each server and return the figures."""
    rounds: list[tuple[float, float, float]] = []
    for number in range(options.rounds):  # one after the other: what else the machine does strikes all three
        listener, heard = counting_server()
        url = f"http://127.0.0.1:{listener.port}/status"
        bare = await timed(serving(bare_server), options.calls, callback="")
        quiet = await timed(double(folder / f"quiet-{number}"), options.calls, callback="")
        told = double(folder / f"told-{number}")
        busy = await timed(told, options.calls, callback=url, until=partial(heard, 4 * options.calls))
        listener.stop()
        rounds.append((bare, quiet, busy))
    busy = median(each[2] for each in rounds)
    return {
        "calls": options.calls,
        "rounds": options.rounds,
        "bare_per_second": median(each[0] for each in rounds),
        "accepted_per_second": median(each[1] for each in rounds),
        "ratio_to_bare": median(quiet / bare for bare, quiet, _ in rounds),
        "with_four_callbacks_per_second": busy,
        "callbacks_per_second": 4 * busy,
        "ratio_to_bare_with_four_callbacks": median(busy / bare for bare, _, busy in rounds),
    }


async def timed(
    server: Server, calls: int, *, callback: str, until: Callable[[], Awaitable[None]] | None = None
) -> float:
    """Return how many orders a second a server takes, once its callbacks have come too if `until` waits for them."""
    try:
        await ask(server.port, 200, 0, "")
        begun = perf_counter()
        await ask(server.port, calls, 1000, callback)
        if until is not None:
            await until()
        return calls / (perf_counter() - begun)
    finally:
        server.stop()


async def ask(port: int, calls: int, first: int, callback: str) -> None:
    """Order so many calls over a few connections that stay open."""
    numbers = iter(range(first, first + calls))

    async def line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            writer.write(order(number, callback))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            if not head.startswith(b"HTTP/1.1 201"):
                raise SystemExit(f"not accepted: {head.decode()}")
        writer.close()

    await asyncio.gather(*(line() for _ in range(CONNECTIONS)))


def order(number: int, callback: str) -> bytes:
    """Return one order as a dialer sends it."""
    form = {
        "To": f"+8190{10_000_000 + number}",
        "From": "+81312345678",
        "Timeout": "25",
        "TimeLimit": "3600",
        "Twiml": "<Response><Hangup/></Response>",
    }
    events = (("StatusCallbackEvent", event) for event in CALLBACKS)
    fields = [*form.items(), *((("StatusCallback", callback), *events) if callback else ())]
    body = urlencode(fields)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


# --- the servers ------------------------------------------------------------------------------------------------------


def double(state: Path) -> Server:
    """Start a double as a user does, in the morning of a working day."""
    state.mkdir(parents=True)
    scenario = state / "scenario.yaml"
    scenario.write_text(SCENARIO, "utf-8")
    command = [sys.executable, "-m", "dialer", "double", "--state", str(state), "--factor", FACTOR]
    command += ["--scenario", str(scenario), "--calls-per-second", "100000"]
    command += ["--start", "2026-11-20T01:00:00+00:00"]
    environment = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "PATH": ""}
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    if process.stdout is None:
        raise SystemExit("the double says nothing")
    url = process.stdout.readline().split(" ")[4]
    return Server(int(url.rstrip(":").rpartition(":")[2]), process.terminate)


def bare_server(ready: Connection) -> None:
    """Serve an application that reads the form and answers a constant."""

    async def create(request: web.Request) -> web.Response:
        form = await request.post()
        return web.json_response({"sid": "CA" + "0" * 32, "to": str(form["To"])}, status=201)

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Calls.json", create)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())


class Answering(asyncio.Protocol):
    """Answers each request of a connection with an empty 200, and counts them."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport, self._buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer each request that is whole."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            Answering.count += 1
            if isinstance(self._transport, asyncio.Transport):
                self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def listening_server(ready: Connection) -> None:
    """Serve callbacks; tell how many have come whenever asked."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Answering, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])

        def tell() -> None:
            ready.recv()
            ready.send(Answering.count)

        loop.add_reader(ready.fileno(), tell)
        await server.serve_forever()

    asyncio.run(serve())


def serving(work: Callable[[Connection], None]) -> Server:
    """Start a server in a process of its own."""
    return piped(work)[0]


def piped(work: Callable[[Connection], None]) -> tuple[Server, Connection]:
    """Start a server in a process of its own; return the line to it as well."""
    ours, theirs = Pipe()
    process = Process(target=work, args=(theirs,), daemon=True)
    process.start()
    return Server(ours.recv(), process.terminate), ours


def counting_server() -> tuple[Server, Callable[[int], Awaitable[None]]]:
    """Start a server for callbacks; return it, and what waits until so many have come."""
    server, line = piped(listening_server)

    async def heard(count: int) -> None:
        while True:
            line.send(None)
            if line.recv() >= count:
                return
            # Plain waiting: the figure is the double's, and asking all the time would cost it the machine.
            await asyncio.to_thread(line.poll, 0.02)

    return server, heard


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        figures = asyncio.run(main_of(options, Path(place)))
    figures["is_met"] = figures["accepted_per_second"] >= LEAST_A_SECOND
    told = {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps(told, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main()
