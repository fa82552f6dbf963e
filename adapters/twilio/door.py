"""A door for ourselves: whoever knocks learns whether it is this installation, and whether its gate lets Twilio in."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Final

import httpx
from aiohttp import web
from twilio.request_validator import RequestValidator

from adapters.facts import Reply
from adapters.twilio.gate import Gate, TurnedAway
from dialer.nonce import nonce_for

KNOCK_LIMIT_S: Final = 5.0
BOARD_MARK: Final = 'href="/static/site.css"'
"""What every page of the board holds."""

_PATH: Final = "/twilio/doctor/{challenge}"
# What a callback looks like: blank fields are signed too, and other scripts than ours come in names of places.
_SAMPLE: Final = {
    "CallSid": "CA" + "0" * 32,
    "CallStatus": "completed",
    "ToCity": "",
    "ToState": "東京都 港区",
}


def echo_of(secret: str, challenge: str) -> str:
    """Return what only this installation can answer to a challenge."""
    return nonce_for(secret, "doctor", challenge)


def routes(gate: Gate, *, secret: str) -> list[web.RouteDef]:
    """Return the door: a plain GET proves whose it is, a POST comes in only with the carrier's signature."""

    def said(request: web.Request) -> web.Response:
        return web.json_response({"echo": echo_of(secret, request.match_info["challenge"])})

    async def ask(request: web.Request) -> web.Response:
        return said(request)

    async def come_in(request: web.Request) -> web.Response:
        try:
            await gate.admit(request)
        except TurnedAway as turned:
            return web.Response(status=turned.status)
        return said(request)

    path = _PATH.format(challenge="{challenge:[0-9a-f]{32}}")
    return [web.get(path, ask), web.post(path, come_in)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What came of knocking: the answer, and whether it proved to be this installation's."""

    reply: Reply
    is_ours: bool


async def knock(address: str, secret: str) -> Knock:
    """Ask for the door at `address` (a root without a slash at its end) who is there."""
    challenge = secrets.token_hex(16)
    return await _knock("GET", address + _PATH.format(challenge=challenge), echo_of(secret, challenge))


async def knock_signed(address: str, root: str, token: str, secret: str) -> Knock:
    """Come to the door at `address` with a callback as the carrier would sign it for our public `root`."""
    challenge = secrets.token_hex(16)
    path = _PATH.format(challenge=challenge)
    signature = RequestValidator(token).compute_signature(root + path, _SAMPLE)
    headers = {"X-Twilio-Signature": signature}
    return await _knock("POST", address + path, echo_of(secret, challenge), data=_SAMPLE, headers=headers)


async def shows_board(root: str) -> bool:
    """Tell whether a stranger who asks for the front page is shown our board, and not a proxy's page or a no."""
    try:
        async with asyncio.timeout(KNOCK_LIMIT_S), _stranger() as http:
            answer = await http.get(f"{root}/")
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        return False
    return answer.is_success and BOARD_MARK in answer.text


async def _knock(
    method: str,
    url: str,
    expected: str,
    *,
    data: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Knock:
    try:
        async with (
            asyncio.timeout(KNOCK_LIMIT_S),
            _stranger() as http,
        ):
            answer = await http.request(method, url, data=data, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
        return Knock(reply=Reply(failure=_reason(failure)), is_ours=False)
    try:
        is_ours = answer.json()["echo"] == expected
    except (ValueError, KeyError, TypeError):
        is_ours = False
    return Knock(reply=Reply(status=answer.status_code), is_ours=is_ours)


def _stranger() -> httpx.AsyncClient:
    """Return a client as the carrier is one. It would follow redirects with another signature: so they are a fault."""
    return httpx.AsyncClient(timeout=KNOCK_LIMIT_S, follow_redirects=False, trust_env=False)


def _reason(failure: Exception) -> str:
    return f"{type(failure).__name__} {failure}".strip()
