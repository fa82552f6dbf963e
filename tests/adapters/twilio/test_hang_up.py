"""Ending a call, whatever it is doing."""

from urllib.parse import parse_qsl

import httpx
import pytest
from structlog.testing import capture_logs

from dialer.orders import HangUp
from tests.adapters.twilio.builders import ATTEMPT, ONE, SID, a_call, a_carrier, a_refusal, a_router

ORDER = HangUp(attempt=ATTEMPT, reference=SID)


async def hang_up(*answers: httpx.Response | Exception) -> tuple[list[bytes], list[str]]:
    """Hang up against these answers; return the bodies sent and the errors logged."""
    router = a_router()
    router.post(ONE).mock(side_effect=answers)
    with capture_logs() as logs:
        await a_carrier(router).hang_up(ORDER)
    errors = [line["event"] for line in logs if line["log_level"] == "error"]
    return [call.request.content for call in router.calls], errors


async def test_it_is_completed_not_canceled() -> None:
    """`canceled` spares a call that is picked up in the same moment; `completed` ends it in every state."""
    bodies, errors = await hang_up(httpx.Response(200, json=a_call(status="completed")))
    assert [parse_qsl(body.decode()) for body in bodies] == [[("Status", "completed")]]
    assert errors == []


@pytest.mark.parametrize(("code", "status"), [(21220, 400), (20404, 404)])
async def test_a_call_that_is_over_is_fine(code: int, status: int) -> None:
    """A race lost to the other side is no error."""
    bodies, errors = await hang_up(httpx.Response(status, json=a_refusal(code, status)))
    assert (len(bodies), errors) == (1, [])


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(429),
        httpx.Response(200, text="<html>"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
    ids=["500", "429", "HTML", "refused", "slow"],
)
async def test_it_is_tried_again(failure: httpx.Response | Exception) -> None:
    """To end a call twice is harmless, to leave one queued may ring after hours."""
    bodies, errors = await hang_up(failure, failure, httpx.Response(200, json=a_call()))
    assert (len(bodies), errors) == (3, [])


async def test_it_gives_up_in_the_end() -> None:
    """Three times, then the log says so; the sweep of silent attempts will see what became of it."""
    bodies, errors = await hang_up(*[httpx.Response(503)] * 3)
    assert (len(bodies), errors) == (3, ["carrier_hang_up_failed"])


async def test_a_plain_refusal_is_not_repeated() -> None:
    """What Twilio surely refuses it will refuse again."""
    bodies, errors = await hang_up(httpx.Response(400, json=a_refusal(20001)))
    assert (len(bodies), errors) == (1, ["carrier_hang_up_failed"])
