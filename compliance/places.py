"""Where a number may be: a number is not a place, so these are candidates and all of them count."""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

_UNKNOWN = "Etc/Unknown"


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
