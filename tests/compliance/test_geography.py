"""Where an area code is: the whole of it, with the code it is laid over."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

from compliance.area_codes import places_of, zones_in, zones_of

HALIFAX, NEW_YORK, CHICAGO, DENVER, LOS_ANGELES = (
    "America/Halifax",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
CODES = tuple(code for code in map(str, range(200, 1000)) if places_of(code))
CORRECTED = {"474": {"America/Winnipeg"}, "879": {"America/Puerto_Rico"}}
"""Codes whose zones in the library are plainly wrong, and which (the reasons are in the plan)."""

SPLIT = re.findall(
    r"\d+",
    "208 219 250 270 308 418 423 541 574 605 606 620 701 709 775 785 807 812 850 867 879 906 907 928 986",
)
"""Codes with more than one offset in the library's data (facts, section 7)."""

STATES = dict(
    line.rsplit(" ", 1)
    for line in """Alabama AL/Alaska AK/Arizona AZ/Arkansas AR/California CA/Colorado CO/Connecticut CT/Delaware DE
Florida FL/Georgia GA/Hawaii HI/Idaho ID/Illinois IL/Indiana IN/Iowa IA/Kansas KS/Kentucky KY/Louisiana LA/Maine ME
Maryland MD/Massachusetts MA/Michigan MI/Minnesota MN/Mississippi MS/Missouri MO/Montana MT/Nebraska NE/Nevada NV
New Hampshire NH/New Jersey NJ/New Mexico NM/New York NY/North Carolina NC/North Dakota ND/Ohio OH/Oklahoma OK/Oregon OR
Pennsylvania PA/Rhode Island RI/South Carolina SC/South Dakota SD/Tennessee TN/Texas TX/Utah UT/Vermont VT/Virginia VA
Washington State WA/Washington D.C. DC/West Virginia WV/Wisconsin WI/Wyoming WY
Alberta AB/British Columbia BC/British Colombia BC/Manitoba MB/New Brunswick NB/Newfoundland and Labrador NL/Ontario ON
Quebec QC/Saskatchewan SK""".replace("\n", "/").split("/")
)


def regions(code: str) -> set[str]:
    """The regions an area code may be in."""
    return {place.region for place in places_of(code)}


def offsets(zone: str) -> tuple[timedelta | None, ...]:
    """The distances of a zone from UTC in winter and in summer."""
    return tuple(
        datetime(2026, month, 15, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for month in (1, 7)
    )


def test_every_code_that_the_library_calls_american_or_canadian_has_a_place() -> None:
    """None is missing, and none is put into the other country."""
    found = {}
    for code in map(str, range(200, 1000)):
        number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{code}2345678"))
        kind = phonenumbers.number_type(number)
        country = phonenumbers.region_code_for_number(number)
        if country in {"US", "CA"} and kind == PhoneNumberType.FIXED_LINE_OR_MOBILE:
            found[code] = {place.partition("-")[0] for place in regions(code)} == {country}
    assert len(found) > 400
    assert [code for code, is_right in found.items() if not is_right] == []


def test_every_code_is_in_the_state_that_the_library_names() -> None:
    """Typed by hand from two sources, so compared with a third."""
    named = {code: GEOCODE_DATA.get(f"1{code}", {}).get("en", "") for code in CODES}
    letters = {code: STATES.get(name, name.rpartition(", ")[2]) for code, name in named.items()}
    plain = {code: two for code, two in letters.items() if len(two) == 2}
    assert len(plain) > 400
    wrong = {code: two for code, two in plain.items() if {one[3:] for one in regions(code)} != {two}}
    assert wrong == {}


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_every_zone_that_the_library_knows_in_it(code: str) -> None:
    """Stricter wins: no zone of the library's is dropped but those that are plainly wrong; all are real ones."""
    rows = (zones for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(f"1{code}"))
    known = {zone for zones in rows for zone in zones} - CORRECTED.get(code, set())
    assert set(zones_of(code)) >= known
    assert set(zones_of(code)) <= available_timezones()
    assert zones_of(code)
    assert places_of(code) == tuple(sorted(places_of(code), key=lambda place: (place.region, place.zone)))


@pytest.mark.parametrize("code", SPLIT)
def test_a_code_on_two_clocks_is_on_both(code: str) -> None:
    """The exchange says one of them, where the number was first issued; the code says both (TZ-2)."""
    assert len({offsets(zone) for zone in zones_of(code)}) > 1


@pytest.mark.parametrize(
    ("code", "region", "zones"),
    [
        ("219", "US-IN", {CHICAGO, NEW_YORK}),
        ("270", "US-KY", {CHICAGO, NEW_YORK}),
        ("364", "US-KY", {CHICAGO, NEW_YORK}),
        ("850", "US-FL", {CHICAGO, NEW_YORK}),
        ("448", "US-FL", {CHICAGO, NEW_YORK}),
        ("541", "US-OR", {DENVER, LOS_ANGELES}),
        ("458", "US-OR", {DENVER, LOS_ANGELES}),
        ("812", "US-IN", {CHICAGO, NEW_YORK}),
        ("930", "US-IN", {CHICAGO, NEW_YORK}),
        ("423", "US-TN", {CHICAGO, NEW_YORK}),
        ("729", "US-TN", {CHICAGO, NEW_YORK}),
        ("208", "US-ID", {DENVER, LOS_ANGELES}),
        ("986", "US-ID", {DENVER, LOS_ANGELES}),
        ("928", "US-AZ", {"America/Phoenix", DENVER}),
        ("915", "US-TX", {DENVER}),
        ("212", "US-NY", {NEW_YORK}),
        ("416", "CA-ON", {"America/Toronto"}),
        ("807", "CA-ON", {"America/Toronto", "America/Winnipeg"}),
        ("306", "CA-SK", {"America/Regina"}),
        ("474", "CA-SK", {"America/Regina"}),
        ("709", "CA-NL", {"America/St_Johns", HALIFAX}),
        ("879", "CA-NL", {"America/St_Johns", HALIFAX}),
        ("787", "PR", {"America/Puerto_Rico"}),
        ("939", "PR", {"America/Puerto_Rico"}),
        ("340", "VI", {"America/St_Thomas"}),
        ("671", "GU", {"Pacific/Guam"}),
        ("684", "AS", {"Pacific/Pago_Pago"}),
        ("670", "MP", {"Pacific/Saipan"}),
    ],
)
def test_the_traps_of_the_plan(code: str, region: str, zones: set[str]) -> None:
    """Wrong defaults, codes laid over others, and territories."""
    assert regions(code) == {region}
    assert {offsets(zone) for zone in zones_of(code)} == {offsets(zone) for zone in zones}


def test_the_far_north_is_three_territories_in_four_zones() -> None:
    """867 is Yukon, Nunavut and the Northwest Territories; the library has one town for most exchanges."""
    assert regions("867") == {"CA-NT", "CA-NU", "CA-YT"}
    assert {"America/Whitehorse", "America/Edmonton", "America/Rankin_Inlet", "America/Iqaluit"} <= set(
        zones_of("867")
    )


def test_two_provinces_share_two_codes() -> None:
    """Both have a say."""
    assert regions("902") == regions("782") == {"CA-NS", "CA-PE"}


@pytest.mark.parametrize(
    "code", ["800", "833", "888", "500", "533", "700", "900", "600", "622", "456", "999"]
)
def test_a_code_without_a_place_has_none(code: str) -> None:
    """Toll-free, personal, premium and unassigned codes say nothing of where anybody is (TZ-5)."""
    assert places_of(code) == ()


@pytest.mark.parametrize(
    "codes", ["306 474 639", "709 879", "250 236 257 672 778", "208 986", "418 367 581 273"]
)
def test_codes_of_the_same_land_are_on_the_same_clocks(codes: str) -> None:
    """Whoever got the newer number lives in the same street."""
    assert len({frozenset(map(offsets, zones_of(code))) for code in codes.split()}) == 1


def test_a_state_has_the_zones_of_all_its_codes() -> None:
    """El Paso is on other clocks than the rest of Texas; nowhere has none."""
    assert zones_in("US-TX") == (CHICAGO, DENVER)
    assert zones_in("US-ZZ") == ()
