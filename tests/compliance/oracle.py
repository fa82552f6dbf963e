"""Openings and counts worked out a second time, minute by minute, straight from zoneinfo: no code of the judge's."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from compliance.contact_rules import CapRule, WindowRule
from compliance.question import Location, Question
from compliance.rulebook import Rulebook
from compliance.rules import Rule
from compliance.terms import Channel, Profile

MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """A zone's clocks."""
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def days_off(country: str, parts: tuple[str, ...], year: int) -> frozenset[date]:
    """Public holidays of a year, straight from the library."""
    found: set[date] = set()
    for part in parts or (None,):
        found |= {
            day for day in holidays.country_holidays(country, subdiv=part, years=year) if day.year == year
        }
    return frozenset(found)


def is_off(book: Rulebook, day: date, proclaimed: Iterable[date]) -> bool:
    """Whether a rulebook takes a day for a holiday."""
    known = book.holidays
    if known is None:
        return False
    extra = set(known.also) | (set(proclaimed) if known.proclaimed else set())
    return day in extra or day in days_off(known.country, known.subdivisions, day.year)


def binds(rule: Rule, question: Question, day: date) -> bool:
    """Whether a rule is in force for what is asked."""
    return (
        question.channel in rule.channels
        and question.purpose in rule.purposes
        and question.technology in rule.technologies
        and question.subject.party in rule.parties
        and not (rule.profile is Profile.RECOMMENDED and question.profile is Profile.STATUTORY)
        and rule.valid_from <= day <= (rule.valid_to or date.max)
    )


def books_of(place: Location, books: dict[str, Rulebook]) -> list[Rulebook]:
    """The rulebooks over one place: everywhere's, the country's, the part's."""
    return [
        books[name]
        for name in dict.fromkeys(("*", place.region.split("-")[0], place.region))
        if name in books
    ]


def shows(clock: datetime, rule: WindowRule, book: Rulebook, question: Question) -> bool:
    """Whether a wall clock is within a rule's windows."""
    proclaimed = question.proclaimed.get(book.region, frozenset())
    day = clock.date()
    windows = rule.days[clock.weekday()]
    choices = [one.skip_holidays for one in question.narrowings if one.skip_holidays is not None]
    special = rule.on_holidays
    if special is not None and special.optional and choices and True not in choices:
        special = None
    tomorrow = day + timedelta(days=1)
    if windows and rule.before_holidays is not None and is_off(book, tomorrow, proclaimed):
        windows = rule.before_holidays
    if special is not None and is_off(book, day, proclaimed):
        windows = special.windows
    minute = clock.hour * 60 + clock.minute
    return any(_of(start) <= minute < (_of(end) or 1440) for start, end in windows)


def _of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def is_open(question: Question, at: datetime, rules_day: date, books: dict[str, Rulebook]) -> bool:
    """Whether every rule about hours, the company's among them, allows an instant in every candidate zone."""
    places = question.subject.locations or ()
    for place in places:
        for book in books_of(place, books):
            for rule in book.windows:
                if not binds(rule, question, rules_day) or is_exempt(rule, question):
                    continue
                for name in rule.zones or (place.zone,):
                    if not shows(at.astimezone(zone(name)), rule, book, question):
                        return False
        clock = at.astimezone(zone(place.zone))
        if question.channel is not Channel.EMAIL and not _narrowed(question, clock, place, books):
            return False
    return True


def _narrowed(question: Question, clock: datetime, place: Location, books: dict[str, Rulebook]) -> bool:
    minute = clock.hour * 60 + clock.minute
    for own in question.narrowings:
        if clock.date() in own.closed_dates:
            return False
        if own.hours is not None and not any(
            _of(start) <= minute < (_of(end) or 1440) for start, end in own.hours.get(clock.weekday(), ())
        ):
            return False
        if (
            own.skip_holidays
            and any(
                is_off(book, clock.date(), question.proclaimed.get(book.region, ()))
                for book in books_of(place, books)
            )
            and not _law_skips(question, books)
        ):
            return False
    return True


def _law_skips(question: Question, books: dict[str, Rulebook]) -> bool:
    """Whether some rule in force closes holidays already: then a wish to skip them adds nothing."""
    first = (question.subject.locations or ())[0]
    day = question.now.astimezone(zone(first.zone)).date()
    return any(
        rule.on_holidays is not None and not rule.on_holidays.windows
        for place in question.subject.locations or ()
        for book in books_of(place, books)
        for rule in book.windows
        if binds(rule, question, day) and not is_exempt(rule, question)
    )


def is_exempt(rule: WindowRule | CapRule, question: Question) -> bool:
    """Whether a standing consent or tie lifts a rule: worked out by hand."""
    for one in question.consents:
        stands = (
            one.seller == question.seller
            and (not one.channels or question.channel in one.channels)
            and one.number in {None, question.subject.number}
            and one.obtained_at <= question.now
            and not (one.revoked_at and one.revoked_at <= question.now)
            and not (one.expires_at and one.expires_at <= question.now)
        )
        if stands and one.type in rule.exempt.consents:
            return True
    for tie in question.relationships:
        if tie.type not in rule.exempt.relationships or tie.seller != question.seller:
            continue
        months = rule.exempt.relationships[tie.type]
        if months is None or (tie.at is not None and _months(tie.at, question.now) < months):
            return True
    return False


def _months(start: datetime, end: datetime) -> int:
    """Whole calendar months between two instants."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole - ((end.day, end.timetz()) < (start.day, start.timetz()))


def next_open(
    question: Question, start: datetime, days: int, books: dict[str, Rulebook], rules_day: date
) -> datetime | None:
    """The first open instant from `start` on: second by second to the next minute, then minute by minute."""
    moment, end = start, start + timedelta(days=days)
    if is_open(question, moment, rules_day, books):
        return moment
    moment = moment.replace(second=0, microsecond=0) + MINUTE
    while moment < end:
        if is_open(question, moment, rules_day, books):
            return moment
        moment += MINUTE
    return None


def counted(question: Question, rule: CapRule, hours: int) -> int:
    """How many past attempts fall within so many elapsed hours."""
    return sum(
        past.event == "attempted"
        and past.channel in (rule.counts or {question.channel})
        and ("seller" not in rule.same or past.seller in {None, question.seller})
        and ("product" not in rule.same or past.product in {None, question.product})
        and ("number" not in rule.same or past.number in {None, question.subject.number})
        and question.now - past.at < timedelta(hours=hours)
        for past in question.history
    )
