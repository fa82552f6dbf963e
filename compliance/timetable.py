"""Which windows hold for a contact: the law's, and what company and campaign narrow."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache

from compliance.calendar import Calendar
from compliance.contact_rules import WindowRule
from compliance.finding import Findings
from compliance.house import HOUSE
from compliance.jurisdiction import Jurisdiction, Place
from compliance.openings import ALWAYS, Opening, local, next_open
from compliance.question import Narrowing, Question, Reason
from compliance.selection import Selection
from compliance.standing import is_exempt
from compliance.terms import Channel, ReasonCode

NARROWED = "POL-7"
"""The house rule that a company's or campaign's own limits go by."""


def openings_for(question: Question, place: Place) -> tuple[Opening, ...]:
    """Return every opening that must hold for what is asked.

    Company and campaign narrow the hours of calls; mail waits for no window.
    """
    choice = _holiday_choice(question.narrowings)
    law = [opening for one in place.jurisdictions for opening in _of_law(question, one, choice)]
    if question.channel is Channel.EMAIL:
        return tuple(law)
    own = list(_of_narrowings(question.narrowings, place.zones))
    if choice and not any(opening.on_holidays == () for opening in law):
        own += [
            _own(zones=one.zones, on_holidays=(), calendar=_calendar(question, one.rules))
            for one in place.jurisdictions
            if one.rules.holidays
        ]
    return (*law, *own)


def _holiday_choice(narrowings: Sequence[Narrowing]) -> bool | None:
    """Return whether holidays are skipped by choice: one wish to skip them outweighs any wish not to."""
    choices = {narrowing.skip_holidays for narrowing in narrowings} - {None}
    return True in choices if choices else None


def _of_law(question: Question, where: Jurisdiction, choice: bool | None) -> Iterator[Opening]:  # noqa: FBT001 (None: no choice)
    proclaimed = _proclaimed(question, where.rules)
    for rule, opening in _openings(where.rules, where.zones, choice, proclaimed):
        if not is_exempt(rule.exempt, question):
            yield opening


@lru_cache(maxsize=4096)
def _openings(
    rules: Selection,
    zones: tuple[str, ...],
    choice: bool | None,  # noqa: FBT001 (None: no choice)
    proclaimed: frozenset[date],
) -> tuple[tuple[WindowRule, Opening], ...]:
    calendar = Calendar(holidays=rules.holidays, proclaimed=proclaimed)
    return tuple((rule, _of_rule(rule, calendar, zones, choice)) for rule in rules.windows)


def _of_rule(rule: WindowRule, calendar: Calendar, zones: tuple[str, ...], choice: bool | None) -> Opening:  # noqa: FBT001
    special = rule.on_holidays
    if special is not None and special.optional and choice is False:
        special = None
    return Opening(
        rule=rule.id,
        citation=rule.citation,
        zones=rule.zones or zones,
        days=rule.days,
        calendar=calendar,
        on_holidays=None if special is None else special.windows,
        before_holidays=rule.before_holidays,
    )


def _proclaimed(question: Question, rules: Selection) -> frozenset[date]:
    may_be = rules.holidays is not None and rules.holidays.proclaimed
    return question.proclaimed.get(rules.region, frozenset()) if may_be else frozenset()


def _calendar(question: Question, rules: Selection) -> Calendar:
    return Calendar(holidays=rules.holidays, proclaimed=_proclaimed(question, rules))


def _of_narrowings(narrowings: Sequence[Narrowing], zones: tuple[str, ...]) -> Iterator[Opening]:
    for narrowing in narrowings:
        if narrowing.hours is not None:
            yield _own(zones=zones, days=narrowing.hours)
        if narrowing.closed_dates:
            yield _own(zones=zones, closed_dates=narrowing.closed_dates)


def _own(**what: object) -> Opening:
    return Opening(**{"rule": NARROWED, "citation": HOUSE[NARROWED], "days": ALWAYS, **what})  # type: ignore[arg-type]


def judge_hours(question: Question, openings: Sequence[Opening]) -> Findings:
    """Return the openings that are shut now in any of their zones, each with when it alone opens next."""
    clocks = {zone: local(question.now, zone) for opening in openings for zone in opening.zones}
    shut = [
        opening for opening in openings if not all(opening.is_open_on(clocks[zone]) for zone in opening.zones)
    ]
    reasons = tuple(
        Reason(
            code=_code(opening, [clocks[zone] for zone in opening.zones]),
            rule=opening.rule,
            citation=opening.citation,
            until=next_open((opening,), question.now),
        )
        for opening in shut
    )
    own = (NARROWED,) if any(opening.rule == NARROWED for opening in openings) else ()
    return Findings(rules=own, reasons=reasons)


def _code(opening: Opening, clocks: Sequence[datetime]) -> ReasonCode:
    """Return why an opening is shut: the hour, unless the whole day is shut in a zone, by holiday or otherwise."""
    shut = [day for day in (clock.date() for clock in clocks) if not opening.windows_on(day)]
    if any(opening.is_holiday(day) and day not in opening.closed_dates for day in shut):
        return ReasonCode.HOLIDAY_PROHIBITED
    return ReasonCode.DAY_PROHIBITED if shut else ReasonCode.OUTSIDE_HOURS
