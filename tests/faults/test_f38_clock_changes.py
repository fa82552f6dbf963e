"""F38: gaps and overlaps of the clocks, windows past midnight, zones without changes, half-hour zones: by an oracle."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from compliance.judge import judge
from compliance.question import Location, Narrowing, Question, Subject
from compliance.rulebook import packaged_law
from compliance.terms import ReasonCode
from tests.compliance import oracle
from tests.compliance.builders import a_question
from tests.compliance.strategies import AMERICAN, BOOKS, ELSEWHERE, NUMBER, changes

PLACES = [
    *((region, zone, number) for region, (number, zones) in ELSEWHERE.items() for zone in zones),
    *(("US", zone, NUMBER) for zone in AMERICAN),
    ("AU", "Australia/Lord_Howe", "+61491570156"),
    ("US", "America/Anchorage", NUMBER),
    ("US", "Pacific/Honolulu", NUMBER),
]
EDGES = [
    time(hour, minute)
    for hour in (0, 1, 2, 3, 7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22, 23)
    for minute in (0, 30, 59)
]
PAST_MIDNIGHT = Narrowing(hours={day: ((time(20), time(0)), (time(0), time(2))) for day in range(7)})
SHUT = {ReasonCode.OUTSIDE_HOURS, ReasonCode.DAY_PROHIBITED, ReasonCode.HOLIDAY_PROHIBITED}


def instants(zone: str) -> Iterator[datetime]:
    """Yield the edges of windows on the days around every change of a zone's clocks, a doubled hour twice."""
    for change in changes(zone):
        first = change.astimezone(oracle.zone(zone)).date()
        for day in (first, first + timedelta(days=1)):
            for edge in EDGES:
                for fold in (0, 1):
                    local = datetime.combine(day, edge, oracle.zone(zone)).replace(fold=fold)
                    if fold == 0 or local.utcoffset() != local.replace(fold=0).utcoffset():
                        yield local.astimezone(UTC)


def question_at(now: datetime, place: tuple[str, str, str], **changed: object) -> Question:
    """Return a question about somebody at a place."""
    region, zone, number = place
    where = (Location(region=region, zone=zone),)
    subject = Subject(person="C-1", number=number, email=None, locations=where)
    return a_question(now=now, subject=subject, **changed)


def differences(place: tuple[str, str, str], **changed: object) -> tuple[int, list[datetime]]:
    """Return how many instants were judged, and those where the judge and the oracle read the clocks differently."""
    count, found = 0, []
    for now in instants(place[1]):
        question = question_at(now, place, **changed)
        day = now.astimezone(oracle.zone(place[1])).date()
        is_open = oracle.is_open(question, now, day, BOOKS)
        says_open = not any(reason.code in SHUT for reason in judge(question, packaged_law()).reasons)
        count += 1
        if is_open is not says_open:
            found.append(now)
    return count, found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0]} {place[1]}")
def test_f38_around_every_change_the_oracle_agrees(place: tuple[str, str, str]) -> None:
    """Every change of this zone's clocks from 2024 to 2037, at every edge that a window could have: no difference."""
    count, found = differences(place)
    assert count >= 2 * len(EDGES)
    assert found == []


@pytest.mark.parametrize("place", PLACES[::5], ids=lambda place: f"{place[0]} {place[1]}")
def test_f38_windows_past_midnight_too(place: tuple[str, str, str]) -> None:
    """A campaign that calls from 20:00 to 02:00: the law cuts it, and the oracle agrees where."""
    _, found = differences(place, narrowings=(PAST_MIDNIGHT,))
    assert found == []


def test_f38_an_hour_that_comes_twice_is_open_only_as_both_readings_are() -> None:
    """New York, 1 November 2026, 01:30 comes twice: closed both times; 08:00 comes once, and is open."""
    place = ("US", "America/New_York", NUMBER)
    for hour_utc in (5, 6):
        now = datetime(2026, 11, 1, hour_utc, 30, tzinfo=UTC)
        assert not judge(question_at(now, place), packaged_law()).is_allowed
