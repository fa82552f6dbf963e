"""Whose rules govern a contact, and on which clocks: rulebooks of every place the person may be in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from compliance.finding import Findings, house
from compliance.mailboxes import read_email
from compliance.numbers import DIALABLE, Number, NumberFault, read_number
from compliance.openings import local
from compliance.places import locations_of
from compliance.question import Location, Question, Reason
from compliance.rulebook import Law, Rulebook
from compliance.selection import Selection, asked, select
from compliance.terms import Channel, ReasonCode

_NO_ZONE = "UTC"
"""On whose clocks mail is counted when nothing says where the person is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """One rulebook that governs: its rules that bind, and the zones on whose clocks they count."""

    rulebook: Rulebook
    zones: tuple[str, ...]
    rules: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the person may be. `is_known` is False when nothing beyond refusals can be judged."""

    jurisdictions: tuple[Jurisdiction, ...] = ()
    zones: tuple[str, ...] = ()
    findings: Findings
    is_known: bool = False


def place_of(question: Question, law: Law) -> Place:
    """Return whose rules govern, with what speaks against the address itself."""
    text = question.subject.number
    read = read_number(text, question.home) if text else None
    number = read.number if isinstance(read, NumberFault) else read
    if question.channel is Channel.EMAIL:
        return _of_mailbox(question, number, law)
    if number is not None:
        return _of_line(question, number, law)
    if isinstance(read, NumberFault) and read.code is ReasonCode.NON_DIALABLE_TYPE:
        return _nowhere(("NUM-1", "NUM-2"), house(read.code, "NUM-2"))
    return _nowhere(("NUM-1", "TZ-5"), house(ReasonCode.INVALID_NUMBER, "NUM-1"))


def _nowhere(rules: tuple[str, ...], reason: Reason) -> Place:
    return Place(findings=Findings(rules=rules, reasons=(reason,)))


def _of_mailbox(question: Question, number: Number | None, law: Law) -> Place:
    """Return the place of a mailbox: where the person's number or address is, else our own region."""
    subject = question.subject
    found = _candidates(question, number, law) if number or subject.address or subject.locations else ()
    region = number.region if number else question.home
    where = found or (Location(region=region, zone=_NO_ZONE),)
    is_readable = subject.email is not None and read_email(subject.email) is not None
    reasons = () if is_readable else (house(ReasonCode.INVALID_ADDRESS, "NUM-1"),)
    return _governed(question, where, law, Findings(reasons=reasons))


def _of_line(question: Question, number: Number, law: Law) -> Place:
    """Return the place of a telephone; one that may be anywhere is not called (TZ-5)."""
    dialable = _dialable(number, law)
    where = _candidates(question, number, law)
    if where:
        clocks = ("TZ-1", "TZ-2", "TZ-3", "TZ-6") if len(where) > 1 else ("TZ-1", "TZ-6")
        found = Findings(rules=(*dialable.rules, *clocks), reasons=dialable.reasons)
        return _governed(question, where, law, found)
    books = law.governing(number.region)
    missing = () if books else (house(ReasonCode.PACK_MISSING, "POL-3"),)
    reasons = (*(dialable.reasons or (house(ReasonCode.LOCATION_UNKNOWN, "TZ-5"),)), *missing)
    findings = Findings(rules=(*dialable.rules, "TZ-5"), reasons=reasons)
    return Place(jurisdictions=_ruled(question, books), findings=findings)


def _candidates(question: Question, number: Number | None, law: Law) -> tuple[Location, ...]:
    subject = question.subject
    if subject.locations is not None:
        return subject.locations
    found = locations_of(
        number, subject.address, best_evidence=question.best_evidence, presumed=_presumed(law)
    )
    return _trimmed(law, found)


@lru_cache(maxsize=16)
def _presumed(law: Law) -> frozenset[str]:
    """Return the regions whose law takes an area code for the place."""
    return frozenset(book.region for book in law.rulebooks.values() if book.is_presumed)


@lru_cache(maxsize=4096)
def _trimmed(law: Law, found: tuple[Location, ...]) -> tuple[Location, ...]:
    """Return the candidates in the zones that the country's rulebook leaves; in all of those if it leaves none."""
    kept: dict[Location, None] = {}
    for region in dict.fromkeys(place.region for place in found):
        own = [place for place in found if place.region == region]
        country = law.country_of(region)
        zones = country.zones if country and country.region == region else ()
        left = [place for place in own if not zones or place.zone in zones]
        kept.update(dict.fromkeys(left or [Location(region=region, zone=zone) for zone in zones]))
    return tuple(kept)


def _dialable(number: Number, law: Law) -> Findings:
    """Return whether this kind of line may be called: never some, and no other than the rulebook's."""
    country = law.country_of(number.region)
    rule = country.numbers if country else None
    allowed = DIALABLE & rule.dialable if rule else DIALABLE
    reasons = () if number.line_type in allowed else (house(ReasonCode.NON_DIALABLE_TYPE, "NUM-2"),)
    return Findings(rules=("NUM-1", "NUM-2"), reasons=reasons)


def _governed(question: Question, where: tuple[Location, ...], law: Law, findings: Findings) -> Place:
    """Return the place, denied without a country's rulebook or a fresh enough zone database."""
    books, zones, is_complete = _books(law, where)
    reasons = list(findings.reasons)
    if not is_complete:
        reasons.append(house(ReasonCode.PACK_MISSING, "POL-3"))
    if any(law.libraries["tzdata"] < book.min_tzdata for book, _ in books):
        reasons.append(house(ReasonCode.TZDATA_STALE, "TZ-6"))
    what = asked(question)
    day = local(question.now, zones[0]).date()
    return Place(
        jurisdictions=tuple(
            Jurisdiction(rulebook=book, zones=clocks, rules=select(book, what, day)) for book, clocks in books
        ),
        zones=zones,
        findings=Findings(rules=findings.rules, reasons=tuple(reasons)),
        is_known=bool(books),
    )


@lru_cache(maxsize=4096)
def _books(
    law: Law, where: tuple[Location, ...]
) -> tuple[tuple[tuple[Rulebook, tuple[str, ...]], ...], tuple[str, ...], bool]:
    """Return the rulebooks of these places, each with its zones; all zones; whether every place has a rulebook."""
    zones_by_book: dict[Rulebook, dict[str, None]] = {}
    is_complete = True
    for place in where:
        books = law.governing(place.region)
        is_complete = is_complete and bool(books)
        for book in books:
            zones_by_book.setdefault(book, {})[place.zone] = None
    books_found = tuple((book, tuple(zones)) for book, zones in zones_by_book.items())
    return books_found, tuple(dict.fromkeys(place.zone for place in where)), is_complete


def _ruled(question: Question, books: Iterable[Rulebook]) -> tuple[Jurisdiction, ...]:
    """Return rulebooks without a zone: good for refusals only. Rules must be in force on the date of UTC."""
    what, day = asked(question), question.now.date()
    return tuple(Jurisdiction(rulebook=book, zones=(), rules=select(book, what, day)) for book in books)
