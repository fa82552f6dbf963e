"""The manager's board: the list of campaigns, one live page for each, and the buttons that start, pause and stop."""

from uuid import uuid4

from aiohttp import web

from adapters.web.auth import check_form, form_token, manager_of
from adapters.web.calls import top_of
from adapters.web.errors import Refused, wants_json
from adapters.web.language import language_of, remember, words_in
from adapters.web.pages import PAGES
from adapters.web.picture import picture_of
from adapters.web.site import SITE
from adapters.web.stream import stream
from dialer.events import CampaignEvent, CampaignPaused, CampaignStarted, CampaignStopped

ACTIONS: dict[str, type[CampaignEvent]] = {
    "start": CampaignStarted,
    "pause": CampaignPaused,
    "stop": CampaignStopped,
}

routes = web.RouteTableDef()


@routes.get("/")
async def front(request: web.Request) -> web.Response:
    """Show the only campaign, or the list of them."""
    manager_of(request)
    site, words = request.app[SITE], words_in(language_of(request))
    known = site.campaigns()
    if len(known) == 1:
        return await _page(request, next(iter(known)))
    seen = await site.frames.look(set(known))
    pictures = {name: picture_of(summary, words, site.zone) for name, summary in seen.summaries.items()}
    top = await top_of(request)
    return _html(request, PAGES.render("campaigns.html", words, pictures=pictures, path=request.path, **top))


@routes.get("/board/{campaign}")
async def board(request: web.Request) -> web.Response:
    """Show one campaign."""
    manager_of(request)
    return await _page(request, _campaign(request))


@routes.get("/board/{campaign}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Stream the board's picture as JSON, in the reader's language, each second."""
    manager_of(request)
    live = request.app[SITE].live
    return await stream(request, live, live.subscribe((_campaign(request), language_of(request))))


@routes.post("/board/{campaign}/{action:start|pause|stop}")
async def act(request: web.Request) -> web.Response:
    """Start, pause or stop: a manager's word, which the engine seals into the ledger.

    Form fields `token` and `reason`, which may stay empty. Answers 303 to the board, JSON to the script; 409 when the
    state does not allow it.
    """
    manager = manager_of(request)
    site, campaign, action = request.app[SITE], _campaign(request), request.match_info["action"]
    form = await request.post()
    check_form(request, site.secret, campaign, str(form.get("token", "")))
    reason = " ".join(str(form.get("reason", "")).split())[:200]
    event = ACTIONS[action](
        key=f"board:{uuid4().hex}", at=site.clock.now(), campaign=campaign, by=manager, reason=reason
    )
    await site.receiver.receive(event)
    site.live.nudge()
    if wants_json(request):
        return web.json_response({"done": action})
    raise web.HTTPSeeOther(f"/board/{campaign}")


def _campaign(request: web.Request) -> str:
    name = request.match_info["campaign"]
    if name not in request.app[SITE].campaigns():
        raise Refused(404, "no_campaign", campaign=name)
    return name


async def _page(request: web.Request, campaign: str) -> web.Response:
    site, words = request.app[SITE], words_in(language_of(request))
    seen = await site.frames.look({campaign})
    text = PAGES.render(
        "board.html",
        words,
        campaign=campaign,
        picture=picture_of(seen.summaries[campaign], words, site.zone, seen.stopped, seen.halts),
        staff=site.frames.staff(campaign, seen, words),
        token=form_token(site.secret, campaign),
        zone=site.zone.key,
        factor=f"{site.clock.factor:g}" if site.clock.factor != 1 else "",
        path=f"/board/{campaign}",
        is_one_of_several=len(site.campaigns()) > 1,
        **await top_of(request, f"/board/{campaign}"),
    )
    return _html(request, text)


def _html(request: web.Request, text: str) -> web.Response:
    response = web.Response(text=text, content_type="text/html")
    remember(request, response)
    return response
