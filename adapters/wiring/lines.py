"""How agents' lines come into their rooms here: by browser, double, a telephone that we call, or by themselves."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final
from urllib.parse import quote

import httpx

from adapters.clock import SystemClock
from adapters.doctor.account import is_real
from adapters.environment import KeyRing
from adapters.twilio.account import Credentials
from adapters.twilio.line_pass import mint, signalling_hosts
from adapters.twilio.urls import Addresses
from adapters.web.lines import LineFailed, LineKind
from dialer.errors import DialerError
from dialer.nonce import nonce_for
from dialer.settings import Settings

PATIENCE_S: Final = 3.0
"""How long a double may take to open a line, in real seconds."""


def line_address(settings: Settings, secret: str) -> str:
    """Return the voice address of the TwiML application: where a browser's call asks what to do.

    Raises CarrierMisconfigured for a public address that can be none.
    """
    return Addresses(public_url=settings.public_url).line(nonce_for(secret, "line", ""))


def join_address(settings: Settings, secret: str, agent: str) -> str:
    """Return where a line of an agent learns which room is theirs."""
    return Addresses(public_url=settings.public_url).join(agent, nonce_for(secret, "agent", agent))


class HouseLines:
    """The lines of one installation, as the desk's page asks for them."""

    def __init__(self, settings: Settings, ring: KeyRing, *, secret: str, clock: SystemClock) -> None:
        """Take whose agents they are, and the key that tokens are made with."""
        self._settings, self._ring, self._secret, self._clock = settings, ring, secret, clock
        self.sources = signalling_hosts(settings.carrier.base_url)

    def kind(self, agent: str) -> LineKind:
        """Return how an agent's line comes."""
        if agent in self._settings.telephones:
            return LineKind.TELEPHONE
        if not is_real(self._settings.carrier):
            return LineKind.SIMULATED
        return LineKind.BROWSER if self._settings.carrier.application_sid else LineKind.CALLED_IN

    def pass_for(self, agent: str) -> Mapping[str, object]:
        """Return token, identity, life in seconds, and edge. Raises LineFailed without the account's key."""
        try:
            keys = self._ring()
        except (DialerError, OSError, ValueError) as failure:
            raise LineFailed(f"no key to the account: {type(failure).__name__}") from failure
        credentials = Credentials(key_sid=keys.key_sid, key_secret=keys.key_secret)
        return asdict(mint(agent, self._settings.carrier, credentials, self._clock.now()))

    async def open(self, agent: str) -> None:
        """Let the double put a line into the agent's room, once. Raises LineFailed."""
        join_url = join_address(self._settings, self._secret, agent)
        try:
            answer = await self._ask("POST", "/double/lines", {"id": agent, "join_url": join_url})
        except httpx.HTTPError as failure:
            raise LineFailed(f"the double does not answer: {type(failure).__name__}") from failure
        if not answer.is_success:
            raise LineFailed(f"the double answered {answer.status_code}")

    async def close(self, agent: str) -> None:
        """Let the double hang up; where the line is no simulated one there is nothing to do."""
        if self.kind(agent) is LineKind.SIMULATED:
            try:
                await self._ask("DELETE", f"/double/lines/{quote(agent, safe='')}")
            except httpx.HTTPError:
                return  # a double that is gone holds no line

    async def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> httpx.Response:
        url = self._settings.carrier.base_url.rstrip("/") + path
        async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as http:
            return await http.request(method, url, json=body)
