"""When the account itself is in trouble, and settings that cannot work."""

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.twilio.carrier import Credentials
from adapters.twilio.errors import CarrierMisconfigured
from dialer.events import CallPlaced, CallRejected, CallThrottled, CallUnsure
from tests.adapters.twilio.builders import CALLS, a_call, a_carrier, a_refusal, a_router, an_order


async def test_a_call_to_somebody_else_stops_everything() -> None:
    """A 201 that echoes another number means that a stranger's phone rings: no further order until somebody looks."""
    router = a_router()
    route = router.post(CALLS).mock(return_value=httpx.Response(201, json=a_call(to="+819000000000")))
    carrier = a_carrier(router)
    with capture_logs() as logs:
        first, second = await carrier.place(an_order()), await carrier.place(an_order())
    assert isinstance(first, CallUnsure)
    assert isinstance(second, CallThrottled)
    assert route.call_count == 1
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["carrier_account_closed"]


@pytest.mark.parametrize(
    ("status", "code"), [(401, 20003), (403, 20403), (403, None), (400, 20005), (400, 10001)]
)
async def test_a_closed_account_is_not_knocked_at(status: int, code: int | None) -> None:
    """After a 401 or 403 nothing is ordered, until somebody has seen to it: no storm of requests (F17)."""
    router = a_router()
    body = a_refusal(code, status) if code else {}
    route = router.post(CALLS).mock(return_value=httpx.Response(status, json=body))
    carrier = a_carrier(router)
    first = await carrier.place(an_order())
    rest = [await carrier.place(an_order()) for _ in range(20)]
    assert isinstance(first, CallRejected)
    assert all(isinstance(event, CallThrottled) for event in rest)
    assert (route.call_count, carrier.closed is not None) == (1, True)
    carrier.reset()
    route.mock(return_value=httpx.Response(201, json=a_call()))
    assert isinstance(await carrier.place(an_order()), CallPlaced)


@pytest.mark.parametrize("host", ["api.jp1.twilio.com", "api.us1.twilio.com", "API.JP1.twilio.com"])
def test_a_retired_host_is_refused(host: str) -> None:
    """A region without an edge no longer answers; the message says what to write."""
    with pytest.raises(CarrierMisconfigured, match=r"api\.tokyo\.jp1\.twilio\.com"):
        a_carrier(base_url=f"https://{host}")


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
