"""May we? One question and the law make one verdict, with every rule that fails."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from compliance.caps import judge_caps
from compliance.consent import judge_consent, judge_reassignment
from compliance.cooldowns import judge_cooldowns
from compliance.finding import NONE, Findings, against, house, joined
from compliance.jurisdiction import Ground, Place, place_of
from compliance.openings import Opening, next_open
from compliance.question import Question, Reason, Verdict
from compliance.registry_rules import judge_lists
from compliance.rulebook import EVERYWHERE, Law
from compliance.suppression import judge_refusals
from compliance.terms import Decision, ReasonCode
from compliance.timetable import judge_hours, openings_for

_SHUT = frozenset(
    {ReasonCode.OUTSIDE_HOURS, ReasonCode.DAY_PROHIBITED, ReasonCode.HOLIDAY_PROHIBITED},
)
_WAITING = _SHUT | {
    ReasonCode.ATTEMPT_CAP_24H,
    ReasonCode.ATTEMPT_CAP_30D,
    ReasonCode.ATTEMPT_CAP_DAY,
    ReasonCode.ATTEMPT_CAP_WEEK,
    ReasonCode.COOLDOWN_AFTER_ABANDON,
    ReasonCode.COOLDOWN_AFTER_AMD,
    ReasonCode.COOLDOWN_AFTER_REFUSAL,
}
"""Reasons that time lifts; without an end they deny like the others."""

_FOR_PEOPLE = frozenset({ReasonCode.RND_NO_DATA})
"""Reasons that neither allow nor deny: somebody has to look."""

_OURS = frozenset(
    {
        ReasonCode.LIST_MISSING,
        ReasonCode.LIST_STALE,
        ReasonCode.LIST_UNAVAILABLE,
        ReasonCode.RND_NO_DATA,
        ReasonCode.TZDATA_STALE,
        ReasonCode.DIALING_DISABLED,
    }
)
"""Reasons that lie with us, not with the person: a fresh copy or a decision of ours ends them."""

_FIRST = (
    ReasonCode.REFUSAL_ON_FILE,
    ReasonCode.INTERNAL_DNC,
    ReasonCode.EMAIL_UNSUBSCRIBED,
    ReasonCode.NATIONAL_DNC,
    ReasonCode.STATE_DNC,
    ReasonCode.TPS,
    ReasonCode.CTPS,
    ReasonCode.BLOCTEL,
    ReasonCode.RPO,
    ReasonCode.DIALING_DISABLED,
)
"""The order in which reasons are told (POL-8): do-not-call, stop switch, all others, and those that time lifts last."""

_RANK = {code: rank for rank, code in enumerate(_FIRST)}


def judge(question: Question, law: Law) -> Verdict:
    """Return whether the contact may be made now, every failing rule, and from when on it may be if only time is short.

    DENY outweighs REVIEW outweighs DEFER outweighs ALLOW_WITH (a yes with duties) outweighs ALLOW. `next_allowed_at` is
    the first instant, in UTC, at which every rule that only time lifts is satisfied at once, judged on the facts known
    now; `lifted_at` is when the rules that fail now no longer do.
    """
    place = place_of(question, law)
    switch = () if question.dialing_enabled else (house(ReasonCode.DIALING_DISABLED, "POL-6"),)
    stop = Findings(rules=("POL-6", "POL-8"), reasons=switch)
    openings = openings_for(question, place) if place.is_known else ()
    parts = [judge_refusals(question, place), stop, place.findings]
    if place.is_known:
        parts.extend(_rest(question, place, openings))
    return _verdict(question, place, joined(parts), openings)


def is_mendable(verdict: Verdict) -> bool:
    """Tell whether a refusal is partly of our own making, and the rest would end with time: nobody need be given up."""
    return any(reason.code in _OURS for reason in verdict.reasons) and all(
        reason.code in _OURS or (reason.code in _WAITING and reason.until is not None)
        for reason in verdict.reasons
    )


def _rest(question: Question, place: Place, openings: Sequence[Opening]) -> Iterator[Findings]:
    """Yield what the rulebooks say beyond refusals and places."""
    yield _abroad(question, place)
    yield judge_lists(question, place)
    yield judge_consent(question, place)
    yield judge_reassignment(question, place)
    yield judge_caps(question, place)
    yield judge_cooldowns(question, place)
    yield judge_hours(question, openings)
    for where in place.jurisdictions:
        if question.recorded:
            yield from (Findings(rules=(rule.id,), duties=rule.duties) for rule in where.rules.recording)
        if where.rules.region in question.emergencies:
            rules = where.rules.emergencies
            yield Findings(reasons=tuple(against(ReasonCode.DIALING_DISABLED, rule) for rule in rules))


def _abroad(question: Question, place: Place) -> Findings:
    """Return whether the person may be in a country that company or campaign leave out."""
    named = [one.countries for one in question.narrowings if one.countries is not None]
    if not named:
        return NONE
    regions = {where.rules.region.partition("-")[0] for where in place.jurisdictions} - {EVERYWHERE}
    is_out = any(regions - countries for countries in named)
    reasons = (house(ReasonCode.OUTSIDE_AUDIENCE, "POL-9"),) if is_out else ()
    return Findings(rules=("POL-9",), reasons=reasons)


def _verdict(question: Question, place: Place, found: Findings, openings: Sequence[Opening]) -> Verdict:
    reasons = tuple(sorted(found.reasons, key=_rank))
    decision = _decision(reasons, bool(found.duties))
    lifted, at = _ends(question, reasons, openings) if decision is Decision.DEFER else (None, None)
    if decision is Decision.DEFER and at is None:
        decision = Decision.DENY
    ground = place.ground
    rules = dict.fromkeys((*(reason.rule for reason in reasons), *found.rules, *ground.rules))
    return Verdict(
        decision=decision,
        reasons=reasons,
        rules=tuple(rules),
        obligations=found.duties,
        sayings=ground.sayings,
        next_allowed_at=at,
        lifted_at=lifted if at else None,
        zones=place.zones,
        regions=tuple(where.rules.region for where in place.jurisdictions),
        versions=_versions(question, ground),
    )


def _versions(question: Question, ground: Ground) -> dict[str, str]:
    """Return what decided: the rulebooks applied, the libraries, and the date of every registry's copy consulted."""
    versions = dict(ground.versions)
    for listing in question.listings:
        if listing.registry in ground.registries:
            versions[listing.registry] = listing.as_of.isoformat() if listing.as_of else "unknown"
    return versions


def _rank(reason: Reason) -> int:
    return _RANK.get(reason.code, len(_FIRST) + (reason.code in _WAITING))


def _decision(reasons: Sequence[Reason], has_duties: bool) -> Decision:  # noqa: FBT001 (one of two facts)
    if any(reason.code not in _WAITING and reason.code not in _FOR_PEOPLE for reason in reasons):
        return Decision.DENY
    if any(reason.code in _FOR_PEOPLE for reason in reasons):
        return Decision.REVIEW
    if reasons:
        return Decision.DEFER
    return Decision.ALLOW_WITH if has_duties else Decision.ALLOW


def _ends(
    question: Question, reasons: Sequence[Reason], openings: Sequence[Opening]
) -> tuple[datetime | None, datetime | None]:
    """Return when what fails now has ended, and when all is open at once; None when that is not within a year."""
    ends = [reason.until for reason in reasons if reason.until is not None]
    if len(ends) < len(reasons):
        return None, None
    lifted = max([question.now, *ends])
    at = next_open(openings, lifted)
    return (at if any(reason.code in _SHUT for reason in reasons) else lifted), at
