"""Which permissions and ties of a person stand at the moment of asking, and why the others do not."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from compliance.question import Consent, Question, Relationship
from compliance.rules import NOTHING, Exemption
from compliance.terms import ReasonCode

_ENDS_TIES = frozenset({"do_not_call", "opted_out"})
_REVOKES = _ENDS_TIES | {"consent_revoked"}
_MONTHS = 12


def is_exempt(exemption: Exemption, question: Question) -> bool:
    """Tell whether a standing consent or tie lifts a rule."""
    if exemption is NOTHING:
        return False
    return bool(standing(question, exemption.consents)) or is_related(question, exemption.relationships)


def given(question: Question, types: Collection[str]) -> list[Consent]:
    """Return every permission of these types given until now, whether it stands or not."""
    return [one for one in question.consents if one.type in types and one.obtained_at <= question.now]


def standing(question: Question, types: Collection[str]) -> list[Consent]:
    """Return the permissions of these types that stand for what is asked."""
    return [one for one in given(question, types) if flaw(one, question) is None]


def flaw(consent: Consent, question: Question) -> ReasonCode | None:
    """Return why a permission does not stand: for another seller, channel or number; taken back; run out."""
    if not _is_for(consent, question):
        return ReasonCode.CONSENT_SCOPE
    if consent.revoked_at is not None and consent.revoked_at <= question.now:
        return ReasonCode.CONSENT_REVOKED
    if any(True for _ in _said_since(consent.obtained_at, question, _REVOKES)):
        return ReasonCode.CONSENT_REVOKED
    if consent.expires_at is not None and consent.expires_at <= question.now:
        return ReasonCode.CONSENT_EXPIRED
    return None


def _is_for(consent: Consent, question: Question) -> bool:
    return (
        consent.seller == question.seller
        and (not consent.channels or question.channel in consent.channels)
        and consent.number in {None, question.subject.number}
    )


def _said_since(start: datetime | None, question: Question, events: Collection[str]) -> Iterator[datetime]:
    """Yield when the person said one of `events` to the seller who asks, not before `start`."""
    for past in question.history:
        if (
            past.event in events
            and past.seller in {None, question.seller}
            and (start is None or start <= past.at)
        ):
            yield past.at


def is_related(question: Question, lasting: Mapping[str, int | None]) -> bool:
    """Tell whether a tie of one of these types stands; `lasting` says how many months each lasts (None: for good)."""
    return any(has_lasted(tie, question, lasting) for tie in ties(question, lasting))


def ties(question: Question, types: Collection[str]) -> list[Relationship]:
    """Return every tie of these types to the seller who asks, old ones too, that no do-not-call request has ended."""
    return [
        tie
        for tie in question.relationships
        if tie.type in types
        and tie.seller == question.seller
        and (tie.at is None or tie.at <= question.now)
        and not any(True for _ in _said_since(tie.at, question, _ENDS_TIES))
    ]


def has_lasted(tie: Relationship, question: Question, lasting: Mapping[str, int | None]) -> bool:
    """Tell whether a tie stands until now; one that lasts some months needs a date."""
    months = lasting[tie.type]
    if months is None:
        return True
    return tie.at is not None and question.now < months_after(tie.at, months)


def months_after(at: datetime, months: int) -> datetime:
    """Return the instant `months` calendar months later, in UTC; the month's last day where it is shorter."""
    start = at.astimezone(UTC)
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    for day in (start.day, 30, 29, 28):
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
