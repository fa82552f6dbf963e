"""The web side as one aiohttp application; the wiring adds the carrier's and the mail's routes to it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web import (
    board,
    calls,
    control,
    desk,
    desk_dial,
    desk_line,
    desk_notes,
    floor,
    own_line,
    sdk,
    sign_in,
)
from adapters.web.desk_frames import DeskFrames, LiveDesks
from adapters.web.desk_plan import planning_of
from adapters.web.errors import TOP, explain
from adapters.web.floor_frames import PERIOD_S, FloorFrames
from adapters.web.frames import Clock, Frames, LimitOf
from adapters.web.headers import secure
from adapters.web.lines import LINES, CalledIn
from adapters.web.live import Live
from adapters.web.sdk import SDK, Sdk
from adapters.web.site import SITE, Site
from adapters.web.staff_reader import StaffReader
from campaigns.campaign import Campaign
from dialer.allowance import rules_of, target
from dialer.ports import Receiver, Store
from dialer.questions import Rules

BODY_LIMIT = 64 * 1024
"""Bytes of a request's body: the largest we expect is a carrier's callback of a few hundred."""

_STATIC = Path(__file__).parent / "static"


def create_app(
    *,
    store: Store,
    receiver: Receiver,
    clock: Clock,
    campaigns: Mapping[str, Campaign] | Callable[[], Mapping[str, Campaign]],
    rules: Rules,
) -> web.Application:
    """Return the application: `/`, `/board/...`, `/calls`, `/desk/...`, `/floor`, `/control/...`, and what serves them.

    `campaigns` are those loaded, by id, or a function that says which are loaded now. The secret of the
    `rules` makes the tokens of forms and desks. Raises ZoneInfoNotFoundError for a zone in the settings that is none.
    """
    settings = rules.settings
    zone = ZoneInfo(settings.zone)
    planning = planning_of(settings)
    loaded = campaigns if callable(campaigns) else lambda: campaigns
    staff = StaffReader(planning, settings, loaded, zone)
    frames = Frames(store, clock, zone, _limits(loaded, clock, rules), staff)
    app = web.Application(middlewares=[explain], client_max_size=BODY_LIMIT)
    app[SITE] = Site(
        store=store,
        receiver=receiver,
        clock=clock,
        secret=rules.secret,
        campaigns=loaded,
        zone=zone,
        frames=frames,
        live=Live(frames),
        desks=LiveDesks(DeskFrames(store, clock, loaded, zone, planning)),
        breaks=planning.labels,
        planning=planning,
        supervisors={one.id: one.name for one in settings.supervisors},
        floor_frames=(floor_frames := FloorFrames(store)),
        floor=Live(floor_frames, period_s=PERIOD_S),
        is_https=settings.public_url.startswith("https:"),
    )
    app[TOP] = calls.top_of
    app.on_response_prepare.append(secure)
    app.on_shutdown.append(_end_live)
    app[LINES], app[SDK] = CalledIn(), Sdk()
    desks = (
        *sign_in.routes,
        *desk.routes,
        *desk_dial.routes,
        *desk_notes.routes,
        *desk_line.routes,
        *own_line.routes,
        *sdk.routes,
        *floor.routes,
    )
    app.add_routes([*board.routes, *calls.routes, *desks, *control.routes, web.get("/healthz", _health)])
    app.router.add_static("/static/", _STATIC)
    return app


def _limits(loaded: Callable[[], Mapping[str, Campaign]], clock: Clock, rules: Rules) -> LimitOf:
    """Return what tells the most that the share of a campaign's abandoned calls may be."""

    def limit(name: str) -> float | None:
        campaign = loaded().get(name)
        return target(rules_of(campaign, clock.now(), rules), campaign) or None if campaign else None

    return limit


async def _health(request: web.Request) -> web.Response:
    """Say that the web side and its store answer, and what time the campaigns have."""
    site = request.app[SITE]
    enabled = await site.store.transact(lambda unit: unit.is_dialing_enabled())
    return web.json_response(
        {"status": "ok", "now": site.clock.now().isoformat(), "dialing_enabled": enabled}
    )


async def _end_live(app: web.Application) -> None:
    await app[SITE].live.close()
    await app[SITE].desks.live.close()
    await app[SITE].floor.close()
