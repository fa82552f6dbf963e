"""Leaving a message on a machine: the words ride in the request, and no machine is left talking to itself."""

from urllib.parse import parse_qs

import httpx
import pytest
from structlog.testing import capture_logs

from campaigns.speech import Utterance
from dialer.orders import LeaveMessage
from tests.adapters.twilio.builders import ACCOUNT, ATTEMPT, SID, a_call, a_carrier, a_refusal, a_router
from tests.adapters.twilio.twiml_table import faults

ONE = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json"


async def leave(*answers: httpx.Response | Exception) -> tuple[list[dict[str, list[str]]], list[str]]:
    """Leave a message against these answers; return the forms sent and the errors logged."""
    router = a_router()
    router.post(ONE).mock(side_effect=answers)
    said = Utterance(text="みどり園です。<1> & 2", language="ja", voice="Polly.Kazuha-Neural")
    with capture_logs() as logs:
        await a_carrier(router).leave(LeaveMessage(attempt=ATTEMPT, reference=SID, message=said))
    errors = [line["event"] for line in logs if line["log_level"] == "error"]
    return [parse_qs(call.request.content.decode()) for call in router.calls], errors


async def test_the_live_call_is_told_what_to_say() -> None:
    """One request, in which the whole document stands: no webhook of ours is waited for after the beep."""
    forms, errors = await leave(httpx.Response(200, json=a_call()))
    assert [list(form) for form in forms] == [["Twiml"]]
    twiml = forms[0]["Twiml"][0]
    assert faults(twiml, inline=True) == []
    assert "みどり園です。&lt;1&gt; &amp; 2" in twiml
    assert errors == []


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(400, json=a_refusal(21220)),
        httpx.ConnectError("refused"),
        httpx.Response(200, json=[]),
    ],
    ids=["500", "over", "refused", "garbled"],
)
async def test_what_cannot_be_said_ends_the_call(failure: httpx.Response | Exception) -> None:
    """Never said twice: a machine that took the message must not get a second one."""
    forms, errors = await leave(failure, httpx.Response(200, json=a_call(status="completed")))
    assert [list(form) for form in forms] == [["Twiml"], ["Status"]]
    assert errors == []
