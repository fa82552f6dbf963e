"""The webhooks' own HTTP: any whole answer is understood however it comes, and every failure has its kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from adapters.simulator.answers import Answer, AnswerBroken, Answering
from adapters.simulator.naming import fresh, fresh_uuid
from adapters.simulator.signing import Signer, form_of
from adapters.simulator.wire import LineBroken, NotConnected, Wire, target_of

Fields = st.dictionaries(st.text(max_size=12), st.text(max_size=20), max_size=8)


@given(st.text(max_size=40), Fields, st.text(min_size=1, max_size=20))
def test_the_signature_is_the_librarys(url: str, fields: dict[str, str], token: str) -> None:
    """Whatever the address and the fields, Japanese and blank ones included."""
    ours = Signer(token).signature(url, fields)
    assert ours == RequestValidator(token).compute_signature(url, fields)


@given(Fields)
def test_the_form_is_the_standard_librarys(fields: dict[str, str]) -> None:
    """Byte for byte."""
    assert form_of(fields) == urlencode(fields)


def test_names_are_fresh() -> None:
    """SIDs have Twilio's form, and none comes twice."""
    sids = {fresh("CA") for _ in range(2000)}
    assert len(sids) == 2000
    assert all(
        len(sid) == 34 and sid.startswith("CA") and set(sid[2:]) <= set("0123456789abcdef") for sid in sids
    )
    assert len({fresh_uuid() for _ in range(2000)}) == 2000
    assert len(fresh_uuid()) == 36


ANSWERS: list[tuple[bytes, Answer]] = [
    (
        b"HTTP/1.1 200 OK\r\nContent-Type: Text/XML; charset=utf-8\r\nContent-Length: 5\r\n\r\n<a/>\n",
        Answer(status=200, media="text/xml", text="<a/>\n", is_last=False),
    ),
    (b"HTTP/1.1 204 No Content\r\n\r\n", Answer(status=204, media="", text="", is_last=False)),
    (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
        Answer(status=200, media="", text="abcde", is_last=False),
    ),
    (
        b"HTTP/1.1 500 Oh no\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        Answer(status=500, media="", text="", is_last=True),
    ),
    (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
        Answer(status=200, media="", text="x", is_last=False),
    ),
    (
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xe3",
        Answer(status=200, media="", text="\ufffd\ufffd", is_last=True),
    ),
]


@pytest.mark.parametrize(("written", "answer"), ANSWERS)
@given(data=st.data())
def test_an_answer_is_read_in_whatever_pieces_it_comes(
    written: bytes, answer: Answer, data: st.DataObject
) -> None:
    """It is whole with its last byte, and not before."""
    reading, rest, found = Answering(), written, None
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        found, rest = reading.fed(rest[:size]), rest[size:]
        assert (found is not None) is (not rest)
    assert found == answer


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    """As HTTP/1.0 servers do it; a body that was promised longer stays broken."""
    reading = Answering()
    assert reading.fed(b"HTTP/1.0 200 OK\r\n\r\nall of it") is None
    assert reading.ended() == Answer(status=200, media="", text="all of it", is_last=True)
    short = Answering()
    assert short.fed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") is None
    assert short.ended() is None
    assert Answering().ended() is None


@pytest.mark.parametrize(
    "written",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
        b"x" * ((1 << 20) + 1),
    ],
)
def test_what_is_no_answer_is_broken(written: bytes) -> None:
    """Nonsense, a wrong length, or more than a megabyte."""
    with pytest.raises(AnswerBroken):
        Answering().fed(written)


@given(st.binary(max_size=200))
def test_no_bytes_do_any_harm(written: bytes) -> None:
    """Whatever comes, it is an answer, part of one, or broken."""
    with suppress(AnswerBroken):
        assert isinstance(Answering().fed(b"HTTP/1.1 200 OK\r\n" + written), Answer | None)


def test_where_an_address_leads() -> None:
    """Ports, paths, queries, and a name with a password."""
    plain = target_of("http://dialer.example?x=1")
    assert (plain.host, plain.port, plain.is_tls, plain.path) == ("dialer.example", 80, False, "/?x=1")
    keyed = target_of("https://me:p%40ss@dialer.example:8443/a/b")
    assert (keyed.host, keyed.port, keyed.is_tls, keyed.path) == ("dialer.example", 8443, True, "/a/b")
    assert keyed.headers == "Host: dialer.example:8443\r\nAuthorization: Basic bWU6cEBzcw==\r\n"
    for wrong in ("ftp://x", "http://", "dialer.example", "http://x/a b", "http://x:port/"):
        with pytest.raises(ValueError, match=r".+"):
            target_of(wrong)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@asynccontextmanager
async def serving(*answers: bytes, closes_after: int = 99) -> AsyncIterator[tuple[Wire, str, list[int]]]:
    """A wire, and a server that answers each connection's requests, then closes it, and counts what each one got."""
    seen: list[int] = []
    tasks: set[asyncio.Task[object] | None] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        seen.append(0)
        place = len(seen) - 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while seen[place] < closes_after:
                await reader.readuntil(b"\r\n\r\n")
                seen[place] += 1
                writer.write(answers[min(sum(seen), len(answers)) - 1])
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    wire = Wire()
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield wire, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", seen
        wire.close()
        await asyncio.gather(*(task for task in tasks if task is not None))


async def sent(wire: Wire, url: str, *, read_s: float = 5) -> Answer:
    """One webhook without a body."""
    return await wire.send("POST", url, {"Accept": "*/*"}, b"", connect_s=2, read_s=read_s)


async def test_a_connection_is_used_again() -> None:
    """Three webhooks, one connection; one that the other side closed meanwhile is replaced without a loss."""
    async with serving(OK) as (wire, url, seen):
        assert [(await sent(wire, url)).text for _ in range(3)] == ["ok"] * 3
        assert seen == [3]
    async with serving(OK, closes_after=1) as (wire, url, seen):
        assert [(await sent(wire, url)).text for _ in range(3)] == ["ok"] * 3
        assert seen == [1, 1, 1]


async def test_many_at_once_have_connections_of_their_own() -> None:
    """Nobody's answer goes to somebody else."""
    async with serving(OK) as (wire, url, seen):
        answers = await asyncio.gather(*(sent(wire, url) for _ in range(20)))
        assert {answer.text for answer in answers} == {"ok"}
        assert sum(seen) == 20
        assert len(seen) > 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"nonsense\r\n\r\n",
    ],
)
async def test_half_an_answer_is_a_broken_line(answer: bytes) -> None:
    """Closed without a word, closed in the middle, or no HTTP at all."""
    async with serving(answer, closes_after=1) as (wire, url, _):
        with pytest.raises(LineBroken):
            await sent(wire, url)


async def test_times_are_kept() -> None:
    """An answer that does not come is a broken line; nobody there is no connection."""
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") as (wire, url, _):
        with pytest.raises(LineBroken, match="too long"):
            await sent(wire, url, read_s=0.1)
    with pytest.raises(NotConnected):
        await sent(wire, url)
