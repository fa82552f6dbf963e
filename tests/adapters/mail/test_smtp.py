"""Mail over real SMTP on loopback: sent once, and an honest word about what became of it."""

import asyncio

import pytest

from adapters.mail.smtp import MESSAGES_PER_CONNECTION
from dialer.mail_events import MailAccepted, MailNotSent, MailRefused, MailUnsure
from tests.adapters.mail.builders import (
    ATTEMPT,
    NOW,
    TEXT,
    TOKEN,
    Office,
    a_mailer,
    an_order,
    open_office,
    read,
    scripted,
    text_of,
    wanted,
)


async def test_a_message_is_accepted() -> None:
    """Its reference is the Message-ID; dots at the start of a line survive the journey."""
    async with open_office(Office()) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert event == MailAccepted(
        key=f"mail:{ATTEMPT}:accepted", at=NOW, attempt=ATTEMPT, reference=f"<{ATTEMPT}.{TOKEN}@aoba.example>"
    )
    [envelope] = office.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@aoba.example", ["yamada@example.jp"])
    assert text_of(read(envelope)) == TEXT


async def test_an_english_message_with_leading_dots_arrives_whole() -> None:
    """Plain text goes out as it is, so here the dots are on the wire."""
    text = ".first\n..second\n.\nlast\n"
    async with open_office(Office()) as office:
        mailer = a_mailer(office.port)
        await mailer.send(an_order(text=text, language="en"), wanted)
        await mailer.close()
    assert text_of(read(office.taken[0])) == text


@pytest.mark.parametrize(
    ("command", "reply", "permanent"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "553 5.1.3 bad address", True),
        ("RCPT", "450 4.2.1 try later", False),
        ("RCPT", "451 4.7.1 greylisted", False),
        ("RCPT", "452 4.2.2 mailbox full", False),
        ("text", "554 5.7.1 spam", True),
        ("text", "552 5.3.4 too large", True),
        ("text", "451 4.3.0 try later", False),
        ("text", "421 4.3.0 try later", False),
    ],
)
async def test_a_refusal_is_for_now_or_for_good(command: str, reply: str, permanent: bool) -> None:
    """What is said of this recipient or this message: 4xx may be tried later, 5xx not."""
    async with open_office(Office(replies={command: reply})) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert isinstance(event, MailRefused)
    assert (event.code, event.permanent) == (reply[:3], permanent)
    assert event.detail == reply[4:]
    assert office.taken == []


async def test_a_refusal_does_not_repeat_the_address() -> None:
    """What the server quotes is not written into a ledger that cannot be edited."""
    async with open_office(Office(replies={"RCPT": "550 <yamada@example.jp> unknown"})) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert isinstance(event, MailRefused)
    assert event.detail == "<the address> unknown"


async def test_a_connection_is_used_again_after_a_refusal() -> None:
    """A bad address among good ones costs no new connection."""
    async with open_office(Office(replies={"RCPT": "550 no"})) as office:
        mailer = a_mailer(office.port, connections=1)
        await mailer.send(an_order(), wanted)
        office.replies.clear()
        assert isinstance(await mailer.send(an_order(), wanted), MailAccepted)
        await mailer.close()
    assert len(office.sessions) == 1


@pytest.mark.parametrize("where", ["MAIL", "RCPT"])
async def test_lost_before_the_text_is_surely_not_sent(where: str) -> None:
    """It may be tried later: the server never had it."""
    async with open_office(Office(cut_at=where)) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert isinstance(event, MailNotSent)


async def test_lost_after_the_final_dot_is_unsure() -> None:
    """Perhaps taken: it is not sent again, and it was sent once."""
    async with open_office(Office(cut_at="verdict")) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert isinstance(event, MailUnsure)
    assert office.attempts == 1


async def test_lost_while_waiting_to_send_the_text_is_surely_not_sent() -> None:
    """DATA was said, and the connection ended before the go-ahead: not one line of the message left."""

    async def until_data(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.example\r\n")
        while not (line := await reader.readuntil(b"\r\n")).startswith(b"DATA"):
            assert line
            writer.write(b"250 OK\r\n")

    async with scripted(until_data) as port:
        mailer = a_mailer(port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert isinstance(event, MailNotSent)


async def test_a_garbled_verdict_is_unsure() -> None:
    """The text is over there; what was said of it makes no sense."""

    async def mumble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.example\r\n")
        while not (await reader.readuntil(b"\r\n")).startswith(b"DATA"):
            writer.write(b"250 OK\r\n")
        writer.write(b"354 go on\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"what?\r\n")
        await writer.drain()

    async with scripted(mumble) as port:
        mailer = a_mailer(port)
        assert isinstance(await mailer.send(an_order(), wanted), MailUnsure)
        await mailer.close()


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("MAIL", "421 4.3.2 going down"),
        ("MAIL", "451 4.3.0 try later"),
        ("MAIL", "452 4.5.3 too many messages in this session"),
        ("MAIL", "530 5.7.0 log in first"),
        ("MAIL", "550 5.7.1 we do not know you"),
        ("RCPT", "421 4.3.2 going down"),
        ("RCPT", "452 4.5.3 too many recipients this session"),
        ("RCPT", "452 Too many recipients"),
        ("RCPT", "454 4.7.1 relay access denied"),
        ("RCPT", "554 5.7.1 client host rejected: access denied"),
        ("text", "454 Throttling failure: maximum sending rate exceeded"),
        ("text", "550 5.4.5 daily user sending limit exceeded"),
    ],
)
async def test_a_no_to_us_says_nothing_of_the_person(command: str, reply: str) -> None:
    """Wherever in the conversation it is said: no try is used up."""
    async with open_office(Office(replies={command: reply})) as office:
        mailer = a_mailer(office.port)
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    assert event == MailNotSent(key=f"mail:{ATTEMPT}:not-sent", at=NOW, attempt=ATTEMPT, detail=reply)
    assert (office.taken, office.attempts) == ([], 1)


@pytest.mark.parametrize("greeting", [b"554 not you\r\n", b"421 too many\r\n"])
async def test_a_server_that_will_not_have_us_says_nothing_of_the_person(greeting: bytes) -> None:
    """Not even with a 5xx: the message may be tried later."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with scripted(refuse) as port:
        event = await a_mailer(port).send(an_order(), wanted)
    assert isinstance(event, MailNotSent)


async def test_no_server_no_mail() -> None:
    """Nobody listens."""
    async with open_office(Office()) as office:
        port = office.port
    event = await a_mailer(port).send(an_order(), wanted)
    assert isinstance(event, MailNotSent)


async def test_without_tls_no_mail_when_tls_is_asked_for() -> None:
    """A server that offers none gets no message in the clear."""
    async with open_office(Office()) as office:
        event = await a_mailer(office.port, security="starttls").send(an_order(), wanted)
    assert isinstance(event, MailNotSent)
    assert office.taken == []


async def test_no_message_can_be_made_of_a_bad_address() -> None:
    """No server is asked."""
    event = await a_mailer(1).send(an_order(to="nobody"), wanted)
    assert isinstance(event, MailRefused)
    assert (event.code, event.permanent) == ("address", True)


async def test_a_kept_connection_that_died_is_replaced() -> None:
    """Found dead before the text was sent, so the message still goes out once."""
    async with open_office(Office(cut_after=1)) as office:
        mailer = a_mailer(office.port, connections=1)
        events = [await mailer.send(an_order(), wanted) for _ in range(3)]
        await mailer.close()
    assert all(isinstance(event, MailAccepted) for event in events)
    assert (len(office.taken), len(office.sessions)) == (3, 2)


async def test_leave_is_taken_before_the_server_ends_it() -> None:
    """After ninety messages a new connection; no more at once than the settings allow."""
    async with open_office(Office()) as office:
        mailer = a_mailer(office.port, connections=1)
        count = MESSAGES_PER_CONNECTION + 10
        events = await asyncio.gather(*(mailer.send(an_order(), wanted) for _ in range(count)))
        await mailer.close()
    assert sum(isinstance(event, MailAccepted) for event in events) == count == len(office.taken)
    assert len(office.sessions) == 2
