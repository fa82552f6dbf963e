"""Who may come in: nothing without Twilio's signature over our public address, and the attempt's own nonce."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import orjson
import structlog
from aiohttp import web
from multidict import MultiDict

from adapters.twilio.signature import is_hash_of
from adapters.twilio.tokens import FreshSignatures, TokenSource
from adapters.twilio.urls import PATIENT_DOORS, URGENT_DOORS
from dialer.nonce import is_genuine
from dialer.ports import Clock

_log = structlog.get_logger(__name__)

BODY_LIMIT: Final = 65_536
"""Bytes; a callback of Twilio's is around two thousand."""

BODY_LIMIT_S: Final = 5.0
FIELDS_LIMIT: Final = 200
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
SHARED_KEY: Final = "X-Twilio-Webhooks-Signature-Settings"
"""Twilio's header over requests that are signed with a key of their own instead of the account's token."""

MOST_INSIDE: Final = 192
MOST_WITH_URGENT: Final = 256
MOST_WITH_PATIENT: Final = 64
"""How many genuine callbacks are taken in at once; how many when a person waits for the answer, how many when nothing
hangs on it."""

_MOST: Final[dict[str, int]] = {
    **dict.fromkeys(URGENT_DOORS, MOST_WITH_URGENT),
    **dict.fromkeys(PATIENT_DOORS, MOST_WITH_PATIENT),
}
_LOG_EVERY_S: Final = 10.0


class TurnedAway(Exception):
    """A request that gets this status and an empty body, and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A genuine request: its form, and the attempt or agent it is about."""

    form: MultiDict[str]
    query: MultiDict[str]
    name: str = ""
    nonce: str = ""


class Gate:
    """Lets genuine requests in. `auth_tokens` are the account's, several while one is replaced, or their source."""

    def __init__(
        self, *, root: str, auth_tokens: Sequence[str] | TokenSource, secret: str, clock: Clock
    ) -> None:
        """Take the public address without a slash at its end; raise CarrierMisconfigured without a token."""
        source = (
            auth_tokens if isinstance(auth_tokens, TokenSource) else TokenSource(read=lambda: auth_tokens)
        )
        self._signatures = FreshSignatures(root=root, source=source, clock=clock)
        self._secret, self._clock = secret, clock
        self._silent_until, self._unlogged = float("-inf"), 0
        self._inside = 0

    @contextmanager
    def room_for(self, door: str) -> Iterator[None]:
        """Hold a place while a genuine callback for this door is taken in. Raises TurnedAway (503) when there is none.

        Twilio tries again soon (`rp=all`), and what is turned away was not stored: so nothing is lost, the line to the
        database stays short, and dialling goes on. Strangers never get here, so they cannot take the places.
        """
        if self._inside >= _MOST.get(door, MOST_INSIDE):
            raise TurnedAway(503)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def admit(self, request: web.Request, purpose: str | None = None) -> Visit:
        """Return the visit behind a request. Raises TurnedAway: 403 for a forgery; 400, 408, 413 for its body.

        With a `purpose` ("call", "agent", "leg" or "line") the address must carry our nonce of that purpose as well:
        others may use the same account, and Twilio signs for them too.
        """
        signature = _signature(request)
        if signature is None or _is_packed(request):
            raise self._forged(request, "no signature" if signature is None else "packed")
        body = await _body(request)
        fields = _fields(request, body)
        if fields is None:
            raise self._forged(request, "no form")
        # The address is the *configured* one: Host and X-Forwarded-* are the sender's to choose.
        signed = fields if request.content_type == FORM else MultiDict[str]()
        if not self._signatures.is_genuine(request.raw_path, signed, signature):
            raise self._forged(request, "signature")
        name, nonce = request.match_info.get(_named_by(purpose), ""), request.match_info.get("nonce", "")
        if purpose and not (nonce.isascii() and is_genuine(self._secret, purpose, name, nonce)):
            raise self._forged(request, "nonce")
        return Visit(form=fields, query=MultiDict(request.query), name=name, nonce=nonce)

    def _forged(self, request: web.Request, why: str) -> TurnedAway:
        """Count a forgery, and log at most one line in ten seconds: a flood must not fill the disk."""
        self._unlogged += 1
        now = self._clock.monotonic()
        if now >= self._silent_until:
            resource = request.match_info.route.resource
            door = resource.canonical if resource else ""
            _log.warning("webhook_forged", door=door, reason=why, count=self._unlogged)
            self._silent_until, self._unlogged = now + _LOG_EVERY_S, 0
        return TurnedAway(403)


def _named_by(purpose: str | None) -> str:
    """Return the part of the address that a nonce of this purpose belongs to."""
    return purpose if purpose in {"agent", "leg"} else "attempt"


def _signature(request: web.Request) -> str | None:
    """Return the one signature of a request; None when it has none, several, or one of a kind we hold no key for."""
    given = request.headers.getall("X-Twilio-Signature", [])
    is_ours = SHARED_KEY not in request.headers and request.raw_path.startswith("/")
    return given[0] if len(given) == 1 and given[0] and is_ours else None


def _is_packed(request: web.Request) -> bool:
    """Tell whether a body came compressed: Twilio sends none such, and noise under that name would be an error."""
    return request.headers.get("Content-Encoding", "identity").lower() != "identity"


async def _body(request: web.Request) -> bytes:
    """Read at most 64 KiB in at most five seconds."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for chunk in request.content.iter_chunked(8192):
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise TurnedAway(413)
    except TimeoutError as late:
        raise TurnedAway(408) from late
    except (ConnectionError, web.RequestPayloadError) as broken:  # broken off, or no chunks at all
        raise TurnedAway(400) from broken
    return bytes(body)


def _fields(request: web.Request, body: bytes) -> MultiDict[str] | None:
    """Return what a body says, None when it is neither a form nor JSON under its own hash."""
    if request.content_type == FORM:
        return _form(body)
    hashes = request.query.getall("bodySHA256", [])
    return _object(body) if request.content_type == JSON and is_hash_of(body, hashes) else None


def _form(body: bytes) -> MultiDict[str] | None:
    """Return the fields, blank ones too (they are signed), or None when this is no form."""
    try:
        return MultiDict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        return None


def _object(body: bytes) -> MultiDict[str] | None:
    """Return the texts and numbers of a JSON object as fields, or None when this is no object."""
    try:
        told = orjson.loads(body)  # strict: no lone surrogates, no bottomless nesting
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    return MultiDict({name: str(value) for name, value in told.items() if isinstance(value, str | int)})
