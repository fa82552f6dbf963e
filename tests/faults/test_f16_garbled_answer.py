"""F16: a 2xx that is broken, or names another number than ours, leaves doubt and an alarm; a wrong number stops all."""

from urllib.parse import parse_qsl

import httpx
import pytest
from structlog.testing import capture_logs

from dialer.attempt import AttemptState
from tests.adapters.twilio.builders import CALLS, a_call
from tests.faults.doors import a_floor, a_list

BROKEN: dict[str, httpx.Response] = {
    "half a document": httpx.Response(200, text='{"sid": "CA'),
    "no document": httpx.Response(200, text=""),
    "a page": httpx.Response(201, text="<html>ok</html>"),
    "a list": httpx.Response(201, json=[]),
    "no sid": httpx.Response(201, json={**a_call(), "sid": None}),
    "a sid of another type": httpx.Response(201, json={**a_call(), "sid": 7}),
    "a date of another type": httpx.Response(201, json={**a_call(), "date_created": 7}),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_f16_a_broken_answer_leaves_doubt(broken: str) -> None:
    """Every one of them: the number stays locked, the ledger says that nobody knows, nothing is ordered again."""
    async with a_floor(1) as floor:
        floor.router.post(CALLS).mock(return_value=BROKEN[broken])
        floor.router.get(CALLS).mock(return_value=a_list())
        for _ in range(30):
            await floor.look(minutes=1)
        assert len(floor.ordered) == 1
        assert (await floor.office.attempt("winback-dormant-1-1")).state is AttemptState.UNSURE
        assert len(await floor.office.ledger("unsure")) == 1


async def test_f16_another_number_than_ours_stops_everything() -> None:
    """Somebody else's phone rings: of twenty people nobody else is ordered, for a day of looks, and it is an alarm."""
    async with a_floor(20, agents=1) as floor:
        floor.router.get(CALLS).mock(return_value=a_list())

        def misdials(request: httpx.Request) -> httpx.Response:
            to = dict(parse_qsl(request.content.decode()))["To"]
            return httpx.Response(201, json=a_call(to=f"{to[:-1]}{9 - int(to[-1])}"))

        floor.router.post(CALLS).mock(side_effect=misdials)
        with capture_logs() as logs:
            for _ in range(24 * 6):
                await floor.look(minutes=10)
        assert len(floor.ordered) == 1
        assert "carrier_account_closed" in {entry["event"] for entry in logs}
