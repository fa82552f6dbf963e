"""Every stage of the conversation, every kind of reply: what is concluded, and that nothing is sent twice."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mail.replies import is_about_us
from dialer.mail_events import MailAccepted, MailEvent, MailNotSent, MailRefused, MailUnsure
from tests.adapters.mail.builders import a_mailer, an_order, scripted, wanted

STAGES = ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "text")
GOOD = {
    "greeting": "220 mx.example",
    "EHLO": "250-mx.example\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "text": "250 taken",
    "RSET": "250 OK",
    "QUIT": "221 bye",
    "HELO": "250 OK",
}
CUT = ""
VERDICTS: dict[str, type[MailEvent]] = {CUT: MailUnsure, "what?": MailUnsure, "299 odd": MailAccepted}


async def conclude(replies: dict[str, str]) -> tuple[MailEvent, Counter[str]]:
    """Send one message to a server with these replies (CUT: it hangs up); also how often it heard what."""
    heard: Counter[str] = Counter()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stage = "greeting"
        while True:
            heard[stage] += 1
            if (reply := (GOOD | replies).get(stage, "502 what?")) == CUT:
                return
            writer.write(f"{reply}\r\n".encode())
            if stage == "QUIT":
                return
            if stage == "DATA" and reply.startswith("354"):
                await reader.readuntil(b"\r\n.\r\n")
                stage = "text"
            else:
                stage = (await reader.readuntil(b"\r\n")).decode().split()[0]

    async with scripted(talk) as port:
        mailer = a_mailer(port, password="p", username="u")
        event = await mailer.send(an_order(), wanted)
        await mailer.close()
    return event, heard


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("reply", [CUT, "421 bye", "450 not now", "550 no", "what?", "299 odd"])
async def test_every_stage_and_reply(stage: str, reply: str) -> None:
    """Only RCPT, DATA and the verdict speak of the message; only after the dot may one be unsure."""
    replies = {stage: reply} | ({"HELO": reply} if stage == "EHLO" else {})
    event, heard = await conclude(replies)
    expected: type[MailEvent] = MailNotSent
    if stage == "text":
        expected = VERDICTS.get(reply, MailRefused)
    elif stage in {"RCPT", "DATA"} and reply in {"450 not now", "550 no"}:
        expected = MailRefused
    assert type(event) is expected
    if isinstance(event, MailRefused):
        assert event.permanent is (reply == "550 no")
    assert heard["text"] == (stage == "text")
    assert heard["greeting"] == 1


@settings(max_examples=40, deadline=None)
@given(
    stage=st.sampled_from(["MAIL", "RCPT", "DATA"]),
    code=st.integers(400, 599),
    text=st.sampled_from(
        ["4.2.2 mailbox full", "5.1.1 unknown", "4.5.3 too many recipients", "4.3.2 shutdown", "no"]
    ),
)
def test_a_no_before_the_text_sends_nothing(stage: str, code: int, text: str) -> None:
    """Whatever its code; and it is the person's only when it is not ours."""
    event, heard = asyncio.run(conclude({stage: f"{code} {text}"}))
    is_ours = stage == "MAIL" or is_about_us(code, text)
    assert type(event) is (MailNotSent if is_ours else MailRefused)
    assert heard["text"] == 0


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (452, "4.2.2 mailbox full"),
        (450, "4.2.1 the user is receiving mail too quickly"),
        (451, "4.7.1 greylisted, come back"),
        (451, "4.3.0 temporary lookup failure"),
        (550, "5.1.1 no such user"),
        (550, "5.7.1 recipient address rejected"),
        (552, "5.2.2 over quota"),
    ],
)
def test_what_is_said_of_a_person_is_not_about_us(code: int, text: str) -> None:
    """One full mailbox must not stop everybody's mail."""
    assert not is_about_us(code, text)
