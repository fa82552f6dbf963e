"""Signed webhooks, as Twilio sends them: overrides in the URL's fragment, retries, callbacks that go astray."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from adapters.clock import SystemClock
from adapters.simulator.chance import Chance
from adapters.simulator.deliveries import Deliveries
from adapters.simulator.faults import Faults
from adapters.simulator.naming import fresh_uuid
from adapters.simulator.signing import Signer, form_of
from adapters.simulator.wire import LineBroken, NotConnected, Wire

_CAP_S = 15.0  # of all attempts together, and of reading (twilio.md §2.2)
_ALWAYS = {
    "User-Agent": "TwilioProxy/1.1",
    "Accept": "*/*",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "X-Home-Region": "jp1",
}
_WHATEVER = frozenset({"ct", "rt", "4xx", "5xx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """How a webhook is delivered: real seconds to connect, to read and in all; retries, and after what."""

    connect_s: float = 5.0
    read_s: float = _CAP_S
    total_s: float = _CAP_S
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


@lru_cache(maxsize=1024)
def read_overrides(url: str) -> tuple[str, Overrides]:
    """Return the address without its fragment, and what the fragment asks for, held to Twilio's bounds."""
    address, _, fragment = url.partition("#")
    asked = dict(parse_qsl(fragment))

    def seconds(name: str, default: float) -> float:
        text = asked.get(name, "")
        return min(max(int(text) / 1000, 0.1), _CAP_S) if text.isdecimal() else default

    retries, policy = asked.get("rc", ""), frozenset(asked.get("rp", "ct").split(","))
    return address, Overrides(
        connect_s=seconds("ct", 5.0),
        read_s=seconds("rt", _CAP_S),
        total_s=seconds("tt", _CAP_S),
        retries=min(int(retries), 5) if retries.isdecimal() else 1,
        retry_on=_WHATEVER if "all" in policy else policy & _WHATEVER,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: HTTP status (0 when nothing came), body and media type, and Twilio's error code if it failed."""

    status: int
    text: str = ""
    media: str = ""
    error: int | None = None


class Courier:
    """Carries webhooks to the dialer. Waiting for its answers is the one thing here that takes real time."""

    def __init__(
        self,
        wire: Wire,
        *,
        auth_token: str,
        account_sid: str,
        clock: SystemClock,
        seed: str,
        deliveries: Deliveries,
    ) -> None:
        """Take the wire to send through, the token to sign with, and the record of what arrived."""
        self._wire, self._signer, self._clock = wire, Signer(auth_token), clock
        self.account_sid, self._chance = account_sid, Chance(seed)
        self._deliveries = deliveries
        self._under_way: set[asyncio.Task[object]] = set()
        self.faults = Faults()

    async def request(self, url: str, fields: Mapping[str, str], method: str = "POST") -> Reply:
        """Send one webhook, with its retries, and return the last reply. Never raises for what the network does."""
        address, overrides = read_overrides(url)
        token, reply = fresh_uuid(), Reply(status=0, error=11200)
        begun = self._clock.monotonic()
        try:
            async with asyncio.timeout(overrides.total_s):
                for _ in range(1 + overrides.retries):
                    reply, kind = await self._attempt(address, fields, method, token, overrides)
                    if kind not in overrides.retry_on:
                        break
        except TimeoutError:
            return Reply(status=0, error=11205)
        if 200 <= reply.status < 300:
            took_ms = (self._clock.monotonic() - begun) * 1000
            self._deliveries.note(address, fields, reply.status, self._clock.now(), took_ms=took_ms)
        return reply

    def notify(self, url: str, fields: Mapping[str, str], *names: object, method: str = "POST") -> None:
        """Send a status callback in the background; `names` tell this one from others, for its faults' sake."""
        chance, faults = self._chance, self.faults
        if chance.happens(faults.drop_callbacks, "drop", *names):
            return
        delay = faults.delay_s if chance.happens(faults.delay_callbacks, "delay", *names) else 0.0
        if chance.happens(faults.reorder_callbacks, "reorder", *names):
            delay += chance.between(0.0, 20.0, "reordered", *names)
        twice = chance.happens(faults.duplicate_callbacks, "duplicate", *names)
        for _ in range(2 if twice else 1):
            self.spawn(lambda: self._late(delay, url, fields, method))

    def spawn(self, work: Callable[[], Awaitable[object]]) -> asyncio.Task[object]:
        """Do something in the background; `settle` waits for it."""

        async def run() -> object:
            return await work()

        task = asyncio.create_task(run())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def settle(self, seconds: float) -> None:
        """Give what is under way, and what follows from it, so many real seconds; then drop it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:
                    await asyncio.wait(set(self._under_way))
        late = set(self._under_way)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _late(self, delay_s: float, url: str, fields: Mapping[str, str], method: str) -> Reply:
        """Send after so many campaign seconds."""
        if delay_s:
            await self._clock.wait(delay_s)
        return await self.request(url, fields, method)

    async def _attempt(
        self, address: str, fields: Mapping[str, str], method: str, token: str, overrides: Overrides
    ) -> tuple[Reply, str]:
        """Send once; return the reply and which kind of failure it is for the retry policy ('' for none)."""
        if method == "GET":
            address, fields = f"{address}{'&' if '?' in address else '?'}{form_of(fields)}", {}
        headers = {
            **_ALWAYS,
            "X-Twilio-Signature": self._signer.signature(address, fields),
            "I-Twilio-Idempotency-Token": token,
        }
        times = {"connect_s": overrides.connect_s, "read_s": overrides.read_s}
        try:
            answer = await self._wire.send(method, address, headers, form_of(fields).encode(), **times)
        except NotConnected:
            return Reply(status=0, error=11205), "ct"
        except (LineBroken, ValueError):
            return Reply(status=0, error=11200), "rt"
        error, kind = None, ""
        if answer.status >= 400:
            error, kind = 11200, "5xx" if answer.status >= 500 else "4xx"
        return Reply(status=answer.status, text=answer.text, media=answer.media, error=error), kind
