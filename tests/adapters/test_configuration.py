"""The configuration as a whole: which day is one for calling."""

from datetime import date
from pathlib import Path

import pytest

from adapters.configuration import load_configuration

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 21), date(2026, 11, 24)),  # Saturday, Sunday, Labour Thanksgiving Day
        (date(2026, 12, 30), date(2027, 1, 4)),  # closed for the turn of the year, New Year's Day, a weekend
    ],
)
def test_the_first_day_of_work_is_neither_weekend_nor_holiday_nor_closed(day: date, working: date) -> None:
    """Whatever day the demo or a rehearsal is started on, there is somebody to call on the day it plays."""
    configuration = load_configuration(CONFIG)
    campaign = configuration.campaigns["winback-dormant"]
    assert configuration.working_day(campaign, day) == working
