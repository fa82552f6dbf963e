"""The stop switch on every page: a red button that asks once more, who stopped all calls and why, and how to go on."""

from aiohttp import web
from aiohttp.web_request import FileField
from multidict import MultiDictProxy

from adapters.web.auth import check_page, manager_of, page_token
from adapters.web.errors import Refused, Top, wants_json
from adapters.web.language import language_of, remember, words_in
from adapters.web.pages import PAGES
from adapters.web.site import SITE
from adapters.web.stopping import say, why_held
from adapters.web.switch import told, turn

_LONGEST = 200
_HOME = "/"
Form = MultiDictProxy[str | bytearray | bytes | FileField]

routes = web.RouteTableDef()


async def top_of(request: web.Request, page: str = _HOME) -> Top:
    """Return what the frame of a manager's page needs for the switch; nothing for anybody else.

    `page` is where the switch leads back to. When the store does not answer the button is there all the same.
    """
    try:
        manager_of(request)
    except Refused:
        return {}
    site, words = request.app[SITE], words_in(language_of(request))
    try:
        seen = await site.frames.look(set())
        stopped, halts = seen.stopped, seen.halts
    except Exception:  # noqa: BLE001 - the page of an error must not fail, and least of all its red button
        stopped, halts = None, ()
    return {
        "page": page,
        "page_token": page_token(site.secret, page),
        "is_stopped": stopped is not None,
        "stopped_say": say(stopped, words, site.zone) if stopped else "",
        "held_say": why_held(halts, words, site.zone),
    }


@routes.get("/calls")
async def confirm(request: web.Request) -> web.Response:
    """Ask once more, on a page that does not load itself anew: for browsers without a script."""
    manager_of(request)
    words = words_in(language_of(request))
    text = PAGES.render("calls.html", words, path="/calls", **await top_of(request))
    response = web.Response(text=text, content_type="text/html")
    remember(request, response)
    return response


@routes.post("/calls/{action:stop|resume}")
async def act(request: web.Request) -> web.Response:
    """Stop all calls, or resume: a manager's word, sealed into the ledger.

    Form fields `token`, `page`, `by` (who resumes must say), `reason`. Answers 303 to the page, JSON to a program.
    """
    manager, site, form = manager_of(request), request.app[SITE], await request.post()
    page, enabled = _text(form, "page"), request.match_info["action"] == "resume"
    check_page(request, site.secret, page, _text(form, "token"))
    name = _text(form, "by")
    if enabled and not name:
        raise Refused(400, "no_name")
    by = f"{name} ({manager})" if name else manager
    done = await turn(site, enabled=enabled, by=by, reason=_text(form, "reason"))
    if wants_json(request):
        return web.json_response(await told(site, done))
    raise web.HTTPSeeOther(page)


def _text(form: Form, name: str) -> str:
    """Return a field as one line of a length that a ledger row and a banner can hold."""
    return " ".join(str(form.get(name, "")).split())[:_LONGEST]
