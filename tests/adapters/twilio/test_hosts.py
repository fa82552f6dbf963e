"""Addresses of the carrier's interface that work, and what is said of those that do not."""

import pytest

from adapters.twilio.errors import CarrierMisconfigured
from adapters.twilio.hosts import check, egress_of
from tests.adapters.twilio.builders import settings

JP = r"write https://api\.tokyo\.jp1\.twilio\.com$"
US = r"write https://api\.twilio\.com$"


@pytest.mark.parametrize(
    ("url", "egress"),
    [
        ("https://api.tokyo.jp1.twilio.com", "tokyo"),
        ("https://api.tokyo.jp1.twilio.com/", "tokyo"),
        ("https://API.Tokyo.JP1.Twilio.com:443", "tokyo"),
        ("https://api.tokyo.jp1.twilio.com.", "tokyo"),
        ("https://api.twilio.com", "tokyo"),
        ("https://api.dublin.ie1.twilio.com", "tokyo"),
        ("https://api.sydney.au1.twilio.com", "tokyo"),
        ("https://api.ashburn.us1.twilio.com", "tokyo"),
        ("https://api.sao-paulo.us1.twilio.com", "tokyo"),
        ("http://127.0.0.1:4010", None),
        ("http://[::1]:4010", None),
        ("https://calls.example/twilio", None),
        ("https://api.jp1.nottwilio.com", None),
    ],
)
def test_an_address_that_works(url: str, egress: str | None) -> None:
    """Twilio's own by region and edge, the double, and others that speak the same interface, under a path too."""
    check(settings(base_url=url))
    assert egress_of(url) == egress


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://api.jp1.twilio.com", JP),
        ("https://API.JP1.twilio.com", JP),
        ("https://api.jp1.twilio.com.", JP),
        ("https://api.ie1.twilio.com", r"write https://api\.dublin\.ie1\.twilio\.com$"),
        ("https://api.au1.twilio.com", r"write https://api\.sydney\.au1\.twilio\.com$"),
        ("https://api.us1.twilio.com", US),
        ("https://api.us2.twilio.com", US),
        ("https://api.br1.twilio.com", US),
        ("https://api.de1.twilio.com", US),
        ("https://api.sg1.twilio.com", US),
    ],
)
def test_a_retired_host_is_refused(url: str, says: str) -> None:
    """A region without an edge no longer answers, since 28 April 2026; the message says what to write."""
    with pytest.raises(CarrierMisconfigured, match=says):
        check(settings(base_url=url))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://api.jp1.us1.twilio.com", JP),
        ("https://api.ashburn.jp1.twilio.com", JP),
        ("https://api.dublin.jp1.twilio.com", JP),
        ("https://api.tokyo.ie1.twilio.com", "api.dublin.ie1"),
        ("https://api.tokyo.twilio.com", JP),
        ("https://api.tokyo.jp1.us1.twilio.com", JP),
        ("https://www.twilio.com", JP),
        ("https://twilio.com", JP),
        ("https://voice.tokyo.jp1.twilio.com", JP),
        ("http://api.tokyo.jp1.twilio.com", "by https alone"),
        ("https://api.tokyo.jp1.twilio.com:8443", "by https alone"),
        ("https://SK1:secret@api.tokyo.jp1.twilio.com", "by https alone"),
        ("https://api.tokyo.jp1.twilio.com/2010-04-01", "the host is enough"),
        ("https://api.tokyo.jp1.twilio.com?x=1", "the host is enough"),
        ("https://api.tokyo.jp1.twilio.com#rc=2", "the host is enough"),
        ("api.tokyo.jp1.twilio.com", "write an address"),
        ("ftp://api.tokyo.jp1.twilio.com", "write an address"),
        ("https://", "write an address"),
        ("", "write an address"),
        ("https://[::1", "carrier.base_url"),
        ("https://api.twilio.com:99999", "carrier.base_url"),
    ],
)
def test_an_address_that_cannot_work_is_refused(url: str, says: str) -> None:
    """Another edge than the region's, no host of the API, keys in the clear, half an address."""
    with pytest.raises(CarrierMisconfigured, match=says):
        check(settings(base_url=url))


def test_a_secret_in_an_address_is_not_repeated() -> None:
    """The text may land in a log."""
    with pytest.raises(CarrierMisconfigured) as refused:
        check(settings(base_url="https://SK1:hush@api.twilio.com"))
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("sid", ["", "SK" + "a" * 32, "AC123", "AC" + "g" * 32, "AC" + "a" * 33])
def test_an_account_of_twilio_has_a_sid(sid: str) -> None:
    """A key's SID in its place is a common slip; without it no address can be made."""
    with pytest.raises(CarrierMisconfigured, match="account_sid"):
        check(settings(account_sid=sid))


def test_another_carrier_may_name_accounts_as_it_likes() -> None:
    """The double's is short."""
    check(settings(base_url="http://127.0.0.1:4010", account_sid="ACdouble"))
