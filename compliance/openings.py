"""When a person may be approached: windows in local time, judged in every zone the person may be in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from compliance.calendar import NO_HOLIDAYS, Calendar
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
    """One rule's windows on the clocks of `zones`: by weekday (0 = Monday), none on closed dates.

    On holidays of `calendar` it has `on_holidays`, on the day before one `before_holidays`; None of either treats that
    day like any other. A day without windows never gets any by being the day before a holiday.
    """

    rule: str
    citation: str
    zones: tuple[str, ...]
    days: Mapping[int, Windows]
    calendar: Calendar = NO_HOLIDAYS
    on_holidays: Windows | None = None
    before_holidays: Windows | None = None
    closed_dates: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """Tell whether the rule takes `day` for a holiday."""
        return self.on_holidays is not None and self.calendar.has(day)

    def windows_on(self, day: date) -> Windows:
        """Return the windows of a local date."""
        if day in self.closed_dates:
            return ()
        if self.on_holidays is not None and self.calendar.has(day):
            return self.on_holidays
        windows = self.days.get(day.weekday(), ())
        if windows and self.before_holidays is not None and self.calendar.has(day + _DAY):
            return self.before_holidays
        return windows

    def is_open_on(self, clock: datetime) -> bool:
        """Tell whether the opening is open when a local clock shows `clock`."""
        time_of_day = clock.time()
        return any(
            start <= time_of_day and (time_of_day < end or end == MIDNIGHT)
            for start, end in self.windows_on(clock.date())
        )


@lru_cache(maxsize=1024)
def clocks_of(zone: str) -> ZoneInfo:
    """Return the clocks of a zone; the library itself keeps only the eight used last."""
    return ZoneInfo(zone)


def local(instant: datetime, zone: str) -> datetime:
    """Return `instant` on the clocks of `zone`."""
    return instant.astimezone(clocks_of(zone))


def is_open(openings: Iterable[Opening], instant: datetime) -> bool:
    """Tell whether every opening is open at `instant` on the clocks of every zone of its own (POL-1, TZ-2)."""
    return all(opening.is_open_on(local(instant, zone)) for opening in openings for zone in opening.zones)


def next_open(openings: Sequence[Opening], instant: datetime) -> datetime | None:
    """Return the first moment from `instant` on, in UTC, at which `is_open` holds; None when a year has none."""
    moment = instant.astimezone(UTC)
    limit = moment + timedelta(days=SEARCH_DAYS)
    while moment <= limit:
        later = moment
        for opening in openings:
            for zone in opening.zones:
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
