"""Permission for mail, its proof, and what mail must show."""

from datetime import timedelta

import pytest

from compliance.question import Consent, Question, Relationship
from compliance.terms import Channel, Decision, Purpose, ReasonCode
from tests.compliance.builders import ELEMENTS, TUESDAY, a_question, judged, tokyo

DAY = timedelta(days=1)


def an_optin(**changed: object) -> Consent:
    """A proved permission for mail, given to this seller last winter."""
    plain = {"type": "email_optin", "seller": "S1", "obtained_at": TUESDAY - 300 * DAY, "evidence": "form-v3"}
    return Consent(**{**plain, **changed})  # type: ignore[arg-type]


def a_mail(**changed: object) -> Question:
    """A sales mail to somebody who agreed to it."""
    return a_question(**{"channel": Channel.EMAIL, "consents": (an_optin(),), **changed})


@pytest.mark.parametrize(
    ("consents", "codes"),
    [
        ((), [ReasonCode.EMAIL_NO_OPTIN]),
        ((an_optin(),), []),
        ((an_optin(type="voice_optin"),), [ReasonCode.EMAIL_NO_OPTIN]),
        ((an_optin(obtained_at=TUESDAY + DAY),), [ReasonCode.EMAIL_NO_OPTIN]),
        ((an_optin(seller="S2"),), [ReasonCode.CONSENT_SCOPE]),
        ((an_optin(expires_at=TUESDAY),), [ReasonCode.CONSENT_EXPIRED]),
        ((an_optin(expires_at=TUESDAY + DAY),), []),
        ((an_optin(revoked_at=TUESDAY),), [ReasonCode.CONSENT_REVOKED]),
        ((an_optin(revoked_at=TUESDAY - DAY), an_optin(obtained_at=TUESDAY - DAY)), []),
        ((an_optin(evidence=None),), [ReasonCode.CONSENT_EVIDENCE_MISSING]),
        ((an_optin(evidence=None), an_optin()), []),
        ((an_optin(seller="S2"), an_optin(expires_at=TUESDAY)), ["CONSENT_SCOPE", "CONSENT_EXPIRED"]),
    ],
)
def test_a_permission_stands_or_says_why_not(consents: tuple[Consent, ...], codes: list[str]) -> None:
    """Absent, another kind, another seller, run out, taken back, unproved: each has a code (JP-E1, JP-E3)."""
    verdict = judged(a_mail(consents=consents))
    assert [reason.code for reason in verdict.reasons] == codes
    assert verdict.decision is (Decision.DENY if codes else Decision.ALLOW)


@pytest.mark.parametrize(
    ("tie", "is_enough"),
    [
        (Relationship(type="ongoing_transaction", seller="S1"), True),
        (Relationship(type="card_exchanged", seller="S1", at=TUESDAY), True),
        (Relationship(type="published_business_address", seller="S1"), True),
        (Relationship(type="ongoing_transaction", seller="S2"), False),
        (Relationship(type="ongoing_transaction", seller="S1", at=TUESDAY + DAY), False),
        (Relationship(type="acquaintance", seller="S1"), False),
    ],
)
def test_a_relationship_stands_for_a_permission(tie: Relationship, is_enough: bool) -> None:
    """The ties the act names do, with this seller and already; an opt-out must be offered then."""
    verdict = judged(a_mail(consents=(), relationships=(tie,)))
    assert verdict.decision is (Decision.ALLOW_WITH if is_enough else Decision.DENY)
    assert verdict.obligations == (("offer_opt_out",) if is_enough else ())


def test_a_permission_taken_back_outweighs_the_relationship() -> None:
    """Refusing ends mail even where no permission was needed (JP-E4)."""
    tie = Relationship(type="ongoing_transaction", seller="S1")
    verdict = judged(a_mail(consents=(an_optin(revoked_at=TUESDAY - DAY),), relationships=(tie,)))
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.CONSENT_REVOKED]


@pytest.mark.parametrize("element", sorted(ELEMENTS))
def test_mail_shows_all_it_must(element: str) -> None:
    """Each of the elements is needed (JP-E2)."""
    verdict = judged(a_mail(email_elements=ELEMENTS - {element}))
    assert [(reason.code, reason.rule) for reason in verdict.reasons] == [
        ("EMAIL_MISSING_SENDER_INFO", "JP-E2")
    ]


def test_mail_that_sells_nothing_needs_no_permission() -> None:
    """The opt-in act binds advertising."""
    question = a_mail(consents=(), email_elements=frozenset(), purpose=Purpose.SERVICE)
    assert judged(question).decision is Decision.ALLOW


def test_mail_waits_for_no_calling_hours() -> None:
    """At three at night, on a holiday: mail is not deferred by the windows of calls."""
    assert judged(a_mail(now=tokyo(2026, 11, 23, 3))).decision is Decision.ALLOW
