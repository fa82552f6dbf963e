"""The lists of a written case: our own, the registries', and the answer about a reassigned number."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from adapters.cases.fields import CaseInvalid, Fields
from compliance.question import Listing, Reassignment, Suppression
from compliance.registry_rules import INTERNAL

_REASSIGNED = frozenset({"us_rnd", "rnd"})
_ANSWERS: dict[str, Literal["yes", "no", "no_data"]] = {
    "yes": "yes",
    "no": "no",
    "no_data": "no_data",
    "no data": "no_data",
    "nodata": "no_data",
}
_NAMES = {
    "bloctel": "fr_bloctel",
    "rpo": "it_rpo",
    "tps": "uk_tps",
    "ctps": "uk_ctps",
    "dncl": "ca_dncl",
    "dncr": "au_dncr",
}


def listings_of(lists: Fields, now: datetime) -> Iterator[Listing]:
    """Yield what the case says of each registry, and whether our own list could be read."""
    for name in lists:
        entry = lists.below(name) if name not in _REASSIGNED else None
        if entry is None:
            continue
        fault = _fault(entry)
        if name != INTERNAL:
            yield _listing(_NAMES.get(name, name), entry, fault, now)
        elif fault:
            yield Listing(registry=INTERNAL, fault=fault)


def _fault(entry: Fields) -> str | None:
    """Return why a list cannot be read: said outright, or in other words."""
    said = entry.get("error", "fault")
    is_there = entry.flag("available", default=True) and not entry.flag("unavailable", default=False)
    status = entry.get("status", default="ok")
    if said or not is_there or status not in {"ok", "available"}:
        return str(said or "unavailable")
    return None


def _listing(name: str, entry: Fields, fault: str | None, now: datetime) -> Listing:
    age = entry.number("snapshot_age_days", "age_days")
    registered = entry.number("registered_days_ago", "listed_days_ago")
    areas = entry.get("area_codes")
    return Listing(
        registry=name,
        as_of=entry.instant("snapshot_at", "as_of") if age is None else now - timedelta(days=age),
        is_listed=entry.flag("listed", default=False),
        registered_at=entry.instant("registered_at", "registered_on")
        if registered is None
        else now - timedelta(days=registered),
        area_codes=None if areas is None else frozenset(map(str, areas)),
        fault=fault,
    )


def suppressions_of(lists: Fields, now: datetime, person: str) -> Iterator[Suppression]:
    """Yield the entries of our own list, as they are written in it."""
    if INTERNAL not in lists:
        return
    entry = lists.below(INTERNAL)
    for raw in entry.get("raw_entries", "entries", default=()):
        yield _entry(now, number=str(raw)) if "@" not in str(raw) else _entry(now, email=str(raw))
    if entry.flag("listed", default=False):
        yield _entry(now, person=person)


def _entry(now: datetime, **whom: str) -> Suppression:
    return Suppression(reason="do_not_call", source="case", by="case", at=now, **whom)  # type: ignore[arg-type]


def reassignment_of(lists: Fields, now: datetime) -> Reassignment | None:
    """Return the answer of the Reassigned Numbers Database, if the case has one. Raises CaseInvalid."""
    name = next((name for name in lists if name in _REASSIGNED), None)
    if name is None:
        return None
    entry = lists.below(name)
    said = str(entry.get("answer")).lower()
    if said not in _ANSWERS:
        raise CaseInvalid(f"{entry.place('answer')}: write yes, no or no_data, not {said!r}")
    return Reassignment(
        answer=_ANSWERS[said],
        queried_at=entry.instant("query_date", "queried_at") or now,
        consent_at=entry.instant("consent_date", "consent_at"),
    )
