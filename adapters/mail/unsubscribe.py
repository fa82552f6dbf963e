"""The two links of a mail: no more of this, and please contact me. Looking changes nothing, the button does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from adapters.mail.page import HEADERS, language_of, page
from dialer.links import mail_links as links
from dialer.mail_events import MailAnswered, MailUnsubscribed
from dialer.nonce import is_genuine
from dialer.ports import Clock, Receiver

__all__ = ["links", "routes"]

_PATH: Final = "/mail/{attempt}/{token}"
_READ_AT_MOST: Final = 4096


def routes(receiver: Receiver, *, secret: str, clock: Clock) -> list[web.RouteDef]:
    """Return the pages behind the links; the token is `nonce_for(secret, "mail", attempt)`.

    Mail scanners open every link there is, so a GET only shows a button (RFC 8058). A POST acts, whatever its body
    and without cookies: mailbox providers send `List-Unsubscribe=One-Click` themselves. A failure of the receiver
    is not caught: a person must not read that it is done when it is not.
    """
    desk = _Desk(receiver=receiver, secret=secret, clock=clock)
    return [
        web.get(f"{_PATH}/unsubscribe", desk.shown("unsubscribe")),
        web.post(f"{_PATH}/unsubscribe", desk.unsubscribe),
        web.get(f"{_PATH}/answer", desk.shown("answer")),
        web.post(f"{_PATH}/answer", desk.answer),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    receiver: Receiver
    secret: str
    clock: Clock

    def shown(self, name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return a handler that shows the page `name`."""

        async def show(request: web.Request) -> web.Response:
            return _reply(request, name) if self._attempt(request) else _reply(request, "unknown", status=404)

        return show

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """Take the person's word: no more."""
        attempt = self._attempt(request)
        if attempt is None:
            return _reply(request, "unknown", status=404)
        body = await request.content.read(_READ_AT_MOST)
        how = "one_click" if b"One-Click" in body else "page"
        await self.receiver.receive(
            MailUnsubscribed(key=f"mail:{attempt}:unsubscribe", at=self.clock.now(), attempt=attempt, how=how)
        )
        return _reply(request, "unsubscribed")

    async def answer(self, request: web.Request) -> web.Response:
        """Take the person's word: please contact me."""
        attempt = self._attempt(request)
        if attempt is None:
            return _reply(request, "unknown", status=404)
        await self.receiver.receive(
            MailAnswered(key=f"mail:{attempt}:answer", at=self.clock.now(), attempt=attempt)
        )
        return _reply(request, "answered")

    def _attempt(self, request: web.Request) -> str | None:
        """Return the attempt a genuine link names."""
        attempt, token = request.match_info["attempt"], request.match_info["token"]
        return attempt if token.isascii() and is_genuine(self.secret, "mail", attempt, token) else None


def _reply(request: web.Request, name: str, *, status: int = 200) -> web.Response:
    language = language_of(request.query.get("lang"), request.headers.get("Accept-Language", ""))
    return web.Response(
        text=page(name, language),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={**HEADERS, "Content-Language": language, "Vary": "Accept-Language"},
    )
