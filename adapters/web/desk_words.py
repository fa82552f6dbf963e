"""The desk's own words: hours as people say them, and the keys of its buttons."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.web import figures
from dialer.desks import Desk

HOTKEYS = {
    "ready": "r",
    "dial": "d",
    "away": "a",
    "hang_up": "h",
    "never": "n",
    "wrong": "w",
    "duty": "t",
    "note": "m",
    "callback": "c",
    "opinion": "o",
    "both": "b",
    "hold": "p",
    "mute": "u",
    "transfer": "x",
}
"""What each button's key is; a letter that the campaign gives to a disposition is the campaign's."""


def when(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return an hour with its day, on the clocks of a zone."""
    return f"{figures.day(at, zone, language)} {figures.time(at, zone)}"


def zone_of(desk: Desk, otherwise: str) -> str:
    """Return the zone in which the person of a call is taken to be: the first that they were judged in."""
    zones = desk.permit["verdict"].get("zones", ()) if desk.permit else ()
    return str(next(iter(zones), otherwise))


def keys_left(taken: Iterable[str | None]) -> dict[str, str]:
    """Return the key of each button, "" where the campaign took it."""
    gone = set(taken)
    return {name: "" if key in gone else key for name, key in HOTKEYS.items()}
