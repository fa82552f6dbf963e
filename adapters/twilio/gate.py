"""Who may come in: nothing without Twilio's signature over our public address, and the attempt's own nonce."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from adapters.twilio.errors import CarrierMisconfigured
from dialer.nonce import is_genuine
from dialer.ports import Clock

_log = structlog.get_logger(__name__)

BODY_LIMIT: Final = 65_536
"""Bytes; a callback of Twilio's is around two thousand."""

BODY_LIMIT_S: Final = 5.0
FIELDS_LIMIT: Final = 200
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
    """Lets genuine requests in. `auth_tokens` are the account's, several while one is being replaced."""

    def __init__(self, *, root: str, auth_tokens: Sequence[str], secret: str, clock: Clock) -> None:
        """Take the public address without a slash at its end; raise CarrierMisconfigured without a token."""
        if not auth_tokens or not all(auth_tokens):
            raise CarrierMisconfigured(
                "carrier: without the account's auth token no callback can be believed"
            )
        self._root, self._secret, self._clock = root, secret, clock
        self._validators = tuple(RequestValidator(token) for token in auth_tokens)
        self._silent_until, self._unlogged = float("-inf"), 0

    async def admit(self, request: web.Request, purpose: str | None = None) -> Visit:
        """Return the visit behind a request. Raises TurnedAway: 403 for a forgery, 408 and 413 for its body.

        With a `purpose` ("call" or "agent") the address must carry our nonce of that purpose as well: others may use
        the same account, and Twilio signs for them too.
        """
        form = _form(await _body(request))
        if form is None or request.content_type != "application/x-www-form-urlencoded":
            raise self._forged(request, "no form")
        if not self._is_signed(request, form):
            raise self._forged(request, "signature")
        name, nonce = request.match_info.get(_named_by(purpose), ""), request.match_info.get("nonce", "")
        if purpose and not (nonce.isascii() and is_genuine(self._secret, purpose, name, nonce)):
            raise self._forged(request, "nonce")
        return Visit(form=form, query=MultiDict(request.query), name=name, nonce=nonce)

    def _is_signed(self, request: web.Request, form: MultiDict[str]) -> bool:
        """Check the signature over the *configured* address: Host and X-Forwarded-* are the sender's to choose.

        The path is taken as it stood in the request line, since that is what was signed. Twilio's validator is not
        safe with what strangers send (no header: TypeError; a lone surrogate: UnicodeEncodeError), hence the checks.
        """
        signatures = request.headers.getall("X-Twilio-Signature", [])
        if len(signatures) != 1 or not signatures[0] or not request.raw_path.startswith("/"):
            return False
        address = self._root + request.raw_path
        try:
            return any(validator.validate(address, form, signatures[0]) for validator in self._validators)
        except ValueError:
            return False

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
    return "agent" if purpose == "agent" else "attempt"


async def _body(request: web.Request) -> bytes:
    """Read at most 64 KiB in at most five seconds, unpacked: a bomb counts as what it becomes."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for chunk in request.content.iter_chunked(8192):
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise TurnedAway(413)
    except TimeoutError as late:
        raise TurnedAway(408) from late
    return bytes(body)


def _form(body: bytes) -> MultiDict[str] | None:
    """Return the fields, blank ones too (they are signed), or None when this is no form."""
    try:
        return MultiDict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        return None
