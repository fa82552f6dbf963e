"""When each agent is on duty and when on a planned break, as instants: the shifts of every day, one after the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dialer.settings import Settings
from dialer.shift_checks import break_span
from dialer.shifts import DaysOff, Shift

_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A planned break: half-open, [`begins`, `ends`) in UTC; `reason` is a break of the settings."""

    reason: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """One agent's shift on one day, [`begins`, `ends`) in UTC; its pauses lie within, in order, and never overlap."""

    agent: str
    begins: datetime
    ends: datetime
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All shifts, as people wrote them, on the clocks of `zone`."""

    zone: str = "UTC"
    shifts: tuple[Shift, ...] = ()
    days_off: tuple[DaysOff, ...] = ()

    @property
    def agents(self) -> frozenset[str]:
        """Whoever works any shift, today or on another day."""
        return frozenset(agent for shift in self.shifts for agent in shift.agents)

    def stints(self, since: datetime, until: datetime) -> tuple[Stint, ...]:
        """Return the stints that share an instant with [`since`, `until`), by agent and then by time.

        An agent never has two at once: where shifts were to overlap, the one that begins later gives way.
        """
        found = (stint for theirs in self.by_agent(since, until).values() for stint in theirs)
        return tuple(stint for stint in found if stint.begins < until and since < stint.ends)

    def by_agent(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stint, ...]]:
        """Return, for whoever works any shift, the stints of all days that touch [`since`, `until`), by time."""
        zone = ZoneInfo(self.zone)
        # A shift that begins on one day may end on the next.
        return _of_days(self, since.astimezone(zone).date() - _DAY, until.astimezone(zone).date())


def roster_of(settings: Settings) -> Roster:
    """Return the roster that the settings hold."""
    return Roster(zone=settings.zone, shifts=settings.shifts, days_off=settings.days_off)


@lru_cache(maxsize=32)
def _of_days(roster: Roster, first: date, last: date) -> Mapping[str, tuple[Stint, ...]]:
    """Return the stints that begin on these local dates, both included; asked each second, so kept."""
    days = [first + _DAY * step for step in range((last - first).days + 1)]
    theirs: dict[str, list[Stint]] = {agent: [] for agent in sorted(roster.agents)}
    for day in days:
        for stint in _of_day(roster, day):
            theirs[stint.agent].append(stint)
    return {agent: tuple(_apart(stints)) for agent, stints in theirs.items()}


def _of_day(roster: Roster, day: date) -> Iterator[Stint]:
    """Yield the stints that begin on a local date."""
    off = {agent for one in roster.days_off if day in one.dates for agent in one.agents}
    for shift in roster.shifts:
        stint = _stint(shift, day, roster.zone) if shift.is_on(day) else None
        if stint:
            yield from (replace(stint, agent=agent) for agent in shift.agents if agent not in off)


def _stint(shift: Shift, day: date, zone: str) -> Stint | None:
    """Return a shift on a date, still nobody's; None where clocks that go forward leave nothing of it."""
    begins, ends = (instant_of(day, minute, zone) for minute in (shift.hours.begins, shift.hours.ends))
    stint = Stint(agent="", begins=begins, ends=ends)
    spans = ((break_span(shift.hours, one), one) for one in shift.breaks)
    pauses = tuple(
        Pause(
            reason=one.reason,
            begins=(start := instant_of(day, span.begins, zone)),
            # The length is kept also when clocks change meanwhile, as far as the shift goes.
            ends=start + one.lasts,
        )
        for span, one in sorted(spans, key=lambda pair: pair[0].begins)
    )
    return replace(stint, pauses=tuple(_within(pauses, begins, ends))) if begins < ends else None


def _within(pauses: Iterable[Pause], begins: datetime, ends: datetime) -> Iterator[Pause]:
    """Yield what of the pauses lies between two instants; each ends where the next one begins, at the latest."""
    known = list(pauses)
    for pause, limit in zip(known, [*(one.begins for one in known[1:]), ends], strict=False):
        cut = replace(pause, begins=max(begins, pause.begins), ends=min(pause.ends, limit, ends))
        if cut.begins < cut.ends:
            yield cut


def _apart(stints: Iterable[Stint]) -> Iterator[Stint]:
    """Yield one agent's stints by time, cut so that none begins before the one before it is over."""
    free = datetime.min.replace(tzinfo=UTC)
    for stint in sorted(stints, key=lambda stint: (stint.begins, stint.ends)):
        begins = max(stint.begins, free)
        if begins < stint.ends:
            pauses = tuple(_within(stint.pauses, begins, stint.ends))
            yield stint if begins == stint.begins else replace(stint, begins=begins, pauses=pauses)
            free = stint.ends


def instant_of(day: date, minute: int, zone: str) -> datetime:
    """Return, in UTC, when clocks of `zone` show so many minutes after a date's midnight.

    Shown twice, the first time counts; never shown, the instant at which clocks jump over it. So what is earlier on
    paper is never later in fact.
    """
    clock = datetime.combine(day, time()) + minute * _MINUTE
    there = ZoneInfo(zone)
    late = clock.replace(tzinfo=there).astimezone(UTC)
    if late.astimezone(there).replace(tzinfo=None) == clock:
        return late
    early = clock.replace(tzinfo=there, fold=1).astimezone(UTC)
    before = early.astimezone(there).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        early, late = (middle, late) if middle.astimezone(there).utcoffset() == before else (early, middle)
    return late.replace(microsecond=0)
