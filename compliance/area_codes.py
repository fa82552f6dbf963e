"""The North American area codes: where each may be, with the codes it is laid over."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from phonenumbers.tzdata import TIMEZONE_DATA

from compliance.document import build
from compliance.question import Location
from compliance.rules import Part

_COUNTRY = "1"
_CODE = slice(1, 4)
_DIGITS = 3


class AreaCodes(Part):
    """The plan: regions with their codes, codes laid over others, zones that the library's data lacks or has wrong."""

    regions: Mapping[str, tuple[int, ...]]
    overlays: Mapping[int, int]
    zones: Mapping[int, tuple[str, ...]]
    only: Mapping[int, tuple[str, ...]]


@lru_cache(maxsize=1)
def _plan() -> AreaCodes:
    text = (files("compliance") / "plans" / "north_america.yaml").read_text("utf-8")
    return build(AreaCodes, text, "north_america.yaml")


@lru_cache(maxsize=1)
def _known_zones() -> Mapping[str, frozenset[str]]:
    """Return the zones that the library knows anywhere in each area code: an exchange is not a place."""
    found: dict[str, set[str]] = defaultdict(set)
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix.startswith(_COUNTRY) and len(prefix) > _DIGITS:
            found[prefix[_CODE]].update(zones)
    return {code: frozenset(zones) for code, zones in found.items()}


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for region, codes in _plan().regions.items():
        for code in codes:
            found[str(code)].append(region)
    return {code: tuple(regions) for code, regions in found.items()}


@lru_cache(maxsize=1024)
def places_of(code: str) -> tuple[Location, ...]:
    """Return where an area code may be, sorted: each of its regions in each of its zones; () if nobody knows (TZ-5)."""
    return tuple(
        Location(region=region, zone=zone) for region in _regions().get(code, ()) for zone in zones_of(code)
    )


@lru_cache(maxsize=1024)
def zones_of(code: str) -> tuple[str, ...]:
    """Return every zone of an area code and of the one it is laid over, sorted."""
    plan = _plan()
    family = {code, str(plan.overlays.get(int(code), code))}
    return tuple(sorted({zone for one in family for zone in _own_zones(plan, one)}))


def _own_zones(plan: AreaCodes, code: str) -> set[str]:
    only = plan.only.get(int(code))
    return set(only) if only else {*_known_zones().get(code, ()), *plan.zones.get(int(code), ())}


@lru_cache(maxsize=256)
def zones_in(region: str) -> tuple[str, ...]:
    """Return every zone that some area code of a state or province has."""
    codes = _plan().regions.get(region, ())
    return tuple(sorted({zone for code in codes for zone in zones_of(str(code))}))
