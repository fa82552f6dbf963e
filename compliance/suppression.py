"""Who must not be contacted: our own list, opt-outs and refusals, whatever way an address was written."""

from collections.abc import Iterable
from datetime import date

from compliance.finding import Findings, against, house
from compliance.mailboxes import read_email
from compliance.numbers import Number, read_number
from compliance.question import PastContact, Question, Reason, Subject, Suppression
from compliance.rulebook import Rulebook
from compliance.rules import RefusalRule, in_force
from compliance.terms import Channel, ReasonCode

OPTED_OUT = "opted_out"
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


def _refusal_rules(rulebook: Rulebook | None, question: Question, day: date) -> list[RefusalRule]:
    return in_force(rulebook.refusals, question, day) if rulebook else []


def judge_refusals(question: Question, rulebook: Rulebook | None, day: date) -> Findings:
    """Return every do-not-contact entry, opt-out and refusal that stands against this contact.

    `day` is the local date on which rules must be in force. No time limit lifts a refusal.
    """
    rules = _refusal_rules(rulebook, question, day)
    reasons = [
        *(reason for found in question.suppressions for reason in _listed(found, question, rules)),
        *(reason for past in question.history for reason in _said(past, question, rules)),
    ]
    return Findings(rules=tuple(rule.id for rule in rules), reasons=tuple(dict.fromkeys(reasons)))


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
    if past.event == OPTED_OUT and past.seller in {None, question.seller}:
        return [house(ReasonCode.INTERNAL_DNC, "POL-4")]
    return [
        against(rule.code, rule)
        for rule in rules
        if past.event in rule.events and _in_scope(past, question, rule)
    ]


def _in_scope(past: PastContact, question: Question, rule: RefusalRule) -> bool:
    """Tell whether it was said of what is asked now; what was not noted down may have been."""
    return ("seller" not in rule.scope or past.seller in {None, question.seller}) and (
        "product" not in rule.scope or past.product in {None, question.product}
    )
