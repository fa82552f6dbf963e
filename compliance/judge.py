"""May we? One question and the law make one verdict, with every rule that fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compliance.caps import judge_caps
from compliance.consent import judge_consent
from compliance.finding import Findings, house, joined
from compliance.mailboxes import read_email
from compliance.numbers import DIALABLE, Number, NumberFault, read_number
from compliance.openings import Opening, local, next_open
from compliance.places import zones_of
from compliance.question import Question, Reason, Verdict
from compliance.rulebook import Law, Rulebook
from compliance.rules import in_force
from compliance.suppression import judge_refusals
from compliance.terms import Channel, Decision, ReasonCode
from compliance.timetable import judge_hours, openings_for

_WAITING = frozenset(
    {
        ReasonCode.OUTSIDE_HOURS,
        ReasonCode.DAY_PROHIBITED,
        ReasonCode.HOLIDAY_PROHIBITED,
        ReasonCode.ATTEMPT_CAP_DAY,
        ReasonCode.ATTEMPT_CAP_WEEK,
    }
)
"""Reasons that time lifts; without an end they deny like the others."""

_FIRST = (
    ReasonCode.REFUSAL_ON_FILE,
    ReasonCode.INTERNAL_DNC,
    ReasonCode.EMAIL_UNSUBSCRIBED,
    ReasonCode.DIALING_DISABLED,
)
"""The order in which reasons are told (POL-8): do-not-call, stop switch, all others, and those that time lifts last."""

_NO_ZONE = "UTC"
"""On whose clocks mail is counted when neither number nor rulebook says where the person is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the person is: the rulebook that governs, and the zones whose clocks count."""

    rulebook: Rulebook | None
    zones: tuple[str, ...]
    findings: tuple[Findings, ...]


def judge(question: Question, law: Law) -> Verdict:
    """Return whether the contact may be made now, every failing rule, and from when on it may be if only time is short.

    DENY outweighs DEFER outweighs ALLOW_WITH (a yes with duties) outweighs ALLOW. `next_allowed_at` is the first
    instant, in UTC, at which every rule that only time lifts is satisfied at once, judged on the facts known now.
    """
    place = _place(question, law)
    switch = () if question.dialing_enabled else (house(ReasonCode.DIALING_DISABLED, "POL-6"),)
    stop = Findings(rules=("POL-6",), reasons=switch)
    # Without a zone, the date on which rules must be in force is that of UTC; nothing is allowed then anyway.
    day = local(question.now, place.zones[0]).date() if place.zones else question.now.date()
    refusals = judge_refusals(question, place.rulebook, day)
    openings: tuple[Opening, ...] = ()
    parts = [refusals, stop, *place.findings]
    if place.rulebook is not None:
        openings = openings_for(question, place.rulebook, day)
        parts += _rest(question, place, place.rulebook, day, openings)
    return _verdict(question, law, place, joined(parts), openings)


def _rest(
    question: Question, place: _Place, rulebook: Rulebook, day: date, openings: Sequence[Opening]
) -> list[Findings]:
    """Return what the rulebook says beyond refusals and places."""
    recording = in_force(rulebook.recording, question, day) if question.recorded else []
    disclosures = in_force(rulebook.disclosures, question, day)
    return [
        judge_consent(question, rulebook, day),
        judge_caps(question, rulebook, day, place.zones),
        judge_hours(question, openings, place.zones),
        Findings(rules=tuple(rule.id for rule in disclosures)),
        *(Findings(rules=(rule.id,), duties=rule.duties) for rule in recording),
    ]


def _place(question: Question, law: Law) -> _Place:
    """Return whose law governs: that of the number's region, or of our own where only a mailbox is known."""
    text = question.subject.number
    read = read_number(text, question.home) if text else None
    number = read.number if isinstance(read, NumberFault) else read
    if question.channel is Channel.EMAIL:
        region = number.region if number else question.home
        address = read_email(question.subject.email) if question.subject.email else None
        reasons = () if address else (house(ReasonCode.INVALID_ADDRESS, "NUM-1"),)
        zones = (zones_of(number.e164) if number else ()) or (_NO_ZONE,)
        return _governed(region, zones, law, Findings(reasons=reasons), is_line=False)
    if number is not None:
        return _governed(number.region, zones_of(number.e164), law, _dialable(number, law), is_line=True)
    if isinstance(read, NumberFault) and read.code is ReasonCode.NON_DIALABLE_TYPE:
        fault = Findings(rules=("NUM-1", "NUM-2"), reasons=(house(read.code, "NUM-2"),))
    else:
        fault = Findings(rules=("NUM-1", "TZ-5"), reasons=(house(ReasonCode.INVALID_NUMBER, "NUM-1"),))
    return _Place(rulebook=None, zones=(), findings=(fault,))


def _governed(region: str, zones: tuple[str, ...], law: Law, findings: Findings, *, is_line: bool) -> _Place:
    """Return the place in a region, denied without its rulebook, a known zone, or a fresh enough zone database."""
    rulebook = law.rulebooks.get(region)
    if rulebook is None:
        missing = Findings(rules=("POL-3",), reasons=(house(ReasonCode.PACK_MISSING, "POL-3"),))
        return _Place(rulebook=None, zones=zones, findings=(findings, missing))
    zones = rulebook.zones or zones
    reasons: list[Reason] = []
    if not zones and is_line:
        reasons.append(house(ReasonCode.LOCATION_UNKNOWN, "TZ-5"))
    if law.libraries["tzdata"] < rulebook.min_tzdata:
        reasons.append(house(ReasonCode.TZDATA_STALE, "TZ-6"))
    clocks = ("TZ-1", "TZ-2") if len(zones) > 1 else ("TZ-1",)
    here = Findings(rules=clocks if is_line else (), reasons=tuple(reasons))
    return _Place(rulebook=rulebook, zones=zones, findings=(findings, here))


def _dialable(number: Number, law: Law) -> Findings:
    """Return whether this kind of line may be called: never some, and no other than the rulebook's."""
    rulebook = law.rulebooks.get(number.region)
    allowed = DIALABLE & rulebook.numbers.dialable if rulebook else DIALABLE
    is_allowed = number.line_type in allowed
    return Findings(
        rules=("NUM-1", "NUM-2", *([rulebook.numbers.id] if rulebook else [])),
        reasons=() if is_allowed else (house(ReasonCode.NON_DIALABLE_TYPE, "NUM-2"),),
    )


def _verdict(
    question: Question, law: Law, place: _Place, found: Findings, openings: Sequence[Opening]
) -> Verdict:
    reasons = tuple(sorted(found.reasons, key=_rank))
    decision, at = _decision(reasons, bool(found.duties)), None
    if decision is Decision.DEFER:
        at = _next_allowed(question, place, reasons, openings)
        decision = Decision.DEFER if at is not None else Decision.DENY
    return Verdict(
        decision=decision,
        reasons=reasons,
        rules=tuple(dict.fromkeys((*(reason.rule for reason in reasons), *found.rules))),
        obligations=found.duties,
        next_allowed_at=at,
        zones=place.zones,
        versions=law.versions_of(place.rulebook),
    )


def _rank(reason: Reason) -> int:
    if reason.code in _FIRST:
        return _FIRST.index(reason.code)
    return len(_FIRST) + (reason.code in _WAITING)


def _decision(reasons: Sequence[Reason], has_duties: bool) -> Decision:  # noqa: FBT001 (one of two facts)
    if any(reason.code not in _WAITING for reason in reasons):
        return Decision.DENY
    if reasons:
        return Decision.DEFER
    return Decision.ALLOW_WITH if has_duties else Decision.ALLOW


def _next_allowed(
    question: Question, place: _Place, reasons: Sequence[Reason], openings: Sequence[Opening]
) -> datetime | None:
    """Return the first instant at which all waiting ends at once; None when there is none within a year."""
    ends = [reason.until for reason in reasons]
    if None in ends:
        return None
    lifted = max([question.now, *(end for end in ends if end is not None)])
    return next_open(openings, lifted, place.zones)
