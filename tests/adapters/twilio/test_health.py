"""What is told of an account: whether it answers, which numbers it has, what a call cost."""

from decimal import Decimal

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.twilio.account import Health, OwnNumber
from dialer.errors import CarrierSilent
from dialer.events import CallEnded
from tests.adapters.twilio.builders import (
    ACCOUNT,
    CALLS,
    KEYS,
    ONE,
    SID,
    Json,
    a_call,
    a_carrier,
    a_page,
    a_refusal,
    a_router,
    an_attempt,
)

NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
FAILURES: dict[str, httpx.Response | Exception] = {
    "401": httpx.Response(401, json=a_refusal(20003, 401)),
    "429": httpx.Response(429, json=a_refusal(20429, 429)),
    "500": httpx.Response(500),
    "a 404 of somebody else": httpx.Response(404, html="<h1>not here</h1>"),
    "HTML": httpx.Response(200, html="<h1>log in</h1>"),
    "odd types": httpx.Response(200, json={"incoming_phone_numbers": [7], "sid": 7}),
    "refused": httpx.ConnectError("refused"),
    "slow": httpx.ReadTimeout("slow"),
}


async def test_an_account_that_is_well() -> None:
    """One GET of one call, with the key, and how many requests Twilio saw at once."""
    router = a_router()
    answer = a_page(a_call())
    answer.headers["Twilio-Concurrent-Requests"] = "3"
    route = router.get(CALLS).mock(return_value=answer)
    assert await a_carrier(router).health() == Health(reachable=True, authorised=True, concurrent_requests=3)
    request = route.calls.last.request
    assert (len(router.calls), dict(request.url.params)) == (1, {"PageSize": "1"})
    assert request.headers["Authorization"] == httpx.BasicAuth(KEYS.key_sid, KEYS.key_secret)._auth_header


@pytest.mark.parametrize("header", [None, "", "many", "-1", "9" * 400])
async def test_the_header_is_not_promised(header: str | None) -> None:
    """Compatible carriers do not send it."""
    router, answer = a_router(), a_page()
    if header is not None:
        answer.headers["Twilio-Concurrent-Requests"] = header
    router.get(CALLS).mock(return_value=answer)
    assert await a_carrier(router).health() == Health(reachable=True, authorised=True)


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (FAILURES["401"], Health(reachable=True, authorised=False, detail="20003")),
        (httpx.Response(403), Health(reachable=True, authorised=False, detail="http-403")),
        (httpx.Response(404, json=a_refusal(20404, 404)), Health(reachable=True, detail="20404")),
        (FAILURES["429"], Health(reachable=True, detail="20429")),
        (FAILURES["500"], Health(reachable=True, detail="http-500")),
        (FAILURES["HTML"], Health(reachable=False, detail="AnswerLost http-200 without a JSON object")),
        (httpx.Response(200, json={}), Health(reachable=False, detail="an answer that is no list of calls")),
        (httpx.Response(204), Health(reachable=False, detail="an answer that is no list of calls")),
        (FAILURES["refused"], Health(reachable=False, detail="NotSent ConnectError")),
        (FAILURES["slow"], Health(reachable=False, detail="AnswerLost ReadTimeout")),
    ],
)
async def test_an_account_that_is_not(answer: httpx.Response | Exception, health: Health) -> None:
    """Told in few words, and without raising; what nobody told stays open. It closes nothing: it is a question."""
    router = a_router()
    router.get(CALLS).mock(side_effect=[answer])
    carrier = a_carrier(router)
    assert await carrier.health() == health
    assert carrier.closed is None


def a_number(sid: str, number: str, **capabilities: bool) -> Json:
    """A number as Twilio lists it."""
    return {"sid": sid, "phone_number": number, "capabilities": capabilities, "friendly_name": "front desk"}


def a_list(*numbers: Json, next_page: str | None = None) -> httpx.Response:
    """A page of the list of numbers."""
    body = {"incoming_phone_numbers": list(numbers), "page": 0, "page_size": 100, "uri": NUMBERS}
    return httpx.Response(200, json=body | {"next_page_uri": next_page, "start": 0, "end": 9})


async def test_the_accounts_own_numbers_over_several_pages() -> None:
    """With what each can do: a number for texts alone can show no caller id that works."""
    router = a_router()
    router.get(NUMBERS, params={"PageToken": "PB"}).mock(
        return_value=a_list(a_number("PN3", "+12025550100", Voice=True))
    )
    router.get(NUMBERS).mock(
        return_value=a_list(
            a_number("PN1", "+81312345678", voice=True, sms=False),
            a_number("PN2", "+819011112222", voice=False, sms=True),
            next_page=f"{NUMBERS}?Page=1&PageToken=PB",
        )
    )
    assert await a_carrier(router).numbers() == [
        OwnNumber(sid="PN1", number="+81312345678", can_call=True),
        OwnNumber(sid="PN2", number="+819011112222", can_call=False),
        OwnNumber(sid="PN3", number="+12025550100", can_call=True),
    ]


async def test_a_number_that_says_nothing_of_what_it_can() -> None:
    """It is not taken for one that can call."""
    router = a_router()
    router.get(NUMBERS).mock(return_value=a_list({"sid": "PN1", "phone_number": "+81312345678"}))
    (number,) = await a_carrier(router).numbers()
    assert not number.can_call


async def test_an_account_without_numbers() -> None:
    """An answer, and not the lack of one."""
    router = a_router()
    router.get(NUMBERS).mock(return_value=a_list())
    assert await a_carrier(router).numbers() == []


@pytest.mark.parametrize("answer", list(FAILURES.values()), ids=list(FAILURES))
async def test_numbers_that_cannot_be_asked_for(answer: httpx.Response | Exception) -> None:
    """No list is no empty list."""
    router = a_router()
    router.get(NUMBERS).mock(side_effect=[answer])
    with pytest.raises(CarrierSilent):
        await a_carrier(router).numbers()


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"price": "-0.02150", "price_unit": "USD"}, (Decimal("0.02150"), "USD")),
        ({"price": "-13", "price_unit": "JPY"}, (Decimal(13), "JPY")),
        ({"price": "0", "price_unit": "USD"}, (Decimal(0), "USD")),
        ({"price": -0.5, "price_unit": "USD"}, (Decimal("0.5"), "USD")),
        ({"price": None, "price_unit": "USD"}, None),
        ({"price": "", "price_unit": "USD"}, None),
        ({"price": "free", "price_unit": "USD"}, None),
        ({"price": "NaN", "price_unit": "USD"}, None),
        ({"price": "-0.5", "price_unit": None}, None),
    ],
)
async def test_what_a_call_cost_is_asked_later(changes: Json, price: tuple[Decimal, str] | None) -> None:
    """Twilio prices a call some time after its end; until then there is no price, and not a price of nothing."""
    router = a_router()
    router.get(ONE).mock(return_value=httpx.Response(200, json=a_call(status="completed", **changes)))
    assert await a_carrier(router).price(SID) == price


async def test_a_call_that_nobody_knows_has_no_price() -> None:
    """Deleted, or another account's."""
    router = a_router()
    router.get(ONE).mock(return_value=httpx.Response(404, json=a_refusal(20404, 404)))
    with capture_logs() as logs:
        assert await a_carrier(router).price(SID) is None
    assert [line["event"] for line in logs] == ["carrier_knows_no_such_call"]


@pytest.mark.parametrize("answer", list(FAILURES.values()), ids=list(FAILURES))
async def test_a_price_that_cannot_be_asked_for(answer: httpx.Response | Exception) -> None:
    """It is asked for again another time."""
    router = a_router()
    router.get(ONE).mock(side_effect=[answer])
    with pytest.raises(CarrierSilent):
        await a_carrier(router).price(SID)


async def test_a_call_that_ended_without_a_price_yet() -> None:
    """Its end is told all the same, and without a cost of nothing."""
    router = a_router()
    ended = a_call(status="completed", duration="83", price=None, price_unit="USD")
    router.get(ONE).mock(return_value=httpx.Response(200, json=ended))
    *_, end = await a_carrier(router).ask(an_attempt(reference=SID))
    assert isinstance(end, CallEnded)
    assert (end.talk_s, end.price, end.currency) == (83, None, None)
