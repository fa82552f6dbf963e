"""An hour at which a campaign may call, near today: what the clock of a practice shows when it begins."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.configuration import Configuration
from campaigns.campaign import Campaign
from compliance.calendar import holidays_of
from compliance.hours import MIDNIGHT
from compliance.question import Narrowing

DAYS_AHEAD = 60
_FIRST, _LAST, _STEP = 9 * 60, 20 * 60, 30
"""Minutes of the day that are looked at: outside of them hardly any law lets a person be called."""


def opening_hour(
    configuration: Configuration, campaign: Campaign, today: date, zone: ZoneInfo
) -> datetime | None:
    """Return the start of the longest stretch of hours on the first open day from `today`, None when there is none."""
    narrowings = (configuration.policy.narrowing, campaign.narrowing)
    closed = frozenset[date]().union(*(narrowing.closed_dates for narrowing in narrowings))
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        if day in closed or day in holidays_of(campaign.audience.region, day.year):
            continue
        longest = max(_stretches(narrowings, day.weekday()), key=len, default=[])
        if longest:
            return datetime.combine(day, _time(longest[0]), zone)
    return None


def _stretches(narrowings: tuple[Narrowing, ...], weekday: int) -> Iterator[list[int]]:
    """Yield the stretches of half hours, in minutes of the day, that every narrowing leaves open."""
    stretch: list[int] = []
    for minute in range(_FIRST, _LAST, _STEP):
        if all(_is_open(narrowing, weekday, minute) for narrowing in narrowings):
            stretch.append(minute)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _is_open(narrowing: Narrowing, weekday: int, minute: int) -> bool:
    if narrowing.hours is None:
        return True
    start, end = _time(minute), _time(minute + _STEP)
    return any(
        opens <= start and (closes == MIDNIGHT or end <= closes)
        for opens, closes in narrowing.hours.get(weekday, ())
    )


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
