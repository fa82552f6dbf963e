"""The agent's page at `/desk`: who are you, the desk itself, and the way out."""

from uuid import uuid4

from aiohttp import web

from adapters.web.auth import is_from_here
from adapters.web.desk_words import HOTKEYS
from adapters.web.errors import Refused
from adapters.web.language import language_of, remember, words_in
from adapters.web.lines import LINES
from adapters.web.own_line import let_call
from adapters.web.pages import PAGES
from adapters.web.practice import is_practice
from adapters.web.session import DESK
from adapters.web.site import SITE
from dialer.agents import Agent, AgentState
from dialer.desk_events import OpinionKind
from dialer.events import AgentAway
from dialer.nonce import is_genuine, nonce_for

_FREE = {AgentState.READY, AgentState.PREVIEWING, AgentState.AWAY}

routes = web.RouteTableDef()


@routes.get("/desk")
async def front(request: web.Request) -> web.Response:
    """Show the desk of whoever is signed in, or ask who it is."""
    name = DESK.signed_in(request)
    agent = await _known(request, name) if name else None
    return _asking(request) if agent is None else _desk(request, agent)


@routes.post("/desk")
async def enter(request: web.Request) -> web.Response:
    """Sign in. Form fields `agent`, `token`, `form`. Answers 303 to the desk, or asks again."""
    site, form = request.app[SITE], await request.post()
    if not is_from_here(request) or not is_genuine(site.secret, "sign-in", "desk", str(form.get("form", ""))):
        raise Refused(403, "foreign_press")
    name, token = str(form.get("agent", "")).strip(), str(form.get("token", "")).strip()
    if not is_genuine(site.secret, "desk", name, token) or await _known(request, name) is None:
        return _asking(request, name, is_wrong=True)
    response = web.Response(status=303, headers={"Location": "/desk"})
    DESK.sign_in(site, response, name)
    return response


@routes.post("/desk/out")
async def leave(request: web.Request) -> web.Response:
    """Sign out, and take no more calls. Form field `press`. 409 while a call is theirs, or waits to be written up."""
    site, form = request.app[SITE], await request.post()
    DESK.check_press(request, str(form.get("press", "")))
    name = DESK.signed_in(request)
    agent = await _known(request, name) if name else None
    if agent is not None:
        if agent.state not in _FREE:
            raise Refused(409, "desk_busy")
        key, reason = f"desk:{agent.id}:{uuid4().hex}", agent.reason or ""
        await site.receiver.receive(AgentAway(key=key, at=site.clock.now(), agent=agent.id, reason=reason))
        await request.app[LINES].close(agent.id)
    response = web.Response(status=303, headers={"Location": "/desk"})
    DESK.sign_out(response)
    return response


async def _known(request: web.Request, agent: str) -> Agent | None:
    desk = await request.app[SITE].store.read(lambda reports: reports.desk(agent))
    return desk.agent if desk else None


def _asking(request: web.Request, name: str = "", *, is_wrong: bool = False) -> web.Response:
    words, form = words_in(language_of(request)), nonce_for(request.app[SITE].secret, "sign-in", "desk")
    text = PAGES.render(
        "sign_in.html",
        words,
        name=name,
        is_wrong=is_wrong,
        form=form,
        is_practice=is_practice(request),
        path="/desk",
        home="/desk",
    )
    return _html(request, text, 403 if is_wrong else 200)


def _desk(request: web.Request, agent: Agent) -> web.Response:
    words = words_in(language_of(request))
    text = PAGES.render(
        "desk.html",
        words,
        agent=agent,
        press=DESK.press_token(request),
        is_practice=is_practice(request),
        opinions=[kind.value for kind in OpinionKind],
        hotkeys=HOTKEYS,
        breaks={name: label.in_(words.language) for name, label in request.app[SITE].breaks.items()},
        line=request.app[LINES].kind(agent.id).value,
        path="/desk",
        home="/desk",
    )
    response = _html(request, text)
    let_call(request, response, agent.id)
    return response


def _html(request: web.Request, text: str, status: int = 200) -> web.Response:
    response = web.Response(text=text, status=status, content_type="text/html")
    remember(request, response)
    return response
