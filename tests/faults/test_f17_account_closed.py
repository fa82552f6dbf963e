"""F17: 401 or 403 stops every order on that account at once, and nobody storms it."""

import httpx
import pytest

from campaigns.outcome import Outcome
from dialer.events import CallEnded, CallEnding
from tests.adapters.twilio.builders import CALLS, a_refusal
from tests.faults.doors import a_floor, a_list, takes

AGENTS = 3
CLOSED = [(401, 20003), (403, 20005), (403, 20403), (401, None)]


@pytest.mark.parametrize(("status", "code"), CLOSED)
async def test_f17_after_the_first_no_there_are_no_more_orders(status: int, code: int | None) -> None:
    """In the middle of a run the key is revoked: the carrier sees at most the orders in flight, for a day of looks."""
    async with a_floor(40, agents=AGENTS) as floor:
        floor.router.post(CALLS).mock(side_effect=takes)
        floor.router.get(CALLS).mock(return_value=a_list())
        await floor.look()
        await floor.look(seconds=1)
        before = len(floor.ordered)
        assert before == AGENTS
        for attempt in await floor.office.write(lambda unit: unit.live_attempts()):
            over = {"reference": attempt.reference, "ending": CallEnding.BUSY}
            await floor.office.hears(CallEnded, attempt.id, **over)
        refusal = a_refusal(code, status) if code else {"detail": "no"}
        floor.router.post(CALLS).mock(return_value=httpx.Response(status, json=refusal))
        for _ in range(24 * 6):
            await floor.look(minutes=10)
        assert 1 <= len(floor.ordered) - before <= AGENTS


async def test_f17_nobody_is_used_up_meanwhile() -> None:
    """Orders that never went out take no tries: when the account is open again, everybody is still on the list."""
    async with a_floor(3, agents=3) as floor:
        floor.router.post(CALLS).mock(return_value=httpx.Response(401, json=a_refusal(20003, 401)))
        floor.router.get(CALLS).mock(return_value=a_list())
        for _ in range(12):
            await floor.look(minutes=10)
        leads = [await floor.office.lead(place) for place in (1, 2, 3)]
        assert {lead.step_tries for lead in leads} == {0}
        assert {
            (await floor.office.attempt(f"winback-dormant-{place}-1")).outcome for place in (1, 2, 3)
        } == {Outcome.NOT_PLACED}
