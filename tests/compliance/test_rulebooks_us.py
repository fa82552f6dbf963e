"""The American rulebooks against their sources, typed a second time: days off, whom a rule means, what lifts it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.calendar import Calendar
from compliance.hours import Windows
from compliance.judge import judge
from compliance.question import Listing, Location, Question, Subject
from compliance.rulebook import Rulebook, packaged_law
from compliance.rules import Confidence
from compliance.terms import Channel, Decision, Party, Profile, Purpose, ReasonCode, Technology

LAW = packaged_law()
BOOKS = LAW.rulebooks
NATION = BOOKS["US"]
STATES = {name.removeprefix("US-"): book for name, book in BOOKS.items() if name.startswith("US-")}
STRICT = "AL CT FL IL KY LA MA MD ME MI MN MS NE NJ NM NV NY OK OR PA RI SD TX UT VA WA WY"
LISTING = "CO FL IN LA MA MO OK PA TN TX WY"
DAY = timedelta(days=1)
YEARS = range(2024, 2038)
GOOD_FRIDAYS = (
    "2024-03-29 2025-04-18 2026-04-03 2027-03-26 2028-04-14 2029-03-30 2030-04-19"
    " 2031-04-11 2032-03-26 2033-04-15 2034-04-07 2035-03-23 2036-04-11 2037-04-03"
)
FRIDAY = {day.year: day for day in map(date.fromisoformat, GOOD_FRIDAYS.split())}
PLAYED = {Technology.PRERECORDED, Technology.AI_VOICE}
SELECTED = PLAYED | {Technology.RATIO, Technology.PREDICTIVE}
AUTOMATED = SELECTED | {Technology.PROGRESSIVE}
EVERY = set(Technology)


def nth(year: int, month: int, weekday: int, rank: int) -> date:
    """The weekday (0 = Monday) of that rank in a month; rank 0 is the last one of the month before."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (rank - 1))


def election(year: int) -> date:
    """The Tuesday after the first Monday of November."""
    return nth(year, 11, 0, 1) + DAY


def federal(year: int) -> Iterator[date]:
    """5 USC 6103: the days, and the Friday or Monday that stands for one on a weekend."""
    yield from (nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 6, 0, 0), nth(year, 9, 0, 1))
    yield from (nth(year, 10, 0, 2), nth(year, 11, 3, 4))
    fixed = [(year, 1, 1), (year, 6, 19), (year, 7, 4), (year, 11, 11), (year, 12, 25), (year + 1, 1, 1)]
    for day in (date(*parts) for parts in fixed):
        yield from (day, kept(day))


def kept(day: date) -> date:
    """The weekday on which a fixed holiday is kept."""
    return day + {5: -DAY, 6: DAY}.get(day.weekday(), timedelta())


def alabama(year: int) -> Iterator[date]:
    """Ala. Code 1-3-8."""
    yield from (nth(year, 4, 0, 4), nth(year, 6, 0, 1))


def pennsylvania(year: int) -> Iterator[date]:
    """Act 73 of 2019, and the day after Thanksgiving."""
    flag = date(year, 6, 14)
    yield from (FRIDAY[year], flag, election(year), nth(year, 11, 3, 4) + DAY)
    if flag.weekday() == 6:
        yield flag + DAY


def rhode_island(year: int) -> Iterator[date]:
    """R.I. Gen. Laws 25-1-1."""
    independence = date(year, 5, 4)
    yield from (independence, nth(year, 8, 0, 2))
    if independence.weekday() == 6:
        yield independence + DAY
    if year % 2 == 0:
        yield election(year)
    for month, day in ((1, 1), (7, 4), (11, 11), (12, 25)):
        if (fixed := date(year, month, day)).weekday() == 5:
            yield fixed + 2 * DAY


def utah(year: int) -> Iterator[date]:
    """Utah Code 63G-1-301: Juneteenth is kept on the Monday before, after a weekend on the one that follows."""
    freedom, pioneer = date(year, 6, 19), date(year, 7, 24)
    back = freedom.weekday() if freedom.weekday() < 5 else freedom.weekday() - 7
    yield from (freedom - back * DAY, pioneer, kept(pioneer))
    if year >= 2027:
        yield FRIDAY[year]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("state", "own"), [("AL", alabama), ("PA", pennsylvania), ("RI", rhode_island), ("UT", utah)]
)
def test_days_off_are_the_federal_ones_and_the_states(
    state: str, own: Callable[[int], Iterator[date]], year: int
) -> None:
    """Not a day less, or somebody is called on it; not a day more."""
    calendar = Calendar(holidays=STATES[state].holidays)
    days = (date(year, 1, 1) + number * DAY for number in range(366))
    found = {day for day in days if day.year == year and calendar.has(day)}
    assert found == {day for day in (*federal(year), *own(year)) if day.year == year}


@pytest.mark.parametrize("year", YEARS)
def test_louisiana_keeps_carnival_and_good_friday(year: int) -> None:
    """Mardi Gras is 45 days before Good Friday; elections of even years count as well."""
    calendar = Calendar(holidays=STATES["LA"].holidays)
    assert calendar.has(FRIDAY[year])
    assert calendar.has(FRIDAY[year] - 45 * DAY)
    assert calendar.has(election(year)) == (year % 2 == 0)


def test_every_state_of_the_sources_has_a_rulebook() -> None:
    """Those with rules of their own, and those with a list of their own; the territories are under the nation's."""
    assert set(STATES) == {*STRICT.split(), *LISTING.split()}
    assert set(NATION.covers) == {"PR", "VI", "GU", "AS", "MP"}


def hours(windows: Windows) -> set[time]:
    """The full hours at which windows are open."""
    return {time(hour) for hour in range(24) if any(start <= time(hour) < end for start, end in windows)}


@pytest.mark.parametrize("state", STRICT.split())
def test_a_state_never_opens_earlier_or_longer_than_the_nation(state: str) -> None:
    """A state adds to federal law."""
    [nation] = NATION.windows
    for rule in STATES[state].windows:
        assert all(hours(rule.days[day]) <= hours(nation.days[day]) for day in range(7))


def meant(section: str) -> dict[str, set[Technology]]:
    """State by state, the technologies that the rules of a section mean."""
    return {name: set(rule.technologies) for name, book in STATES.items() for rule in getattr(book, section)}


def test_written_consent_is_wanted_where_a_system_selects_and_dials() -> None:
    """Connecticut wants it for every sales call; one line for a free agent is not a system that selects."""
    assert meant("consents") == {"CT": EVERY, "FL": SELECTED, "MD": SELECTED, "OK": SELECTED}
    needed = [rule for book in STATES.values() for rule in book.consents]
    assert {rule.consents for rule in needed} == {frozenset({"prior_express_written"})}
    assert all(rule.evidence and not rule.relationships for rule in needed)


def test_some_hours_bind_machines_only() -> None:
    """Recordings in Illinois and Nebraska, autodialers in South Dakota, everything elsewhere."""
    narrow = {name: found for name, found in meant("windows").items() if found != EVERY}
    assert narrow == {"IL": PLAYED, "NE": PLAYED, "SD": AUTOMATED}


def test_two_states_count_by_clocks_of_their_own() -> None:
    """Central time in Mississippi; "the time in this state" in South Dakota, which has two."""
    clocks = {name: rule.zones for name, book in STATES.items() for rule in book.windows if rule.zones}
    assert clocks == {"MS": ("America/Chicago",), "SD": ("America/Chicago", "America/Denver")}


def test_consent_lifts_hours_only_where_the_law_says_so() -> None:
    """Unsolicited calls are meant in Rhode Island, consent exempts in Utah, a tie in Texas; never in Louisiana."""
    lifting = {
        name: (set(rule.exempt.consents), set(rule.exempt.relationships))
        for name, book in STATES.items()
        for rule in book.windows
        if rule.exempt.consents or rule.exempt.relationships
    }
    agreed = {"express", "prior_express_written"}
    ties = {"transaction", "inquiry", "ongoing_contract", "ongoing_transaction", "debt"}
    assert lifting == {"RI": (agreed, {"inquiry"}), "UT": (agreed, set()), "TX": (set(), ties)}
    assert [set(rule.exempt.consents) for rule in NATION.windows] == [{"consent_to_hours"}]


def test_caps_count_what_the_law_counts() -> None:
    """Texts with calls in Maryland and Oregon; one number of Maine; one seller's subject elsewhere."""
    found = {
        name: (set(rule.same), set(rule.counts), set(rule.technologies) == EVERY)
        for name, book in STATES.items()
        for rule in book.caps
    }
    assert found["ME"] == ({"number"}, set(), False)
    assert found["MD"] == ({"seller", "product"}, {Channel.VOICE, Channel.SMS}, True)
    assert found["FL"] == found["OK"] == ({"seller", "product"}, set(), True)
    assert found["OR"] == ({"seller"}, {Channel.VOICE, Channel.SMS}, True)


def test_state_lists_are_never_easier_to_lift_than_the_nations() -> None:
    """Their exemptions are narrower: signed consent, and no older tie than the nation takes."""
    [nation] = NATION.lists
    own = {name: rule for name, book in STATES.items() for rule in book.lists}
    assert set(own) == set(LISTING.split())
    for name, rule in own.items():
        assert (rule.registry, rule.code) == (f"us_{name.lower()}_dnc", ReasonCode.STATE_DNC)
        assert rule.parties == {Party.CONSUMER}
        assert rule.exempt.consents == {"prior_express_written"}
        assert rule.exempt.relationships.items() < nation.exempt.relationships.items()


def test_area_codes_and_emergencies_count_where_the_law_says_so() -> None:
    """An area code is taken for the state in two of them; an emergency stops calls in two."""
    assert {name for name, book in STATES.items() if book.is_presumed} == {"CT", "FL"}
    assert {name for name, book in STATES.items() if book.emergencies} == {"LA", "NY"}


def test_federal_figures_are_those_of_the_sources() -> None:
    """3 % over 30 days, successive and rolling; 2 s to an agent and to a notice; 15 s of ringing."""
    assert {(rule.most, rule.days, rule.of) for rule in NATION.abandonment} == {(0.03, 30, "live_answers")}
    assert [rule.period for rule in NATION.abandonment] == ["successive", "successive", "rolling"]
    assert [rule.within for rule in NATION.connects] == [2.0]
    assert {rule.within for rule in NATION.notices} == {timedelta(seconds=2)}
    assert frozenset().union(*(rule.elements for rule in NATION.notices)) == {
        "seller",
        "phone",
        "opt_out",
        "purpose",
    }
    assert [rule.min_s for rule in NATION.rings] == [15]
    assert [rule.unsubscribe_days for rule in NATION.mails] == [30]
    assert [(rule.proof, rule.takes_opt_outs) for rule in NATION.caller_ids] == [(True, True)]


@pytest.mark.parametrize("book", [NATION, BOOKS["*"], *STATES.values()], ids=lambda book: book.region)
def test_every_rule_says_where_it_stands(book: Rulebook) -> None:
    """A citation, a source that is not a bare key, the day it was read; low confidence in what is only known."""
    for rule in book.rules:
        assert rule.citation.strip()
        assert rule.source.strip()
        assert "[" not in rule.source
        assert rule.valid_from <= rule.checked == date(2026, 11, 22)
        if "general knowledge" in rule.source:
            assert rule.confidence is Confidence.LOW


def ask(region: str, zone: str, now: datetime) -> Question:
    """A sales call by hand to somebody in a state, who is on no list."""
    names = ("us_national_dnc", f"us_{region[3:].lower()}_dnc")
    return Question(
        now=now.astimezone(UTC),
        channel=Channel.VOICE,
        subject=Subject(person="P", number="+12125550123", locations=(Location(region=region, zone=zone),)),
        campaign="c",
        purpose=Purpose.SALES,
        technology=Technology.MANUAL,
        seller="S1",
        product="P1",
        profile=Profile.STATUTORY,
        listings=tuple(Listing(registry=name, as_of=now.astimezone(UTC) - DAY) for name in names),
    )


@pytest.mark.parametrize(
    ("region", "zone", "day"),
    [
        ("US-RI", "America/New_York", date(2026, 5, 4)),  # independence of the state, a Monday
        ("US-RI", "America/New_York", date(2026, 11, 3)),  # election day
        ("US-PA", "America/New_York", date(2027, 6, 14)),  # Flag Day, a Monday
        ("US-PA", "America/New_York", date(2026, 4, 3)),  # Good Friday
        ("US-UT", "America/Denver", date(2026, 6, 15)),  # Juneteenth is kept on the Monday before
        ("US-AL", "America/Chicago", date(2026, 4, 27)),  # Confederate Memorial Day
    ],
)
def test_nobody_is_called_on_a_day_only_the_state_keeps(region: str, zone: str, day: date) -> None:
    """Noon is fine a week later, and forbidden on the day."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    verdict = judge(ask(region, zone, noon), LAW)
    assert verdict.decision is Decision.DEFER
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.HOLIDAY_PROHIBITED]
    assert judge(ask(region, zone, noon + 7 * DAY), LAW).is_allowed


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(2024, 2, 1), datetime(2037, 12, 1)))  # noqa: DTZ001  # the wall clock of Providence
def test_rhode_island_is_called_when_its_law_is_open(clock: datetime) -> None:
    """Weekdays 9 to 18, Saturdays 10 to 17, never on a Sunday or a day off: at any moment of fourteen years."""
    day, hour = clock.date(), clock.hour
    off = day in {*federal(day.year), *rhode_island(day.year)}
    opens = (9, 18) if day.weekday() < 5 else (10, 17) if day.weekday() == 5 else (0, 0)
    now = clock.replace(tzinfo=ZoneInfo("America/New_York"))
    allowed = judge(ask("US-RI", "America/New_York", now), LAW).is_allowed
    assert allowed == (not off and opens[0] <= hour < opens[1])
