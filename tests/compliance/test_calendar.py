"""Public holidays."""

from datetime import date

from compliance.calendar import holidays_of


def test_japanese_holidays_of_2026() -> None:
    """Fixed days, moving days and the day between two holidays are there; the turn of the year is no holiday."""
    days = holidays_of("JP", 2026)
    assert {date(2026, 1, 1), date(2026, 9, 22), date(2026, 11, 3), date(2026, 11, 23)} <= days
    assert date(2026, 12, 31) not in days
    assert date(2026, 11, 24) not in days


def test_a_year_has_its_own_holidays_only() -> None:
    """Nothing of the year before or after is among them."""
    assert {day.year for day in holidays_of("JP", 2027)} == {2027}
