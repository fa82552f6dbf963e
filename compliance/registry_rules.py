"""What somebody else's do-not-call lists say of a number, and whether our copies are good enough to tell."""

from collections.abc import Iterator
from datetime import timedelta

from compliance.contact_rules import ListRule
from compliance.finding import NONE, Findings, against, house
from compliance.jurisdiction import Place
from compliance.question import Listing, Question, Reason
from compliance.standing import is_related, standing
from compliance.terms import ReasonCode

INTERNAL = "internal_dnc"
"""Our own list, by the name that says it could not be read."""

_NORTH_AMERICA = "+1"
_AREA = slice(2, 5)
_DAY = timedelta(days=1)


def judge_lists(question: Question, place: Place) -> Findings:
    """Return every list that the person is on, and every needed one of which we have no fresh copy (POL-3)."""
    rules = [rule for where in place.jurisdictions for rule in where.rules.lists]
    copies = {listing.registry: listing for listing in question.listings}
    reasons = [reason for rule in rules for reason in _listed(rule, copies.get(rule.registry), question)]
    own = copies.get(INTERNAL)
    if own is not None and own.fault is not None:
        reasons.append(house(ReasonCode.LIST_UNAVAILABLE, "POL-3"))
    return Findings(reasons=tuple(dict.fromkeys(reasons))) if reasons else NONE


def _listed(rule: ListRule, copy: Listing | None, question: Question) -> Iterator[Reason]:
    if _is_lifted(rule, copy, question):
        return
    if question.subject.party in rule.needed_for and (code := _fault(rule, copy, question)) is not None:
        yield against(code, rule)
    if copy is not None and copy.is_listed and not _is_in_grace(rule, copy, question):
        yield against(rule.code, rule)


def _is_lifted(rule: ListRule, copy: Listing | None, question: Question) -> bool:
    """Tell whether a consent or a tie stands above the list; some lists want the consent to be the younger."""
    consents = standing(question, rule.exempt.consents)
    if rule.newer_consent and copy is not None and copy.is_listed:
        since = copy.registered_at
        consents = [one for one in consents if since is not None and since < one.obtained_at]
    return bool(consents) or is_related(question, rule.exempt.relationships)


def _fault(rule: ListRule, copy: Listing | None, question: Question) -> ReasonCode | None:
    """Return why our copy cannot answer: none, unreadable, not of this area, from a day to come, too old."""
    if copy is None or not _covers(copy, question.subject.number):
        return ReasonCode.LIST_MISSING
    if copy.fault is not None or copy.as_of is None or copy.as_of > question.now + _DAY:
        return ReasonCode.LIST_UNAVAILABLE
    is_stale = question.now - copy.as_of > timedelta(days=rule.max_age_days)
    return ReasonCode.LIST_STALE if is_stale else None


def _covers(copy: Listing, number: str | None) -> bool:
    if copy.area_codes is None:
        return True
    return number is not None and number.startswith(_NORTH_AMERICA) and number[_AREA] in copy.area_codes


def _is_in_grace(rule: ListRule, copy: Listing, question: Question) -> bool:
    """Tell whether the person registered so lately that the law does not count it yet."""
    if copy.registered_at is None:
        return False
    return question.now - copy.registered_at < timedelta(days=rule.grace_days)
