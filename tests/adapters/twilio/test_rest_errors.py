"""Every documented code, every status and every way a connection fails, and what each says of one order to dial."""

import socket
import ssl
from dataclasses import dataclass

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.twilio.codes import CODES, citation, fault_of
from dialer.events import CallEvent, CallPlaced, CallRejected, CallThrottled, CallUnsure, Fault
from tests.adapters.twilio.builders import (
    ATTEMPT,
    CALLS,
    NOW,
    ONE,
    SID,
    TO,
    a_call,
    a_carrier,
    a_refusal,
    a_router,
    an_order,
)

Answer = httpx.Response | Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one order came to: the event, how many requests left, and whether another order may follow."""

    event: CallEvent
    posts: int
    is_closed: bool


async def placed(answer: Answer, **order: object) -> Seen:
    """Place one call against this answer; whoever would ask a second time gets a call, and is found out."""
    router = a_router()
    route = router.post(CALLS).mock(side_effect=[answer, httpx.Response(201, json=a_call())])
    router.post(ONE).mock(return_value=httpx.Response(200, json=a_call()))  # a call to a stranger is ended
    carrier = a_carrier(router)
    event = await carrier.place(an_order(**order))
    await carrier.close()
    return Seen(event=event, posts=route.call_count, is_closed=carrier.closed is not None)


# The rows of the table of codes (twilio.md §1.6), by whose fault each is. 21200 and 20009 are from §1.1 and §1.4.
FAULTS: dict[str, list[int]] = {
    "number": [13223, 13224, 13225, 13226, 21201, 21202, 21211, 21216, 21217, 32203],
    "caller": [13247, 21210, 21212, 21213, 32017],
    "account": [10001, 20003, 20005, 20403],
    "country": [13227, 21203, 21215],
    "configuration": [
        *[11200, 11205, 11210, 11215, 11220, 11235, 11237, 11750, 12100, 12200, 12300, 15003],
        *[13230, 13231, 13232, 13233, 13234, 13235, 13236, 13237, 13238, 13239, 13240, 16025],
        *[20001, 20404, 20422, 21200, 21205, 21206, 21207, 21208, 21209, 21218, 21219, 21262, 21263],
    ],
    "transient": [10004, 16020, 16021, 20009, 20429, 20500, 20503, 21214, 21220, 22005],
    "unknown": [21608, 21610, 21614],
}
ROWS = [(code, fault) for fault, codes in FAULTS.items() for code in codes]
STATUS = {20003: 401, 20403: 403, 20404: 404, 20009: 409, 20422: 422, 20429: 429, 20500: 500, 20503: 503}
NOT_TAKEN, DOUBTED = {10004, 20429, 22005}, {20500, 20503}


@pytest.mark.parametrize(("code", "fault"), ROWS)
async def test_each_code_says_one_thing(code: int, fault: str) -> None:
    """Refused, not taken or unsure; given up for good or not; the account closed or not; and always one request."""
    status = STATUS.get(code, 400)
    seen = await placed(httpx.Response(status, json=a_refusal(code, status)))
    head = {"at": NOW, "attempt": ATTEMPT}
    expected: CallEvent
    if code in NOT_TAKEN:
        expected = CallThrottled(key=f"{ATTEMPT}:throttled", detail=str(code), **head)  # type: ignore[arg-type]
    elif code in DOUBTED:
        expected = CallUnsure(key=f"{ATTEMPT}:unsure", detail=str(code), **head)  # type: ignore[arg-type]
    else:
        expected = CallRejected(
            key=f"{ATTEMPT}:rejected",
            at=NOW,
            attempt=ATTEMPT,
            code=str(code),
            detail="No: # will not do",
            permanent=fault == "number",
            fault=Fault(fault),
        )
    assert seen == Seen(event=expected, posts=1, is_closed=fault == "account")


def test_the_table_has_exactly_the_documented_codes() -> None:
    """A code more or less is a change of this file too; each has words and an address where Twilio explains it."""
    assert {code: fault.value for code, (fault, _) in CODES.items()} == dict(ROWS)
    assert all(says for _, says in CODES.values())
    assert citation(21211) == "https://www.twilio.com/docs/api/errors/21211"


@pytest.mark.parametrize(
    ("code", "fault"), [(21211, Fault.NUMBER), (99999, Fault.UNKNOWN), (None, Fault.UNKNOWN)]
)
def test_a_code_that_nobody_documented_blames_nobody(code: int | None, fault: Fault) -> None:
    """Least of all the person."""
    assert fault_of(code) is fault


@pytest.mark.parametrize("code", sorted(DOUBTED))
async def test_doubt_wins_over_the_status(code: int) -> None:
    """Twilio's own word that it may have acted is believed under a 400 as well."""
    seen = await placed(httpx.Response(400, json=a_refusal(code)))
    assert (type(seen.event), seen.posts) == (CallUnsure, 1)


@pytest.mark.parametrize("code", [20003, 21211, 20429])
async def test_no_code_makes_a_5xx_sure(code: int) -> None:
    """Whatever a broken server writes into its body."""
    seen = await placed(httpx.Response(500, json=a_refusal(code, 500)))
    assert (type(seen.event), seen.posts, seen.is_closed) == (CallUnsure, 1, False)


BODIES = {
    "JSON": {"json": {}},
    "HTML": {"html": "<h1>no</h1>"},
    "nothing": {"content": b""},
    "half of it": {"content": b'{"code": 212'},
    "too deep": {"content": b"[" * 100_000},
    "no text": {"content": b"\xff\xfe\x00"},
    "a list": {"json": [1, 2]},
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        (range(200, 300), CallUnsure),
        (range(300, 400), CallUnsure),
        (range(400, 500), CallRejected),
        (range(500, 600), CallUnsure),
    ],
    ids=["2xx", "3xx", "4xx", "5xx"],
)
async def test_each_status_without_a_word_of_twilios(
    statuses: range, kind: type[CallEvent], body: dict[str, object]
) -> None:
    """A status alone: 4xx was surely refused, but for 408 and 429; without a sid no 2xx is believed."""
    others: dict[int, type[CallEvent]] = {408: CallUnsure, 429: CallThrottled}
    for status in statuses:
        seen = await placed(httpx.Response(status, **body))  # type: ignore[arg-type]
        assert type(seen.event) is others.get(status, kind), status
        assert (seen.posts, seen.is_closed) == (1, status in {401, 403}), status
        if isinstance(seen.event, CallRejected):
            blamed = Fault.ACCOUNT if seen.is_closed else Fault.UNKNOWN
            assert (seen.event.code, seen.event.permanent, seen.event.fault) == (
                f"http-{status}",
                False,
                blamed,
            )


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_sid_is_believed_under_each_good_status(status: int) -> None:
    """Twilio answers 201; compatible carriers differ."""
    seen = await placed(httpx.Response(status, json=a_call()))
    assert seen == Seen(
        event=CallPlaced(key=f"{SID}:placed", at=NOW, attempt=ATTEMPT, reference=SID),
        posts=1,
        is_closed=False,
    )


SINCE = {"Date": "Fri, 20 Nov 2026 01:00:10 GMT"}


@pytest.mark.parametrize(
    "body", [{"json": a_refusal(20429, 429)}, {"html": "<h1>slow down</h1>"}, {"content": b""}]
)
@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "86401"}, 86400.0),
        ({"Retry-After": "9" * 400}, 86400.0),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        (SINCE | {"Retry-After": "Fri, 20 Nov 2026 01:00:30 GMT"}, 20.0),
        (SINCE | {"Retry-After": "Fri, 20 Nov 2026 00:00:00 GMT"}, 0.0),
        (SINCE | {"Retry-After": "Fri, 20 Nov 2099 00:00:00 GMT"}, 86400.0),
        (SINCE | {"Retry-After": "Fri, 99 Nov 2026 00:00:00 GMT"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 01:00:30 GMT"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 01:00:30 GMT", "Date": "today"}, None),
    ],
)
async def test_a_429_says_how_long(
    headers: dict[str, str], wait_s: float | None, body: dict[str, object]
) -> None:
    """Retry-After in seconds or as a date, a day at most; what cannot be read is no word at all."""
    seen = await placed(httpx.Response(429, headers=headers, **body))  # type: ignore[arg-type]
    assert isinstance(seen.event, CallThrottled)
    assert (seen.event.retry_after_s, seen.posts, seen.is_closed) == (wait_s, 1, False)


@pytest.mark.parametrize(
    ("body", "code", "fault"),
    [
        ({"type": "t", "title": "Bad", "status": 400, "code": 21211, "detail": "d"}, "21211", Fault.NUMBER),
        ({"type": "t", "title": "Bad", "status": 400, "code": "21215"}, "21215", Fault.COUNTRY),
        ({"type": "about:blank", "title": "Bad", "errors": [{"detail": "To"}]}, "http-400", Fault.UNKNOWN),
        ({"code": True}, "http-400", Fault.UNKNOWN),
        ({"code": 21211.0}, "http-400", Fault.UNKNOWN),
        ({"code": "9" * 5000}, "http-400", Fault.UNKNOWN),
        ({"code": None, "message": {"en": "no"}}, "http-400", Fault.UNKNOWN),
    ],
)
async def test_a_newer_error_is_read_as_well(body: dict[str, object], code: str, fault: Fault) -> None:
    """RFC 9457, as Twilio's newer interfaces answer; and codes that are none."""
    seen = await placed(httpx.Response(400, json=body, headers={"Content-Type": "application/problem+json"}))
    assert isinstance(seen.event, CallRejected)
    assert (seen.event.code, seen.event.fault, seen.posts) == (code, fault, 1)


@pytest.mark.parametrize("written", [TO, TO[1:], "+81 90-1234-5678", "(202) 555-0123", "+1.202.555.0123"])
async def test_no_number_reaches_the_ledger(written: str) -> None:
    """However Twilio writes it in its message."""
    body = a_refusal(21211) | {"message": f"The number {written} is invalid"}
    event = (await placed(httpx.Response(400, json=body))).event
    assert isinstance(event, CallRejected)
    assert not any(char.isdigit() for char in event.detail)


@pytest.mark.parametrize(
    ("code", "to", "fault", "permanent"),
    [(21216, TO, Fault.NUMBER, True), (21216, "+12025550123", Fault.ACCOUNT, False)],
)
async def test_a_block_may_be_the_accounts(code: int, to: str, fault: Fault, permanent: bool) -> None:
    """21216 on a call to +1 may mean that our account has no customer profile, so the person is not given up."""
    seen = await placed(httpx.Response(400, json=a_refusal(code)), to=to)
    assert isinstance(seen.event, CallRejected)
    assert (seen.event.fault, seen.event.permanent, seen.is_closed) == (fault, permanent, False)


@pytest.mark.parametrize(
    ("status", "code", "fault", "is_closed"),
    [
        (403, 21215, Fault.COUNTRY, False),
        (403, 21211, Fault.NUMBER, False),
        (403, 20001, Fault.CONFIGURATION, False),
        (403, 20403, Fault.ACCOUNT, True),
        (403, 99999, Fault.ACCOUNT, True),
        (401, 99999, Fault.ACCOUNT, True),
        (401, 21211, Fault.ACCOUNT, True),
        (404, 20003, Fault.ACCOUNT, True),
    ],
)
async def test_a_known_code_tells_what_a_403_is_about(
    status: int, code: int, fault: Fault, is_closed: bool
) -> None:
    """A country that is not enabled closes no account; a 401 always does."""
    seen = await placed(httpx.Response(status, json=a_refusal(code, status)))
    assert isinstance(seen.event, CallRejected)
    assert (seen.event.fault, seen.is_closed, seen.posts) == (fault, is_closed, 1)
    assert seen.event.permanent == (fault is Fault.NUMBER)


def caused(by: Exception) -> httpx.ConnectError:
    """A connection that never came about, as httpx tells it."""
    failure = httpx.ConnectError(str(by))
    failure.__cause__ = by
    return failure


NEVER_LEFT: dict[str, Exception] = {
    "refused": caused(ConnectionRefusedError(111, "Connection refused")),
    "no such host": caused(socket.gaierror(-2, "Name or service not known")),
    "no route": caused(OSError(113, "No route to host")),
    "no TLS": caused(ssl.SSLError(1, "wrong version number")),
    "expired": caused(ssl.SSLCertVerificationError(1, "certificate has expired")),
    "connecting took too long": httpx.ConnectTimeout("slow"),
    "no connection free": httpx.PoolTimeout("busy"),
    "no such protocol": httpx.UnsupportedProtocol("gopher"),
}
LEFT: dict[str, Exception] = {
    "reset while reading": httpx.ReadError("Connection reset by peer"),
    "reset while writing": httpx.WriteError("Broken pipe"),
    "closed": httpx.CloseError("closed"),
    "no answer": httpx.ReadTimeout("slow"),
    "no reader": httpx.WriteTimeout("slow"),
    "no HTTP": httpx.RemoteProtocolError("garbage"),
    "HTTP broken by us": httpx.LocalProtocolError("garbage"),
    "no such encoding": httpx.DecodingError("not gzip"),
    "a proxy": httpx.ProxyError("no"),
    "out of our own time": TimeoutError(),
}


@pytest.mark.parametrize("failure", list(NEVER_LEFT.values()), ids=list(NEVER_LEFT))
async def test_what_never_left_gives_the_slot_back(failure: Exception) -> None:
    """Not a byte of the order was sent: it is surely not taken, and the number stays free."""
    seen = await placed(failure)
    assert (type(seen.event), seen.posts, seen.is_closed) == (CallThrottled, 1, False)


@pytest.mark.parametrize("failure", list(LEFT.values()), ids=list(LEFT))
async def test_what_may_have_left_is_in_doubt(failure: Exception) -> None:
    """Perhaps it rings: never a second order."""
    seen = await placed(failure)
    assert (type(seen.event), seen.posts, seen.is_closed) == (CallUnsure, 1, False)


@pytest.mark.parametrize("change", [{"sid": None}, {"sid": ""}, {"sid": 7}, {"sid": ["CA1"]}])
async def test_a_call_without_a_sid_is_in_doubt(change: dict[str, object]) -> None:
    """201, but nothing to call it by."""
    seen = await placed(httpx.Response(201, json=a_call(**change)))
    assert (type(seen.event), seen.posts, seen.is_closed) == (CallUnsure, 1, False)


@pytest.mark.parametrize("echoed", ["+819000000000", "", TO[1:], 81])
async def test_another_number_echoed_closes_the_account(echoed: object) -> None:
    """Somebody else's phone may ring: unsure, and nothing more is ordered; the log says so, without the number."""
    with capture_logs() as logs:
        seen = await placed(httpx.Response(201, json=a_call(to=echoed)))
    assert (type(seen.event), seen.posts, seen.is_closed) == (CallUnsure, 1, True)
    assert TO not in str(logs)
