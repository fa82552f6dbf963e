"""When a line may be rung: windows in local time, judged in every zone the person may be in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from compliance.calendar import holidays_of
from compliance.hours import MIDNIGHT, Windows

SEARCH_DAYS = 370
"""How far ahead an opening is looked for: a year, and the longest row of holidays after it."""

ALL_DAY: Windows = ((MIDNIGHT, MIDNIGHT),)
ALWAYS: Mapping[int, Windows] = dict.fromkeys(range(7), ALL_DAY)

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# Local date d lies, in any zone, between these distances from d 00:00 UTC (offsets run from -12 to +14 hours).
_EARLIEST, _LATEST = timedelta(hours=-15), timedelta(hours=39)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One rule's windows: by weekday (0 = Monday), other ones on holidays of `country`, none on closed dates.

    `on_holidays` of None treats a holiday like any day.
    """

    rule: str
    citation: str
    days: Mapping[int, Windows]
    country: str | None = None
    on_holidays: Windows | None = None
    closed_dates: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """Tell whether the rule takes `day` for a holiday."""
        if self.on_holidays is None or self.country is None:
            return False
        return day in holidays_of(self.country, day.year)

    def windows_on(self, day: date) -> Windows:
        """Return the windows of a local date."""
        if day in self.closed_dates:
            return ()
        if self.on_holidays is not None and self.is_holiday(day):
            return self.on_holidays
        return self.days.get(day.weekday(), ())

    def is_open_on(self, clock: datetime) -> bool:
        """Tell whether the opening is open when a local clock shows `clock`."""
        time_of_day = clock.time()
        return any(
            start <= time_of_day and (time_of_day < end or end == MIDNIGHT)
            for start, end in self.windows_on(clock.date())
        )


def local(instant: datetime, zone: str) -> datetime:
    """Return `instant` on the clocks of `zone`."""
    return instant.astimezone(ZoneInfo(zone))


def is_open(openings: Sequence[Opening], instant: datetime, zones: Sequence[str]) -> bool:
    """Tell whether every opening is open at `instant` on the clocks of every zone (POL-1, TZ-2)."""
    clocks = [local(instant, zone) for zone in zones]
    return all(opening.is_open_on(clock) for opening in openings for clock in clocks)


def next_open(openings: Sequence[Opening], instant: datetime, zones: Sequence[str]) -> datetime | None:
    """Return the first moment from `instant` on, in UTC, at which `is_open` holds; None when a year has none."""
    moment = instant.astimezone(UTC)
    limit = moment + timedelta(days=SEARCH_DAYS)
    while moment <= limit:
        later = moment
        for opening in openings:
            for zone in zones:
                found = _next_of(opening, later, zone, limit)
                if found is None:
                    return None
                later = found
        if later == moment:
            return moment
        moment = later
    return None


def _next_of(opening: Opening, moment: datetime, zone: str, limit: datetime) -> datetime | None:
    """Return the first moment from `moment` to `limit` at which one opening is open in one zone."""
    clock = local(moment, zone)
    if opening.is_open_on(clock):
        return moment
    last = local(limit, zone).date()
    # Where clocks go back across midnight a date comes twice, so the date before may come again.
    day = clock.date() - _DAY
    while day <= last:
        starts = [start for start, end in _spans(opening.windows_on(day), zone, day) if moment <= start < end]
        if starts:
            return min(starts)
        day += _DAY
    return None


def _spans(windows: Windows, zone: str, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows of a local date as half-open spans of UTC, cut where the zone's offset changes."""
    if not windows:
        return
    for begin, finish, offset in _pieces(zone, day):
        for start, end in windows:
            end_day = day + _DAY if end == MIDNIGHT else day
            first = datetime.combine(day, start, UTC) - offset
            last = datetime.combine(end_day, end, UTC) - offset
            if max(first, begin) < min(last, finish):
                yield max(first, begin), min(last, finish)


@lru_cache(maxsize=4096)
def _pieces(zone: str, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the spans of UTC around a local date in which the zone keeps one offset: one, or two at a change."""
    begin, finish = (datetime.combine(day, MIDNIGHT, UTC) + distance for distance in (_EARLIEST, _LATEST))
    before, after = _offset(begin, zone), _offset(finish, zone)
    if before == after:
        return ((begin, finish, before),)
    change = _change(begin, finish, zone)
    return (begin, change, before), (change, finish, after)


def _offset(instant: datetime, zone: str) -> timedelta:
    return local(instant, zone).utcoffset() or timedelta(0)


def _change(low: datetime, high: datetime, zone: str) -> datetime:
    """Return the first second of the new offset, by halving; `low` has the old one and `high` the new one."""
    old = _offset(low, zone)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
    return high
