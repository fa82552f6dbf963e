"""The addresses we give Twilio."""

import pytest

from adapters.twilio.carrier import egress_of
from adapters.twilio.errors import CarrierMisconfigured
from adapters.twilio.urls import Addresses, Door


def test_a_person_waits_less_than_a_report() -> None:
    """What somebody holds the line for is given up on and tried again sooner; all within Twilio's 15 seconds."""
    addresses = Addresses(public_url="https://d.example/", egress="tokyo")
    assert addresses.call("a-1", "n", Door.STATUS) == (
        "https://d.example/twilio/a-1/n/status#e=tokyo&rc=3&rp=all&ct=1000&rt=3000&tt=12000"
    )
    assert addresses.call("a-1", "n", Door.NOTICE, query="language=ja") == (
        "https://d.example/twilio/a-1/n/notice?language=ja#e=tokyo&rc=2&rp=all&ct=1000&rt=2000&tt=6000"
    )
    assert addresses.rooms().startswith("https://d.example/twilio/rooms#")
    assert addresses.join("sato", "n") == "https://d.example/twilio/agents/sato/n/join"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "d.example",
        "ftp://d.example",
        "https://",
        "https://u:p@d.example",
        "https://d_1.example",
        "https://d/?x=1",
    ],
)
def test_an_address_that_cannot_work_is_refused(url: str) -> None:
    """No scheme, no host, a user name (signatures fail), an underscore (Twilio refuses), a query."""
    with pytest.raises(CarrierMisconfigured):
        Addresses(public_url=url)


@pytest.mark.parametrize(
    ("base", "edge"),
    [
        ("https://api.tokyo.jp1.twilio.com", "tokyo"),
        ("https://api.twilio.com", "tokyo"),
        ("http://127.0.0.1:4010", None),
        ("https://twilio.com.evil.example", None),
    ],
)
def test_only_twilio_has_edges(base: str, edge: str | None) -> None:
    """An overriding fragment for another carrier leaves the edge out."""
    assert egress_of(base) == edge
