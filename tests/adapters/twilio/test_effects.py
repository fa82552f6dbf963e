"""Forgeries against the real engine and store, in the middle of calls: no row of any table moves."""

import gzip
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from adapters.twilio.gate import SHARED_KEY
from adapters.twilio.urls import Door
from dialer.nonce import nonce_for
from dialer.orders import PlaceCall
from tests.adapters.twilio.builders import ACCOUNT, PUBLIC, TO, TOKEN
from tests.adapters.twilio.premises import FORM, Captured, Line, Premises, premises
from tests.adapters.twilio.stories import AGENT
from tests.support.builders import SECRET
from tests.support.engines import reference_of

EVIL = "https://evil.example"
SID = "CA" + "7" * 32
ROOMS, JOIN = "/twilio/rooms", f"/twilio/agents/{AGENT}/{nonce_for(SECRET, 'agent', AGENT)}/join"

Wire = tuple[str, str, bytes, list[tuple[str, str]]]
"""Method, path, body and headers of a request."""


def door_path(order: PlaceCall, door: str, *, attempt: str = "", nonce: str = "") -> str:
    """Where Twilio would go for this call."""
    return {"rooms": ROOMS, "join": JOIN}.get(door) or (
        f"/twilio/{attempt or order.attempt}/{nonce or order.nonce}/{door}"
    )


def form_of(order: PlaceCall) -> dict[str, str]:
    """Fields that every door would act on."""
    return {
        "AccountSid": ACCOUNT,
        "CallSid": SID,
        "CallStatus": "in-progress",
        "AnsweredBy": "machine_start",
        "Digits": "9",
        "ErrorCode": "11200",
        "ErrorUrl": f"{PUBLIC}{door_path(order, 'answer')}",
        "ParticipantLabel": order.attempt,
        "RecordingSid": "RE" + "7" * 32,
        "RecordingStatus": "completed",
        "StatusCallbackEvent": "participant-join",
        "ToCity": "",
    }


def signature(path: str, form: dict[str, str], token: str = TOKEN, root: str = PUBLIC) -> str:
    """The sum over a request."""
    text: str = RequestValidator(token).compute_signature(root + path, form)
    return text


def wire(path: str, form: dict[str, str], signed: str | None, *more: tuple[str, str]) -> Wire:
    """A request of Twilio's make, with more headers."""
    headers = [("Content-Type", FORM), *more]
    if signed is not None:
        headers.append(("X-Twilio-Signature", signed))
    return "POST", path, urlencode(form).encode(), headers


def forgeries(order: PlaceCall, other: PlaceCall, door: str) -> dict[str, Wire]:
    """Every forgery of one door, by its kind."""
    path, form = door_path(order, door), form_of(order)
    good = signature(path, form)
    forged = (
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-For", "1.1.1.1"),
    )
    kinds: dict[str, Wire] = {
        "no signature": wire(path, form, None),
        "an empty signature": wire(path, form, ""),
        "a stranger's token": wire(path, form, signature(path, form, "stranger")),
        "a signature cut short": wire(path, form, good[:-2]),
        "a header twice": wire(path, form, good, ("X-Twilio-Signature", good)),
        "two headers, one good": wire(path, form, good, ("X-Twilio-Signature", "x")),
        "two in one header": wire(path, form, f"{good}, {good}"),
        "a field added": wire(path, {**form, "Extra": "1"}, good),
        "a field left out": wire(path, {k: v for k, v in form.items() if k != "ToCity"}, good),
        "a field changed": wire(path, {**form, "CallStatus": "completed"}, good),
        "another person": wire(path, {**form, "To": TO}, good),
        "another call": wire(path, {**form, "CallSid": SID[:-1] + "8"}, good),
        "another label": wire(path, {**form, "ParticipantLabel": other.attempt}, good),
        "signed for another host": wire(
            path, form, signature(path, form, root=EVIL), ("Host", "evil.example")
        ),
        "another host forwarded": wire(path, form, signature(path, form, root=EVIL), *forged),
        "http forwarded": wire(path, form, signature(path, form, root="http://dialer.example"), *forged),
        "another port": wire(path, form, signature(path, form, root=PUBLIC + ":8080")),
        "signed for another path": wire(path, form, signature(path + "/x", form)),
        "a query added": wire(path + "?language=en", form, good),
        "a fragment signed": wire(path, form, signature(path + "#rc=3", form)),
        "a key of another kind": wire(path, form, good, (SHARED_KEY, "key=k,algorithm=HMAC_SHA256")),
        "JSON of another hash": (
            "POST",
            where := f"{path}?bodySHA256={sha256(b'[]').hexdigest()}",
            b'{"CallSid": "CA1"}',
            [("Content-Type", "application/json"), ("X-Twilio-Signature", signature(where, {}))],
        ),
    }
    body, signed = urlencode(form).encode(), [("X-Twilio-Signature", good)]
    kinds |= {
        "a field twice": ("POST", path, body + b"&Digits=8", [("Content-Type", FORM), *signed]),
        "half a body": ("POST", path, body[: len(body) // 2], [("Content-Type", FORM), *signed]),
        "no body": ("POST", path, b"", [("Content-Type", FORM), *signed]),
        "a huge body": ("POST", path, body + b"&x=" + b"a" * 100_000, [("Content-Type", FORM), *signed]),
        "a bomb": (
            "POST",
            path,
            gzip.compress(body + b"&x=" + b"a" * 5_000_000),
            [("Content-Type", FORM), ("Content-Encoding", "gzip"), *signed],
        ),
        "another content type": ("POST", path, body, [("Content-Type", "text/plain"), *signed]),
        "GET": ("GET", f"{path}?{body.decode()}", b"", signed),
        "PUT": ("PUT", path, body, [("Content-Type", FORM), *signed]),
    }
    if door in set(Door):
        kinds |= _strangers(order, other, door, form)
    return kinds


def _strangers(order: PlaceCall, other: PlaceCall, door: str, form: dict[str, str]) -> dict[str, Wire]:
    """Requests that are signed well, for addresses that we never gave out."""
    wrong = {
        "the nonce of another attempt": door_path(order, door, nonce=other.nonce),
        "the attempt of another nonce": door_path(order, door, attempt=other.attempt),
        "a guessed nonce": door_path(order, door, nonce="0" * 32),
        "the nonce of a mail": door_path(order, door, nonce=nonce_for(SECRET, "mail", order.attempt)),
        "another letter case": door_path(order, door, nonce=order.nonce.upper()),
        "a path around": f"/twilio/x/../{order.attempt}/{order.nonce}/{door}/../{door}x",
    }
    return {kind: wire(path, form, signature(path, form)) for kind, path in wrong.items()}


A_CALL = PlaceCall(attempt="a-1-1", nonce="A" * 32, to=TO, caller_id=TO, ring_limit_s=1, call_limit_s=1)
ANOTHER = replace(A_CALL, attempt="a-2-1", nonce="b" * 32)
DOORS = [*(str(door) for door in Door), "rooms", "join"]
COUNTS = {door: len(forgeries(A_CALL, ANOTHER, door)) for door in DOORS}


def test_there_are_enough_of_them() -> None:
    """The promise is two hundred or more, at every door."""
    assert sum(COUNTS.values()) >= 200
    assert set(COUNTS) >= set(Door)


async def two_calls(scene: Premises) -> tuple[PlaceCall, PlaceCall]:
    """One call rings, in the other they talk; and somebody is free."""
    await scene.ready(AGENT, "baba")
    await scene.office.tick()
    first, second = scene.office.line.placed
    await Line(premises=scene, order=first, sid=reference_of(first.attempt)).rings()
    talking = Line(premises=scene, order=second, sid=reference_of(second.attempt))
    await talking.answers()
    await talking.enters()
    await scene.hire("chiba")
    await scene.ready("chiba")
    return first, second


@pytest.mark.parametrize("door", [pytest.param(door, id=f"{COUNTS[door]}-at-{door}") for door in DOORS])
async def test_a_forgery_has_no_effect(door: str) -> None:
    """Turned away with nothing said, and the dump of every table is the same as before."""
    async with premises() as scene:
        first, second = await two_calls(scene)
        before, orders = await scene.dump(), len(scene.office.line.hung_up)
        sent = forgeries(first, second, door) | {
            f"{kind}, of the call in which they talk": made
            for kind, made in forgeries(second, first, door).items()
        }
        for kind, (method, path, body, headers) in sent.items():
            answer = await scene.client.request(method, path, data=body, headers=headers)
            text = await answer.read()
            await scene.office.engine.settle()
            assert answer.status in {403, 404, 405, 413}, kind
            assert text == b"" or answer.status in {404, 405}, kind
            assert await scene.dump() == before, kind
        assert len(scene.office.line.hung_up) == orders


@pytest.mark.parametrize("door", [door for door in DOORS if door not in {"after", "hold", "join"}])
async def test_the_unforged_request_has_an_effect(door: str) -> None:
    """What the forgeries are made of would move rows: without this the test above would prove nothing."""
    async with premises() as scene:
        first, _ = await two_calls(scene)
        before, path, form = await scene.dump(), door_path(first, door), form_of(first)
        if door == "status":
            form["CallStatus"] = "completed"
        status, _ = await scene.send(Captured(path=path, form=form, signature=signature(path, form)))
        assert status in {200, 204}
        assert await scene.dump() != before
