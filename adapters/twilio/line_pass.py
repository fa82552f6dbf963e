"""What an agent's browser needs to call us: a short-lived access token that says who they are, and where to connect."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from adapters.twilio.account import Credentials
from adapters.twilio.hosts import EDGES
from dialer.settings import CarrierSettings

LIFE: Final = timedelta(minutes=10)
"""How long a token opens a call. It can do nothing but call our own application, as one agent."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_]{1,100}")  # what Twilio takes as an identity, with room to spare
_REGION: Final = re.compile(r"api\.[a-z-]+\.([a-z]{2}\d)\.twilio\.com")
_ROAMING: Final = "roaming"
_CLIENT: Final = "client:"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePass:
    """A token, in whose name it is, how many seconds it lives, and the edge to connect to."""

    token: str
    identity: str
    life_s: int
    edge: str


def identity_of(agent: str) -> str:
    """Return what the carrier calls an agent: their id, or a name made of it where it holds other signs."""
    return agent if _PLAIN.fullmatch(agent) else f"agent_{sha256(agent.encode()).hexdigest()[:32]}"


def named_by(senders: Iterable[str], agents: Iterable[str]) -> str | None:
    """Return the agent whose browser calls, by what Twilio says of the caller in every way; None for anybody else.

    What a browser sends along is never asked: Twilio hands it on under names of the browser's choosing.
    """
    named = set(senders)
    if len(named) != 1:
        return None
    sender = named.pop()
    return next((agent for agent in agents if sender == f"{_CLIENT}{identity_of(agent)}"), None)


def region_of(base_url: str) -> str | None:
    """Return the region outside the United States whose keys open the account; None for the United States."""
    found = _REGION.fullmatch(urlsplit(base_url).hostname or "")
    return found[1] if found else None


def edge_of(base_url: str) -> str:
    """Return the edge that a browser connects to: the region's own, else the nearest."""
    return EDGES.get(region_of(base_url) or "", _ROAMING)


def signalling_hosts(base_url: str) -> tuple[str, ...]:
    """Return where the browser's SDK connects to, as sources of a content policy; nothing else is asked for.

    `voice-js` carries the signalling, `eventgw` takes what the SDK tells of a call's quality. Sound itself is WebRTC.
    """
    region = region_of(base_url)
    gateways = ("eventgw.twilio.com", *((f"eventgw.{region}.twilio.com",) if region else ()))
    return (f"wss://voice-js.{edge_of(base_url)}.twilio.com", *(f"https://{host}" for host in gateways))


def mint(agent: str, carrier: CarrierSettings, keys: Credentials, now: datetime) -> LinePass:
    """Return a pass with which an agent's browser can call our application, and be called by nobody."""
    identity = identity_of(agent)
    grant = VoiceGrant(outgoing_application_sid=carrier.application_sid, incoming_allow=False)
    token = AccessToken(
        carrier.account_sid,
        keys.key_sid,
        keys.key_secret,
        grants=[grant],
        identity=identity,
        nbf=int(now.timestamp()) - 5,  # a clock of theirs that is a little behind ours
        valid_until=int((now + LIFE).timestamp()),
        region=region_of(carrier.base_url),
    )
    return LinePass(
        token=str(token.to_jwt()),
        identity=identity,
        life_s=int(LIFE.total_seconds()),
        edge=edge_of(carrier.base_url),
    )
