"""The kinds of values that documents share: durations, shares, dates, telephone numbers, names."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import available_timezones

import phonenumbers
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from compliance.problem import Wrong, wording
from compliance.remedies import nearest, shown

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*[%％]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_HOME = "JP"
"""The region in which a number without a country code is read, to show how it would be written in full."""
_WHOLE = 100


def read_duration(value: Any) -> Any:
    """Return the time that `90s`, `30m`, `2h` or `2d` says; a timedelta stays as it is. Raises Wrong."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(str(value))
    if found is None:
        word = shown(value)
        example = f"{word}m" if re.fullmatch(r"[0-9]{1,6}", word) else "30m"
        raise Wrong(
            wording(f"{word} is not a length of time", f"{word} は時間の長さとして読めません"),
            wording(
                f"Write a whole number and s, m, h or d, such as {example}",
                f"整数に s(秒)・m(分)・h(時間)・d(日)を付けて {example} のように書いてください",
            ),
        )
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def write_duration(value: timedelta) -> str:
    """Return a time the way documents write it, in the largest unit that is exact (whole seconds)."""
    seconds = round(value.total_seconds())
    unit = next(unit for unit in "dhms" if seconds % _UNITS[unit] == 0 and (seconds or unit == "s"))
    return f"{seconds // _UNITS[unit]}{unit}"


def read_share(value: Any) -> Any:
    """Return 0.05 for `5%` and for 0.05. Raises Wrong for a bare 3, which is probably 3 %."""
    found = _SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        return float(found[1]) / _WHOLE
    if isinstance(value, float) and 0 <= value <= 1:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        if value == 0:
            return 0.0
        percent, share = f"{value}%", f"{value / _WHOLE:g}"
        raise Wrong(
            wording(
                f"{value} may mean {percent} or {_WHOLE * value}%",
                f"{value} では {percent} か {_WHOLE * value}% か分かりません",
            ),
            wording(f"Write {percent} or {share}", f"{percent} または {share} と書いてください"),
        )
    raise Wrong(
        wording(f"{shown(value)} is not a share", f"{shown(value)} は割合として読めません"),
        wording("Write a percentage such as 5%, or 0.05", "5% または 0.05 のように書いてください"),
    )


def read_day(value: Any) -> Any:
    """Return the date that `2026-04-01` says; a date stays as it is. Raises Wrong."""
    if isinstance(value, date):
        return value
    remedy = wording(
        "Write year-month-day, such as 2026-04-01", "2026-04-01 のように年-月-日で書いてください"
    )
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        raise Wrong(
            wording(f"{shown(value)} is not a date", f"{shown(value)} は日付として読めません"), remedy
        )
    try:
        return date.fromisoformat(value)
    except ValueError:
        what = wording(f"{value} is not in the calendar", f"{value} は暦にない日付です")
        raise Wrong(what, remedy) from None


def read_e164(value: Any) -> Any:
    """Return a number written in E.164, such as +81312345678. Raises Wrong, showing how it should be written."""
    text = str(value)
    if (
        isinstance(value, str)
        and _E164.fullmatch(text)
        and phonenumbers.is_possible_number(phonenumbers.parse(text))
    ):
        return value
    full = _in_full(text)
    raise Wrong(
        wording(
            f"{shown(value)} is not an international number",
            f"{shown(value)} は国際形式の電話番号ではありません",
        ),
        wording(
            f"Write it with + and the country, such as {full}",
            f"{full} のように「+」と国番号から書いてください",
        ),
    )


def _in_full(text: str) -> str:
    for candidate in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(candidate, _HOME)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "+81312345678"


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^[0-9]{1,6}[smhd]$", "examples": ["25s", "30m", "2h", "2d"]}
    ),
]
"""A length of time, written `90s`, `30m`, `2h` or `2d`."""

Share = Annotated[
    float,
    BeforeValidator(read_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,6})?\s*%$"},
                {"type": "number", "minimum": 0, "maximum": 1},
            ],
            "examples": ["5%", 0.05],
        }
    ),
]
"""A part of the whole, 0 to 1, written `5%` or `0.05`."""

Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date, written `2026-04-01`."""

E164 = Annotated[
    str, BeforeValidator(read_e164), WithJsonSchema({"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"})
]
"""A telephone number in E.164."""


def read_zone(value: Any) -> Any:
    """Return the name of a time zone that exists. Raises Wrong, with the nearest one."""
    known = _zones()
    if isinstance(value, str) and value in known:
        return value
    meant = nearest(str(value), sorted(known)) or "Asia/Tokyo"
    raise Wrong(
        wording(f"{shown(value)} is no time zone", f"{shown(value)} というタイムゾーンはありません"),
        wording(f"Write a name such as {meant}", f"{meant} のような名前を書いてください"),
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


Zone = Annotated[str, BeforeValidator(read_zone)]
"""The name of a time zone, such as `Asia/Tokyo`."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", examples=["winback-dormant"])]
"""A name that machines keep: small letters, digits, dashes."""
