"""How long a person is left in peace after a refusal, an abandoned call or a machine."""

from datetime import UTC, datetime, timedelta

from compliance.caps import midnight
from compliance.contact_rules import CooldownRule
from compliance.finding import NONE, Findings, against
from compliance.jurisdiction import Place
from compliance.openings import local
from compliance.question import PastContact, Question, Reason

_DAY = timedelta(days=1)


def judge_cooldowns(question: Question, place: Place) -> Findings:
    """Return the rests that have not ended, each with when it ends."""
    reasons = [
        reason
        for where in place.jurisdictions
        for rule in where.rules.cooldowns
        if (reason := _resting(rule, question, where.zones)) is not None
    ]
    return Findings(reasons=tuple(reasons)) if reasons else NONE


def _resting(rule: CooldownRule, question: Question, zones: tuple[str, ...]) -> Reason | None:
    ends = [
        end
        for past in question.history
        if past.event in rule.events and _in_scope(past, question, rule)
        for end in _ends(past.at, rule, zones)
        if question.now < end
    ]
    return against(rule.code, rule, max(ends)) if ends else None


def _ends(at: datetime, rule: CooldownRule, zones: tuple[str, ...]) -> list[datetime]:
    """Return when the rest ends: elapsed time, or the end of the local day in each zone."""
    if rule.rest is not None:
        return [at.astimezone(UTC) + rule.rest]
    return [midnight(local(at, zone).date() + _DAY, zone) for zone in zones]


def _in_scope(past: PastContact, question: Question, rule: CooldownRule) -> bool:
    return ("seller" not in rule.scope or past.seller in {None, question.seller}) and (
        "product" not in rule.scope or past.product in {None, question.product}
    )
