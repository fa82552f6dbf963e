"""What the rulebooks say: figures typed a second time from the sources, and every other figure pinned."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from compliance.calendar import Calendar
from compliance.contact_rules import CapRule, ListRule, WindowRule
from compliance.hours import MIDNIGHT, Windows
from compliance.rulebook import packaged_law
from compliance.rules import Confidence, Rule
from docs.figures import figure

BOOKS = packaged_law().rulebooks
RULES: Mapping[str, Rule] = {rule.id: rule for book in BOOKS.values() for rule in book.rules}
PINNED = json.loads((Path(__file__).parent / "figures.json").read_text("utf-8"))

# id -> Monday to Friday, Saturday, Sunday, holidays (None: like any day); "-" is no window.
HOURS = {
    "US-FED-H1": ("8-21", "8-21", "8-21", None),
    "US-AL-H1": ("8-20", "8-20", "-", "-"),
    "US-CT-H1": ("9-20", "9-20", "9-20", None),
    "US-FL-H1": ("8-20", "8-20", "8-20", None),
    "US-IL-H1": ("9-21", "9-21", "9-21", None),
    "US-KY-H1": ("10-21", "10-21", "10-21", None),
    "US-LA-H1": ("8-20", "8-20", "-", "-"),
    "US-MA-H1": ("8-20", "8-20", "8-20", None),
    "US-MD-H1": ("8-20", "8-20", "8-20", None),
    "US-MI-H1": ("9-21", "9-21", "9-21", None),
    "US-MN-H1": ("9-21", "9-21", "9-21", None),
    "US-NM-H1": ("9-21", "9-21", "9-21", None),
    "US-MS-H1": ("8-20", "8-20", "-", None),
    "US-NE-H1": ("8-21", "13-21", "13-21", None),
    "US-NV-H1": ("9-20", "9-20", "9-20", None),
    "US-NJ-H1": ("8-21", "8-21", "8-21", None),
    "US-NY-H1": ("8-21", "8-21", "8-21", None),
    "US-VA-H1": ("8-21", "8-21", "8-21", None),
    "US-OK-H1": ("8-20", "8-20", "8-20", None),
    "US-OR-H1": ("8-20", "8-20", "8-20", None),
    "US-PA-H1": ("8-21", "8-12", "-", "-"),
    "US-RI-H1": ("9-18", "10-17", "-", "-"),
    "US-SD-H1": ("9-21", "-", "-", None),
    "US-TX-H1": ("9-21", "9-21", "12-21", None),
    "US-UT-H1": ("8-21", "8-21", "-", "-"),
    "US-WA-H1": ("8-20", "8-20", "8-20", None),
    "US-WY-H1": ("8-20", "8-20", "8-20", None),
    "JP-H1": ("8-21", "8-21", "8-21", None),
    "JP-H2": ("9-20", "9-20", "9-20", "-"),
    "UK-H1": ("8-21", "9-21", "-", "-"),
    "FR-H1": ("10-13 14-20", "-", "-", "-"),
    "DE-H1": ("8-20", "9-18", "-", "-"),
    "ES-H1": ("9-21", "-", "-", "-"),
    "IT-H1": ("9-20", "10-19", "-", "-"),
    "CA-H1": ("9-21:30", "10-18", "10-18", None),
    "AU-H1": ("9-20", "9-17", "-", "-"),
}
LIMITS = {
    "JP-A1": {"day": 2, "week": 3, "campaign": 8},
    "US-FL-A1": {"24h": 3},
    "US-MD-A1": {"24h": 3},
    "US-OK-A1": {"24h": 3},
    "US-OR-A1": {"24h": 3},
    "US-ME-A1": {"8h": 1},
    "FR-A1": {"30d": 4},
    "DE-A1": {"day": 3, "week": 15, "campaign": 30},
}
AGES = {
    "us_national_dnc": (31, 0),
    "uk_tps": (28, 28),
    "uk_ctps": (28, 28),
    "ca_dncl": (31, 0),
    "au_dncr": (30, 0),
    "fr_bloctel": (30, 0),
    "it_rpo": (15, 0),
    "es_robinson": (30, 0),
}


def written(windows: Windows) -> str:
    """Windows as the table above writes them."""
    return (
        " ".join(f"{_hour(start)}-{24 if end == MIDNIGHT else _hour(end)}" for start, end in windows) or "-"
    )


def _hour(clock: object) -> str:
    return f"{clock:%-H:%M}".removesuffix(":00")


@pytest.mark.parametrize("rule", HOURS)
def test_hours_are_those_of_the_source(rule: str) -> None:
    """Each weekday, each weekend day and holidays."""
    found = RULES[rule]
    assert isinstance(found, WindowRule)
    week, saturday, sunday, holidays = HOURS[rule]
    assert {written(found.days[day]) for day in range(5)} == {week}
    assert (written(found.days[5]), written(found.days[6])) == (saturday, sunday)
    assert (None if found.on_holidays is None else written(found.on_holidays.windows)) == holidays


def test_every_window_is_in_the_table() -> None:
    """A new rule about hours is typed twice, or this fails."""
    assert {rule.id for rule in RULES.values() if isinstance(rule, WindowRule)} == set(HOURS)


def test_italy_has_shorter_hours_before_a_holiday() -> None:
    """10 to 19, as on Saturdays (IT-H1)."""
    found = RULES["IT-H1"]
    assert isinstance(found, WindowRule)
    assert found.before_holidays is not None
    assert written(found.before_holidays) == "10-19"


def test_caps_are_those_of_the_source() -> None:
    """At most so many within so long."""
    assert {rule.id: dict(rule.limits) for rule in RULES.values() if isinstance(rule, CapRule)} == LIMITS


def test_registries_are_as_young_as_the_source_wants() -> None:
    """Days a copy may be old, and days of grace after somebody registered."""
    found = {
        rule.registry: (rule.max_age_days, rule.grace_days)
        for rule in RULES.values()
        if isinstance(rule, ListRule)
    }
    states = {name for name in found if name.startswith("us_") and name != "us_national_dnc"}
    assert {name: figures for name, figures in found.items() if name not in states} == AGES
    assert states == {
        f"us_{state}_dnc" for state in ["co", "fl", "in", "la", "ma", "mo", "ok", "pa", "tn", "tx", "wy"]
    }


@pytest.mark.parametrize("region", sorted(BOOKS))
def test_every_figure_is_pinned(region: str) -> None:
    """Whoever changes a figure changes it here as well, and says why in the commit."""
    assert {rule.id: figure(rule) for rule in BOOKS[region].rules} == PINNED[region]


def test_no_two_rules_share_an_id() -> None:
    """A verdict names a rule by it."""
    ids = [rule.id for book in BOOKS.values() for rule in book.rules]
    assert sorted(ids) == sorted(set(ids))


def test_what_a_rule_carries_out_exists() -> None:
    """An id that leads nowhere would send an officer looking."""
    assert {carried for rule in RULES.values() for carried in rule.carries} <= set(RULES)


def test_general_knowledge_is_never_of_high_confidence_for_figures_of_time() -> None:
    """Hours that rest on nobody's text are marked low or medium."""
    doubtful = [
        rule.id
        for rule in RULES.values()
        if isinstance(rule, WindowRule)
        and "general knowledge" in rule.source
        and rule.confidence is Confidence.HIGH
    ]
    assert doubtful == []


def test_rhode_island_keeps_victory_day() -> None:
    """The second Monday of August, which no federal calendar has (US-RI-H1)."""
    calendar = Calendar(holidays=BOOKS["US-RI"].holidays)
    for year in range(2024, 2038):
        august = [date(year, 8, day) for day in range(8, 15)]
        assert [day for day in august if calendar.has(day)] == [day for day in august if day.weekday() == 0]


def test_louisiana_knows_days_by_decree() -> None:
    """Proclaimed dates are holidays there, and nowhere that does not know them (US-LA-H1)."""
    proclaimed = frozenset({date(2026, 11, 27)})
    assert Calendar(holidays=BOOKS["US-LA"].holidays, proclaimed=proclaimed).has(date(2026, 11, 27))
    assert BOOKS["US-LA"].holidays is not None
    assert BOOKS["US-LA"].holidays.proclaimed
    assert not BOOKS["US-RI"].holidays.proclaimed  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("America/Vancouver", -7), ("America/Edmonton", -6), ("America/Winnipeg", -5)],
)
def test_the_zone_data_knows_that_the_west_of_canada_stays_on_summer_time(zone: str, offset: int) -> None:
    """From November 2026 on: with older data every call of a winter is an hour off (TZ-6)."""
    winter = datetime(2026, 12, 16, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert winter.utcoffset() == timedelta(hours=offset)
