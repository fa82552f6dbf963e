"""The supervisors' page at `/floor`: who works, and taking part in a live call: listen, whisper, barge in, leave."""

from uuid import uuid4

from aiohttp import web
from pydantic import Field

from adapters.web.auth import is_from_here
from adapters.web.bodies import Body, read_body
from adapters.web.errors import Refused
from adapters.web.floor_session import FLOOR, check_supervisor, supervisor_of
from adapters.web.language import language_of, remember, words_in
from adapters.web.pages import PAGES
from adapters.web.site import SITE
from adapters.web.stream import stream
from dialer.events import Event
from dialer.listen_events import ListenAsked, ListenEnded
from dialer.listening import Mode
from dialer.nonce import is_genuine, nonce_for

routes = web.RouteTableDef()


class Press(Body):
    """A button; `key` is the page's own for this press, as in `adapters.web.desk.Press`."""

    key: str | None = Field(default=None, min_length=1, max_length=100)


class Ear(Press):
    """Whose call to take part in, and how."""

    agent: str = Field(min_length=1, max_length=100)
    mode: Mode


@routes.get("/floor")
async def front(request: web.Request) -> web.Response:
    """Show the floor to whoever is signed in, or ask who it is."""
    name = supervisor_of(request)
    return _asking(request) if name is None else _floor(request, name)


@routes.post("/floor")
async def enter(request: web.Request) -> web.Response:
    """Sign in. Form fields `agent` (the supervisor's id), `token`, `form`. Answers 303, or asks again."""
    site, form = request.app[SITE], await request.post()
    if not is_from_here(request) or not is_genuine(
        site.secret, "sign-in", "floor", str(form.get("form", ""))
    ):
        raise Refused(403, "foreign_press")
    name, token = str(form.get("agent", "")).strip(), str(form.get("token", "")).strip()
    if name not in site.supervisors or not is_genuine(site.secret, "supervisor", name, token):
        return _asking(request, name, is_wrong=True)
    response = web.Response(status=303, headers={"Location": "/floor"})
    FLOOR.sign_in(site, response, name)
    return response


@routes.post("/floor/out")
async def leave_page(request: web.Request) -> web.Response:
    """Sign out, and take part in nothing any more. Form field `press`."""
    site, form = request.app[SITE], await request.post()
    FLOOR.check_press(request, str(form.get("press", "")))
    if name := supervisor_of(request):
        await site.receiver.receive(ListenEnded(key=_key(None), at=site.clock.now(), supervisor=name))
    response = web.Response(status=303, headers={"Location": "/floor"})
    FLOOR.sign_out(response)
    return response


@routes.get("/floor/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Stream the floor's picture as JSON (adapters.web.floor_frames), whenever it changes."""
    supervisor, site = check_supervisor(request), request.app[SITE]
    site.floor_frames.forget(supervisor)
    return await stream(request, site.floor, site.floor.subscribe((supervisor, language_of(request))))


@routes.post("/floor/listen")
async def listen(request: web.Request) -> web.Response:
    """Take part in an agent's call, by one's own line, which is called. 409 when the agent speaks with nobody."""
    supervisor, said = check_supervisor(request), await read_body(request, Ear)
    at = request.app[SITE].clock.now()
    key = _key(said.key)
    return await _tell(
        request, ListenAsked(key=key, at=at, supervisor=supervisor, agent=said.agent, mode=said.mode)
    )


@routes.post("/floor/leave")
async def leave(request: web.Request) -> web.Response:
    """Take part no more."""
    supervisor, said = check_supervisor(request), await read_body(request, Press)
    at = request.app[SITE].clock.now()
    return await _tell(request, ListenEnded(key=_key(said.key), at=at, supervisor=supervisor))


def _key(given: str | None) -> str:
    return f"floor:{given or uuid4().hex}"


async def _tell(request: web.Request, event: Event) -> web.Response:
    site = request.app[SITE]
    await site.receiver.receive(event)
    site.floor.nudge()
    site.desks.live.nudge()
    return web.json_response({"done": "told"})


def _asking(request: web.Request, name: str = "", *, is_wrong: bool = False) -> web.Response:
    words, form = words_in(language_of(request)), nonce_for(request.app[SITE].secret, "sign-in", "floor")
    text = PAGES.render(
        "floor_sign_in.html", words, name=name, is_wrong=is_wrong, form=form, path="/floor", home="/floor"
    )
    return _html(request, text, 403 if is_wrong else 200)


def _floor(request: web.Request, name: str) -> web.Response:
    site, words = request.app[SITE], words_in(language_of(request))
    text = PAGES.render(
        "floor.html",
        words,
        name=site.supervisors[name],
        modes=[mode.value for mode in Mode],
        press=FLOOR.press_token(request),
        path="/floor",
        home="/floor",
    )
    return _html(request, text)


def _html(request: web.Request, text: str, status: int = 200) -> web.Response:
    response = web.Response(text=text, status=status, content_type="text/html")
    remember(request, response)
    return response
