"""The mailbox and the people who read it."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import AcceleratedClock, SystemClock
from adapters.simulator.correspondents import link_for
from adapters.simulator.people import MailKind, MailReaction
from tests.adapters.simulator.builders import TEN_IN_TOKYO, Standing, a_dialer, a_double, an_address


def does(kind: MailKind) -> Callable[[MailReaction], bool]:
    """Somebody who does this, soon."""
    return lambda each: each.kind is kind and each.delay_s < 1500


def a_message(to: str, base: str = "http://127.0.0.1:1", *, one_click: bool = True) -> EmailMessage:
    """A mail as the mailer writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.jp", to, "お久しぶりです"
    message["Message-ID"] = "<m-1.token@example.jp>"
    message["List-Unsubscribe"] = f"<mailto:off@example.jp>, <{base}/mail/m-1/tok/unsubscribe>"
    if one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(f"こんにちは。\nご返事はこちら: {base}/mail/m-1/tok/answer\n配信停止: {base}/x\n")
    return message


async def send(standing: Standing, message: EmailMessage) -> None:
    """Send over SMTP."""
    await aiosmtplib.send(message, hostname="127.0.0.1", port=standing.where.smtp_port, start_tls=False)


async def acted(standing: Standing) -> None:
    """Ask until it is written that somebody acted."""
    async with asyncio.timeout(10):
        while all(each["event"] != "acted" for each in standing.lines("mails.jsonl")):
            await standing.api.get("/double/health")


async def test_an_answer_is_given_on_the_page(tmp_path: Path) -> None:
    """Whoever answers opens the link of the mail and then presses the button there."""
    async with a_double(tmp_path, factor=4000) as standing:
        dialer, to = standing.dialer, an_address(does(MailKind.ANSWER))
        await send(standing, a_message(to, dialer.base))
        await dialer.until(lambda: len(dialer.at("/mail/m-1/tok/answer")) == 2)
        await acted(standing)
    received, done = standing.lines("mails.jsonl")
    assert (received["to"], received["reaction"], received["message_id"]) == (
        to,
        "answer",
        "<m-1.token@example.jp>",
    )
    assert (done["event"], done["status"]) == ("acted", 200)
    (file,) = (tmp_path / "mailbox").glob("*.eml")
    assert file.name == received["file"]
    assert b"Message-ID" in file.read_bytes()


async def test_unsubscribing_is_one_click_and_waits_for_the_page(tmp_path: Path) -> None:
    """One POST with the body of RFC 8058, sent again while our server fails."""
    async with a_double(tmp_path, factor=4000) as standing:
        dialer, to = standing.dialer, an_address(does(MailKind.UNSUBSCRIBE))
        dialer.statuses["/mail/m-1/tok/unsubscribe"] = [500, 200]
        await send(standing, a_message(to, dialer.base))
        await dialer.until(lambda: len(dialer.at("/mail/m-1/tok/unsubscribe")) == 2)
        assert dialer.at("/mail/m-1/tok/unsubscribe")[1] == {"List-Unsubscribe": "One-Click"}


async def test_a_dead_address_is_refused(tmp_path: Path) -> None:
    """RCPT is answered 550 5.1.1, and no message is kept."""
    async with a_double(tmp_path) as standing:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(standing, a_message(an_address(does(MailKind.BOUNCE))))
        assert refused.value.recipients[0].code == 550
        assert "5.1.1" in refused.value.recipients[0].message
    assert [each["event"] for each in standing.lines("mails.jsonl")] == ["refused"]
    assert list((tmp_path / "mailbox").glob("*.eml")) == []


async def test_what_people_meant_to_do_survives_a_restart(tmp_path: Path) -> None:
    """A double stopped before a person acted lets them act in the next run, and not again in the one after."""
    to = an_address(does(MailKind.ANSWER))
    clock = AcceleratedClock(start=TEN_IN_TOKYO, anchor=SystemClock().now(), factor=4000)
    async with a_dialer(clock) as dialer:
        async with a_double(tmp_path, factor=1) as standing:
            await send(standing, a_message(to, dialer.base))
        assert [each["event"] for each in standing.lines("mails.jsonl")] == ["received"]
        async with a_double(tmp_path, factor=4000) as again:
            await dialer.until(lambda: len(dialer.at("/mail/m-1/tok/answer")) == 2)
            assert (await again.api.get("/double/health")).json()["mails"] == 1
            await acted(again)
        async with a_double(tmp_path, factor=4000):
            pass
        assert len(dialer.at("/mail/m-1/tok/answer")) == 2


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (MailKind.ANSWER, "/mail/m-1/tok/answer"),
        (MailKind.UNSUBSCRIBE, "/mail/m-1/tok/unsubscribe"),
        (MailKind.IGNORE, ""),
        (MailKind.BOUNCE, ""),
    ],
)
def test_the_link_is_found(kind: MailKind, ending: str) -> None:
    """Header or text gives the address the person goes to."""
    link = link_for(kind, a_message("p@example.jp"))
    assert link == (f"http://127.0.0.1:1{ending}" if ending else "")


def test_without_the_one_click_header_nobody_clicks_once() -> None:
    """A List-Unsubscribe alone is no one-click offer (RFC 8058)."""
    assert link_for(MailKind.UNSUBSCRIBE, a_message("p@example.jp", one_click=False)) == ""


@given(st.text(max_size=200), st.sampled_from(sorted(MailKind)))
def test_any_mail_is_read(text: str, kind: MailKind) -> None:
    """No text of a mail does harm: a link comes out or none."""
    message = EmailMessage()
    message.set_content(text.encode("utf-8", "replace").decode())
    assert isinstance(link_for(kind, message), str)
