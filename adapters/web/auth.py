"""Who may: managers and the command line on this machine, no form from elsewhere; agents are `session`'s."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from adapters.web.errors import Refused
from dialer.nonce import is_genuine, nonce_for

_HERE = {"127.0.0.1", "localhost", "::1"}
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host")


def manager_of(request: web.Request) -> str:
    """Return who the manager is, for the ledger. The seam for sign-in: until there is one, only this machine.

    Raises Refused (403) for everybody else.
    """
    if not _comes_from_here(request):
        raise Refused(403, "elsewhere")
    return "board"


def _comes_from_here(request: web.Request) -> bool:
    """Tell whether a request was made on this machine, and for it.

    The name in the Host header counts as well as the peer: the carrier's callbacks may come through a tunnel
    whose near end is this machine, and a page elsewhere may call itself by a name that leads here.
    """
    host = urlsplit(f"//{request.host}").hostname
    is_proxied = any(name in request.headers for name in _PROXIED)
    return host in _HERE and _is_here(request.remote) and not is_proxied


def _is_here(peer: str | None) -> bool:
    try:
        return ipaddress.ip_address(peer or "").is_loopback
    except ValueError:
        return False


def form_token(secret: str, campaign: str) -> str:
    """Return what a form of this campaign's board must send back."""
    return nonce_for(secret, "board", campaign)


def check_form(request: web.Request, secret: str, campaign: str, token: str) -> None:
    """Let a form through only from our own page. Raises Refused (403): another site's button is no manager's word.

    Browsers say where a form came from; the token holds where they do not.
    """
    if not is_from_here(request) or not is_genuine(secret, "board", campaign, token):
        raise Refused(403, "foreign_form")


def page_token(secret: str, page: str) -> str:
    """Return what the stop switch's form on this page must send back."""
    return nonce_for(secret, "calls", page)


def check_page(request: web.Request, secret: str, page: str, token: str) -> None:
    """Let the stop switch's form through only from the page of ours that it names. Raises Refused (403)."""
    if not is_from_here(request) or not is_genuine(secret, "calls", page, token):
        raise Refused(403, "foreign_form")


def is_from_here(request: web.Request) -> bool:
    """Believe Sec-Fetch-Site before Origin, which our own forms send as `null` under Referrer-Policy: no-referrer."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.host


def check_control(request: web.Request, secret: str) -> None:
    """Let an order of this machine's command line through: it holds the installation's secret.

    Raises Refused: 403 from another machine or with a wrong token, 401 without one.
    """
    if not _comes_from_here(request):
        raise Refused(403, "control_elsewhere")
    token = bearer(request)
    if not is_genuine(secret, "control", "cli", token):
        raise Refused(403 if token else 401, "control_token")


def bearer(request: web.Request) -> str:
    """Return the token of the header Authorization, "" when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
