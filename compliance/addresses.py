"""Where a verified address is: its region, and the zones there."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from compliance.area_codes import zones_in
from compliance.document import build
from compliance.question import Address, Location
from compliance.rules import Part

_BY_PART = frozenset({"US"})
"""Countries whose parts have laws of their own: an address there that names none says too little to judge by."""

_SHAPES = {
    "AU": re.compile(r"\d{4}(?!\d)", re.ASCII),
    "CA": re.compile(r"[A-Z]\d[A-Z]", re.ASCII),
    "ES": re.compile(r"\d{5}(?!\d)", re.ASCII),
    "FR": re.compile(r"\d{5}(?!\d)", re.ASCII),
    "US": re.compile(r"\d{5}(?=$|-|\d{4}$)", re.ASCII),
}
"""How a postal code begins, as far as we read it; one that a spreadsheet cut short is none."""


class Addresses(Part):
    """The tables: parts by postal code, other names of parts, and zones by part and postal code."""

    postal: Mapping[str, Mapping[str, tuple[str, ...]]]
    same_as: Mapping[str, str]
    zones: Mapping[str, Mapping[str, tuple[str, ...]]]


@lru_cache(maxsize=1)
def _tables() -> Addresses:
    text = (files("compliance") / "plans" / "addresses.yaml").read_text("utf-8")
    return build(Addresses, text, "addresses.yaml")


@lru_cache(maxsize=4096)
def places_of(address: Address) -> tuple[Location, ...]:
    """Return where a verified address may be, sorted; () when it does not say enough to know (TZ-3, TZ-5).

    A postal code of another part of the country than the one written leaves both.
    """
    country = address.country.strip().upper()
    code = _code(country, address.postal_code or "")
    written, coded = _written(country, address.subdivision or ""), _coded(country, code)
    regions = {*written, *coded} or ({country} - _BY_PART)
    found = {(region, zone) for region in regions for zone in _zones(country, region, coded, code)}
    return tuple(Location(region=region, zone=zone) for region, zone in sorted(found))


def _code(country: str, text: str) -> str:
    """Return the part of a postal code that says where it is, "" for what is no postal code of that country."""
    shape = _SHAPES.get(country)
    found = shape.match("".join(unicodedata.normalize("NFKC", text).upper().split())) if shape else None
    return found[0] if found else ""


def _written(country: str, subdivision: str) -> set[str]:
    part = subdivision.strip().upper().removeprefix(f"{country}-")
    region = f"{country}-{part}"
    return {_tables().same_as.get(region, region)} if part else set()


@lru_cache(maxsize=4096)
def _coded(country: str, code: str) -> frozenset[str]:
    """Return the parts of a country in which a postal code lies."""
    parts = _tables().postal.get(country, {}) if code else {}
    return frozenset(part for part, ranges in parts.items() if _is_in(code, ranges))


def _is_in(code: str, ranges: Iterable[str]) -> bool:
    ends = ((first, last or first) for first, _, last in (one.partition("-") for one in ranges))
    return any(first <= code[: len(first)] <= last for first, last in ends)


def _zones(country: str, region: str, coded: frozenset[str], code: str) -> Iterable[str]:
    """Return the zones of a part: those of the postal code alone, unless it is said to lie somewhere else."""
    tables = _tables()
    home = region.partition("-")[0]
    table = tables.zones.get(region) or tables.zones.get(home)
    if table is None:
        return zones_in(region) or (() if region != home and home in _BY_PART else zones_of_country(home))
    is_elsewhere = region not in coded and (bool(coded) or region in tables.postal.get(country, {}))
    if not code or is_elsewhere:
        return (zone for zones in table.values() for zone in zones)
    return table[max((start for start in table if code.startswith(start)), key=len)]


@lru_cache(maxsize=256)
def zones_of_country(country: str) -> tuple[str, ...]:
    """Return every zone of a country (ISO 3166-1), sorted, by the time zone database; () for no country."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(sorted(row[2] for row in rows if row[0] == country))
