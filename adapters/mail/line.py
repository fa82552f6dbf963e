"""One connection to the mail server, and how far a message had come when it failed."""

import asyncio
import re
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException

from adapters.mail.letter import Letter
from dialer.settings import MailSettings

COMMAND_LIMIT_S: Final = 30.0
"""Seconds for connecting and for each command."""

DATA_LIMIT_S: Final = 120.0
"""Seconds for the verdict after the final dot: servers filter first, and giving up early means not knowing."""

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Lost(Exception):
    """The connection failed before the message could have been taken."""


class LostAfterDot(Exception):
    """The connection failed when the whole message may have arrived: nobody knows whether it was taken."""


class Refused(Exception):
    """The server answered no. `code` is the SMTP reply; `is_for_good` when this message will never be taken.

    A 5xx to our login or sender address says something about us, and nothing about the person.
    """

    def __init__(self, no: SMTPResponseException | SMTPResponse, *, about_us: bool = False) -> None:
        super().__init__(no.code, no.message)
        self.code, self.text = no.code, no.message
        self.is_for_good = no.code >= 500 and not about_us


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
        """Connect, secure and log in. Raises Lost, or Refused by a server that says no to us."""
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
            raise Refused(no, about_us=True) from no
        except (SMTPException, OSError, ValueError) as failure:
            client.close()
            raise Lost(type(failure).__name__) from failure
        return cls(client)

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands, as far as we know."""
        return self._client.is_connected

    async def carry(self, letter: Letter) -> None:
        """Hand one message over. Raises Refused, Lost or LostAfterDot."""
        self.carried += 1
        await self._say(self._client.mail(letter.sender), about_us=True)
        await self._say(self._client.rcpt(letter.recipient))
        start = await self._say(self._client.execute_command(b"DATA"))
        if start.code != 354:
            raise Refused(start)
        await self._finish(letter.content)

    async def _say(self, command: Awaitable[SMTPResponse], *, about_us: bool = False) -> SMTPResponse:
        try:
            return await command
        except SMTPResponseException as no:
            raise Refused(no, about_us=about_us) from no
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
            protocol.write(_LEADING_DOT.sub(b"..", content) + ending + b".\r\n")
            verdict = await protocol.read_response(timeout=DATA_LIMIT_S)
        except SMTPResponseException as garbled:
            raise LostAfterDot(f"unreadable reply {garbled.code}") from garbled
        except (SMTPException, OSError) as failure:
            raise LostAfterDot(type(failure).__name__) from failure
        if verdict.code >= 400:
            raise Refused(verdict)

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
