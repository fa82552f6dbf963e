"""The message itself: readable in both languages, and closed to whoever writes names and addresses."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.letter import LetterInvalid, letter
from tests.adapters.mail.builders import ATTEMPT, NOW, PUBLIC, TEXT, TOKEN, an_order, text_of

LINK = f"{PUBLIC}/mail/{ATTEMPT}/{TOKEN}/unsubscribe"


def written(**changes: object) -> tuple[bytes, EmailMessage]:
    """A message as bytes, and as a mail program reads it."""
    public = str(changes.pop("public_url", PUBLIC))
    content = letter(an_order(**changes), public_url=public, now=NOW).content
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return content, message


def test_a_japanese_message_arrives_as_written() -> None:
    """Names, subject and text, over lines that any server takes: 7-bit, none longer than 78."""
    content, message = written()
    assert message["Subject"] == "山田様、お久しぶりです"
    assert message["To"].addresses[0].display_name == "山田 太郎"
    assert message["From"].addresses[0].display_name == "青葉通販, Inc."
    assert message["Reply-To"].addresses[0].addr_spec == "hello@aoba.example"
    assert text_of(message) == TEXT
    assert content.isascii()
    assert max(map(len, content.splitlines()[10:])) <= 78


def test_the_headers_of_a_bulk_message() -> None:
    """A Message-ID of the attempt's own, our clock's date, and one-click unsubscribing (RFC 8058)."""
    _, message = written()
    assert message["Message-ID"] == f"<{ATTEMPT}.{TOKEN}@aoba.example>"
    assert message["Date"] == "Fri, 20 Nov 2026 01:00:00 +0000"
    assert message["List-Unsubscribe"] == f"<{LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ja"


def test_the_unsubscribe_address_stays_in_one_piece() -> None:
    """Python would write so long an address as encoded words, which no mailbox provider can follow."""
    content, _ = written(public_url="https://calls.a-rather-long-name-of-a-company.example/outbound/dialer")
    [line] = [line for line in content.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert len(line) > 120
    assert line.endswith(f"/mail/{ATTEMPT}/{TOKEN}/unsubscribe>".encode())


@pytest.mark.parametrize(
    ("public", "has"),
    [
        ("https://d.example", True),
        ("http://d.example", False),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
    ],
)
def test_one_click_wants_https(public: str, has: bool) -> None:
    """Except on this machine, where the demo runs."""
    _, message = written(public_url=public)
    assert ("List-Unsubscribe-Post" in message) is has
    assert "List-Unsubscribe" in message


def test_the_same_order_is_the_same_message() -> None:
    """To the byte: should it ever be sent twice, it can be known as one."""
    assert written()[0] == written()[0]


def test_an_order_may_bring_headers() -> None:
    """And may replace ours."""
    _, message = written(headers={"X-Campaign": "winback", "List-Unsubscribe": "<https://other.example/u>"})
    assert (message["X-Campaign"], message["List-Unsubscribe"]) == ("winback", "<https://other.example/u>")
    assert len(message.get_all("List-Unsubscribe", [])) == 1


def test_a_domain_in_other_letters_is_written_in_ascii() -> None:
    """The person may write it as they like."""
    _, message = written(to="taro@日本語.jp")
    assert message["To"].addresses[0].addr_spec == "taro@xn--wgv71a119e.jp"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.jp",
        "a@",
        "a b@example.jp",
        "太郎@example.jp",
        "a@b@example.jp",
        "a@example.jp\nBcc: x@y.z",
    ],
)
def test_what_is_no_address_makes_no_message(address: str) -> None:
    """Malformed, or with a local part that only some servers take."""
    with pytest.raises(LetterInvalid):
        written(to=address)


@pytest.mark.parametrize("value", ["a\nBcc: x@y.example", "a\r\n\r\nbody", "a\rb"])
def test_a_header_cannot_bring_another(value: str) -> None:
    """Neither by value nor by name."""
    with pytest.raises(LetterInvalid):
        written(headers={"X-Note": value})
    with pytest.raises(LetterInvalid):
        written(headers={f"X-Note: 1\r\n{value}": "x"})


NAMES = st.text(max_size=30) | st.sampled_from(
    ["a\r\nBcc: x@y.example", "\u2028Bcc: x", '"><', "a, b <c@d.example>"]
)


@given(to_name=NAMES, sender_name=NAMES, subject=NAMES, text=st.text(max_size=80))
def test_no_name_smuggles_a_header_or_a_recipient(
    to_name: str, sender_name: str, subject: str, text: str
) -> None:
    """Whatever a list holds as name, a message has one recipient and no header that we did not write."""
    try:
        content, message = written(to_name=to_name, sender_name=sender_name, subject=subject, text=text)
    except LetterInvalid:
        assert any("\ud800" <= mark <= "\udfff" for mark in to_name + sender_name + subject + text)
        return
    assert [address.addr_spec for address in message["To"].addresses] == ["yamada@example.jp"]
    assert [address.addr_spec for address in message["From"].addresses] == ["hello@aoba.example"]
    assert "Bcc" not in message
    assert len(message.keys()) == len({name.lower() for name in message.keys()}) == 13  # noqa: SIM118
    assert b"\n" not in content.replace(b"\r\n", b"")
