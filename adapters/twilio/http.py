"""Twilio's library over httpx: one request, real time limits, and failures that say whether anything was sent."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from adapters.twilio.errors import AnswerLost, AnswerRefused, NotSent
from dialer.settings import CarrierSettings

_DAY_S = 86400.0
CONNECTIONS: Final = 32
MOST_CREATES: Final = 20
MOST_LOOKS: Final = 4
"""How many connections there are, and how many of them creates and look-ups may hold at most.

The rest are for whatever ends calls: a carrier that lets every create hang must not keep an emergency waiting.
"""
# The pool looks at each of its connections with every request, so those that rest are few.
_LIMITS = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=12, keepalive_expiry=5.0)
_CREATE: Final = "/Calls.json"

# httpx logs the address of each request at INFO, and the address of a list holds the number of a person.
logging.getLogger("httpx").setLevel(logging.WARNING)

_SURELY_NOT_SENT = (
    httpx.ConnectError,  # refused, no such host, or no TLS: whatever comes before the first byte of a request
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class HttpxTransport(AsyncHttpClient):
    """Carries the requests of Twilio's library. It never sends one twice.

    The library's own client has no timeout even when given one, repeats a create on any 5xx when asked to retry,
    drops Retry-After, and wraps a failed list differently from a failed fetch (facts §4). So whatever is not a 2xx
    with a JSON object leaves here as one of our own exceptions: NotSent, AnswerLost or AnswerRefused.
    """

    def __init__(self, settings: CarrierSettings, *, wire: httpx.AsyncBaseTransport | None = None) -> None:
        """Take the time limits from `settings`; `wire` stands in for the network."""
        super().__init__(logging.getLogger(__name__), is_async=True)
        connect, read = settings.connect_timeout.total_seconds(), settings.read_timeout.total_seconds()
        # A read limit restarts with every byte: only an overall one ends an answer that trickles.
        self._overall_s, self._turn_s = 2 * (connect + read), connect
        self._creates, self._looks = asyncio.Semaphore(MOST_CREATES), asyncio.Semaphore(MOST_LOOKS)
        self._http = httpx.AsyncClient(
            transport=wire,
            timeout=httpx.Timeout(connect=connect, read=read, write=read, pool=connect),
            limits=_LIMITS,
            follow_redirects=False,
            # A proxy or .netrc found in the environment must not decide where calls are ordered.
            trust_env=False,
        )

    async def request(self, method: str, uri: str, **parts: Any) -> Response:  # type: ignore[override]
        """Send one request once and return its 2xx answer. Raises NotSent, AnswerLost or AnswerRefused.

        Of what the library hands over by name, `timeout` and `allow_redirects` are passed over: it never sets them,
        the limits are ours, and no redirect is followed.
        """
        request = self._request(method, uri, parts)
        try:
            async with self._turn(request), asyncio.timeout(self._overall_s):
                answer = await self._http.send(request, auth=parts.get("auth"))
        except _SURELY_NOT_SENT as failure:
            raise NotSent(type(failure).__name__) from failure
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as failure:
            raise AnswerLost(type(failure).__name__) from failure
        return _checked(answer)

    @asynccontextmanager
    async def _turn(self, request: httpx.Request) -> AsyncIterator[None]:
        """Hold one of the places for requests of this kind. Raises NotSent when none is free in time."""
        places = self._places(request)
        if places is None:
            yield
            return
        try:
            async with asyncio.timeout(self._turn_s):
                await places.acquire()
        except TimeoutError as late:
            raise NotSent("no connection free") from late
        try:
            yield
        finally:
            places.release()

    def _places(self, request: httpx.Request) -> asyncio.Semaphore | None:
        """Return what limits requests of this kind; nothing limits what ends calls, but the connections there are."""
        if request.method == "GET":
            return self._looks
        return self._creates if request.url.path.endswith(_CREATE) else None

    def _request(self, method: str, uri: str, parts: Mapping[str, Any]) -> httpx.Request:
        try:
            return self._http.build_request(
                method,
                uri,
                params=_plain(parts.get("params")),
                data=_plain(parts.get("data")),
                headers=parts.get("headers"),
            )
        except httpx.InvalidURL as failure:  # a next page that is no address
            raise NotSent(type(failure).__name__) from failure

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def _plain(fields: Mapping[str, object] | None) -> dict[str, str | list[str]] | None:
    """Return form fields as text, a repeated one as a list."""
    if not fields:
        return None
    return {
        name: [str(each) for each in value] if isinstance(value, list | tuple) else str(value)
        for name, value in fields.items()
    }


def _checked(answer: httpx.Response) -> Response:
    payload = _json(answer)
    if not answer.is_success:
        raise _refusal(answer, payload)
    if answer.status_code == httpx.codes.NO_CONTENT:
        return Response(answer.status_code, "", answer.headers)
    if not isinstance(payload, dict):
        raise AnswerLost(f"http-{answer.status_code} without a JSON object")
    return Response(answer.status_code, answer.text, answer.headers)


def _json(answer: httpx.Response) -> object:
    try:
        payload: object = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    return payload


def _refusal(answer: httpx.Response, payload: object) -> AnswerRefused:
    fields = payload if isinstance(payload, dict) else {}
    said = (fields.get(name) for name in ("message", "detail", "title"))
    return AnswerRefused(
        next((str(each) for each in said if each), answer.reason_phrase),
        status=answer.status_code,
        code=_code(fields.get("code")),
        retry_after_s=_retry_after_s(answer.headers),
        request_id=answer.headers.get("Twilio-Request-Id"),
    )


def _code(value: object) -> int | None:
    """Return Twilio's code; its newer interfaces answer as RFC 9457 has it, where the code may be text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After, a day at most, or None.

    A date counts from the answer's own Date, whatever our clock says.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _DAY_S)
    until, since = _date(text), _date(headers.get("Date", ""))
    return min(max(0.0, (until - since).total_seconds()), _DAY_S) if until and since else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return date if date.tzinfo else None
