"""Which windows hold for a contact: the law's, and what company and campaign narrow."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from compliance.finding import Findings
from compliance.house import HOUSE
from compliance.openings import ALWAYS, Opening, local, next_open
from compliance.question import Narrowing, Question, Reason
from compliance.rulebook import Rulebook
from compliance.rules import WindowRule, in_force
from compliance.terms import Channel, ReasonCode

_NARROWED = "POL-7"


def openings_for(question: Question, rulebook: Rulebook, day: date) -> tuple[Opening, ...]:
    """Return every opening that must hold for what is asked; `day` is the local date rules must be in force on.

    Company and campaign narrow the hours of calls; mail waits for no window.
    """
    choice = _holiday_choice(question.narrowings)
    law = [_of_rule(rule, rulebook, choice) for rule in in_force(rulebook.windows, question, day)]
    if question.channel is not Channel.VOICE:
        return tuple(law)
    own = list(_of_narrowings(question.narrowings))
    if choice and not any(opening.on_holidays == () for opening in law):
        own.append(_own(on_holidays=(), country=rulebook.holidays))
    return (*law, *own)


def _holiday_choice(narrowings: Sequence[Narrowing]) -> bool | None:
    """Return whether holidays are skipped by choice: one wish to skip them outweighs any wish not to."""
    choices = {narrowing.skip_holidays for narrowing in narrowings} - {None}
    return True in choices if choices else None


def _of_rule(rule: WindowRule, rulebook: Rulebook, choice: bool | None) -> Opening:  # noqa: FBT001 (None: no choice)
    special = rule.on_holidays
    if special is not None and special.optional and choice is False:
        special = None
    return Opening(
        rule=rule.id,
        citation=rule.citation,
        days=rule.days,
        country=rulebook.holidays,
        on_holidays=None if special is None else special.windows,
    )


def _of_narrowings(narrowings: Sequence[Narrowing]) -> Iterator[Opening]:
    for narrowing in narrowings:
        if narrowing.hours is not None:
            yield _own(days=narrowing.hours)
        if narrowing.closed_dates:
            yield _own(closed_dates=narrowing.closed_dates)


def _own(**what: object) -> Opening:
    return Opening(**{"rule": _NARROWED, "citation": HOUSE[_NARROWED], "days": ALWAYS, **what})  # type: ignore[arg-type]


def judge_hours(question: Question, openings: Sequence[Opening], zones: Sequence[str]) -> Findings:
    """Return the openings that are shut now in any zone, each with when it alone opens next."""
    clocks = [local(question.now, zone) for zone in zones]
    reasons = tuple(
        Reason(
            code=_code(opening, clocks),
            rule=opening.rule,
            citation=opening.citation,
            until=next_open((opening,), question.now, zones),
        )
        for opening in openings
        if not all(opening.is_open_on(clock) for clock in clocks)
    )
    return Findings(rules=tuple(dict.fromkeys(opening.rule for opening in openings)), reasons=reasons)


def _code(opening: Opening, clocks: Sequence[datetime]) -> ReasonCode:
    """Return why an opening is shut: the hour, unless the whole day is shut in a zone, by holiday or otherwise."""
    shut = [day for day in (clock.date() for clock in clocks) if not opening.windows_on(day)]
    if any(opening.is_holiday(day) and day not in opening.closed_dates for day in shut):
        return ReasonCode.HOLIDAY_PROHIBITED
    return ReasonCode.DAY_PROHIBITED if shut else ReasonCode.OUTSIDE_HOURS
