"""What this machine says of itself: room, permissions, and how old its time zone data is."""

import os
import re
import shutil
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import tzdata  # type: ignore[import-untyped]  # it has no types

from adapters.facts import Place, ZoneData

_UPDATED: Final = re.compile(r"^#updated\s+(\d+)", re.MULTILINE)


def place_of(folder: Path, file: Path | None = None) -> Place:
    """Return the disk and the permissions of the database's folder, and of its file where there is one."""
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    room = shutil.disk_usage(there)
    return Place(
        path=str(folder),
        free=room.free,
        total=room.total,
        mode=folder.stat().st_mode if folder.exists() else None,
        file_mode=file.stat().st_mode if file and file.exists() else None,
        is_writable=os.access(there, os.W_OK | os.X_OK),
    )


def zone_data() -> ZoneData:
    """Return the release of the installed time zone data, and a day before which it was not made.

    A release does not say when it was made. It says its year, and when its table of leap seconds was last renewed
    (each half year): it is younger than both, so an age counted from the later one is the most it can be.
    """
    version = str(tzdata.IANA_VERSION)
    table = (files("tzdata") / "zoneinfo" / "leapseconds").read_text("utf-8")
    return ZoneData(version=version, not_before=earliest_day(version, table))


def earliest_day(version: str, leap_seconds: str) -> date:
    """Return the later of the first day of a release's year and the day its leap seconds were renewed."""
    began, found = date(int(version[:4]), 1, 1), _UPDATED.search(leap_seconds)
    return max(began, datetime.fromtimestamp(int(found[1]), UTC).date()) if found else began
