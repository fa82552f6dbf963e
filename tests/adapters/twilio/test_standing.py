"""An account in trouble: what is sent while it is, how it is found to be well again, and a key that is replaced."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import respx
from structlog.testing import capture_logs

from adapters.clock import VirtualClock
from adapters.twilio.account import Credentials
from dialer.errors import CarrierSilent, DialerError
from dialer.events import CallPlaced, CallRejected, CallThrottled, CallUnsure
from tests.adapters.twilio.builders import (
    CALLS,
    KEYS,
    NOW,
    ONE,
    a_call,
    a_carrier,
    a_page,
    a_refusal,
    a_router,
    an_attempt,
    an_order,
    seconds,
)

REFUSED = httpx.Response(401, json=a_refusal(20003, 401))
TAKEN = httpx.Response(201, json=a_call())
BROKEN = httpx.Response(500, json=a_refusal(20500, 500))


class Account:
    """Twilio as one account sees it: how creates and looks are answered, and a carrier with its clock."""

    def __init__(
        self, create: httpx.Response | Exception, look: httpx.Response | Exception | None = None
    ) -> None:
        self.router = a_router()
        self.creates = self.router.post(CALLS)
        self.looks = self.router.get(CALLS, params={"PageSize": "1"})
        self.keys = KEYS
        self.clock = VirtualClock(NOW)
        self.answers(create, look)
        self.carrier = a_carrier(self.router, clock=self.clock, keys=lambda: self.keys)

    def answers(
        self, create: httpx.Response | Exception, look: httpx.Response | Exception | None = None
    ) -> None:
        """Answer like this from now on."""
        answer(self.creates, create)
        answer(self.looks, look or a_page())

    async def place(self, count: int = 1) -> list[object]:
        """Order calls."""
        return [await self.carrier.place(an_order()) for _ in range(count)]

    def sent(self) -> tuple[int, int]:
        """How many creates and looks have arrived."""
        return self.creates.call_count, self.looks.call_count


def answer(route: respx.Route, how: httpx.Response | Exception) -> None:
    """Let a route answer like this from now on."""
    if isinstance(how, Exception):
        route.mock(side_effect=how)
    else:
        route.mock(side_effect=None, return_value=how)


@pytest.mark.parametrize(
    ("status", "code"), [(401, 20003), (403, 20403), (403, None), (401, None), (400, 20005), (400, 10001)]
)
async def test_a_closed_account_is_not_knocked_at(status: int, code: int | None) -> None:
    """After the first 401 or 403 nothing is sent, a minute of orders or not: no storm of requests (F17)."""
    account = Account(httpx.Response(status, json=a_refusal(code, status) if code else {}))
    first, *rest = await account.place(21)
    assert isinstance(first, CallRejected)
    assert all(isinstance(event, CallThrottled) and event.retry_after_s == 30 for event in rest)
    assert account.sent() == (1, 0)
    assert account.carrier.closed is not None
    assert (str(code) if code else f"http-{status}") in account.carrier.closed


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (BROKEN, CallUnsure),
        (httpx.ReadTimeout("slow"), CallUnsure),
        (httpx.Response(201, text="<html>"), CallUnsure),
        (httpx.ConnectError("refused"), CallThrottled),
        (httpx.Response(429, json=a_refusal(20429, 429)), CallThrottled),
        (httpx.Response(400, json=a_refusal(10004)), CallThrottled),
    ],
    ids=["500", "slow", "HTML", "refused", "429", "full lines"],
)
async def test_five_creates_without_a_clear_answer_are_enough(
    failure: httpx.Response | Exception, kind: type[object]
) -> None:
    """The sixth is not sent: it is given back with the seconds that are left (F15)."""
    account = Account(failure)
    events = await account.place(5)
    assert [type(event) for event in events] == [kind] * 5
    account.clock.advance_to(NOW + seconds(10))
    (sixth,) = await account.place()
    assert isinstance(sixth, CallThrottled)
    assert sixth.retry_after_s == 20
    assert account.sent() == (5, 0)


async def test_a_clear_answer_begins_the_count_anew() -> None:
    """Refused or placed: the account does answer."""
    account = Account(BROKEN)
    for clear in (TAKEN, httpx.Response(400, json=a_refusal(21211))):
        account.answers(BROKEN)
        await account.place(4)
        account.answers(clear)
        await account.place()
    assert account.sent() == (10, 0)
    assert account.carrier.closed is None


async def test_the_carriers_own_pause_is_kept() -> None:
    """Five times 429 with Retry-After: no look before it is over."""
    account = Account(httpx.Response(429, json=a_refusal(20429, 429), headers={"Retry-After": "120"}))
    await account.place(5)
    (event,) = await account.place()
    assert isinstance(event, CallThrottled)
    assert event.retry_after_s == 120


async def test_a_look_and_never_a_call_finds_it_open() -> None:
    """After the pause one GET; the order that caused it is given back unsent, the next is placed."""
    account = Account(REFUSED)
    await account.place()
    account.answers(TAKEN)
    account.clock.advance_to(NOW + seconds(30))
    with capture_logs() as logs:
        (back,) = await account.place()
    assert isinstance(back, CallThrottled)
    assert (back.detail, back.retry_after_s) == ("the account answers again", 1.0)
    assert account.sent() == (1, 1)
    assert account.carrier.closed is None
    assert [line["event"] for line in logs] == ["carrier_account_open_again"]
    (placed,) = await account.place()
    assert isinstance(placed, CallPlaced)
    assert account.sent() == (2, 1)


@pytest.mark.parametrize(
    "look",
    [
        REFUSED,
        BROKEN,
        httpx.Response(403),
        httpx.Response(429, json=a_refusal(20429, 429)),
        httpx.Response(404, json=a_refusal(20404, 404)),
        httpx.Response(200, html="<h1>log in to this hotel</h1>"),
        httpx.Response(200, json={"calls": None}),
        httpx.Response(204),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
    ids=["401", "500", "403", "429", "404", "HTML", "no list", "204", "refused", "slow"],
)
async def test_a_look_that_finds_no_good_waits_twice_as_long(look: httpx.Response | Exception) -> None:
    """30 s, 1, 2, 4, 8, 10, 10 minutes; one GET each, and not one create."""
    account = Account(REFUSED, look)
    await account.place()
    pauses = []
    for _ in range(7):
        (event,) = await account.place()
        assert isinstance(event, CallThrottled)
        assert event.retry_after_s is not None
        pauses.append(event.retry_after_s)
        account.clock.advance_to(account.clock.now() + seconds(event.retry_after_s))
        await account.place(3)
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
    assert account.sent() == (1, 7)


async def test_a_list_that_can_be_read_proves_little_about_calls() -> None:
    """Where looks succeed and creates fail, one create is tried per pause, and the pauses grow."""
    account = Account(BROKEN)
    await account.place(5)
    pauses = []
    for _ in range(6):
        (event,) = await account.place()
        assert isinstance(event, CallThrottled)
        assert event.retry_after_s is not None
        pauses.append(event.retry_after_s)
        account.clock.advance_to(account.clock.now() + seconds(event.retry_after_s))
        await account.place(2)  # the first is given back, the second is sent and fails
    assert pauses == [30, 60, 120, 240, 480, 600]
    assert account.sent() == (11, 6)


async def test_a_key_that_was_replaced_is_taken_up() -> None:
    """Read again at each look: no restart, and from then on every request carries the new one (F17)."""
    account = Account(REFUSED)
    await account.place()
    account.keys = Credentials(key_sid="SKnew", key_secret="new")
    account.answers(TAKEN)
    account.clock.advance_to(NOW + seconds(30))
    await account.place(2)
    sent = [call.request.headers["Authorization"] for call in account.router.calls]
    assert sent[0] != sent[1] == sent[2] == httpx.BasicAuth("SKnew", "new")._auth_header


@pytest.mark.parametrize(
    "failure", [DialerError("TWILIO_API_KEY is not set"), OSError("no such file"), ValueError("")]
)
async def test_a_key_that_cannot_be_read_keeps_it_closed(failure: Exception) -> None:
    """Half a file, while somebody writes it: nothing is sent with the old key, and the next look is later."""
    keys = [KEYS]

    def source() -> Credentials:
        if keys:
            return keys.pop()
        raise failure

    router, clock = a_router(), VirtualClock(NOW)
    router.post(CALLS).mock(return_value=REFUSED)
    carrier = a_carrier(router, clock=clock, keys=source)
    await carrier.place(an_order())
    clock.advance_to(NOW + seconds(30))
    event = await carrier.place(an_order())
    assert isinstance(event, CallThrottled)
    assert (event.detail, event.retry_after_s) == (f"no key to the account: {type(failure).__name__}", 60)
    assert len(router.calls) == 1


async def test_a_key_must_be_there_from_the_start() -> None:
    """What cannot be read when the carrier is made is told to whoever makes it."""

    def source() -> Credentials:
        raise DialerError("the environment variable TWILIO_API_KEY is not set")

    with pytest.raises(DialerError, match="TWILIO_API_KEY"):
        a_carrier(a_router(), keys=source)


async def test_a_call_to_somebody_else_is_not_cured_by_an_account_that_answers() -> None:
    """A stranger's phone rang: no look, no order, for as long as the program runs (F16)."""
    account = Account(httpx.Response(201, json=a_call(to="+819000000000")))
    account.router.post(ONE).mock(return_value=httpx.Response(200, json=a_call()))
    (first,) = await account.place()
    assert isinstance(first, CallUnsure)
    account.answers(TAKEN)
    account.clock.advance_to(NOW + timedelta(days=2))
    events = await account.place(3)
    assert all(isinstance(event, CallThrottled) and event.retry_after_s == 600 for event in events)
    assert account.sent() == (1, 0)


async def test_a_question_that_is_refused_closes_it_too_and_a_later_one_looks() -> None:
    """Silent calls are asked about at night as well, when nothing is ordered: the new key is found then."""
    account = Account(TAKEN, REFUSED)
    lists = account.router.get(CALLS, params={"PageSize": "100"})
    lists.mock(return_value=REFUSED)
    with pytest.raises(CarrierSilent):
        await account.carrier.ask(an_attempt())
    assert account.carrier.closed is not None
    lists.mock(return_value=a_page())
    account.answers(TAKEN)
    account.clock.advance_to(NOW + seconds(30))
    assert await account.carrier.ask(an_attempt()) == ()
    assert account.sent() == (0, 1)
    assert account.carrier.closed is None


async def test_what_was_under_way_when_it_closed_neither_opens_nor_delays_it() -> None:
    """Six orders at once, all refused: six creates, one pause, and nothing more is sent."""
    account, all_there = Account(REFUSED), asyncio.Barrier(6)

    async def refuse(_: httpx.Request) -> httpx.Response:
        await all_there.wait()
        return REFUSED

    account.creates.mock(side_effect=refuse)
    events = await asyncio.gather(*[account.carrier.place(an_order()) for _ in range(6)])
    (seventh,) = await account.place()
    assert [type(event) for event in events] == [CallRejected] * 6
    assert isinstance(seventh, CallThrottled)
    assert (seventh.retry_after_s, account.sent()) == (30, (6, 0))


async def test_orders_that_come_together_take_one_look() -> None:
    """When the pause is over and several wait, one GET is sent."""
    account = Account(REFUSED, REFUSED)
    await account.place()
    account.clock.advance_to(NOW + seconds(30))
    await asyncio.gather(*[account.carrier.place(an_order()) for _ in range(6)])
    assert account.sent() == (1, 1)
