"""An SMTP server that takes every mail there is a mailbox for, and lets the person it is for react."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.simulator.correspondents import Correspondents
from adapters.simulator.people import MailKind, Population

_TAKEN, _NOBODY = "250 OK", "550 5.1.1 No such mailbox"
_LARGEST = 1_000_000
_LETTER = re.compile(r"[^a-z0-9.@-]+")


class Mailbox:
    """The world's mailboxes: `<state>/mailbox/*.eml`, one file a message."""

    def __init__(self, folder: Path, population: Population, correspondents: Correspondents) -> None:
        """Open the folder; messages of an earlier run count as received."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._population, self._correspondents = folder, population, correspondents
        self._count = sum(1 for _ in folder.glob("*.eml"))
        self._received = Counter(correspondents.received())

    @property
    def count(self) -> int:
        """How many messages are here."""
        return self._count

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Listen; port 0 takes any free one."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._protocol(loop), host, port)

    def _protocol(self, loop: asyncio.AbstractEventLoop) -> Callable[[], SMTP]:
        """Return the maker of one SMTP conversation."""
        return lambda: SMTP(
            self, loop=loop, hostname="double.invalid", ident="double", data_size_limit=_LARGEST
        )

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse an address nobody has."""
        reaction = self._population.mail_reaction(address, self._received[address.lower()] + 1)
        if reaction.kind is MailKind.BOUNCE:
            self._correspondents.refused(address)
            return _NOBODY
        envelope.rcpt_tos.append(address)
        return _TAKEN

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message on disk, then tell whom it is for."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
        for address in envelope.rcpt_tos:
            self._count += 1
            self._received[address.lower()] += 1
            name = f"{self._count:06d}-{_LETTER.sub('_', address.lower())[:80]}.eml"
            (self._folder / name).write_bytes(content)
            reaction = self._population.mail_reaction(address, self._received[address.lower()])
            self._correspondents.receive(address, message, reaction, name)
        return _TAKEN
