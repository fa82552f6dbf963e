"""Who sits at a desk: an agent with their token, or a browser that was signed in with it; no press from elsewhere."""

from datetime import timedelta
from urllib.parse import quote, unquote

from aiohttp import web

from adapters.web.auth import bearer, is_from_here
from adapters.web.errors import Refused
from adapters.web.site import SITE, Site
from dialer.nonce import is_genuine, nonce_for

COOKIE = "desk"
LASTS = timedelta(hours=12)
"""How long a browser stays signed in: a shift, and not the next day's."""
PRESS = "X-Desk-Press"
"""The header in which a page of ours sends the token that only it was given."""


def sign_in(site: Site, response: web.StreamResponse, agent: str) -> None:
    """Let a browser be this agent from now on. No script can read it, and no other site's page makes it be sent."""
    until = site.clock.now() + LASTS * site.clock.factor
    text = f"{quote(agent, safe='')}.{int(until.timestamp())}"
    response.set_cookie(
        COOKIE,
        f"{text}.{nonce_for(site.secret, 'session', text)}",
        max_age=int(LASTS.total_seconds()),
        path="/desk",
        httponly=True,
        samesite="Strict",
        secure=site.is_https,
    )


def sign_out(response: web.StreamResponse) -> None:
    """Let the browser be nobody."""
    response.del_cookie(COOKIE, path="/desk")


def signed_in(request: web.Request) -> str | None:
    """Return which agent the browser was signed in as, None when it was not, or too long ago."""
    site = request.app[SITE]
    text, _, mac = request.cookies.get(COOKIE, "").rpartition(".")
    agent, _, until = text.rpartition(".")
    if not is_genuine(site.secret, "session", text, mac) or not until.isdigit():
        return None
    return unquote(agent) if site.clock.now().timestamp() < int(until) else None


def press_token(request: web.Request) -> str:
    """Return what every press of this browser's page must carry; of no use without its cookie."""
    return nonce_for(request.app[SITE].secret, "press", request.cookies.get(COOKIE, ""))


def check_agent(request: web.Request, agent: str) -> None:
    """Let an agent's page or program through: `Authorization: Bearer <token>`, or a browser that was signed in.

    Raises Refused: 401 for nobody, 403 for another agent, and for a press that did not come from our page.
    """
    secret, token = request.app[SITE].secret, bearer(request)
    if token:
        if not is_genuine(secret, "desk", agent, token):
            raise Refused(403, "token_wrong", agent=agent)
        return
    known = signed_in(request)
    if known is None:
        raise Refused(401, "token_missing")
    if known != agent:
        raise Refused(403, "token_wrong", agent=agent)
    if request.method != "GET":
        check_press(request, request.headers.get(PRESS, ""))


def check_press(request: web.Request, token: str) -> None:
    """Let a press through only from the page that this browser was given. Raises Refused (403)."""
    cookie = request.cookies.get(COOKIE, "")
    if not is_from_here(request) or not is_genuine(request.app[SITE].secret, "press", cookie, token):
        raise Refused(403, "foreign_press")
