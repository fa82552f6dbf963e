"""Whose rules govern a contact, and on which clocks: rulebooks of every place the person may be in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from compliance.finding import Findings, house
from compliance.mailboxes import read_email
from compliance.numbers import DIALABLE, Number, NumberFault, read_number
from compliance.openings import local
from compliance.places import locations_of
from compliance.question import Location, Question, Saying
from compliance.rulebook import Law, Rulebook
from compliance.selection import Asked, Selection, asked, select
from compliance.terms import Channel, ReasonCode

_CLOCKS = ("NUM-1", "NUM-2", "TZ-1", "TZ-6")
_MANY_CLOCKS = (*_CLOCKS, "TZ-2", "TZ-3")
_NO_ZONE = "UTC"
"""On whose clocks mail is counted when nothing says where the person is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """One rulebook that governs: its rules that bind, and the zones on whose clocks they count."""

    rulebook: Rulebook
    zones: tuple[str, ...]
    rules: Selection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What many contacts share who may be in the same places: the rulebooks with their rules, found once and kept.

    `rules` are all that were looked at, `registries` those that some rule asks. `is_complete` says that every place has
    a rulebook, `is_fresh` that the zone database is new enough for all of them.
    """

    jurisdictions: tuple[Jurisdiction, ...] = ()
    zones: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sayings: tuple[Saying, ...] = ()
    registries: frozenset[str] = frozenset()
    versions: Mapping[str, str]
    is_complete: bool = True
    is_fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the person may be. `is_known` is False when nothing beyond refusals can be judged."""

    ground: Ground
    findings: Findings
    is_known: bool = False

    @property
    def jurisdictions(self) -> tuple[Jurisdiction, ...]:
        """Return every rulebook that governs."""
        return self.ground.jurisdictions

    @property
    def zones(self) -> tuple[str, ...]:
        """Return every zone the person may be in."""
        return self.ground.zones


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
        found = Findings(rules=("NUM-1", "NUM-2"), reasons=(house(read.code, "NUM-2"),))
    else:
        found = Findings(rules=("NUM-1", "TZ-5"), reasons=(house(ReasonCode.INVALID_NUMBER, "NUM-1"),))
    return _nowhere(question, law, (), found)


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
        found = Findings(rules=_CLOCKS if len(where) == 1 else _MANY_CLOCKS, reasons=dialable.reasons)
        return _governed(question, where, law, found)
    books = law.governing(number.region)
    missing = () if books else (house(ReasonCode.PACK_MISSING, "POL-3"),)
    reasons = (*(dialable.reasons or (house(ReasonCode.LOCATION_UNKNOWN, "TZ-5"),)), *missing)
    findings = Findings(rules=(*dialable.rules, "TZ-5"), reasons=reasons)
    return _nowhere(question, law, books, findings)


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
    day = local(question.now, where[0].zone).date()
    ground = _ground(law, where, asked(question), day)
    reasons = list(findings.reasons)
    if not ground.is_complete:
        reasons.append(house(ReasonCode.PACK_MISSING, "POL-3"))
    if not ground.is_fresh:
        reasons.append(house(ReasonCode.TZDATA_STALE, "TZ-6"))
    found = Findings(rules=findings.rules, reasons=tuple(reasons)) if reasons else findings
    return Place(ground=ground, findings=found, is_known=bool(ground.jurisdictions))


@lru_cache(maxsize=4096)
def _ground(law: Law, where: tuple[Location, ...], what: Asked, day: date) -> Ground:
    """Return what holds in these places. `day` is the date on the clocks there, on which rules must be in force."""
    zones_by_book: dict[Rulebook, dict[str, None]] = {}
    is_complete = True
    for place in where:
        books = law.governing(place.region)
        is_complete = is_complete and bool(books)
        for book in books:
            zones_by_book.setdefault(book, {})[place.zone] = None
    ruled = [(book, tuple(zones)) for book, zones in zones_by_book.items()]
    return _ground_of(
        law,
        ruled,
        what,
        day,
        zones=tuple(dict.fromkeys(place.zone for place in where)),
        is_complete=is_complete,
    )


def _ground_of(
    law: Law, ruled: Sequence[tuple[Rulebook, tuple[str, ...]]], what: Asked, day: date, **rest: Any
) -> Ground:
    found = tuple(
        Jurisdiction(rulebook=book, zones=zones, rules=select(book, what, day)) for book, zones in ruled
    )
    return Ground(
        jurisdictions=found,
        rules=tuple(dict.fromkeys(id_ for one in found for id_ in one.rules.ids)),
        sayings=tuple(saying for one in found for saying in one.rules.sayings),
        registries=frozenset(rule.registry for one in found for rule in one.rules.lists),
        versions=law.versions_of(one.rulebook for one in found),
        is_fresh=all(book.min_tzdata <= law.libraries["tzdata"] for book, _ in ruled),
        **rest,
    )


def _nowhere(question: Question, law: Law, books: Iterable[Rulebook], findings: Findings) -> Place:
    """Return a place without zones: good for refusals only. Rules must be in force on the date of UTC."""
    ruled = [(book, ()) for book in books]
    ground = _ground_of(law, ruled, asked(question), question.now.date())
    return Place(ground=ground, findings=findings)
