"""F40: when a number may be in several zones, the hours of all count; when in none that is known, nobody is called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import timezone

from compliance.judge import judge
from compliance.question import Subject
from compliance.rulebook import packaged_law
from tests.compliance.builders import a_question

SPANNING = {
    "an Australian mobile": "+61491570156",
    "a French mobile": "+33612345678",
    "a Spanish mobile": "+34612345678",
    "a Canadian code over two zones": "+18075550123",
    "Ontario and Quebec beside each other": "+18195550123",
    "an American code over two zones": "+16055550123",
    "Florida's edge": "+18505550123",
    "Tennessee": "+19315550123",
    "Japan": "+819012345678",
}
NOWHERE = {
    "satellite": "+881612345678",
    "freephone of the world": "+80012345678",
    "American freephone": "+18005550123",
    "no such country": "+9991234567",
    "too short": "+1212",
    "nothing": "",
    "words": "call me",
}
DAYS = [datetime(2026, 1, 13, tzinfo=UTC), datetime(2026, 7, 14, tzinfo=UTC)]


def is_allowed(number: str, now: datetime) -> bool:
    """Tell whether the law lets somebody call this number, of whom nothing else is known."""
    subject = Subject(person="C-1", number=number, email=None)
    return judge(a_question(now=now, subject=subject, listings=()), packaged_law()).is_allowed


def zones_of(number: str) -> list[ZoneInfo]:
    """Return every zone the number may be in, by phonenumbers' own table: no code of the judge's."""
    return [ZoneInfo(name) for name in timezone.time_zones_for_number(phonenumbers.parse(number))]


@pytest.mark.parametrize("whose", SPANNING)
def test_f40_permitted_only_where_it_is_day_in_every_zone(whose: str) -> None:
    """Each half hour of a day in winter and one in summer: no call while it is before 8 or past 21 in any of them."""
    number = SPANNING[whose]
    for day in DAYS:
        for half_hours in range(96):
            now = day + timedelta(minutes=30 * half_hours)
            clocks = [now.astimezone(zone) for zone in zones_of(number)]
            if is_allowed(number, now):
                assert all(8 <= clock.hour < 21 for clock in clocks), (now, clocks)


@pytest.mark.parametrize("whose", NOWHERE)
def test_f40_a_number_that_is_nowhere_is_never_called(whose: str) -> None:
    """Not at any hour."""
    assert not any(
        is_allowed(NOWHERE[whose], day + timedelta(hours=hour)) for day in DAYS for hour in range(48)
    )


def test_f40_a_number_that_is_somewhere_is_called_by_day() -> None:
    """Were everything refused, nothing would be shown: Tokyo at noon."""
    assert is_allowed(SPANNING["Japan"], datetime(2026, 1, 13, 3, tzinfo=UTC))
