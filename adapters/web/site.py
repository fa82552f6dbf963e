"""What every page needs at hand: the store, the receiver, the clock, the secret, the campaigns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web.frames import Clock, Frames
from adapters.web.live import Live
from campaigns.campaign import Campaign
from dialer import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One running web side. `campaigns` gives those loaded now; `zone` is the one whose time pages show."""

    store: ports.Store
    receiver: ports.Receiver
    clock: Clock
    secret: str
    campaigns: Callable[[], Mapping[str, Campaign]]
    zone: ZoneInfo
    frames: Frames
    live: Live


SITE = web.AppKey("site", Site)
