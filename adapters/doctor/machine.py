"""Is the machine fit: time zones, room on the disk, and who else may read what is kept?"""

import stat
from collections.abc import Iterable
from datetime import date
from typing import Final

from adapters.doctor.finding import Finding, fail, ok, warning
from adapters.facts import Place, RegistryState, ZoneData

ZONES_AGE_DAYS: Final = 180
LEAST_FREE: Final = 500_000_000
LEAST_SHARE: Final = 0.05
"""Dialling has to stop before the disk is full; below either of these there is too little left for a day."""


def check_zones(zones: ZoneData, needed: Iterable[str], today: date) -> Finding:
    """Compare the time zone data with the newest release that a rulebook asks for, and tell its age in days at most."""
    newest, days = max(needed, default=""), (today - zones.not_before).days
    said = {"version": zones.version, "needed": newest, "days": days, "most": ZONES_AGE_DAYS}
    if zones.version < newest:
        return fail("tzdata", "old", **said)
    return warning("tzdata", "aged", **said) if days > ZONES_AGE_DAYS else ok("tzdata", **said)


def check_disk(place: Place) -> Finding:
    """Tell whether the database's disk has room."""
    share = place.free / place.total if place.total else 0.0
    said = {"path": place.path, "free": f"{place.free / 1e9:.1f}", "percent": f"{share:.0%}"}
    is_short = place.free < LEAST_FREE or share < LEAST_SHARE
    return fail("disk", "full", **said) if is_short else ok("disk", **said)


def check_folder(place: Place) -> Finding:
    """Tell whether we can write the database's folder, and nobody else can write or read it."""
    if place.mode is None:
        return warning("folder", "missing", path=place.path)
    if not place.is_writable:
        return fail("folder", "locked", path=place.path)
    said = {"path": place.path, "mode": f"{stat.S_IMODE(place.mode):04o}"}
    # Whoever cannot enter the folder cannot open the file either, whatever the file allows.
    if (place.mode | _of_file(place)) & stat.S_IWOTH:
        return fail("folder", "writable", **said)
    return warning("folder", "readable", **said) if place.mode & stat.S_IXOTH else ok("folder", **said)


def _of_file(place: Place) -> int:
    is_entered = place.mode is not None and place.mode & stat.S_IXOTH
    return place.file_mode or 0 if is_entered else 0


def check_registries(states: Iterable[RegistryState]) -> Finding:
    """Tell whether every do-not-call list that a campaign needs can be asked."""
    needed = list(states)
    faults = [each for each in needed if each.state != "ok"]
    if faults:
        return fail(
            "registries", "unusable", names=", ".join(f"{each.registry} ({each.state})" for each in faults)
        )
    return (
        ok("registries", names=", ".join(each.registry for each in needed))
        if needed
        else ok("registries", "none")
    )
