"""F15: 5xx, silence, resets, no name, no TLS: each order is unsure or surely not sent; after some, nobody is dialled.

The carrier is then tried again by a question, never by a call.
"""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from adapters.twilio.breaker import FIRST_PAUSE, LIMIT, Breaker, failed, may_probe, mended
from campaigns.outcome import Outcome
from dialer.attempt import AttemptState
from tests.adapters.twilio.builders import CALLS
from tests.faults.doors import Floor, a_floor, a_list, takes
from tests.support.builders import NOON

AGENTS = 2
PEOPLE = 30
DOUBTFUL: dict[str, httpx.Response | Exception] = {
    "500": httpx.Response(500, json={"code": 20500, "message": "", "status": 500}),
    "502 from something in between": httpx.Response(502, text="<html>"),
    "slow": httpx.ReadTimeout("8 s and more"),
    "reset": httpx.ReadError("reset"),
    "cut off while sending": httpx.WriteError("reset"),
}
NOT_SENT: dict[str, Exception] = {
    "refused": httpx.ConnectError("connection refused"),
    "no such name": httpx.ConnectError("name or service not known"),
    "certificate expired": httpx.ConnectError("certificate verify failed: certificate has expired"),
    "no answer to connect": httpx.ConnectTimeout("connect"),
}


def behaves(
    floor: Floor, how: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
) -> None:
    """Have the carrier meet orders and questions so."""
    for route in (floor.router.post(CALLS), floor.router.get(CALLS)):
        route.mock(side_effect=how) if not isinstance(how, httpx.Response) else route.mock(return_value=how)


@pytest.mark.parametrize("how", DOUBTFUL)
async def test_f15_doubtful_orders_open_the_breaker(how: str) -> None:
    """Thirty people due: the carrier sees a handful of orders and then none, for an hour of looks."""
    async with a_floor(PEOPLE, agents=AGENTS) as floor:
        behaves(floor, DOUBTFUL[how])
        for _ in range(60):
            await floor.look(seconds=1)
        for _ in range(60):
            await floor.look(minutes=1)
        assert LIMIT <= len(floor.ordered) < LIMIT + AGENTS
        assert len(set(floor.ordered)) == len(floor.ordered)
        assert floor.asked >= 20
        live = await floor.office.write(lambda unit: unit.live_attempts())
        assert {attempt.state for attempt in live} == {AttemptState.UNSURE}


@pytest.mark.parametrize("how", DOUBTFUL)
async def test_f15_a_question_closes_it(how: str) -> None:
    """It answers questions again, so people are called again: nobody of those in doubt, and nobody twice."""
    async with a_floor(PEOPLE, agents=AGENTS) as floor:
        behaves(floor, DOUBTFUL[how])
        for _ in range(10):
            await floor.look(seconds=1)
        in_doubt = set(floor.ordered)
        behaves(floor, takes)
        floor.router.get(CALLS).mock(return_value=a_list())
        await floor.look(seconds=1)
        assert set(floor.ordered) == in_doubt
        for _ in range(5):
            await floor.look(seconds=FIRST_PAUSE.total_seconds())
        assert len(floor.ordered) == len(in_doubt) + AGENTS
        assert len(set(floor.ordered)) == len(floor.ordered)


@pytest.mark.parametrize("how", NOT_SENT)
async def test_f15_what_surely_was_not_sent_costs_nobody_anything(how: str) -> None:
    """Not a byte left us: the slot goes back, no try is used, nobody's number is locked."""
    async with a_floor(2) as floor:
        behaves(floor, NOT_SENT[how])
        await floor.look()
        attempts = [await floor.office.attempt(f"winback-dormant-{place}-1") for place in (1, 2)]
        assert {attempt.outcome for attempt in attempts} == {Outcome.NOT_PLACED}
        assert (await floor.office.lead()).step_tries == 0
        assert await floor.office.write(lambda unit: unit.live_calls()) == []
        assert await floor.office.ledger("unsure") == []


def test_f15_it_is_not_asked_all_the_time() -> None:
    """Once a pause at most, and not at all while it is closed; on trial, one more doubt opens it again."""
    breaker = Breaker()
    assert not may_probe(breaker, NOON + timedelta(hours=1))
    for _ in range(LIMIT):
        breaker = failed(breaker, NOON, "doubt")
    assert not may_probe(breaker, NOON + FIRST_PAUSE - timedelta(seconds=1))
    assert may_probe(breaker, NOON + FIRST_PAUSE)
    on_trial = mended(breaker)
    assert on_trial.why is None
    assert failed(on_trial, NOON, "doubt").why
