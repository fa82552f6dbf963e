"""What a page says while all calls are stopped."""

from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.language import Words
from dialer.reports import Stopped


def say(stopped: Stopped, words: Words, zone: ZoneInfo) -> str:
    """Return that all calls are stopped, since when, by whom, why and what it ended, as far as the ledger knows."""
    if stopped.at is None:
        return words("calls.stopped")
    at = f"{figures.day(stopped.at, zone, words.language)} {figures.time_and_seconds(stopped.at, zone)}"
    said = words("calls.stopped_since", at=at, by=stopped.by)
    if stopped.reason:
        said += words("calls.stopped_why", reason=stopped.reason)
    said += words("calls.stopped_calls", n=figures.count(stopped.hung_up))
    if stopped.unnamed:
        said += words("calls.stopped_unnamed", n=figures.count(stopped.unnamed))
    return said
