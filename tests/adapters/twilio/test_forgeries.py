"""More than two hundred ways to pretend to be Twilio, at every door: 403, an empty body, and nobody hears of it."""

import asyncio
import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from adapters.twilio.gate import SHARED_KEY
from adapters.twilio.urls import Door
from dialer.events import CallEnded
from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import (
    ATTEMPT,
    NONCE,
    PUBLIC,
    SECRET,
    TOKEN,
    Recorder,
    a_door,
    a_form,
    path,
)

DOORS = {
    **{str(door): path(door) for door in Door},
    "rooms": "/twilio/rooms",
    "line": f"/twilio/line/{nonce_for(SECRET, 'line', '')}",
    "leg": f"/twilio/legs/sato-1/{nonce_for(SECRET, 'leg', 'sato-1')}/answer",
    "leg status": f"/twilio/legs/sato-1/{nonce_for(SECRET, 'leg', 'sato-1')}/status",
    "join": f"/twilio/agents/sato/{nonce_for(SECRET, 'agent', 'sato')}/join",
}
FORM = a_form(
    AnsweredBy="human", Digits="9", StatusCallbackEvent="participant-join", ParticipantLabel=ATTEMPT
)
TYPE = "application/x-www-form-urlencoded"

Client = TestClient[web.Request, web.Application]


class Request:
    """A genuine request for one door, to be spoilt."""

    def __init__(self, where: str) -> None:
        self.where, self.form = where, dict(FORM)
        self.headers = {"Content-Type": TYPE, "X-Twilio-Signature": self.sign(where, self.form)}
        self.body = urlencode(self.form).encode()

    def sign(
        self, where: str, form: dict[str, str] | None = None, *, token: str = TOKEN, root: str = PUBLIC
    ) -> str:
        """Sign as whoever holds the token."""
        text: str = RequestValidator(token).compute_signature(root + where, FORM if form is None else form)
        return text

    def with_signature(self, text: str) -> "Request":
        self.headers["X-Twilio-Signature"] = text
        return self

    def with_form(self, **changes: str | None) -> "Request":
        form = {name: value for name, value in (self.form | changes).items() if value is not None}
        self.body = urlencode(form).encode()
        return self

    def with_body(self, body: bytes, kind: str = TYPE) -> "Request":
        self.body, self.headers["Content-Type"] = body, kind
        return self

    def with_header(self, name: str, text: str) -> "Request":
        self.headers[name] = text
        return self

    def without(self, header: str) -> "Request":
        del self.headers[header]
        return self

    def at(self, where: str) -> "Request":
        self.where = where
        return self


Spoil = Callable[[Request], Request]


def as_json(request: Request, body: bytes | None = None, digest: str | None = None) -> Request:
    """Send JSON, with the hash of the body in the address, signed over the address only: as Twilio does."""
    body = json.dumps(FORM).encode() if body is None else body
    where = f"{request.where}?bodySHA256={digest or sha256(body).hexdigest()}"
    return request.at(where).with_body(body, "application/json").with_signature(request.sign(where, {}))


SPOILS: dict[str, Spoil] = {
    "no signature": lambda r: r.without("X-Twilio-Signature"),
    "an empty signature": lambda r: r.with_signature(""),
    "a short signature": lambda r: r.with_signature(r.headers["X-Twilio-Signature"][:-1]),
    "a long signature": lambda r: r.with_signature(r.headers["X-Twilio-Signature"] + "="),
    "one letter off": lambda r: r.with_signature("~" + r.headers["X-Twilio-Signature"][1:]),
    "a lower-case signature": lambda r: r.with_signature(r.headers["X-Twilio-Signature"].lower()),
    "no base64": lambda r: r.with_signature("not a signature"),
    "letters beyond ASCII": lambda r: r.with_signature("é" * 28),
    "the canonical vector's": lambda r: r.with_signature("RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "a stranger's token": lambda r: r.with_signature(r.sign(r.where, token="stranger")),
    "an empty token": lambda r: r.with_signature(r.sign(r.where, token="")),
    "our own secret as token": lambda r: r.with_signature(r.sign(r.where, token=SECRET)),
    "signed for another host": lambda r: r.with_signature(r.sign(r.where, root="https://evil.example")),
    "signed for http": lambda r: r.with_signature(r.sign(r.where, root="http://dialer.example")),
    "signed for the loopback": lambda r: r.with_signature(r.sign(r.where, root="http://127.0.0.1")),
    "signed for another port": lambda r: r.with_signature(r.sign(r.where, root=PUBLIC + ":8443")),
    "signed for another door": lambda r: r.with_signature(r.sign("/twilio/elsewhere")),
    "signed with a slash more": lambda r: r.with_signature(r.sign(r.where + "/")),
    "signed with the fragment": lambda r: r.with_signature(r.sign(r.where + "#rc=3")),
    "signed without the query": lambda r: r.at(r.where + "?x=1"),
    "signed with another query": lambda r: r.with_signature(r.sign(r.where + "?x=1")).at(r.where + "?x=2"),
    "signed without the form": lambda r: r.with_signature(r.sign(r.where, {})),
    "a field changed": lambda r: r.with_form(CallSid="CA" + "2" * 32),
    "a status changed": lambda r: r.with_form(CallStatus="completed"),
    "a key changed": lambda r: r.with_form(Digits="1"),
    "a label changed": lambda r: r.with_form(ParticipantLabel="other-1-1"),
    "a blank filled": lambda r: r.with_form(ToCity="Tokyo"),
    "a field emptied": lambda r: r.with_form(To=""),
    "a field added": lambda r: r.with_form(Extra="1"),
    "a field left out": lambda r: r.with_form(Timestamp=None),
    "a field twice": lambda r: r.with_body(r.body + b"&CallStatus=completed"),
    "no body": lambda r: r.with_body(b""),
    "a body of noise": lambda r: r.with_body(b"\xff\xfe\x00"),
    "bytes that are no UTF-8": lambda r: r.with_body(r.body + b"&x=%ff%fe"),
    "too many fields": lambda r: r.with_body(r.body + b"&x=1" * 300),
    "JSON of another hash": lambda r: as_json(r, digest=sha256(b"{}").hexdigest()),
    "JSON of half a hash": lambda r: as_json(r, digest=sha256(json.dumps(FORM).encode()).hexdigest()[:32]),
    "JSON of a hash beyond ASCII": lambda r: as_json(r, digest="%C3%A9" * 64),
    "JSON of an empty hash": lambda r: as_json(r, digest="&bodySHA256="),
    "JSON of two hashes": lambda r: as_json(
        r, digest=f"{sha256(json.dumps(FORM).encode()).hexdigest()}&bodySHA256=0"
    ),
    "JSON changed under its hash": lambda r: as_json(r).with_body(b'{"Digits": "9"}', "application/json"),
    "JSON of a stranger's token": lambda r: as_json(r).with_signature(r.sign(r.where, {}, token="stranger")),
    "JSON signed like a form": lambda r: as_json(r).with_signature(r.sign(r.where, FORM)),
    "JSON that is a list": lambda r: as_json(r, b'["CallSid"]'),
    "JSON that is cut off": lambda r: as_json(r, b'{"CallSid": "CA1"'),
    "JSON that is nested without end": lambda r: as_json(r, b"[" * 30_000),
    "JSON with half a letter": lambda r: as_json(r, b'{"CallSid": "\\ud800"}'),
    "JSON under a form's type": lambda r: as_json(r).with_body(json.dumps(FORM).encode()),
    "JSON without a hash": lambda r: r.with_body(json.dumps(FORM).encode(), "application/json"),
    "JSON without a hash, signed": lambda r: r.with_body(b"{}", "application/json").with_signature(
        r.sign(r.where, {})
    ),
    "a key of another kind": lambda r: r.with_header(
        SHARED_KEY, "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    ),
    "a key of another kind, old sum": lambda r: r.with_header(SHARED_KEY, "key=k,algorithm=HMAC_SHA1"),
    "a key of another kind, empty": lambda r: r.with_header(SHARED_KEY, ""),
    "the newer sum with our token": lambda r: r.with_signature(
        RequestValidator(TOKEN).compute_signature(PUBLIC + r.where, FORM, "HMAC_SHA256")
    ).with_header(SHARED_KEY, "key=k,algorithm=HMAC_SHA256"),
    "the newer sum without a word": lambda r: r.with_signature(
        RequestValidator(TOKEN).compute_signature(PUBLIC + r.where, FORM, "HMAC_SHA256")
    ),
    "noise called gzip": lambda r: r.with_header("Content-Encoding", "gzip"),
    "noise called deflate": lambda r: r.with_header("Content-Encoding", "deflate"),
    "half of a gzip": lambda r: r.with_body(gzip.compress(r.body)[:40]).with_header(
        "Content-Encoding", "gzip"
    ),
    "a packing nobody knows": lambda r: r.with_body(b"\x00" + r.body).with_header("Content-Encoding", "lzma"),
    "a form called text": lambda r: r.with_body(r.body, "text/plain"),
    "a form called multipart": lambda r: r.with_body(r.body, "multipart/form-data; boundary=x"),
    "a form in no known letters": lambda r: r.with_body(r.body[:-1], TYPE + "; charset=klingon"),
}

NONCES: dict[str, str] = {
    "of another attempt": nonce_for(SECRET, "call", "winback-7-2"),
    "of another secret": nonce_for("guessed", "call", ATTEMPT),
    "of a mail": nonce_for(SECRET, "mail", ATTEMPT),
    "cut short": NONCE[:-1],
    "too long": NONCE + "0",
    "in capitals": NONCE.upper(),
    "beyond ASCII": "%C3%A9" * 32,
    "of nobody": "0" * 32,
}


async def send(client: Client, request: Request) -> tuple[int, bytes, str | None]:
    """Send a request as it stands; return status, body, and any hint of why."""
    answer = await client.post(request.where, data=request.body, headers=request.headers)
    return answer.status, await answer.read(), answer.headers.get("X-Reason")


@pytest.mark.parametrize("door", list(DOORS))
@pytest.mark.parametrize("spoil", list(SPOILS))
async def test_a_forgery_is_turned_away(door: str, spoil: str) -> None:
    """Each way at each door."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert await send(client, SPOILS[spoil](Request(DOORS[door]))) == (403, b"", None)
    assert receiver.events == []


@pytest.mark.parametrize("door", list(Door))
@pytest.mark.parametrize("nonce", list(NONCES))
async def test_a_signature_alone_is_not_enough(door: str, nonce: str) -> None:
    """Signed by the right account, for an address we never gave out."""
    receiver = Recorder()
    where = path(door, nonce=NONCES[nonce])
    request = Request(where)
    async with a_door(receiver) as client:
        assert await send(client, request) == (403, b"", None)
    assert receiver.events == []


@pytest.mark.parametrize("door", list(DOORS))
async def test_json_under_its_hash_is_let_in(door: str) -> None:
    """Twilio may send JSON too; the address is signed, and the body by its hash in it."""
    async with a_door(Recorder()) as client:
        assert (await send(client, as_json(Request(DOORS[door]))))[0] in {200, 204}


async def test_json_says_what_a_form_says() -> None:
    """Texts and numbers of the object are fields; what else it holds is passed over."""
    receiver = Recorder()
    told = {"CallSid": "CA" + "1" * 32, "CallStatus": "completed", "CallDuration": 42, "more": {"a": [1]}}
    async with a_door(receiver) as client:
        answer = await send(client, as_json(Request(DOORS["status"]), json.dumps(told).encode()))
    [event] = receiver.events
    assert (answer[0], isinstance(event, CallEnded) and event.talk_s) == (204, 42)


async def test_a_calls_nonce_opens_no_agents_room() -> None:
    """Nonces are made for a purpose."""
    receiver = Recorder()
    where = f"/twilio/agents/sato/{nonce_for(SECRET, 'call', 'sato')}/join"
    async with a_door(receiver) as client:
        assert (await send(client, Request(where)))[0] == 403


@pytest.mark.parametrize("door", list(DOORS))
async def test_the_unspoilt_request_is_let_in(door: str) -> None:
    """What the forgeries are made of is genuine: without this the tests above would prove nothing."""
    async with a_door(Recorder()) as client:
        assert (await send(client, Request(DOORS[door])))[0] in {200, 204}


def test_there_are_enough_of_them() -> None:
    """The promise is two hundred or more."""
    assert len(SPOILS) * len(DOORS) + len(NONCES) * len(Door) >= 200


async def test_a_huge_body_is_cut_off() -> None:
    """64 KiB at most."""
    request = Request(DOORS["status"]).with_body(b"x=" + b"a" * 200_000)
    receiver = Recorder()
    async with a_door(receiver) as client:
        status, text, _ = await send(client, request)
    assert (status, text, receiver.events) == (413, b"", [])


@pytest.mark.parametrize("door", list(DOORS))
async def test_nothing_packed_is_let_in(door: str) -> None:
    """Not a small bomb that would become ten million bytes, and not a genuine form either: Twilio packs nothing."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        for body in (gzip.compress(b"x=" + b"a" * 10_000_000), gzip.compress(Request(DOORS[door]).body)):
            request = Request(DOORS[door]).with_body(body).with_header("Content-Encoding", "gzip")
            assert await send(client, request) == (403, b"", None)
    assert receiver.events == []


@given(
    signature=st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40
    ),
    body=st.binary(max_size=60),
)
async def test_no_guess_comes_through(signature: str, body: bytes) -> None:
    """Any signature over any body: turned away, and never an error of ours."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        request = Request(DOORS["status"]).with_body(body)
        request.headers["X-Twilio-Signature"] = signature
        assert (await send(client, request))[:2] == (403, b"")
    assert receiver.events == []


@pytest.mark.parametrize(
    "line",
    [
        b"POST /twilio/a/\xff\xfe/status HTTP/1.1",
        b"POST /twilio/a/%ed%a0%80/status HTTP/1.1",
        b"POST /twilio/[/]/status HTTP/1.1",
        b"POST https://dialer.example" + DOORS["status"].encode() + b" HTTP/1.1",
        b"POST //evil.example" + DOORS["status"].encode() + b" HTTP/1.1",
        b"POST " + DOORS["status"].encode() + b"?\xff HTTP/1.1",
    ],
)
async def test_no_request_line_makes_an_error_of_ours(line: bytes) -> None:
    """Bytes no client would send are refused by the server or turned away by the gate, never a 500."""
    receiver = Recorder()
    body = urlencode(FORM).encode()
    head = b"\r\nHost: dialer.example\r\nConnection: close\r\nX-Twilio-Signature: x\r\nContent-Type: %s\r\n"
    async with a_door(receiver) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(line + head % TYPE.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        status = int((await reader.read()).split(b" ")[1])
        writer.close()
    assert status in {400, 403, 404}
    assert receiver.events == []


@pytest.mark.parametrize(
    "rest",
    [
        b"Transfer-Encoding: chunked\r\n\r\nno length\r\nx=1\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\nx=1\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nx=1 too much\r\n0\r\n\r\n",
        b"Content-Length: 500\r\n\r\nx=1",
    ],
    ids=["no length", "less than nothing", "too long", "broken off"],
)
async def test_no_body_makes_an_error_of_ours(rest: bytes) -> None:
    """A body that breaks off or is no body: nobody hears of it. (That no trace is logged, test_crowd sees.)"""
    head = f"POST {DOORS['status']} HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Type: {TYPE}\r\n"
    receiver = Recorder()
    async with a_door(receiver) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(head.encode() + rest)
        if b"500" in rest:
            writer.write_eof()
        answer = await reader.read()
        writer.close()
    assert answer.partition(b"\r\n")[0].split(b" ")[1:2] in ([], [b"400"])
    assert receiver.events == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_other_methods_do_nothing(method: str) -> None:
    """Twilio is told to POST."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert (await client.request(method, DOORS["status"])).status == 405
    assert receiver.events == []
