"""Who sits at the supervisors' page: a browser signed in with a supervisor's token; no press from elsewhere."""

from urllib.parse import quote, unquote

from aiohttp import web

from adapters.web.auth import is_from_here
from adapters.web.errors import Refused
from adapters.web.session import LASTS, PRESS
from adapters.web.site import SITE, Site
from dialer.nonce import is_genuine, nonce_for

COOKIE = "floor"


def sign_in(site: Site, response: web.StreamResponse, supervisor: str) -> None:
    """Let a browser be this supervisor until a shift is over. The cookie is of no use at any desk."""
    until = site.clock.now() + LASTS * site.clock.factor
    text = f"{quote(supervisor, safe='')}.{int(until.timestamp())}"
    response.set_cookie(
        COOKIE,
        f"{text}.{nonce_for(site.secret, 'floor-session', text)}",
        max_age=int(LASTS.total_seconds()),
        path="/floor",
        httponly=True,
        samesite="Strict",
        secure=site.is_https,
    )


def sign_out(response: web.StreamResponse) -> None:
    """Let the browser be nobody."""
    response.del_cookie(COOKIE, path="/floor")


def signed_in(request: web.Request) -> str | None:
    """Return which supervisor of the settings the browser was signed in as, None when it was not, or too long ago."""
    site = request.app[SITE]
    text, _, mac = request.cookies.get(COOKIE, "").rpartition(".")
    supervisor, _, until = text.rpartition(".")
    if not is_genuine(site.secret, "floor-session", text, mac) or not until.isdigit():
        return None
    name = unquote(supervisor)
    return name if name in site.supervisors and site.clock.now().timestamp() < int(until) else None


def press_token(request: web.Request) -> str:
    """Return what every press of this browser's page must carry; of no use without its cookie."""
    return nonce_for(request.app[SITE].secret, "floor-press", request.cookies.get(COOKIE, ""))


def check_supervisor(request: web.Request) -> str:
    """Return the supervisor whose press or page this is.

    Raises Refused: 401 for nobody, 403 for a press that did not come from our page.
    """
    known = signed_in(request)
    if known is None:
        raise Refused(401, "floor_token")
    if request.method != "GET":
        check_press(request, request.headers.get(PRESS, ""))
    return known


def check_press(request: web.Request, token: str) -> None:
    """Let a press through only from the page that this browser was given. Raises Refused (403)."""
    cookie = request.cookies.get(COOKIE, "")
    if not is_from_here(request) or not is_genuine(request.app[SITE].secret, "floor-press", cookie, token):
        raise Refused(403, "foreign_press")
