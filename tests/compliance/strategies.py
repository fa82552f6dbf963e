"""Questions from every rulebook, in every zone, dense where clocks change, holidays fall and years end."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from compliance.question import (
    Consent,
    Listing,
    Location,
    Narrowing,
    PastContact,
    Question,
    Relationship,
    Subject,
    Suppression,
)
from compliance.rulebook import Rulebook, packaged_law
from compliance.terms import Channel, Party, Profile, Purpose, Technology
from tests.compliance.oracle import days_off, zone

BOOKS: dict[str, Rulebook] = dict(packaged_law().rulebooks)
ELSEWHERE = {
    "JP": ("+819012345678", ("Asia/Tokyo",)),
    "GB": ("+442079460123", ("Europe/London",)),
    "FR": ("+33199001234", ("Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "Pacific/Tahiti")),
    "DE": ("+4930231250123", ("Europe/Berlin",)),
    "ES": ("+34612345678", ("Europe/Madrid", "Atlantic/Canary")),
    "IT": ("+390612345678", ("Europe/Rome",)),
    "CA": ("+14165550123", ("America/Toronto", "America/St_Johns", "America/Vancouver", "America/Winnipeg")),
    "AU": (
        "+61491570156",
        ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth"),
    ),
}
AMERICAN = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")
NUMBER = "+12125550123"
YEARS = range(2024, 2038)


@lru_cache(maxsize=256)
def changes(name: str) -> tuple[datetime, ...]:
    """The hours around every change of a zone's clocks, 2024 to 2037."""
    found, moment, end = [], datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
    step = timedelta(hours=12)
    while moment < end:
        if moment.astimezone(zone(name)).utcoffset() != (moment + step).astimezone(zone(name)).utcoffset():
            found.append(moment)
        moment += step
    return tuple(found) or (datetime(2026, 11, 24, tzinfo=UTC),)


def places() -> st.SearchStrategy[tuple[Location, ...]]:
    """One region in one or two of its zones; sometimes a second region as well."""
    regions = st.sampled_from(sorted(name for name in BOOKS if name != "*"))
    return st.lists(regions.flatmap(place), min_size=1, max_size=2, unique=True).map(tuple)


def place(region: str) -> st.SearchStrategy[Location]:
    """A region in one of its zones."""
    zones = AMERICAN if region.startswith("US") else ELSEWHERE[region][1]
    return st.sampled_from(zones).map(lambda name: Location(region=region, zone=name))


@st.composite
def instants(draw: st.DrawFn, where: tuple[Location, ...]) -> datetime:
    """Anywhere in fourteen years, often near a change of clocks, a holiday, a midnight or the end of a year."""
    first = where[0]
    kind = draw(st.sampled_from(["any", "change", "holiday", "year"]))
    if kind == "change":
        base = draw(st.sampled_from(changes(first.zone)))
        return base + timedelta(seconds=draw(st.integers(-36 * 3600, 48 * 3600)))
    if kind == "holiday":
        book = BOOKS.get(first.region) or BOOKS[first.region.split("-")[0]]
        known = book.holidays or BOOKS[first.region.split("-")[0]].holidays
        year = draw(st.sampled_from(YEARS))
        days = sorted(days_off(known.country, known.subdivisions, year)) if known else [date(year, 1, 1)]
        day = draw(st.sampled_from(days)) - timedelta(days=draw(st.integers(0, 1)))
        noon = datetime.combine(day, time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 29, 59]))))
        return noon.replace(tzinfo=zone(first.zone)).astimezone(UTC)
    if kind == "year":
        return datetime(draw(st.sampled_from(YEARS)), 12, 31, 12, tzinfo=UTC) + timedelta(
            minutes=draw(st.integers(0, 3000))
        )
    span = int((datetime(2038, 1, 1) - datetime(2024, 1, 1)).total_seconds())  # noqa: DTZ001 (a difference)
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, span)))


HOURS = st.sampled_from(
    [
        None,
        None,
        dict.fromkeys(range(7), ((time(9), time(18)),)),
        {day: ((time(10), time(12)), (time(13), time(0))) if day < 5 else () for day in range(7)},
    ]
)
NARROWINGS = st.builds(
    Narrowing,
    hours=HOURS,
    skip_holidays=st.sampled_from([None, None, True, False]),
    per_day=st.sampled_from([None, None, 1, 3]),
    per_week=st.sampled_from([None, None, 5]),
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question about somebody who may be in one or two places, with a past, consents, lists and narrowings."""
    where = draw(places())
    now = draw(instants(where))
    country = where[0].region.split("-")[0]
    number = ELSEWHERE[country][0] if country in ELSEWHERE else NUMBER
    ago = st.integers(0, 40 * 24 * 60).map(lambda minutes: now - timedelta(minutes=minutes))
    consents = st.builds(
        Consent,
        type=st.sampled_from(["express", "prior_express_written", "consent_to_hours", "email_optin"]),
        seller=st.sampled_from(["S1", "S1", "S2"]),
        obtained_at=ago,
        channels=st.sampled_from([frozenset(), frozenset({Channel.VOICE}), frozenset({Channel.EMAIL})]),
        evidence=st.sampled_from(["form", "form", None]),
        expires_at=st.sampled_from([None, None, now]),
        revoked_at=st.sampled_from([None, None, now]),
    )
    ties = st.builds(
        Relationship,
        type=st.sampled_from(["transaction", "inquiry", "ongoing_contract"]),
        seller=st.sampled_from(["S1", "S2"]),
        at=st.integers(0, 900).map(lambda days: now - timedelta(days=days)),
    )
    past = st.builds(
        PastContact,
        at=ago,
        event=st.sampled_from(["attempted", "attempted", "abandoned", "machine", "talked"]),
        number=st.sampled_from([number, None]),
        seller=st.sampled_from(["S1", "S1", "S2", None]),
        product=st.sampled_from(["P1", "P2", None]),
        campaign=st.just("c"),
    )
    fresh = draw(st.booleans())
    lists = tuple(
        Listing(registry=rule.registry, as_of=now - timedelta(days=5 if fresh else draw(st.integers(0, 120))))
        for book in BOOKS.values()
        for rule in book.lists
    )
    return Question(
        now=now,
        channel=Channel.VOICE,
        subject=Subject(
            person="P",
            number=number,
            email="p@example.com",
            party=draw(st.sampled_from(list(Party))),
            locations=where,
        ),
        campaign="c",
        purpose=draw(st.sampled_from([Purpose.SALES, Purpose.SALES, Purpose.SERVICE])),
        technology=draw(st.sampled_from(list(Technology))),
        seller="S1",
        product="P1",
        profile=draw(st.sampled_from(list(Profile))),
        history=tuple(draw(st.lists(past, max_size=6))),
        consents=tuple(draw(st.lists(consents, max_size=2))),
        relationships=tuple(draw(st.lists(ties, max_size=2))),
        narrowings=tuple(draw(st.lists(NARROWINGS, max_size=2))),
        listings=lists,
    )


def entries(question: Question) -> st.SearchStrategy[Suppression]:
    """Do-not-contact entries that cover the question, however they name the person."""
    whom: list[dict[str, Any]] = [
        {"person": "P"},
        {"number": question.subject.number},
        {"email": "p@example.com"},
    ]
    scope: list[dict[str, Any]] = [{}, {"seller": "S1"}, {"product": "P1"}, {"channel": question.channel}]
    return st.builds(
        lambda one, other: Suppression(
            reason="do_not_call", source="t", by="t", at=question.now, **one, **other
        ),
        st.sampled_from(whom),
        st.sampled_from(scope),
    )
