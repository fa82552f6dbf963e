"""A browser that was signed in: a cookie that no script can read, and a token without which no press counts."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, unquote

from aiohttp import web

from adapters.web.auth import is_from_here
from adapters.web.errors import Refused
from adapters.web.site import SITE, Site
from dialer.nonce import is_genuine, nonce_for

LASTS = timedelta(hours=12)
"""How long a browser stays signed in: a shift, and not the next day's."""
PRESS = "X-Desk-Press"
"""The header in which a page of ours sends the token that only it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One kind of page that people sign in to: its `cookie`, the `path` it is sent to, what the secret makes of it.

    `session` and `press` are the purposes of the two nonces; a pass of one kind is of no use for another.
    """

    cookie: str
    path: str
    session: str
    press: str

    def sign_in(self, site: Site, response: web.StreamResponse, name: str) -> None:
        """Let a browser be somebody from now on. No script can read it, and no other site's page makes it be sent."""
        until = site.clock.now() + LASTS * site.clock.factor
        text = f"{quote(name, safe='')}.{int(until.timestamp())}"
        response.set_cookie(
            self.cookie,
            f"{text}.{nonce_for(site.secret, self.session, text)}",
            max_age=int(LASTS.total_seconds()),
            path=self.path,
            httponly=True,
            samesite="Strict",
            secure=site.is_https,
        )

    def sign_out(self, response: web.StreamResponse) -> None:
        """Let the browser be nobody."""
        response.del_cookie(self.cookie, path=self.path)

    def signed_in(self, request: web.Request) -> str | None:
        """Return whom the browser was signed in as, None when it was not, or too long ago."""
        site = request.app[SITE]
        text, _, mac = request.cookies.get(self.cookie, "").rpartition(".")
        name, _, until = text.rpartition(".")
        if not is_genuine(site.secret, self.session, text, mac) or not until.isdigit():
            return None
        return unquote(name) if site.clock.now().timestamp() < int(until) else None

    def press_token(self, request: web.Request) -> str:
        """Return what every press of this browser's page must carry; of no use without its cookie."""
        return nonce_for(request.app[SITE].secret, self.press, request.cookies.get(self.cookie, ""))

    def check_press(self, request: web.Request, token: str) -> None:
        """Let a press through only from the page that this browser was given. Raises Refused (403)."""
        secret, cookie = request.app[SITE].secret, request.cookies.get(self.cookie, "")
        if not is_from_here(request) or not is_genuine(secret, self.press, cookie, token):
            raise Refused(403, "foreign_press")

    def check_sent(self, request: web.Request) -> None:
        """Let a page be read, and a press through whose header has its token. Raises Refused (403)."""
        if request.method != "GET":
            self.check_press(request, request.headers.get(PRESS, ""))
