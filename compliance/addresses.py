"""Where a verified address is: its region, and the zones there."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import Field

from compliance.area_codes import zones_in
from compliance.document import build
from compliance.question import Address, Location
from compliance.rules import Part

_AMERICA = "US"
_AREA = 3
_FIVE = 5


class Addresses(Part):
    """The tables: three-digit postal areas by state, their zones where it has several, parts of other countries."""

    zip: Mapping[str, tuple[str, ...]]
    zip_zones: Mapping[str, Mapping[str, tuple[str, ...]]]
    parts: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, tuple[str, ...]] = Field(description="a country's zones outside its parts")


@lru_cache(maxsize=1)
def _tables() -> Addresses:
    text = (files("compliance") / "plans" / "addresses.yaml").read_text("utf-8")
    return build(Addresses, text, "addresses.yaml")


@lru_cache(maxsize=4096)
def places_of(address: Address) -> tuple[Location, ...]:
    """Return where a verified address may be; () when its country has no zones (TZ-5).

    A postal code of another state than the one written leaves both.
    """
    country = address.country.upper()
    written = f"{country}-{address.subdivision.upper()}" if address.subdivision else None
    if country != _AMERICA:
        return _located(written or country, _zones(country, written))
    area = _area(address.postal_code)
    states = [state for state, ranges in _tables().zip.items() if area and _is_in(area, ranges)]
    regions = dict.fromkeys(filter(None, (written, *states)))
    if not regions:
        return _located(country, _country_zones(country))
    return tuple(
        place for region in regions for place in _located(region, _state_zones(region, area, states))
    )


def _area(postal_code: str | None) -> str | None:
    digits = (postal_code or "").strip()[:_FIVE]
    return digits[:_AREA] if len(digits) == _FIVE and digits.isdecimal() else None


def _is_in(area: str, ranges: Iterable[str]) -> bool:
    return any(first <= area <= last for first, _, last in (one.partition("-") for one in ranges))


def _state_zones(region: str, area: str | None, states: Iterable[str]) -> tuple[str, ...]:
    """Return the zones of a state, those of the postal area alone where that is in the state."""
    tables = _tables().zip_zones.get(region)
    if area is None or region not in states or tables is None:
        return zones_in(region)
    return tables.get(area) or tables[""]


def _located(region: str, zones: Iterable[str]) -> tuple[Location, ...]:
    return tuple(Location(region=region, zone=zone) for zone in zones)


def _zones(country: str, part: str | None) -> tuple[str, ...]:
    tables = _tables()
    if part and part in tables.parts:
        return tables.parts[part]
    if part and country in tables.elsewhere:
        return tables.elsewhere[country]
    return zones_in(part) if part and zones_in(part) else _country_zones(country)


@lru_cache(maxsize=256)
def _country_zones(country: str) -> tuple[str, ...]:
    """Return every zone of a country (ISO 3166-1), by the table of the time zone database."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(sorted(row[2] for row in rows if row[0] == country))
