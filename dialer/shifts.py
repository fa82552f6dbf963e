"""Who works when, as people write it: shifts with their planned breaks, and days off."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from campaigns.parts import Document
from compliance.fields import Day, Duration, Slug
from compliance.hours import DAYS
from compliance.problem import Wrong, wording
from compliance.remedies import shown

DAY_MINUTES = 24 * 60
LONGEST_MINUTES = 12 * 60
"""Of a shift: what is longer is a slip of the pen, such as 18:00-09:30 for 09:30-18:00."""

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–~〜～]\s*(\d{1,2}:\d{2})")
_DAY_KEY = rf"^({'|'.join(DAYS)})(-({'|'.join(DAYS)}))?$"
_CLOCK_KEY = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Hours as minutes from the midnight that begins the shift's day; past 1440 they lie on the day after."""

    begins: int
    ends: int

    @property
    def text(self) -> str:
        """The hours as people write them: 22:00-06:00."""
        return f"{clock_text(self.begins)}-{clock_text(self.ends)}"


def clock_text(minutes: int) -> str:
    """Return minutes from some midnight as a time of day: 1500 -> 01:00; the midnight that ends the day is 24:00."""
    rest = minutes if minutes == DAY_MINUTES else minutes % DAY_MINUTES
    return f"{rest // 60:02}:{rest % 60:02}"


def read_clock(value: Any) -> Any:
    """Return the minutes since midnight that `12:30` says; a whole number stays as it is. Raises Wrong."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    minutes = _minutes(str(value))
    if minutes is None or minutes >= DAY_MINUTES:
        raise Wrong(
            wording(f"{shown(value)} is no time of day", f"{shown(value)} という時刻はありません"),
            wording("Write a time from 00:00 to 23:59", "00:00 から 23:59 までの時刻で書いてください"),
        )
    return minutes


def read_span(value: Any) -> Any:
    """Return the hours that `09:30-18:00` says; an end before the start lies on the day after. Raises Wrong."""
    if isinstance(value, Span):
        return value
    found = _HOURS.fullmatch(str(value).strip())
    begins, ends = (_minutes(found[1]), _minutes(found[2])) if found else (None, None)
    if begins is None or ends is None or begins >= DAY_MINUTES:
        raise Wrong(
            wording(f"{shown(value)} are no hours", f"{shown(value)} は時間帯として読めません"),
            wording("Write start and end as 09:30-18:00", "開始と終了を 09:30-18:00 のように書いてください"),
        )
    span = Span(begins=begins, ends=ends if ends > begins else ends + DAY_MINUTES)
    if span.ends - span.begins > LONGEST_MINUTES:
        raise Wrong(
            wording(
                f"From {found[1]} to {found[2]} is longer than 12 hours",  # type: ignore[index]
                f"{found[1]} から {found[2]} までは12時間を超えています",  # type: ignore[index]
            ),
            wording(
                "Put the start first; an end before it lies on the day after",
                "開始を先に書いてください。開始より前の終了時刻は翌日とみなします",
            ),
        )
    return span


def read_days(value: Any) -> Any:
    """Return the weekdays (0 is Monday) that `[mon-fri, sun]` says. Raises Wrong at the entry that is none."""
    if isinstance(value, frozenset):
        return value
    if not isinstance(value, list | tuple):
        raise Wrong(
            wording(f"{shown(value)} is no list of weekdays", f"{shown(value)} は曜日のリストではありません"),
            wording("Write a list such as [mon-fri]", "[mon-fri] のようにリストで書いてください"),
        )
    days: set[int] = set()
    for index, entry in enumerate(value):
        first, _, last = str(entry).strip().lower().partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise Wrong(
                wording(f"{shown(entry)} is no weekday", f"{shown(entry)} は曜日ではありません"),
                wording(
                    f"Write one of {', '.join(DAYS)}, or a range such as mon-fri",
                    f"{', '.join(DAYS)} のどれか、または mon-fri のような範囲で書いてください",
                ),
                (index,),
            )
        start, count = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % len(DAYS)
        days |= {(start + step) % len(DAYS) for step in range(count + 1)}
    return frozenset(days)


def _minutes(text: str) -> int | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > DAY_MINUTES:  # noqa: PLR2004 (minutes of an hour)
        return None
    return int(found[1]) * 60 + int(found[2])


TimeOfDay = Annotated[
    int,
    PlainValidator(read_clock),
    PlainSerializer(clock_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _CLOCK_KEY, "examples": ["12:00"]}),
]
"""A time of day in minutes since midnight, written `12:30`."""

Weekdays = Annotated[
    frozenset[int],
    PlainValidator(read_days),
    PlainSerializer(lambda days: [DAYS[day] for day in sorted(days)], return_type=list[str]),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": _DAY_KEY}}),
]
"""Weekdays, 0 is Monday, written `[mon-fri, sun]`."""

ShiftHours = Annotated[
    Span,
    PlainValidator(read_span),
    PlainSerializer(lambda span: span.text, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["09:30-18:00", "22:00-06:00"]}),
]
"""From when to when, written `09:30-18:00`; an end before the start lies on the day after."""


class PlannedBreak(Document):
    """A break at a set time of each of a shift's days."""

    reason: Slug = Field(description="which of `breaks` of dialer.yaml it is", examples=["lunch"])
    at: TimeOfDay = Field(description="when it begins", examples=["12:00"])
    lasts: Duration = Field(description="how long it is", examples=["60m"])


class Shift(Document):
    """Hours that some agents work on some days, in the installation's zone."""

    agents: tuple[str, ...] = Field(min_length=1, description="who works them: ids of agents")
    days: Weekdays = Field(default=frozenset(), description="on which weekdays", examples=[["mon-fri"]])
    dates: tuple[Day, ...] = Field(
        default=(), description="on which dates besides", examples=[["2026-12-05"]]
    )
    but_not: tuple[Day, ...] = Field(
        default=(), description="on which dates not, whatever `days` says", examples=[["2026-12-31"]]
    )
    hours: ShiftHours = Field(description="from when to when", examples=["09:30-18:00"])
    breaks: tuple[PlannedBreak, ...] = Field(default=(), description="its planned breaks")

    def is_on(self, day: date) -> bool:
        """Tell whether the shift begins on a date."""
        return day not in self.but_not and (day.weekday() in self.days or day in self.dates)

    @model_validator(mode="after")
    def _is_sometime(self) -> "Shift":
        if not self.days and not self.dates:
            raise Wrong(
                wording("This shift is on no day", "このシフトには日がありません"),
                wording(
                    "Write days: [mon-fri], or dates: [2026-12-05]",
                    "days: [mon-fri] か dates: [2026-12-05] を書いてください",
                ),
            )
        return self


class DaysOff(Document):
    """Dates on which agents do not begin a shift, whatever their shifts say."""

    agents: tuple[str, ...] = Field(min_length=1, description="who is off: ids of agents")
    dates: tuple[Day, ...] = Field(min_length=1, description="on which dates", examples=[["2026-12-29"]])


class Shifts(Document):
    """Who works when: `config/shifts.yaml`, or the same keys in dialer.yaml. Without any, agents come as they like."""

    shifts: tuple[Shift, ...] = Field(default=(), description="hours that agents work")
    days_off: tuple[DaysOff, ...] = Field(default=(), description="who is off when")
