"""The links of a mail: looking changes nothing, pressing the button does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import VirtualClock
from adapters.mail.page import language_of
from adapters.mail.unsubscribe import links, routes
from dialer.mail_events import MailAnswered, MailUnsubscribed
from dialer.nonce import nonce_for
from tests.adapters.mail.builders import ATTEMPT, NOW, SECRET, TOKEN, Recorder

Client = TestClient[web.Request, web.Application]
ROOT = f"/mail/{ATTEMPT}/{TOKEN}"


@asynccontextmanager
async def pages(receiver: Recorder) -> AsyncIterator[Client]:
    """The pages, served on loopback."""
    app = web.Application()
    app.add_routes(routes(receiver, secret=SECRET, clock=VirtualClock(NOW)))
    async with TestClient(TestServer(app)) as client:
        yield client


def test_the_links_lead_to_the_pages() -> None:
    """One address to stop, one to be contacted."""
    assert links("https://d.example/", ATTEMPT, TOKEN) == {
        "unsubscribe": f"https://d.example{ROOT}/unsubscribe",
        "answer": f"https://d.example{ROOT}/answer",
    }


@pytest.mark.parametrize("door", ["unsubscribe", "answer"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing(door: str, method: str) -> None:
    """Mail scanners open every link (F47)."""
    receiver = Recorder()
    async with pages(receiver) as client:
        for _ in range(3):
            assert (await client.request(method, f"{ROOT}/{door}")).status == 200
    assert receiver.events == []


@pytest.mark.parametrize(
    ("body", "kind", "how"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded", "one_click"),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            "one_click",
        ),
        ("", "application/x-www-form-urlencoded", "page"),
        ("a" * 100_000, "text/plain", "page"),
    ],
    ids=["one click", "one click in parts", "the button", "anything"],
)
async def test_a_post_unsubscribes(body: str, kind: str, how: str) -> None:
    """From a mailbox provider or from the page, whatever the body, without cookies."""
    receiver = Recorder()
    async with pages(receiver) as client:
        answer = await client.post(f"{ROOT}/unsubscribe", data=body, headers={"Content-Type": kind})
        assert answer.status == 200
        assert "配信を停止しました" in await answer.text()
    assert receiver.events == [
        MailUnsubscribed(key=f"mail:{ATTEMPT}:unsubscribe", at=NOW, attempt=ATTEMPT, how=how)
    ]


async def test_a_post_answers() -> None:
    """The person asked to be contacted."""
    receiver = Recorder()
    async with pages(receiver) as client:
        answer = await client.post(f"{ROOT}/answer?lang=en")
        assert "Thank you" in await answer.text()
    assert receiver.events == [MailAnswered(key=f"mail:{ATTEMPT}:answer", at=NOW, attempt=ATTEMPT)]


async def test_twice_is_once() -> None:
    """The same key, and the same kind word."""
    receiver = Recorder()
    async with pages(receiver) as client:
        for _ in range(2):
            assert (await client.post(f"{ROOT}/unsubscribe")).status == 200
    assert len({event.key for event in receiver.events}) == 1


async def test_done_is_only_said_when_it_is_done() -> None:
    """A failing receiver makes an error page, not a promise."""
    receiver = Recorder(failure=OSError("disk full"))
    async with pages(receiver) as client:
        assert (await client.post(f"{ROOT}/unsubscribe")).status == 500


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("door", ["unsubscribe", "answer"])
@pytest.mark.parametrize(
    "token",
    [
        TOKEN[:-1],
        TOKEN.upper(),
        "0" * 32,
        "%C3%A9",
        nonce_for(SECRET, "call", ATTEMPT),
        nonce_for(SECRET, "mail", "winback-7-3"),
        nonce_for("guess", "mail", ATTEMPT),
    ],
    ids=["short", "capitals", "nobody's", "beyond ASCII", "a call's", "another mail's", "guessed"],
)
async def test_a_guessed_link_opens_nothing(token: str, door: str, method: str) -> None:
    """Nobody unsubscribes somebody else."""
    receiver = Recorder()
    async with pages(receiver) as client:
        answer = await client.request(method, f"/mail/{ATTEMPT}/{token}/{door}")
        assert answer.status == 404
        assert "リンク" in await answer.text()
    assert receiver.events == []


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    ("header", "query", "language", "word"),
    [
        ("", "", "ja", "配信を停止する"),
        ("en-GB,en;q=0.9", "", "en", "Unsubscribe"),
        ("fr,ja;q=0.5", "", "ja", "配信を停止する"),
        ("en", "?lang=ja", "ja", "配信を停止する"),
        ("ja", "?lang=en", "en", "Unsubscribe"),
        ("ja", "?lang=<script>", "ja", "配信を停止する"),
    ],
)
async def test_a_page_speaks_the_readers_language(header: str, query: str, language: str, word: str) -> None:
    """As the browser asks, or as the link on the page says; one button, one heading, no script, nothing from afar."""
    async with pages(Recorder()) as client:
        answer = await client.get(f"{ROOT}/unsubscribe{query}", headers={"Accept-Language": header})
        text = await answer.text()
    outline = Outline(text)
    assert ("lang", language) in outline.attributes
    assert word in text
    assert outline.tags.count("button") == outline.tags.count("h1") == 1
    assert not {"script", "img", "link", "iframe"} & set(outline.tags)
    assert "http" not in text


async def test_a_page_tells_nobody_where_it_was() -> None:
    """The address is a key: no referrer, no cache, no frame, and only the style that was written for it."""
    async with pages(Recorder()) as client:
        headers = (await client.get(f"{ROOT}/unsubscribe")).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@given(asked=st.none() | st.text(max_size=5), accepted=st.text(max_size=40))
def test_every_wish_has_a_language(asked: str | None, accepted: str) -> None:
    """Whatever a browser sends."""
    assert language_of(asked, accepted) in {"ja", "en"}
