"""Where a number may be: a number is not a place, so these are candidates and all of them count."""

from collections.abc import Collection
from functools import lru_cache

import phonenumbers
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

from compliance import addresses, area_codes
from compliance.numbers import Number
from compliance.question import Address, Location

_UNKNOWN = "Etc/Unknown"
_NORTH_AMERICA = "+1"
_AREA_CODE = slice(2, 5)
_TABLED = frozenset({"US", "CA"})
_MOST_ZONES = 12
"""A number that may be in more zones than these may be anywhere: all of North America, all of the world."""


@lru_cache(maxsize=1 << 13)
def zones_of(e164: str) -> tuple[str, ...]:
    """Return every time zone the number plan allows for, sorted; none for a number it does not know (TZ-2, TZ-5).

    The general look-up is meant: the geographical one narrows Australian and Spanish mobiles to one guess.
    """
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(sorted(zone for zone in zones if zone != _UNKNOWN))


@lru_cache(maxsize=1 << 13)
def region_of(e164: str) -> str | None:
    """Return the ISO 3166-1 region of a valid E.164 number, None for any other text."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return None
    return str(region) if region else None


@lru_cache(maxsize=64)
def zone_of_region(region: str) -> str:
    """Return a zone of an ISO 3166-1 region, for which day it is there; UTC for a region without telephones."""
    example = phonenumbers.example_number(region)
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164) if example else ""
    return next(iter(zones_of(number)), "UTC")


def locations_of(
    number: Number | None, address: Address | None, *, best_evidence: bool, presumed: Collection[str]
) -> tuple[Location, ...]:
    """Return every place a person may be in, sorted: where number plan and verified address say (TZ-3).

    () means that nobody knows (TZ-5). With `best_evidence` the address replaces the number, but for regions in
    `presumed`, whose law takes an area code for the place. An address that says too little to be a place changes
    nothing.
    """
    plan = _places_of_number(number) if number else ()
    home = addresses.places_of(address) if address else ()
    if home and best_evidence:
        plan = tuple(place for place in plan if place.region in presumed)
    return _together(plan, home) if plan and home else plan or home


@lru_cache(maxsize=4096)
def _together(plan: tuple[Location, ...], home: tuple[Location, ...]) -> tuple[Location, ...]:
    return tuple(sorted({*plan, *home}, key=lambda place: (place.region, place.zone)))


def _places_of_number(number: Number) -> tuple[Location, ...]:
    if number.e164.startswith(_NORTH_AMERICA):
        code = number.e164[_AREA_CODE]
        return area_codes.places_of(code) or _islands(number.region, code)
    return _by_country(number.region, _only_zones(number.region) or zones_of(number.e164))


def _islands(region: str, code: str) -> tuple[Location, ...]:
    """Return the place of a North American number outside the plan's table: the islands, each a country of its own.

    Its area code is asked for as a whole: of a mobile there the library knows no more than all of North America.
    """
    return () if region in _TABLED else _by_country(region, area_codes.zones_of(code))


@lru_cache(maxsize=512)
def _only_zones(region: str) -> tuple[str, ...]:
    """Return the zones of a country in which every number has the same ones, which spares the look-up; else ()."""
    code = str(phonenumbers.country_code_for_region(region))
    found = {zones for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(code)}
    return tuple(sorted(found.pop())) if len(found) == 1 else ()


@lru_cache(maxsize=1024)
def _by_country(region: str, zones: tuple[str, ...]) -> tuple[Location, ...]:
    """Return the places of a number: its own country's zones, where it shares a country code (Reunion, Mayotte)."""
    own = addresses.zones_of_country(region)
    zones = tuple(zone for zone in zones if zone in own) or zones
    if len(zones) > _MOST_ZONES:
        return ()
    return tuple(Location(region=region, zone=zone) for zone in zones)
