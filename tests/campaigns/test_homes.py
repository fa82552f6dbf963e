"""Addresses and companies on a list."""

from datetime import date

import pytest

from campaigns.homes import address_of, party_of
from campaigns.rejects import RejectCode
from compliance.question import Address
from compliance.terms import Party

TODAY = date(2026, 11, 24)
PENSACOLA = Address(country="US", subdivision="FL", postal_code="32501")
COLUMNS = {
    "country": "国",
    "region": "州",
    "postal_code": "郵便番号",
    "address_verified_at": "確認日",
    "party": "区分",
}


@pytest.mark.parametrize(
    ("row", "address", "code"),
    [
        (
            {"国": "us", "州": "us-fl", "郵便番号": "32501", "確認日": "2026-01-05"},
            PENSACOLA,
            None,
        ),
        ({"州": "", "確認日": "2026-01-05"}, Address(country="JP"), None),
        ({"国": "US", "州": "FL"}, None, None),
        ({"国": "US", "確認日": "soon"}, None, RejectCode.ADDRESS_IGNORED),
        ({"国": "US", "確認日": "2026-11-25"}, None, RejectCode.ADDRESS_IGNORED),
    ],
)
def test_only_a_verified_address_counts(
    row: dict[str, str], address: Address | None, code: RejectCode | None
) -> None:
    """By a day up to today; the audience's country where none is written."""
    assert address_of(COLUMNS, row, "JP", TODAY) == (address, code)


@pytest.mark.parametrize(
    ("word", "party", "code"),
    [
        ("", Party.CONSUMER, None),
        ("法人", Party.BUSINESS, None),
        ("Business", Party.BUSINESS, None),
        ("個人", Party.CONSUMER, None),
        ("martian", Party.CONSUMER, RejectCode.PARTY_UNKNOWN),
    ],
)
def test_who_is_unknown_is_a_consumer(word: str, party: Party, code: RejectCode | None) -> None:
    """The law protects them more."""
    assert party_of(COLUMNS, {"区分": word}) == (party, code)
