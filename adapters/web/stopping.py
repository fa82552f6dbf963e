"""What a page says while all calls are stopped, or nothing is dialled for another reason."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.language import Words
from dialer.halts import CARRIER, RESTORED, Halt
from dialer.reports import Stopped

_KNOWN = {CARRIER, RESTORED}


def say(stopped: Stopped, words: Words, zone: ZoneInfo) -> str:
    """Return that all calls are stopped, since when, by whom, why and what it ended, as far as the ledger knows."""
    if stopped.at is None:
        return words("calls.stopped")
    at = _clock(stopped.at, words, zone)
    said = words("calls.stopped_since", at=at, by=stopped.by)
    if stopped.reason:
        said += words("calls.stopped_why", reason=stopped.reason)
    said += words("calls.stopped_calls", n=figures.count(stopped.hung_up))
    if stopped.unnamed:
        said += words("calls.stopped_unnamed", n=figures.count(stopped.unnamed))
    return said


def why_held(halts: Iterable[Halt], words: Words, zone: ZoneInfo) -> str:
    """Return why nothing is dialled, since when or until when, and what to do; "" when nothing is in force."""
    return " · ".join(_held(halt, words, zone) for halt in halts)


def _held(halt: Halt, words: Words, zone: ZoneInfo) -> str:
    key = f"halt.{halt.name if halt.name in _KNOWN else 'other'}"
    said = words(key, at=_clock(halt.since, words, zone), reason=halt.reason)
    return said if halt.until is None else said + words("halt.until", at=_clock(halt.until, words, zone))


def _clock(at: datetime, words: Words, zone: ZoneInfo) -> str:
    return f"{figures.day(at, zone, words.language)} {figures.time_and_seconds(at, zone)}"
