"""Mail over SMTP: each message once, over a few connections that are kept and reused."""

import asyncio
import ssl
from typing import Final
from urllib.parse import urlsplit

import structlog

from adapters.mail.letter import Letter, LetterInvalid, letter
from adapters.mail.line import Access, Line, Lost, LostAfterDot, Refused
from dialer.events import MailAccepted, MailEvent, MailRefused, MailUnsure
from dialer.orders import SendMail
from dialer.ports import Clock
from dialer.settings import MailSettings

_log = structlog.get_logger(__name__)

MESSAGES_PER_CONNECTION: Final = 90
"""Many servers end a connection after 100 messages; taking leave first costs no failed one."""


class SmtpMailer:
    """A Mailer that speaks SMTP. `public_url` is where the links of the messages lead."""

    def __init__(
        self,
        settings: MailSettings,
        *,
        public_url: str,
        clock: Clock,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Open nothing yet; `tls` replaces the usual trust in certificates, for a server with one of its own."""
        self._access = Access(settings=settings, name=_greeting(public_url), password=password, tls=tls)
        self._public_url, self._clock = public_url, clock
        self._slots = asyncio.Semaphore(settings.connections)
        self._idle: list[Line] = []

    async def send(self, order: SendMail) -> MailEvent:
        """Send once: MailAccepted, MailRefused (for good on 5xx) or MailUnsure (lost after the final dot)."""
        try:
            message = letter(order, public_url=self._public_url, now=self._clock.now())
        except LetterInvalid as fault:
            return self._refused(order, "address", f"no message can be made of this: {fault}", permanent=True)
        try:
            async with self._slots:
                await self._carry(message)
        except Refused as no:
            _log.info("mail_refused", attempt=order.attempt, code=no.code)
            return self._refused(order, str(no.code), no.text, permanent=no.is_for_good)
        except Lost as lost:
            _log.warning("mail_server_lost", attempt=order.attempt, reason=str(lost))
            return self._refused(order, "connection", str(lost), permanent=False)
        except LostAfterDot as lost:
            _log.warning("mail_unsure", attempt=order.attempt, reason=str(lost))
            return MailUnsure(
                key=f"mail:{order.attempt}:unsure",
                at=self._clock.now(),
                attempt=order.attempt,
                detail=str(lost),
            )
        return MailAccepted(
            key=f"mail:{order.attempt}:accepted",
            at=self._clock.now(),
            attempt=order.attempt,
            reference=message.message_id,
        )

    async def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            await self._idle.pop().close()

    async def _carry(self, message: Letter) -> None:
        """Hand a message to a kept connection, or to a new one when that turns out dead before the text was sent."""
        while self._idle:
            line = self._idle.pop()
            try:
                return await self._use(line, message)
            except Lost:
                continue
        return await self._use(await Line.open(self._access), message)

    async def _use(self, line: Line, message: Letter) -> None:
        is_usable = False
        try:
            await line.carry(message)
            is_usable = True
        except Refused:
            is_usable = await line.reset()
            raise
        finally:
            if is_usable and line.is_open and line.carried < MESSAGES_PER_CONNECTION:
                self._idle.append(line)
            else:
                await line.close()

    def _refused(self, order: SendMail, code: str, detail: str, *, permanent: bool) -> MailRefused:
        return MailRefused(
            key=f"mail:{order.attempt}:refused",
            at=self._clock.now(),
            attempt=order.attempt,
            code=code,
            detail=detail.replace(order.to, "the address"),
            permanent=permanent,
        )


def _greeting(public_url: str) -> str:
    """Return how we present ourselves: by our public name, an address in brackets (RFC 5321 §4.1.3)."""
    host = urlsplit(public_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host
