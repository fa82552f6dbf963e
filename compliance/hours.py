"""Opening hours as people write them and as half-open local windows by weekday."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise

from compliance.problem import Path, Wrong, wording

Windows = tuple[tuple[time, time], ...]
"""Half-open [start, end) local times of one day; an end of 00:00 is the midnight that ends the day (POL-1)."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = time(0)

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~〜～]\s*(\d{1,2}):(\d{2})")
_HOUR, _DAY = 60, 24 * 60


def parse_hours(hours: Mapping[str, Iterable[str]]) -> Mapping[int, Windows]:
    """Return windows by weekday (0 = Monday) from such as `{"mon-fri": ["10:00-12:00", "13:00-19:00"]}`.

    Every weekday is in the answer; one not named has no window. Raises `Wrong`, a ValueError that says in both
    languages what is wrong and what to write; its `at` leads to the key or the window.
    """
    if not isinstance(hours, Mapping):
        raise Wrong(
            wording(
                f"{hours!r} is not a mapping of days to windows",
                f"{hours!r} は曜日と時間帯の対応ではありません",
            ),
            wording(
                'write such as mon-fri: ["09:00-20:00"]', 'mon-fri: ["09:00-20:00"] のように書いてください'
            ),
        )
    week: dict[int, Windows] = {}
    for key, texts in hours.items():
        days = _days(str(key))
        windows = parse_windows(texts, (key,))
        for day in days:
            if day in week:
                raise Wrong(
                    wording(f"{DAYS[day]} is named twice", f"{DAYS[day]} が2回書かれています"),
                    wording(
                        "keep one of the lines that include it", "その曜日を含む行を1つだけ残してください"
                    ),
                    (key,),
                    is_key=True,
                )
            week[day] = windows
    return {day: week.get(day, ()) for day in range(len(DAYS))}


def parse_windows(texts: Iterable[str], at: Path = ()) -> Windows:
    """Return the windows of one day, in order; `at` is the way to them in their document.

    Raises `Wrong` when one is unreadable, empty or inverted, or overlaps another.
    """
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise Wrong(
            wording(f"{texts!r} is not a list of windows", f"{texts!r} は時間帯のリストではありません"),
            wording('write a list such as ["09:00-20:00"]', '["09:00-20:00"] のようにリストで書いてください'),
            at,
        )
    spans = sorted((*_span(text, (*at, index)), index) for index, text in enumerate(texts))
    for (_, end, _), (start, _, index) in pairwise(spans):
        if start < end:
            raise Wrong(
                wording(f"windows overlap at {_shown(start)}", f"時間帯が {_shown(start)} で重なっています"),
                wording(
                    "join them, or let one end where the other starts",
                    "1つにまとめるか、境目をそろえてください",
                ),
                (*at, index),
            )
    return tuple((_time(start), _time(end)) for start, end, _ in spans)


def _days(key: str) -> tuple[int, ...]:
    first, dash, last = key.strip().lower().partition("-")
    for name in (first, last) if dash else (first,):
        if name not in DAYS:
            known = ", ".join(DAYS)
            raise Wrong(
                wording(f"{name or key!r} is no weekday", f"{name or key!r} は曜日ではありません"),
                wording(
                    f"write one of {known}, or a range such as mon-fri",
                    f"{known} のどれか、または mon-fri のような範囲で書いてください",
                ),
                (key,),
                is_key=True,
            )
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return tuple(range(start, end + 1)) if start <= end else (*range(start, len(DAYS)), *range(end + 1))


def _span(text: object, at: Path) -> tuple[int, int]:
    """Return a window as minutes since midnight."""
    found = _WINDOW.fullmatch(str(text).strip())
    if found is None:
        raise Wrong(
            wording(f"{text!r} is no window", f"{text!r} は時間帯ではありません"),
            wording("write start and end as 09:00-20:00", "開始と終了を 09:00-20:00 のように書いてください"),
            at,
        )
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups())
    start, end = _minutes(hour, minute, at), _minutes(last_hour, last_minute, at)
    if end <= start:
        raise Wrong(
            wording(f"{text!r} does not end after it starts", f"{text!r} は終了が開始より後になっていません"),
            wording(
                "swap the two; write a night as two windows, each on its own day",
                "前後を入れ替えてください。夜をまたぐときは2日に分けて書いてください",
            ),
            at,
        )
    return start, end


def _minutes(hour: int, minute: int, at: Path) -> int:
    total = hour * _HOUR + minute
    if minute >= _HOUR or total > _DAY:
        shown = f"{hour:02}:{minute:02}"
        raise Wrong(
            wording(f"{shown} is no time of day", f"{shown} という時刻はありません"),
            wording("write 00:00 to 24:00", "00:00 から 24:00 までで書いてください"),
            at,
        )
    return total


def _time(minutes: int) -> time:
    return time(minutes // _HOUR % 24, minutes % _HOUR)


def _shown(minutes: int) -> str:
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"
