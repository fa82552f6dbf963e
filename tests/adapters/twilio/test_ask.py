"""What Twilio says of an attempt that has gone silent."""

from datetime import datetime
from decimal import Decimal

import httpx
import pytest
import respx

from dialer.errors import CarrierSilent
from dialer.events import CallEnded, CallEnding, CallPlaced, CallQueued, CallRinging, CallScreened
from tests.adapters.twilio.builders import (
    ATTEMPT,
    CALLS,
    FROM,
    NOW,
    ONE,
    SID,
    TO,
    Json,
    a_call,
    a_carrier,
    a_page,
    a_refusal,
    a_router,
    an_attempt,
    rfc2822,
    seconds,
)


def listed(router: respx.MockRouter, plain: list[Json], queued: list[Json] | None = None) -> None:
    """Let the router list these calls: without a status, and as queued."""
    router.get(CALLS, params={"Status": "queued"}).mock(return_value=a_page(*(queued or [])))
    router.get(CALLS).mock(return_value=a_page(*plain))


def created(at: datetime, sid: str, **changes: object) -> Json:
    """A call of a given time."""
    return a_call(sid=sid, date_created=rfc2822(at), **changes)


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("queued", [CallPlaced, CallQueued]),
        ("ringing", [CallPlaced, CallRinging]),
        ("in-progress", [CallPlaced]),
        ("completed", [CallPlaced, CallEnded]),
        ("busy", [CallPlaced, CallEnded]),
        ("no-answer", [CallPlaced, CallEnded]),
        ("failed", [CallPlaced, CallEnded]),
        ("canceled", [CallPlaced, CallEnded]),
        ("something-new", [CallPlaced]),
    ],
)
async def test_a_known_call_is_brought_up_to_date(status: str, kinds: list[type]) -> None:
    """By its reference, in order; a call in progress is not answered a second time: nobody waits for a word."""
    router = a_router()
    router.get(ONE).mock(return_value=httpx.Response(200, json=a_call(status=status)))
    events = await a_carrier(router).ask(an_attempt(reference=SID))
    assert [type(event) for event in events] == kinds


async def test_an_ended_call_comes_with_duration_and_cost() -> None:
    """Twilio writes a charge as a negative amount."""
    router = a_router()
    ended = a_call(status="completed", duration="83", price="-0.02150", answered_by="machine_start")
    router.get(ONE).mock(return_value=httpx.Response(200, json=ended))
    _, screened, end = await a_carrier(router).ask(an_attempt(reference=SID))
    assert isinstance(screened, CallScreened)
    assert end == CallEnded(
        key=f"{SID}:completed",
        at=NOW,
        attempt=ATTEMPT,
        reference=SID,
        ending=CallEnding.COMPLETED,
        talk_s=83,
        price=Decimal("0.02150"),
        currency="USD",
    )


async def test_a_lost_call_is_found_by_its_numbers() -> None:
    """Without a reference: calls between the two numbers, never narrowed by start time, and the queued ones too."""
    router = a_router()
    listed(router, [a_call(status="ringing")])
    events = await a_carrier(router).ask(an_attempt())
    assert [type(event) for event in events] == [CallPlaced, CallRinging]
    asked = [dict(call.request.url.params) for call in router.calls]
    assert asked == [
        {"To": TO, "From": FROM, "PageSize": "100", "Status": "queued"},
        {"To": TO, "From": FROM, "PageSize": "100"},
    ]


async def test_a_queued_call_is_found_though_the_plain_list_hides_it() -> None:
    """It has no start time yet, and is the very one in doubt."""
    router = a_router()
    listed(router, [], [a_call()])
    placed, queued = await a_carrier(router).ask(an_attempt())
    assert (placed.key, type(queued)) == (f"{SID}:placed", CallQueued)


async def test_the_nearest_call_is_taken() -> None:
    """Of several to the same number, the one created nearest to when the attempt was opened."""
    router = a_router()
    listed(
        router,
        [
            created(NOW + seconds(3600), "CA3"),
            created(NOW + seconds(2), "CA2"),
            created(NOW - seconds(86400), "CA1"),
        ],
    )
    events = await a_carrier(router).ask(an_attempt())
    assert events[0].key == "CA2:placed"


@pytest.mark.parametrize(
    "stranger",
    [
        created(NOW - seconds(31), "CA9"),
        created(NOW, "CA9", direction="outbound-dial"),
        created(NOW, "CA9", direction="inbound"),
        created(NOW, "CA9", to="+819000000000"),
        created(NOW, "CA9", **{"from": "+81300000000"}),
        created(NOW, ""),
    ],
    ids=[
        "an earlier attempt",
        "a leg of a bridge",
        "an inbound call",
        "another number",
        "another caller",
        "no sid",
    ],
)
async def test_a_strangers_call_is_left_alone(stranger: Json) -> None:
    """To adopt the wrong call is worse than to go on asking."""
    router = a_router()
    listed(router, [stranger])
    assert await a_carrier(router).ask(an_attempt()) == ()


async def test_every_page_is_read() -> None:
    """`next_page_uri` is followed as it stands, on our own base address."""
    router = a_router()
    token = f"{CALLS}?To=x&Page=1&PageToken=PACA9"
    router.get(CALLS, params={"PageToken": "PACA9"}).mock(return_value=a_page(a_call()))
    router.get(CALLS, params={"Status": "queued"}).mock(return_value=a_page())
    router.get(CALLS).mock(return_value=a_page(created(NOW - seconds(999), "CA8"), next_page=token))
    events = await a_carrier(router).ask(an_attempt())
    assert events[0].key == f"{SID}:placed"
    assert len(router.calls) == 3


@pytest.mark.parametrize("reference", [SID, None])
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json=a_refusal(20500, 500)),
        httpx.Response(429, json=a_refusal(20429, 429)),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"calls": 7}),
        httpx.Response(200, json={"date_created": 7, "calls": [{"date_created": 7}]}),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
    ids=["500", "429", "HTML", "no list", "odd types", "refused", "slow"],
)
async def test_no_answer_proves_nothing(answer: httpx.Response | Exception, reference: str | None) -> None:
    """Whatever goes wrong, it is told apart from "no such call": the attempt stays, and is asked about again later."""
    router = a_router()
    router.get(path__startswith="/2010-04-01").mock(side_effect=[answer, answer])
    with pytest.raises(CarrierSilent):
        await a_carrier(router).ask(an_attempt(reference=reference))


async def test_a_call_that_twilio_does_not_know_is_no_event() -> None:
    """A 404 for the call itself is an answer: Twilio knows of no such call."""
    router = a_router()
    router.get(ONE).mock(return_value=httpx.Response(404, json=a_refusal(20404, 404)))
    assert await a_carrier(router).ask(an_attempt(reference=SID)) == ()


async def test_a_closed_account_shows_when_asking_too() -> None:
    """A 401 to a question closes the account for orders as well."""
    router = a_router()
    router.get(ONE).mock(return_value=httpx.Response(401, json=a_refusal(20003, 401)))
    carrier = a_carrier(router)
    with pytest.raises(CarrierSilent):
        await carrier.ask(an_attempt(reference=SID))
    assert carrier.closed is not None
