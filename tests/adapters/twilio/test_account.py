"""When the account itself is in trouble, and settings that cannot work."""

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.twilio.account import Credentials
from adapters.twilio.errors import CarrierMisconfigured
from dialer.events import CallThrottled, CallUnsure
from tests.adapters.twilio.builders import CALLS, ONE, a_call, a_carrier, a_router, an_order


async def test_a_call_to_somebody_else_is_ended_and_stops_everything() -> None:
    """A 201 that echoes another number means that a stranger's phone rings: no further order until somebody looks."""
    router = a_router()
    route = router.post(CALLS).mock(return_value=httpx.Response(201, json=a_call(to="+819000000000")))
    ended = router.post(ONE).mock(return_value=httpx.Response(200, json=a_call(status="completed")))
    carrier = a_carrier(router)
    with capture_logs() as logs:
        first, second = await carrier.place(an_order()), await carrier.place(an_order())
    assert isinstance(first, CallUnsure)
    assert isinstance(second, CallThrottled)
    assert route.call_count == 1
    assert [call.request.content for call in ended.calls] == [b"Status=completed"]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["carrier_account_closed"]


def test_an_account_is_needed() -> None:
    """Without its sid no address of the API can be made."""
    with pytest.raises(CarrierMisconfigured):
        a_carrier(account_sid="")


async def test_the_environment_does_not_reach_the_address() -> None:
    """The library would rewrite a host by TWILIO_EDGE; it is given an environment of its own, so it sees none."""
    carrier = a_carrier(base_url="http://127.0.0.1:4020")
    client = carrier._client
    assert (client.edge, client.region) == (None, None)
    assert client.get_hostname("http://127.0.0.1:4020/x") == "http://127.0.0.1:4020/x"
    await carrier.close()


def test_a_secret_does_not_show() -> None:
    """Credentials can be printed without giving the secret away."""
    assert "hush" not in repr(Credentials(key_sid="SK1", key_secret="hush"))
