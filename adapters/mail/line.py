"""One connection to the mail server, and how far a message had come when it failed."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponse, SMTPResponseException

from adapters.mail.letter import Letter
from adapters.mail.replies import is_about_us, is_throttle
from dialer.settings import MailSettings

COMMAND_LIMIT_S: Final = 30.0
"""Seconds for connecting and for each command."""

DATA_LIMIT_S: Final = 120.0
"""Seconds for the verdict after the final dot: servers filter first, and giving up early means not knowing."""

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Lost(Exception):
    """The server is not to be had, and did not take the message: the connection failed, or it says no to us.

    `had_text`: the message was over there when the server said no, so it is not offered to another connection.
    """

    def __init__(self, reason: str, *, had_text: bool = False) -> None:
        super().__init__(reason)
        self.had_text = had_text


class LostAfterDot(Exception):
    """The connection failed when the whole message may have arrived: nobody knows whether it was taken."""


class Unwanted(Exception):
    """Just before the text was sent, the message was no longer wanted."""


class Answer(Exception):
    """The server answered no: `code` is the SMTP reply, `text` what it said."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code, self.text = code, text


class Refused(Answer):
    """A no to this recipient or this message; `is_for_good` when it will never be taken."""

    @property
    def is_for_good(self) -> bool:
        """Tell whether it is a 5xx."""
        return self.code >= 500


class SenderRefused(Answer):
    """A no to the sender address: it says something about us, and nothing about the person."""


Wanted = Callable[[], Awaitable[bool]]
"""Asks whether a message may still go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the server is and how we present ourselves; `name` is what we say in EHLO."""

    settings: MailSettings
    name: str
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None


class Line:
    """An open connection that carries one message at a time."""

    def __init__(self, client: SMTP) -> None:
        """Take a connected client; `Line.open` makes one."""
        self._client = client
        self.carried = 0

    @classmethod
    async def open(cls, access: Access) -> "Line":
        """Connect, secure and log in. Raises Lost, also when the server says no to us."""
        settings = access.settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname=access.name,
            username=settings.username,
            password=access.password if settings.username else None,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=access.tls,
            timeout=COMMAND_LIMIT_S,
        )
        try:
            await client.connect()
        except SMTPResponseException as no:
            client.close()
            raise Lost(f"{no.code} {no.message}") from no
        except (SMTPException, OSError, ValueError) as failure:
            client.close()
            raise Lost(type(failure).__name__) from failure
        return cls(client)

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands, as far as we know."""
        return self._client.is_connected

    async def carry(self, letter: Letter, is_wanted: Wanted) -> None:
        """Hand one message over. Raises Unwanted, Refused, SenderRefused, Lost or LostAfterDot.

        `is_wanted` is asked last, when only DATA is left to say: a slow server must not hide an opt-out (F46).
        """
        self.carried += 1
        await self._say(self._client.mail(letter.sender), SenderRefused)
        await self._say(self._client.rcpt(letter.recipient), Refused)
        if not await is_wanted():
            raise Unwanted
        await self._say(self._begin(), Refused)
        await self._finish(letter.content)

    async def _begin(self) -> SMTPResponse:
        """Say DATA, and hear that the text may come."""
        start = await self._client.execute_command(b"DATA")
        if start.code != 354:
            raise SMTPResponseException(start.code, start.message)
        return start

    async def _say(self, command: Awaitable[SMTPResponse], no: type[Answer]) -> None:
        """Say a command; an answer about the command is raised as `no`, one about us or out of step as Lost."""
        try:
            await command
        except SMTPResponseException as reply:
            is_ours = isinstance(reply, SMTPHeloError) or is_about_us(reply.code, reply.message)
            if is_ours or not 400 <= reply.code < 600:
                raise Lost(f"{reply.code} {reply.message}") from reply
            raise no(reply.code, reply.message) from reply
        except (SMTPException, OSError, ValueError) as failure:
            raise Lost(type(failure).__name__) from failure

    async def _finish(self, content: bytes) -> None:
        """Send the text and the final dot, and wait for the verdict.

        The library's own DATA does both halves at once and cannot say in which of them the connection was lost.
        """
        protocol = self._client.protocol
        if protocol is None:
            raise Lost("closed before the text")
        ending = b"" if content.endswith(b"\r\n") else b"\r\n"
        try:
            protocol.write(_LEADING_DOT.sub(b"..", content) + ending)
            protocol.write(b".\r\n")
        except (SMTPException, OSError) as failure:
            raise Lost(type(failure).__name__) from failure
        try:
            verdict = await protocol.read_response(timeout=DATA_LIMIT_S)
        except SMTPResponseException as garbled:
            raise LostAfterDot(f"unreadable reply {garbled.code}") from garbled
        except (SMTPException, OSError) as failure:
            raise LostAfterDot(type(failure).__name__) from failure
        _heed(verdict)

    async def reset(self) -> bool:
        """Forget a refused message; False when the connection is of no more use."""
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            return False
        return True

    async def close(self) -> None:
        """Take leave; a server that does not answer is left without."""
        try:
            async with asyncio.timeout(2):
                await self._client.quit()
        except (SMTPException, OSError):
            pass
        finally:
            self._client.close()


def _heed(verdict: SMTPResponse) -> None:
    """Return when the message was taken. Raises Refused, Lost (we sent too much) or LostAfterDot (no verdict)."""
    if 200 <= verdict.code < 300:
        return
    if not 400 <= verdict.code < 600:
        raise LostAfterDot(f"unreadable reply {verdict.code}")
    if is_throttle(verdict.code, verdict.message):
        raise Lost(f"{verdict.code} {verdict.message}", had_text=True)
    raise Refused(verdict.code, verdict.message)
