"""Windows on local clocks: gaps, folds, holidays, several zones."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.calendar import Calendar, holidays_of
from compliance.hours import Windows, parse_hours
from compliance.openings import ALWAYS, Opening, is_open, next_open
from compliance.rulebook import Holidays
from tests.compliance.builders import tokyo

MINUTE = timedelta(minutes=1)


JAPAN = Calendar(holidays=Holidays(country="JP"))


def an_opening(*windows: str, zones: Sequence[str] = ("Asia/Tokyo",), **changed: object) -> Opening:
    """The same windows on every day."""
    days = parse_hours({"mon-sun": windows})
    return Opening(**{"rule": "T-1", "citation": "test", "days": days, "zones": tuple(zones), **changed})  # type: ignore[arg-type]


def at(text: str) -> datetime:
    """An instant as ISO 8601 says it."""
    return datetime.fromisoformat(text)


def oracle(openings: Sequence[Opening], instant: datetime) -> bool:
    """Ask each zone's clock for its minute and look it up: no offsets, no searching."""
    for opening in openings:
        for zone in opening.zones:
            clock = instant.astimezone(ZoneInfo(zone))
            minute = clock.hour * 60 + clock.minute
            windows = opening.days[clock.weekday()]
            tomorrow = clock.date() + timedelta(days=1)
            if (
                opening.before_holidays is not None
                and windows
                and tomorrow in holidays_of("JP", tomorrow.year)
            ):
                windows = opening.before_holidays
            if opening.on_holidays is not None and clock.date() in holidays_of("JP", clock.year):
                windows = opening.on_holidays
            if clock.date() in opening.closed_dates:
                windows = ()
            if not any(
                start.hour * 60 + start.minute <= minute < ((end.hour * 60 + end.minute) or 1440)
                for start, end in windows
            ):
                return False
    return True


def test_a_window_is_half_open() -> None:
    """The first instant is in, the last is out (POL-1)."""
    opening = an_opening("09:00-20:00")
    assert is_open((opening,), tokyo(2026, 11, 24, 9))
    assert not is_open((opening,), tokyo(2026, 11, 24, 8, 59, 59))
    assert is_open((opening,), tokyo(2026, 11, 24, 19, 59, 59))
    assert not is_open((opening,), tokyo(2026, 11, 24, 20))


def test_a_window_to_midnight_ends_the_day() -> None:
    """24:00 is the end of this day, not its beginning."""
    opening = an_opening("22:00-24:00")
    assert is_open((opening,), tokyo(2026, 11, 24, 23, 59, 59))
    assert not is_open((opening,), tokyo(2026, 11, 25))


@pytest.mark.parametrize(
    ("zone", "window", "after", "expected"),
    [
        # New York, 2027-03-14: 02:00 becomes 03:00.
        ("America/New_York", "02:30-03:30", "2027-03-14T06:00:00+00:00", "2027-03-14T07:00:00+00:00"),
        ("America/New_York", "02:00-03:00", "2027-03-14T06:00:00+00:00", "2027-03-15T06:00:00+00:00"),
        # New York, 2026-11-01: 01:00-02:00 comes twice.
        ("America/New_York", "01:30-01:45", "2026-11-01T05:45:00+00:00", "2026-11-01T06:30:00+00:00"),
        ("America/New_York", "00:00-01:30", "2026-11-01T05:30:00+00:00", "2026-11-01T06:00:00+00:00"),
        # Cairo, 2027-04-30: midnight itself is skipped.
        ("Africa/Cairo", "00:00-09:00", "2027-04-29T21:30:00+00:00", "2027-04-29T22:00:00+00:00"),
        # Lord Howe moves by half an hour; Samoa crossed the date line and has no 2011-12-30.
        ("Australia/Lord_Howe", "02:00-03:00", "2026-10-03T15:00:00+00:00", "2026-10-03T15:30:00+00:00"),
        ("Pacific/Apia", "09:00-10:00", "2011-12-30T00:00:00+00:00", "2011-12-30T19:00:00+00:00"),
    ],
)
def test_clock_changes_are_exact(zone: str, window: str, after: str, expected: str) -> None:
    """Skipped, repeated and shifted hours open when the wall clock says so, to the second."""
    assert next_open((an_opening(window, zones=(zone,)),), at(after)) == at(expected)


def test_all_zones_must_be_open() -> None:
    """A number that may be in Sydney or in Perth is called when both are awake (TZ-2)."""
    zones = ("Australia/Perth", "Australia/Sydney")
    opening = an_opening("09:00-17:00", zones=zones)
    assert not is_open((opening,), at("2026-11-24T00:00:00+00:00"))
    assert next_open((opening,), at("2026-11-23T22:00:00+00:00")) == at("2026-11-24T01:00:00+00:00")


def test_what_never_opens_is_said_so() -> None:
    """Windows that never meet, and a week without any, end the search."""
    disjoint = (an_opening("09:00-10:00"), an_opening("11:00-12:00"))
    assert next_open(disjoint, tokyo(2026, 11, 24)) is None
    assert next_open((an_opening(),), tokyo(2026, 11, 24)) is None


def test_holidays_and_closed_dates_are_passed_over() -> None:
    """From Saturday evening past the holiday on Monday and a closed Tuesday to Wednesday."""
    opening = an_opening(
        "09:00-18:00",
        calendar=JAPAN,
        on_holidays=(),
        closed_dates=frozenset({date(2026, 11, 22), date(2026, 11, 24)}),
    )
    assert next_open((opening,), tokyo(2026, 11, 21, 20)) == tokyo(2026, 11, 25, 9)


def test_a_holiday_may_have_windows_of_its_own() -> None:
    """Shorter hours on holidays, ordinary ones on the day after."""
    short: Windows = ((time(10), time(12)),)
    opening = an_opening("09:00-18:00", calendar=JAPAN, on_holidays=short)
    assert not is_open((opening,), tokyo(2026, 11, 23, 9))
    assert is_open((opening,), tokyo(2026, 11, 23, 10))
    assert is_open((opening,), tokyo(2026, 11, 24, 9))


ZONES = st.sampled_from(
    [
        "Asia/Tokyo",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/St_Johns",
        "Pacific/Apia",
    ]
)
MOMENTS = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 9, 1, tzinfo=UTC) + minutes * MINUTE
)


@st.composite
def any_opening(draw: st.DrawFn) -> Opening:
    """Windows of two hours or more, several a day, some days shut."""
    cuts = draw(st.lists(st.integers(0, 8), min_size=2, max_size=4, unique=True).map(sorted))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    texts = [f"{start * 3:02}:00-{end * 3:02}:00" for start, end in spans]
    days = parse_hours({"mon-sun": texts})
    shut = draw(st.sets(st.integers(0, 6), max_size=3))
    closed = draw(st.sets(st.dates(date(2026, 9, 1), date(2027, 10, 6)), max_size=3))
    return Opening(
        rule="T-1",
        citation="test",
        zones=tuple(draw(st.lists(ZONES, min_size=1, max_size=2))),
        days={day: () if day in shut else windows for day, windows in days.items()},
        calendar=JAPAN,
        on_holidays=draw(st.sampled_from([None, (), ((time(10), time(12)),)])),
        before_holidays=draw(st.sampled_from([None, (), ((time(9), time(11)),)])),
        closed_dates=frozenset(closed),
    )


CHANGES = st.sampled_from(["2026-10-03T14:00", "2026-11-01T04:00", "2027-03-14T05:00", "2027-04-29T20:00"])
NEAR_CHANGES = st.builds(
    lambda text, minutes: datetime.fromisoformat(text).replace(tzinfo=UTC) + minutes * MINUTE,
    CHANGES,
    st.integers(0, 6 * 60),
)


@given(
    st.lists(any_opening(), min_size=1, max_size=2),
    MOMENTS | NEAR_CHANGES,
)
def test_next_open_is_the_first_open_minute(openings: list[Opening], moment: datetime) -> None:
    """Minute by minute on the zones' own clocks, nothing before the answer is open, and the answer is."""
    assert is_open(openings, moment) == oracle(openings, moment)
    found = next_open(openings, moment)
    end = moment + timedelta(days=4) if found is None else min(found, moment + timedelta(days=4))
    minutes = int((end - moment) / MINUTE)
    assert not any(oracle(openings, moment + minute * MINUTE) for minute in range(minutes))
    if found is not None:
        assert is_open(openings, found)
        assert oracle(openings, found)
        assert found == moment or not is_open(openings, found - timedelta(microseconds=1))


def test_always_is_always() -> None:
    """The opening that narrows nothing is open at every minute of a day."""
    opening = Opening(rule="T-1", citation="test", zones=("Asia/Tokyo",), days=ALWAYS)
    day = tokyo(2026, 11, 23)
    assert all(is_open((opening,), day + minute * MINUTE) for minute in range(0, 1440, 7))
