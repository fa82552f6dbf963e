"""What every page needs at hand: the store, the receiver, the clock, the secret, the campaigns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web.desk_frames import LiveDesks
from adapters.web.desk_plan import Planning
from adapters.web.floor_frames import FloorFrames
from adapters.web.frames import Clock, Frames
from adapters.web.live import Live
from campaigns.campaign import Campaign, Text
from dialer import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One running web side. `campaigns` gives those loaded now; `zone` is the one whose time pages show.

    `is_https` when browsers come over TLS, whoever ends it; `breaks` are the reasons to be away, by id, `planning`
    is who is due when, `supervisors` the names of those who may take part in calls.
    """

    store: ports.Store
    receiver: ports.Receiver
    clock: Clock
    secret: str
    campaigns: Callable[[], Mapping[str, Campaign]]
    zone: ZoneInfo
    frames: Frames
    live: Live
    desks: LiveDesks
    is_https: bool
    breaks: Mapping[str, Text]
    planning: Planning
    supervisors: Mapping[str, str]
    floor_frames: FloorFrames
    floor: Live


SITE = web.AppKey("site", Site)
