"""One message as bytes: from an order and the time, nothing else; no header can be smuggled in."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit

from dialer.links import mail_links
from dialer.orders import SendMail

_FIELD = re.compile(r"[!-9;-~]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Whole(EmailPolicy):
    """The usual policy, but an address in a List- header stays in one piece.

    Python would write one of more than 70 characters as encoded words, which no mailbox provider reads as an address:
    the unsubscribe button would be gone.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header's line or lines."""
        if name.startswith("List-") and value.isascii():
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


# 7bit: not every server on the way takes 8-bit text.
_POLICY = _Whole(linesep="\r\n", cte_type="7bit")


class LetterInvalid(Exception):
    """No message can be made of this order: an address or a header is malformed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message ready to go: `sender` and `recipient` are the envelope, `content` has CRLF line ends."""

    message_id: str
    sender: str
    recipient: str
    content: bytes


def letter(order: SendMail, *, public_url: str, now: datetime) -> Letter:
    """Write the message of `order`. Raises LetterInvalid.

    The Message-ID is the attempt's own, so that the same message can be known should it ever arrive twice.
    List-Unsubscribe and its one-click companion follow RFC 8058, which wants https.
    """
    try:
        return _write(order, public_url, now)
    except (ValueError, IndexError, MessageError) as fault:
        # Address parsing raises all three on malformed input, IndexError included.
        raise LetterInvalid(type(fault).__name__) from fault


def _write(order: SendMail, public_url: str, now: datetime) -> Letter:
    sender, recipient = _address(order.sender, order.sender_name), _address(order.to, order.to_name)
    message_id = f"<{order.attempt}.{order.token}@{sender.domain}>"
    message = EmailMessage(policy=_POLICY)
    message["From"] = message["Reply-To"] = sender
    message["To"] = recipient
    message["Subject"] = _line(order.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    # Holiday notices and other answering machines leave such a message alone (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (_list_headers(order, public_url) | dict(order.headers)).items():
        message[_field(name)] = value
    message.set_content(order.text)
    message["Content-Language"] = order.language  # last: set_content drops what is there of Content-
    return Letter(
        message_id=message_id,
        sender=sender.addr_spec,
        recipient=recipient.addr_spec,
        content=message.as_bytes(),
    )


def _field(name: str) -> str:
    """Return a header's name, which the library does not look at (RFC 5322 §2.2)."""
    if not _FIELD.fullmatch(name):
        raise ValueError("no name of a header")
    return name


def _list_headers(order: SendMail, public_url: str) -> dict[str, str]:
    unsubscribe = mail_links(public_url, order.attempt, order.token)["unsubscribe"]
    headers = {"List-Unsubscribe": f"<{unsubscribe}>"}
    if unsubscribe.startswith("https:") or _is_loopback(unsubscribe):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(address: str, name: str) -> Address:
    """Return an address with its display name; a domain of other letters is written in its ASCII form."""
    local, _, domain = address.rpartition("@")
    return Address(display_name=_line(name), addr_spec=f"{local}@{domain.encode('idna').decode('ascii')}")


def _line(text: str) -> str:
    """Return the text as one line: a name or subject must not begin a header of its own."""
    return _CONTROLS.sub(" ", text).strip()
