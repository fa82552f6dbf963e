"""What shifts must be to agents, breaks and each other: every problem, with its place in the document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from campaigns.checks import Found, wrong_at
from compliance.fields import write_duration
from compliance.hours import DAYS
from compliance.problem import Path
from compliance.remedies import nearest
from dialer.shifts import DAY_MINUTES, DaysOff, PlannedBreak, Shift, Span, clock_text

_MINUTE = timedelta(minutes=1)


class _Kind(Protocol):
    """A reason of a break: a part of the settings."""

    @property
    def id(self) -> str:
        """Its short name."""
        ...

    @property
    def limit(self) -> timedelta | None:
        """How long such a break may last; None: as long as it takes."""
        ...


def look(
    shifts: Sequence[Shift], days_off: Sequence[DaysOff], agents: Iterable[str], breaks: Iterable[_Kind]
) -> Found:
    """Yield what is wrong with shifts and days off, given the ids of all agents and the reasons of breaks."""
    known, kinds = frozenset(agents), {kind.id: kind for kind in breaks}
    for index, one in enumerate(days_off):
        yield from _named(("days_off", index, "agents"), one.agents, known)
    for index, shift in enumerate(shifts):
        yield from _named(("shifts", index, "agents"), shift.agents, known)
        yield from _breaks(("shifts", index, "breaks"), shift, kinds)
    yield from _overlaps(shifts)


def _named(path: Path, agents: Sequence[str], known: frozenset[str]) -> Found:
    for place, agent in enumerate(agents):
        if agent not in known:
            meant = nearest(agent, sorted(known))
            yield wrong_at(
                (*path, place),
                (f'There is no agent "{agent}"', f"「{agent}」というオペレーターはいません"),
                (
                    f"Write {meant}, or add {agent} to agents in dialer.yaml"
                    if meant
                    else f"Add {agent} to agents in dialer.yaml",
                    f"{meant} と書くか、dialer.yaml の agents に加えてください"
                    if meant
                    else "dialer.yaml の agents に加えてください",
                ),
            )
        elif agent in agents[:place]:
            yield wrong_at(
                (*path, place),
                (f"{agent} is named twice", f"{agent} が2回書かれています"),
                ("Remove one of them", "どちらかを消してください"),
            )


def _breaks(path: Path, shift: Shift, kinds: Mapping[str, _Kind]) -> Found:
    for place, planned in enumerate(shift.breaks):
        if planned.reason not in kinds:
            meant = nearest(planned.reason, sorted(kinds)) or ", ".join(sorted(kinds)) or "…"
            yield wrong_at(
                (*path, place, "reason"),
                (f'There is no break "{planned.reason}"', f"「{planned.reason}」という休憩はありません"),
                (
                    f"Write {meant}, or add {planned.reason} to breaks in dialer.yaml",
                    f"{meant} と書くか、dialer.yaml の breaks に加えてください",
                ),
            )
        yield from _length((*path, place, "lasts"), planned, kinds.get(planned.reason))
        if not _is_inside(break_span(shift.hours, planned), shift.hours):
            yield wrong_at(
                (*path, place),
                (
                    f"This break is not within {shift.hours.text}",
                    f"この休憩は {shift.hours.text} の中にありません",
                ),
                (
                    "Let it begin and end within the hours of its shift",
                    "シフトの時間内に始まり終わるようにしてください",
                ),
            )
    spans = sorted((break_span(shift.hours, one).begins, place) for place, one in enumerate(shift.breaks))
    for (_, before), (begins, place) in pairwise(spans):
        if begins < break_span(shift.hours, shift.breaks[before]).ends:
            yield wrong_at(
                (*path, place, "at"),
                (
                    f"Break {before + 1} is not over at {clock_text(begins)}",
                    f"{clock_text(begins)} には{before + 1}番目の休憩が終わっていません",
                ),
                ("Let it begin later, or shorten the other", "後にずらすか、もう一方を短くしてください"),
            )


def _length(path: Path, planned: PlannedBreak, kind: _Kind | None) -> Found:
    if not planned.lasts:
        yield wrong_at(
            path,
            ("A break lasts some time", "休憩の長さがありません"),
            ("Write a length such as 60m", "60m のように長さを書いてください"),
        )
    elif kind and kind.limit is not None and planned.lasts > kind.limit:
        limit = write_duration(kind.limit)
        yield wrong_at(
            path,
            (f"A {kind.id} break may last {limit} at most", f"{kind.id} の休憩は長くても {limit} です"),
            (
                f"Write {limit}, or raise its limit in dialer.yaml",
                f"{limit} 以下にするか、dialer.yaml の limit を上げてください",
            ),
        )


def break_span(hours: Span, planned: PlannedBreak) -> Span:
    """Return a break in minutes from its shift's midnight: a time before the shift begins is on the day after."""
    begins = planned.at if planned.at >= hours.begins else planned.at + DAY_MINUTES
    return Span(begins=begins, ends=begins + planned.lasts // _MINUTE)


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.begins <= inner.begins and inner.ends <= outer.ends


def _overlaps(shifts: Sequence[Shift]) -> Found:
    """Yield each shift in which somebody works that begins on some day before another of theirs is over."""
    for index, shift in enumerate(shifts):
        for earlier, other in enumerate(shifts[:index]):
            both = [agent for agent in shift.agents if agent in other.agents]
            day = next(_shared_days(other, shift), None) if both else None
            if day:
                yield wrong_at(
                    ("shifts", index, "hours"),
                    (
                        f"{both[0]} works shift {earlier + 1} at that time ({other.hours.text}, {day})",
                        f"{both[0]} はその時間{earlier + 1}番目のシフトです({other.hours.text}、{day})",
                    ),
                    (
                        "Let one end where the other begins, or take the agent out of one",
                        "境目をそろえるか、どちらかのシフトから外してください",
                    ),
                )


def _shared_days(one: Shift, other: Shift) -> Iterator[str]:
    """Yield days of `one` on which an hour of it is an hour of `other` too, as weekday or date."""
    for apart in (-1, 0, 1):
        gap = apart * DAY_MINUTES
        if other.hours.begins + gap >= one.hours.ends or one.hours.begins >= other.hours.ends + gap:
            continue
        later = timedelta(days=apart)
        yield from (DAYS[day] for day in sorted(one.days) if (day + apart) % len(DAYS) in other.days)
        # A date that both have by their weekday is told by that already.
        dates: set[date] = {*one.dates, *(date - later for date in other.dates)}
        yield from (day.isoformat() for day in sorted(dates) if one.is_on(day) and other.is_on(day + later))
