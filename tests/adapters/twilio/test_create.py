"""What becomes of an order to dial, for each way Twilio can answer."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.events import CallPlaced, CallRejected, CallThrottled, CallUnsure
from dialer.orders import Hearing
from tests.adapters.twilio.builders import (
    ATTEMPT,
    CALLS,
    FROM,
    NONCE,
    NOW,
    ONE,
    PUBLIC,
    SID,
    TO,
    a_call,
    a_carrier,
    a_refusal,
    a_router,
    an_order,
)


async def place(answer: httpx.Response | Exception, **order: object) -> tuple[object, int]:
    """Place one call and return the event and how many requests left."""
    router = a_router()
    route = router.post(CALLS).mock(side_effect=[answer])
    router.post(ONE).mock(return_value=httpx.Response(200, json=a_call()))  # a call to a stranger is ended
    carrier = a_carrier(router)
    event = await carrier.place(an_order(**order))
    await carrier.close()
    return event, route.call_count


async def sent(**order: Any) -> dict[str, str | list[str]]:
    """Place one call and return the form that left; a name that is there twice has a list."""
    router = a_router()
    route = router.post(CALLS).mock(return_value=httpx.Response(201, json=a_call()))
    await a_carrier(router).place(an_order(**order))
    form: dict[str, list[str]] = parse_qs(route.calls.last.request.content.decode(), keep_blank_values=True)
    return {name: values if len(values) > 1 else values[0] for name, values in form.items()}


async def test_an_accepted_call_is_placed() -> None:
    """201 and a sid: the carrier has the call, and the key is the one its callbacks give."""
    event, count = await place(httpx.Response(201, json=a_call()))
    assert event == CallPlaced(key=f"{SID}:placed", at=NOW, attempt=ATTEMPT, reference=SID)
    assert count == 1


async def test_the_order_carries_everything_twilio_needs() -> None:
    """Numbers, limits, callbacks with attempt and nonce, each event asked for, connection overrides in fragments."""
    router = a_router()
    route = router.post(CALLS).mock(return_value=httpx.Response(201, json=a_call()))
    carrier = a_carrier(router)
    await carrier.place(an_order())
    request = route.calls.last.request
    assert request.headers["Authorization"].startswith("Basic ")
    assert parse_qsl(request.content.decode(), keep_blank_values=True) == [
        ("To", TO),
        ("From", FROM),
        ("Method", "POST"),
        (
            "FallbackUrl",
            f"{PUBLIC}/twilio/{ATTEMPT}/{NONCE}/fallback#e=tokyo&rc=2&rp=all&ct=1000&rt=2000&tt=6000",
        ),
        ("FallbackMethod", "POST"),
        (
            "StatusCallback",
            f"{PUBLIC}/twilio/{ATTEMPT}/{NONCE}/status#e=tokyo&rc=3&rp=all&ct=1000&rt=3000&tt=12000",
        ),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
        ("StatusCallbackMethod", "POST"),
        ("Timeout", "25"),
        ("TimeLimit", "1800"),
        ("Url", f"{PUBLIC}/twilio/{ATTEMPT}/{NONCE}/answer#e=tokyo&rc=2&rp=all&ct=1000&rt=2000&tt=6000"),
    ]


async def test_machine_detection_is_asynchronous() -> None:
    """AsyncAmd goes out as the word `true`: the library would send a bool as `True`, which means nothing to Twilio."""
    router = a_router()
    route = router.post(CALLS).mock(return_value=httpx.Response(201, json=a_call()))
    await a_carrier(router).place(an_order(detect_machine=True))
    form = dict(parse_qsl(route.calls.last.request.content.decode()))
    assert (form["MachineDetection"], form["AsyncAmd"], form["AsyncAmdStatusCallbackMethod"]) == (
        "Enable",
        "true",
        "POST",
    )
    assert form["AsyncAmdStatusCallback"].partition("#")[0].endswith(f"/{NONCE}/screened")


async def test_machine_detection_carries_its_figures() -> None:
    """As whole numbers, and only those that the campaign has: the others are Twilio's own."""
    hearing = Hearing(
        to_the_end=True, speech_threshold=1900, speech_end_threshold=1400, silence_timeout=4000, timeout_s=20
    )
    form = await sent(detect_machine=True, hearing=hearing)
    assert {name: value for name, value in form.items() if name.startswith("MachineDetection")} == {
        "MachineDetection": "DetectMessageEnd",
        "MachineDetectionSpeechThreshold": "1900",
        "MachineDetectionSpeechEndThreshold": "1400",
        "MachineDetectionSilenceTimeout": "4000",
        "MachineDetectionTimeout": "20",
    }
    plain = await sent(detect_machine=True, hearing=Hearing(timeout_s=9))
    assert {name: value for name, value in plain.items() if name.startswith("MachineDetection")} == {
        "MachineDetection": "Enable",
        "MachineDetectionTimeout": "9",
    }
    assert not [name for name in await sent(hearing=hearing) if name.startswith(("Machine", "Async"))]


async def test_a_call_is_recorded_when_the_campaign_says_so() -> None:
    """Both sides on a channel of their own; we are told when the recording is there, or that there is none."""
    form = await sent(record=True)
    assert {name: value for name, value in form.items() if name.startswith("Recor")} == {
        "Record": "true",
        "RecordingChannels": "dual",
        "RecordingStatusCallback": f"{PUBLIC}/twilio/{ATTEMPT}/{NONCE}/recording"
        "#e=tokyo&rc=3&rp=all&ct=1000&rt=3000&tt=12000",
        "RecordingStatusCallbackMethod": "POST",
        "RecordingStatusCallbackEvent": ["completed", "absent"],
    }


async def test_why_we_call_and_who_stands_in_for_us() -> None:
    """The call's reason as it is written, Japanese included, and the address that is asked when we do not answer."""
    form = await sent(
        reason="お茶の定期便のご案内", fallback_url="https://handler.twilio.com/twiml/EH1?a=1&b=2"
    )
    assert form["CallReason"] == "お茶の定期便のご案内"
    assert form["FallbackUrl"] == "https://handler.twilio.com/twiml/EH1?a=1&b=2"
    assert form["FallbackMethod"] == "POST"


async def test_another_carrier_gets_no_edge() -> None:
    """`e=tokyo` means something to Twilio alone; the double and compatible providers are spared it."""
    router = a_router()
    route = router.post(url=f"http://127.0.0.1:4010{CALLS}").mock(
        return_value=httpx.Response(201, json=a_call())
    )
    await a_carrier(router, base_url="http://127.0.0.1:4010").place(an_order())
    assert "e%3Dtokyo" not in route.calls.last.request.content.decode()


DOUBTS: dict[str, httpx.Response | Exception] = {
    "500": httpx.Response(500, json=a_refusal(20500, 500)),
    "502 in HTML": httpx.Response(502, html="<h1>bad gateway</h1>"),
    "503": httpx.Response(503, json=a_refusal(20503, 503)),
    "504": httpx.Response(504),
    "408": httpx.Response(408),
    "a redirect": httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
    "201 in HTML": httpx.Response(201, text="<html>"),
    "201 and nothing": httpx.Response(201, text=""),
    "201 and a list": httpx.Response(201, json=[1]),
    "201 without a sid": httpx.Response(201, json={}),
    "201 with a number for a sid": httpx.Response(201, json=a_call(sid=7)),
    "201 with a list for a number": httpx.Response(201, json=a_call(to=[TO])),
    "201 with an odd date": httpx.Response(201, json=a_call(date_created=7)),
    "204": httpx.Response(204),
    "no answer": httpx.ReadTimeout("slow"),
    "no reader": httpx.WriteTimeout("slow"),
    "reset while reading": httpx.ReadError("reset"),
    "reset while writing": httpx.WriteError("reset"),
    "no HTTP": httpx.RemoteProtocolError("garbage"),
}


@pytest.mark.parametrize("answer", list(DOUBTS.values()), ids=list(DOUBTS))
async def test_doubt_is_doubt(answer: httpx.Response | Exception) -> None:
    """A timeout, a 5xx, a reset or garbage: nobody knows, so nobody dials again. One request left, not two."""
    event, count = await place(answer)
    assert isinstance(event, CallUnsure)
    assert count == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = st.sampled_from(
    ["sid", "to", "status", "date_created", "date_updated", "start_time", "price", "code"]
)


@given(
    status=st.sampled_from([200, 201, 202, 204, 301, 400, 401, 404, 408, 418, 429, 500, 503, 599]),
    body=st.dictionaries(FIELDS, JSON, max_size=4),
)
async def test_no_answer_whatever_raises(status: int, body: dict[str, object]) -> None:
    """Any JSON under any status becomes one of four events; never placed without a sid, never refused on a 5xx."""
    event, count = await place(httpx.Response(status, json=a_call() | body))
    assert count == 1
    match event:
        case CallPlaced(reference=reference):
            assert 200 <= status < 300
            assert reference
        case CallRejected() | CallThrottled():
            assert 400 <= status < 500
        case CallUnsure():
            assert status < 400 or status == 408 or status >= 500
        case _:
            pytest.fail(f"{event!r}")
