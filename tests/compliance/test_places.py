"""Where a person may be: what the number plan and a verified address say of it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.numbers import Number, read_number
from compliance.places import locations_of, region_of, zone_of_region, zones_of
from compliance.question import Address, Location

PRESUMED = frozenset({"US-FL", "US-CT"})
NEW_YORK, CHICAGO, DENVER, PHOENIX = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
)
MADRID, CANARY = "Europe/Madrid", "Atlantic/Canary"

NUMBERS = ("+12125550123", "+13055550123", "+18505550123", "+15005550123", "+819012345678", "+61412345678")
ADDRESSES = (
    Address(country="US"),
    Address(country="US", subdivision="TX", postal_code="78701"),
    Address(country="US", subdivision="FL", postal_code="32501"),
    Address(country="JP"),
    Address(country="XX"),
)


def number(e164: str) -> Number:
    """The number that a text is."""
    found = read_number(e164, "JP")
    assert isinstance(found, Number)
    return found


def at(e164: str | None, address: Address | None = None, *, best: bool = False) -> set[tuple[str, str]]:
    """Region and zone of every place."""
    found = locations_of(number(e164) if e164 else None, address, best_evidence=best, presumed=PRESUMED)
    return {(place.region, place.zone) for place in found}


def home(country: str, part: str | None = None, code: str | None = None) -> set[tuple[str, str]]:
    """Region and zone of every place of an address."""
    return at(None, Address(country=country, subdivision=part, postal_code=code))


def zones(places: set[tuple[str, str]]) -> set[str]:
    """The zones of some places."""
    return {zone for _, zone in places}


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_japanese_number_is_in_tokyo_time() -> None:
    """One country, one zone."""
    assert zones_of("+819012345678") == ("Asia/Tokyo",)
    assert region_of("+819012345678") == "JP"


def test_a_mobile_may_be_in_any_zone_of_its_country() -> None:
    """An Australian mobile says nothing about Perth or Sydney, and is not guessed."""
    assert {"Australia/Perth", "Australia/Sydney"} <= set(zones_of("+61412345678"))


def test_an_unknown_number_has_no_place() -> None:
    """What the plan does not know is nowhere, and what is no number too (TZ-5)."""
    assert zones_of("+447700900123") == ()
    assert zones_of("nonsense") == ()
    assert region_of("+447700900123") is None
    assert region_of("nonsense") is None


@pytest.mark.parametrize(
    ("e164", "places"),
    [
        ("+819012345678", {("JP", "Asia/Tokyo")}),
        ("+12125550123", {("US-NY", NEW_YORK)}),
        ("+17875550123", {("PR", "America/Puerto_Rico")}),
        ("+18762345678", {("JM", "America/Jamaica")}),
        ("+18092345678", {("DO", "America/Santo_Domingo")}),
        ("+447400123456", {("GB", "Europe/London")}),
        ("+447911123456", {("GG", "Europe/Guernsey")}),
        ("+34612345678", {("ES", MADRID), ("ES", CANARY)}),
        ("+262692123456", {("RE", "Indian/Reunion")}),
        ("+33199001234", {("FR", "Europe/Paris")}),
        ("+15005550123", set()),
    ],
)
def test_where_the_plan_puts_a_number(e164: str, places: set[tuple[str, str]]) -> None:
    """By area code in North America, by the library elsewhere; a personal number is anywhere (TZ-5)."""
    assert at(e164) == places


@given(st.integers(200, 999))
def test_the_exchange_changes_nothing(exchange: int) -> None:
    """A ported number keeps its exchange and moves: all of 850 is on two clocks (TZ-2)."""
    found = read_number(f"+1850{exchange}0123", "US")
    expected = {("US-FL", CHICAGO), ("US-FL", NEW_YORK)}
    assert not isinstance(found, Number) or at(found.e164) == expected


@pytest.mark.parametrize(("region", "zone"), [("JP", "Asia/Tokyo"), ("FR", "Europe/Paris"), ("AQ", "UTC")])
def test_a_country_has_a_day(region: str, zone: str) -> None:
    """One of its zones says which day it is there; a region without telephones has that of UTC."""
    assert zone_of_region(region) == zone


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "code", "expected"),
    [
        ("FL", "32501", {CHICAGO}),
        ("FL", "32401-1234", {CHICAGO, NEW_YORK}),
        ("US-FL", None, {CHICAGO, NEW_YORK}),
        ("fl", "2139", {CHICAGO, NEW_YORK}),
        ("TX", "79901", {DENVER}),
        ("TX", "787011234", {CHICAGO}),
        ("TN", "37201", {CHICAGO}),
        ("TN", "37902", {NEW_YORK}),
        ("KY", "40202", {NEW_YORK}),
        ("KY", "42101", {CHICAGO}),
        ("IN", "46320", {CHICAGO}),
        ("IN", "46204", {NEW_YORK}),
        ("ID", "83702", {"America/Boise"}),
        ("ID", "83814", {"America/Los_Angeles"}),
        ("OR", "97914", {"America/Boise", "America/Los_Angeles"}),
        ("AZ", "85001", {PHOENIX}),
        ("AZ", "86001", {PHOENIX}),
        ("AZ", "86515", {PHOENIX, DENVER}),
        ("AZ", None, {PHOENIX, DENVER}),
        ("AK", "99501", {"America/Anchorage"}),
        ("AK", "99546", {"America/Adak"}),
        ("MI", "49801", {CHICAGO, NEW_YORK}),
        ("ZZ", None, set()),
    ],
)
def test_an_american_address(part: str, code: str | None, expected: set[str]) -> None:
    """The postal code says which clocks where a state has two; without one that can be read, all of them."""
    assert zones(home("US", part, code)) == expected


@pytest.mark.parametrize(
    ("country", "part", "code", "places"),
    [
        ("US", "TX", "33101", {("US-FL", NEW_YORK), ("US-TX", CHICAGO), ("US-TX", DENVER)}),
        ("US", None, "33101", {("US-FL", NEW_YORK)}),
        ("US", None, "00901", {("PR", "America/Puerto_Rico")}),
        ("US", "PR", None, {("PR", "America/Puerto_Rico")}),
        ("US", None, "96799", {("AS", "Pacific/Pago_Pago")}),
        ("US", None, "09012", set()),
        ("US", None, None, set()),
        ("CA", "ON", "M5V 2T6", {("CA-ON", "America/Toronto")}),
        ("CA", "ON", "p9n1a1", {("CA-ON", "America/Winnipeg")}),
        (
            "CA",
            "ON",
            "V6B 1A1",
            {
                ("CA-BC", "America/Vancouver"),
                *(("CA-ON", f"America/{city}") for city in ("Toronto", "Winnipeg", "Atikokan")),
            },
        ),
        ("CA", None, "X0A 0H0", {("CA-NU", "America/Iqaluit"), ("CA-NU", "America/Resolute")}),
        ("AU", "NSW", "2000", {("AU-NSW", "Australia/Sydney")}),
        ("AU", "NSW", "2880", {("AU-NSW", "Australia/Adelaide")}),
        ("AU", "NSW", None, {("AU-NSW", "Australia/Adelaide"), ("AU-NSW", "Australia/Sydney")}),
        ("AU", None, "6000", {("AU-WA", "Australia/Perth")}),
        ("ES", None, "28001", {("ES", MADRID)}),
        ("ES", "MD", "28001", {("ES-MD", MADRID)}),
        ("ES", "GC", None, {("ES-CN", CANARY)}),
        ("ES", "TF", "38001", {("ES-CN", CANARY)}),
        ("ES", "MD", "35001", {("ES-MD", MADRID), ("ES-MD", CANARY), ("ES-CN", CANARY)}),
        ("ES", None, None, {("ES", MADRID), ("ES", CANARY)}),
        ("FR", None, "75001", {("FR", "Europe/Paris")}),
        ("FR", None, "97400", {("RE", "Indian/Reunion")}),
        ("FR", "974", None, {("RE", "Indian/Reunion")}),
        ("RE", None, None, {("RE", "Indian/Reunion")}),
        ("DE", "BY", "80331", {("DE-BY", "Europe/Berlin")}),
        ("jp", None, "150-0001", {("JP", "Asia/Tokyo")}),
        ("XX", None, None, set()),
    ],
)
def test_an_address_elsewhere(
    country: str, part: str | None, code: str | None, places: set[tuple[str, str]]
) -> None:
    """Part and postal code where they decide; both where they contradict; nothing where they say too little."""
    assert home(country, part, code) == places


def test_a_country_without_a_table_is_in_all_its_zones() -> None:
    """The time zone database knows which those are."""
    assert {"Pacific/Auckland", "Pacific/Chatham"} == zones(home("NZ"))
    assert len(zones(home("CA"))) > 6


# --- both -------------------------------------------------------------------------------------------------------------


def test_an_address_adds_to_the_number_and_replaces_it_on_request() -> None:
    """Unless the law takes the area code for the place: Florida and Connecticut do (TZ-3)."""
    texas = Address(country="US", subdivision="TX", postal_code="78701")
    assert at("+12125550123", texas) == {("US-NY", NEW_YORK), ("US-TX", CHICAGO)}
    assert at("+12125550123", texas, best=True) == {("US-TX", CHICAGO)}
    assert at("+13055550123", texas, best=True) == {("US-FL", NEW_YORK), ("US-TX", CHICAGO)}
    assert at("+15005550123", texas) == {("US-TX", CHICAGO)}


def test_an_address_that_says_too_little_is_no_better_evidence() -> None:
    """An address somewhere in America frees nobody from the law of New York."""
    assert at("+12125550123", Address(country="US"), best=True) == {("US-NY", NEW_YORK)}
    assert at("+15005550123", Address(country="US")) == set()


def test_who_has_neither_number_nor_address_is_nowhere() -> None:
    """And is not called (TZ-5)."""
    assert at(None) == set()


@given(st.sampled_from([None, *NUMBERS]), st.sampled_from([None, *ADDRESSES]))
def test_evidence_adds_and_only_a_request_takes_away(e164: str | None, address: Address | None) -> None:
    """Both together are what each says alone; the best evidence is a part of it and keeps what the law presumes."""
    everything = at(e164, address)
    assert everything == at(e164) | at(None, address)
    best = at(e164, address, best=True)
    assert at(None, address) <= best <= everything
    assert bool(best) == bool(everything)
    assert {place for place in at(e164) if place[0] in PRESUMED} <= best


@pytest.mark.parametrize(("e164", "address"), list(product(NUMBERS, ADDRESSES)))
def test_places_come_sorted_and_once(e164: str, address: Address) -> None:
    """So that the same places are the same value, whatever found them first."""
    found = locations_of(number(e164), address, best_evidence=False, presumed=())
    keys = [(place.region, place.zone) for place in found]
    assert keys == sorted(set(keys))
    assert all(isinstance(place, Location) for place in found)
