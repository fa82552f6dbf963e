"""HTTP/1.1 as webhooks need it: one request, one answer, connections kept open; thousands in a few seconds."""

import asyncio
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from adapters.simulator.answers import Answer, AnswerBroken, Answering

_MOST_AT_ONCE = 200


class NotConnected(Exception):
    """Nobody took the connection: refused, unknown host, too slow, or no agreement on TLS."""


class LineBroken(Exception):
    """The connection was there and no whole answer came in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an address leads: whom to connect to, what to ask for, and what to say of oneself there."""

    host: str
    port: int
    is_tls: bool
    path: str
    headers: str


@lru_cache(maxsize=4096)
def target_of(url: str) -> Target:
    """Return where a web address leads. Raises ValueError for one that leads nowhere."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url} is no web address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(letter <= " " for letter in path):
        raise ValueError(f"{url} holds a space or worse")
    _, _, host = parts.netloc.rpartition("@")
    headers = f"Host: {host}\r\n"
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers += f"Authorization: Basic {b64encode(pair.encode()).decode()}\r\n"
    is_tls = parts.scheme == "https"
    return Target(
        host=parts.hostname,
        port=parts.port or (443 if is_tls else 80),
        is_tls=is_tls,
        path=path,
        headers=headers,
    )


class Wire:
    """Connections to everybody who is told something. Use it within one event loop, and close it."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self._idle: dict[tuple[str, int, bool], list[Line]] = defaultdict(list)
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        connect_s: float,
        read_s: float,
    ) -> Answer:
        """Return what is answered; times are real seconds. Raises NotConnected, LineBroken, ValueError for the URL."""
        target = target_of(url)
        head = f"{method} {target.path} HTTP/1.1\r\n{target.headers}"
        head += "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        async with self._slots:
            idle = self._idle[target.host, target.port, target.is_tls]
            while idle:
                line = idle.pop()
                if line.is_open:
                    answer = await line.ask(request, read_s, was_idle=True)
                    if answer is not None:
                        return _kept(idle, line, answer)
            line = await _connected(target, connect_s)
            answer = await line.ask(request, read_s)
            if answer is None:
                raise LineBroken("the connection was closed without a word")
            return _kept(idle, line, answer)

    def close(self) -> None:
        """Let go of every connection."""
        for idle in self._idle.values():
            for line in idle:
                line.close()


def _kept(idle: "list[Line]", line: "Line", answer: Answer) -> Answer:
    """Keep a connection that can be used again; return the answer."""
    if answer.is_last or not line.is_open:
        line.close()
    else:
        idle.append(line)
    return answer


async def _connected(target: Target, within_s: float) -> "Line":
    """Return a new connection. Raises NotConnected."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within_s):
            _, line = await loop.create_connection(
                Line, target.host, target.port, ssl=True if target.is_tls else None
            )
    except (OSError, TimeoutError) as failed:
        raise NotConnected(f"{target.host}:{target.port}") from failed
    return line


class Line(asyncio.Protocol):
    """One connection; one question on it at a time."""

    def __init__(self) -> None:
        """Begin."""
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._answering: Answering | None = None
        self._answer: asyncio.Future[Answer | None] | None = None

    async def ask(self, request: bytes, within_s: float, *, was_idle: bool = False) -> Answer | None:
        """Send a request and return its answer; None when a connection that lay idle turns out to be closed.

        Raises LineBroken when no whole answer comes within the time.
        """
        loop = asyncio.get_running_loop()
        self._answering, self._answer = Answering(), loop.create_future()
        if self._transport is not None:
            self._transport.write(request)
        timer = loop.call_later(within_s, self._fail, "it took too long")
        try:
            answer = await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
        if answer is None and not was_idle:
            raise LineBroken("the connection was closed without a word")
        return answer

    def close(self) -> None:
        """Let go of the connection."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - streams have nothing else
        self._transport, self.is_open = transport, True

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        if self._answering is None or self._answer is None or self._answer.done():
            self.close()  # nobody asked
            return
        try:
            answer = self._answering.fed(data)
        except AnswerBroken as broken:
            self._fail(str(broken))
            return
        if answer is not None:
            self._answer.set_result(answer)

    def connection_lost(self, _: Exception | None) -> None:
        """Take the end of the connection, which may be the end of the answer."""
        self.is_open = False
        if self._answering is None or self._answer is None or self._answer.done():
            return
        if self._answering.is_empty:
            self._answer.set_result(None)
        elif (answer := self._answering.ended()) is not None:
            self._answer.set_result(answer)
        else:
            self._fail("the connection was closed in the middle of the answer")

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LineBroken(why))
