"""Opening hours as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.hours import DAYS, parse_hours, parse_windows
from compliance.problem import Wrong


def test_days_and_ranges_are_read() -> None:
    """A range, a single day, several windows a day; a day not named is closed."""
    week = parse_hours({"mon-thu": ["10:00-12:00", "13:00-19:00"], "fri": ["9:00-24:00"]})
    assert week[0] == ((time(10), time(12)), (time(13), time(19)))
    assert week[4] == ((time(9), time(0)),)
    assert week[5] == ()
    assert set(week) == set(range(7))


def test_a_range_may_run_over_sunday() -> None:
    """fri-mon is four days."""
    week = parse_hours({"Fri-Mon": ["10:00〜12:00"]})
    assert [day for day in range(7) if week[day]] == [0, 4, 5, 6]


@pytest.mark.parametrize(
    ("hours", "at", "said"),
    [
        ({"mon": ["20:00-09:00"]}, ("mon", 0), "does not end after it starts"),
        ({"mon": ["09:00-09:00"]}, ("mon", 0), "does not end after it starts"),
        ({"mon": ["09:00-12:00", "11:00-13:00"]}, ("mon", 1), "overlap at 11:00"),
        ({"mon": ["09:00-12:00", "08:00-10:00"]}, ("mon", 0), "overlap at 09:00"),
        ({"mon": ["09:00-25:00"]}, ("mon", 0), "25:00 is no time of day"),
        ({"mon": ["09:60-12:00"]}, ("mon", 0), "09:60 is no time of day"),
        ({"mon": ["24:00-24:00"]}, ("mon", 0), "does not end after it starts"),
        ({"mon": ["nine to five"]}, ("mon", 0), "no window"),
        ({"mon": "09:00-12:00"}, ("mon",), "not a list"),
        ({"mon": None}, ("mon",), "not a list"),
        ({"moon": ["09:00-12:00"]}, ("moon",), "'moon' is no weekday"),
        ({"mon-": ["09:00-12:00"]}, ("mon-",), "no weekday"),
        ({"mon-fri": ["09:00-12:00"], "wed": ["09:00-12:00"]}, ("wed",), "wed is named twice"),
        (["09:00-12:00"], (), "not a mapping"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(
    hours: dict[str, list[str]], at: tuple[str | int, ...], said: str
) -> None:
    """Each mistake names its place, what is wrong and what to write, in both languages."""
    with pytest.raises(Wrong, match=said) as caught:
        parse_hours(hours)
    assert caught.value.at == at
    for words in (caught.value.what, caught.value.remedy):
        assert words["en"]
        assert words["ja"]


@given(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=8, unique=True).map(sorted))
def test_windows_come_back_in_order(minutes: list[int]) -> None:
    """Windows that do not overlap are read as written, whatever their order in the file."""
    spans = list(zip(minutes[::2], minutes[1::2], strict=False))
    texts = [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]
    windows = parse_windows(list(reversed(texts)))
    assert [start.hour * 60 + start.minute for start, _ in windows] == [a for a, _ in spans]
    assert [(end.hour * 60 + end.minute) or 24 * 60 for _, end in windows] == [b for _, b in spans]


@given(st.dictionaries(st.sampled_from([*DAYS, "mon-fri", "x"]), st.lists(st.text(max_size=12), max_size=3)))
def test_any_hours_are_read_or_wrong(hours: dict[str, list[str]]) -> None:
    """Nothing people can write raises anything but Wrong."""
    try:
        week = parse_hours(hours)
    except Wrong as wrong:
        week = dict.fromkeys(range(7), ())
        said = str(wrong)
    else:
        said = "nothing wrong"
    assert set(week) == set(range(7))
    assert said
