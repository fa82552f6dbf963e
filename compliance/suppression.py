"""Who must not be contacted: our own list, opt-outs and refusals, whatever way an address was written."""

from collections.abc import Iterable

from compliance.contact_rules import RefusalRule
from compliance.finding import Findings, against, house
from compliance.jurisdiction import Place
from compliance.mailboxes import read_email
from compliance.numbers import Number, read_number
from compliance.question import PastContact, Question, Reason, Subject, Suppression
from compliance.terms import Channel, ReasonCode

_NEVER_AGAIN = frozenset({"opted_out", "do_not_call"})
"""What ends every approach by the seller, whether a statute says so or not (POL-4)."""
_MAIL_REASONS = frozenset({"unsubscribed", "complained"})


def applies(suppression: Suppression, question: Question) -> bool:
    """Tell whether a do-not-contact entry covers what is asked: the person, the scope, and not run out yet."""
    return (
        (suppression.expires_at is None or question.now < suppression.expires_at)
        and suppression.channel in {None, question.channel}
        and suppression.seller in {None, question.seller}
        and suppression.product in {None, question.product}
        and _names(suppression, question.subject, question.home)
    )


def _names(suppression: Suppression, subject: Subject, home: str) -> bool:
    """Tell whether the entry names this person, by key or by any address of theirs."""
    if suppression.person is not None and suppression.person == subject.person:
        return True
    if suppression.number is not None and subject.number is not None:
        return same_number(suppression.number, subject.number, home)
    if suppression.email is not None and subject.email is not None:
        return same_email(suppression.email, subject.email)
    return False


def same_number(one: str, other: str, home: str) -> bool:
    """Tell whether two texts mean the same line to somebody in region `home`, however they are written (NUM-1)."""
    return one == other or _line(one, home) == _line(other, home)


def _line(text: str, home: str) -> str:
    number = read_number(text, home)
    return number.e164 if isinstance(number, Number) else text


def same_email(one: str, other: str) -> bool:
    """Tell whether two texts mean the same mailbox; no provider in use tells letters' case apart."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(text: str) -> str:
    return (read_email(text) or text).lower()


def judge_refusals(question: Question, place: Place) -> Findings:
    """Return every do-not-contact entry, opt-out and refusal that stands against this contact.

    No time limit lifts a refusal.
    """
    rules = [rule for where in place.jurisdictions for rule in where.rules.refusals]
    reasons = [
        *(reason for found in question.suppressions for reason in _listed(found, question, rules)),
        *(reason for past in question.history for reason in _said(past, question, rules)),
    ]
    is_ours = any(reason.rule == "POL-4" for reason in reasons)
    return Findings(rules=() if is_ours or not reasons else ("POL-4",), reasons=tuple(dict.fromkeys(reasons)))


def _listed(found: Suppression, question: Question, rules: Iterable[RefusalRule]) -> list[Reason]:
    """Return what one entry of our list says: the statute behind it where there is one, else our own rule."""
    if not applies(found, question):
        return []
    until = found.expires_at
    behind = [rule for rule in rules if found.reason in rule.events]
    if behind:
        return [against(rule.code, rule, until) for rule in behind]
    is_mail = found.reason in _MAIL_REASONS and question.channel is Channel.EMAIL
    return [house(ReasonCode.EMAIL_UNSUBSCRIBED if is_mail else ReasonCode.INTERNAL_DNC, "POL-4", until)]


def _said(past: PastContact, question: Question, rules: Iterable[RefusalRule]) -> list[Reason]:
    """Return what a refusal or opt-out of the past says, also when no entry was made of it."""
    found = [
        against(rule.code, rule)
        for rule in rules
        if past.event in rule.events and _in_scope(past, question, rule)
    ]
    if not found and past.event in _NEVER_AGAIN and past.seller in {None, question.seller}:
        return [house(ReasonCode.INTERNAL_DNC, "POL-4")]
    return found


def _in_scope(past: PastContact, question: Question, rule: RefusalRule) -> bool:
    """Tell whether it was said of what is asked now; what was not noted down may have been."""
    return ("seller" not in rule.scope or past.seller in {None, question.seller}) and (
        "product" not in rule.scope or past.product in {None, question.product}
    )
