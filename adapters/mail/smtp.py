"""Mail over SMTP: each message once, over a few connections that are kept and reused."""

import asyncio
import ssl
from collections import defaultdict
from typing import Final
from urllib.parse import urlsplit

import structlog

from adapters.mail.letter import Letter, LetterInvalid, letter
from adapters.mail.line import Access, Line, Lost, LostAfterDot, Refused, SenderRefused, Unwanted, Wanted
from adapters.mail.rest import Rest, Resting
from dialer.mail_events import MailAccepted, MailEvent, MailNotSent, MailRefused, MailUnsure
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
        self._access = Access(settings=settings, name=greeting(public_url), password=password, tls=tls)
        self._public_url, self._clock = public_url, clock
        self._slots = asyncio.Semaphore(settings.connections)
        self._idle: list[Line] = []
        self._server = Rest(clock)
        # A campaign whose sender address is refused must not hold up the others.
        self._senders: defaultdict[str, Rest] = defaultdict(lambda: Rest(clock, (SenderRefused,)))

    async def send(self, order: SendMail, is_wanted: Wanted) -> MailEvent:
        """Send once, if `is_wanted` still says so when the server waits for the text.

        MailAccepted, MailRefused (this person or message; for good on 5xx), MailNotSent (no longer wanted, or the
        server is not to be had) or MailUnsure (lost after the final dot).
        """
        try:
            message = letter(order, public_url=self._public_url, now=self._clock.now())
        except LetterInvalid as fault:
            return self._refused(order, "address", f"no message can be made of this: {fault}", permanent=True)
        try:
            await self._take_turn(message, is_wanted)
        except Unwanted:
            return self._not_sent(order, "no longer wanted")
        except Resting:
            return self._not_sent(order, "the mail server is given a rest")
        except (Lost, SenderRefused) as lost:
            _log.warning("mail_server_lost", attempt=order.attempt, reason=_closed(str(lost), order))
            return self._not_sent(order, str(lost))
        except Refused as no:
            _log.info("mail_refused", attempt=order.attempt, code=no.code)
            return self._refused(order, str(no.code), no.text, permanent=no.is_for_good)
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

    async def _take_turn(self, message: Letter, is_wanted: Wanted) -> None:
        """Carry a message when a connection is free and neither the server nor the sender rests. Raises Resting."""
        sender = self._senders[message.sender]
        self._server.check()
        sender.check()
        async with self._slots:
            with self._server.turn(), sender.turn():
                await self._carry(message, is_wanted)

    async def _carry(self, message: Letter, is_wanted: Wanted) -> None:
        """Hand a message to a kept connection, or to a new one when that is of no more use before the text was sent."""
        while self._idle:
            line = self._idle.pop()
            try:
                return await self._use(line, message, is_wanted)
            except Lost as lost:
                if lost.had_text:
                    raise
        return await self._use(await Line.open(self._access), message, is_wanted)

    async def _use(self, line: Line, message: Letter, is_wanted: Wanted) -> None:
        is_usable = False
        try:
            await line.carry(message, is_wanted)
            is_usable = True
        except (Refused, SenderRefused, Unwanted):
            is_usable = await line.reset()
            raise
        finally:
            if is_usable and line.is_open and line.carried < MESSAGES_PER_CONNECTION:
                self._idle.append(line)
            else:
                await line.close()

    def _not_sent(self, order: SendMail, detail: str) -> MailNotSent:
        return MailNotSent(
            key=f"mail:{order.attempt}:not-sent",
            at=self._clock.now(),
            attempt=order.attempt,
            detail=_closed(detail, order),
        )

    def _refused(self, order: SendMail, code: str, detail: str, *, permanent: bool) -> MailRefused:
        return MailRefused(
            key=f"mail:{order.attempt}:refused",
            at=self._clock.now(),
            attempt=order.attempt,
            code=code,
            detail=_closed(detail, order),
            permanent=permanent,
        )


def greeting(public_url: str) -> str:
    """Return how we present ourselves: by our public name, an address in brackets (RFC 5321 §4.1.3)."""
    host = urlsplit(public_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _closed(text: str, order: SendMail) -> str:
    """Return the text without the person's address: the ledger cannot be edited."""
    return text.replace(order.to, "the address")
