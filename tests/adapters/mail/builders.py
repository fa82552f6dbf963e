"""What the tests of the mail adapter are made of: orders, and a mail server that does as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.clock import VirtualClock
from adapters.mail.smtp import SmtpMailer
from dialer.events import Event
from dialer.nonce import nonce_for
from dialer.orders import Instruction, SendMail
from dialer.settings import MailSettings

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
PUBLIC, SECRET, ATTEMPT = "https://dialer.example", "secret of this house", "winback-7-2"
TOKEN = nonce_for(SECRET, "mail", ATTEMPT)
TEXT = "山田様\n\nお久しぶりです。\n.\n.先頭の点\nhttps://dialer.example/x\n"


def an_order(**changes: Any) -> SendMail:
    """A message to send."""
    fields: dict[str, Any] = {
        "attempt": ATTEMPT,
        "token": TOKEN,
        "to": "yamada@example.jp",
        "to_name": "山田 太郎",
        "sender": "hello@aoba.example",
        "sender_name": "青葉通販, Inc.",
        "subject": "山田様、お久しぶりです",
        "text": TEXT,
        "language": "ja",
    }
    return SendMail(**(fields | changes))


@dataclass
class Office:
    """A mail server's decisions: replies by command (None: go on), and what it has taken.

    `cut_at` names the command at which it hangs up on us: connect, MAIL, RCPT, DATA, text or verdict.
    `once` are replies given a single time. With a `gate` it gives no verdict before that opens.
    """

    replies: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    cut_at: str | None = None
    cut_after: int | None = None
    gate: asyncio.Event | None = None
    taken: list[Envelope] = field(default_factory=list)
    sessions: set[Session] = field(default_factory=set)
    attempts: int = 0
    recipients: int = 0
    port: int = 0

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts += 1
        self.sessions.add(session)
        self._cut("MAIL", server)
        envelope.mail_from = address
        return self._reply("MAIL")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients += 1
        self._cut("RCPT", server)
        reply = self._reply("RCPT")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.gate:
            await self.gate.wait()
        self._cut("verdict", server)
        reply = self.replies.get("text", "250 taken")
        if reply.startswith("2"):
            self.taken.append(envelope)
        if self.cut_after is not None and len(self.taken) >= self.cut_after:
            self.cut_after = None
            asyncio.get_running_loop().call_soon(_hang_up, server)
        return reply

    def _reply(self, command: str) -> str:
        return self.once.pop(command, None) or self.replies.get(command, "250 OK")

    def _cut(self, where: str, server: SMTP) -> None:
        if self.cut_at == where:
            _hang_up(server)


def read(envelope: Envelope) -> EmailMessage:
    """A message as a mail program reads it; use its text through `text_of`."""
    content = envelope.content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """The text of a message, its line ends as they are written here."""
    text: str = message.get_content()
    return text.replace("\r\n", "\n")


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


@asynccontextmanager
async def open_office(
    office: Office, *, tls: ssl.SSLContext | None = None, is_upgrade: bool = False, port: int = 0
) -> AsyncIterator[Office]:
    """Serve on loopback: in the clear, over TLS from the first byte, or (`is_upgrade`) after STARTTLS."""
    loop = asyncio.get_running_loop()
    upgrade: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if is_upgrade else {}
    server = await loop.create_server(
        lambda: SMTP(office, hostname="mx.example", loop=loop, **upgrade),
        "127.0.0.1",
        port,
        ssl=None if is_upgrade else tls,
    )
    office.port = server.sockets[0].getsockname()[1]
    async with server:
        yield office


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[int]:
    """Serve one line of talk on loopback; yield the port."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def wanted() -> bool:
    """A message that nobody has stopped."""
    return True


def a_mailer(
    port: int, *, clock: VirtualClock | None = None, password: str | None = None, **changes: Any
) -> SmtpMailer:
    """A mailer that speaks to this port."""
    settings: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none"}
    return SmtpMailer(
        MailSettings(**(settings | changes)),
        public_url=PUBLIC,
        clock=clock or VirtualClock(NOW),
        password=password,
    )


class Recorder:
    """A receiver that keeps what it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.events: list[Event] = []
        self.failure = failure

    async def receive(self, event: Event) -> Instruction | None:
        self.events.append(event)
        if self.failure:
            raise self.failure
        return None
