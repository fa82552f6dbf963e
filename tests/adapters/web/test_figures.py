from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import figures
from tests.support.summaries import NOW

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (0, "0 s", "0秒"),
        (59.6, "1 m 00 s", "1分00秒"),
        (187, "3 m 07 s", "3分07秒"),
        (3725, "1 h 02 m", "1時間02分"),
        (360_000_00, "10,000 h 00 m", "10,000時間00分"),
        (-5, "0 s", "0秒"),
    ],
)
def test_spans_show_their_two_largest_units(seconds: float, en: str, ja: str) -> None:
    """Enough to compare agents, and no more."""
    assert (figures.span(seconds, "en"), figures.span(seconds, "ja")) == (en, ja)


def test_times_are_those_of_the_zone() -> None:
    """04:42:07 UTC is 13:42:07 in Tokyo, a Tuesday."""
    assert figures.time(NOW, TOKYO) == "13:42"
    assert figures.time_and_seconds(NOW, TOKYO) == "13:42:07"
    assert figures.day(NOW, TOKYO, "ja") == "11月24日(火)"
    assert figures.day(NOW, TOKYO, "en") == "Tue 24 Nov"


def test_amounts_are_written_as_people_read_them() -> None:
    """Thousands apart, shares in percent, a dash for what is not known yet."""
    assert figures.count(1234567) == "1,234,567"
    assert figures.share(0.1234) == "12.3%"
    assert figures.ratio(1, 0) == 0
    assert figures.seconds(None, "en") == "–"
    assert (figures.seconds(0.41, "en"), figures.seconds(0.41, "ja")) == ("0.4 s", "0.4秒")


@given(st.floats(min_value=-10, max_value=1e9))
def test_a_span_never_counts_sixty_of_anything(seconds: float) -> None:
    """Rounding up to 60 seconds would read as a mistake."""
    assert " 60 s" not in figures.span(seconds, "en")
    assert "60分" not in figures.span(seconds, "ja")
