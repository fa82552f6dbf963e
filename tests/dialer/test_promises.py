"""An hour is judged before it is promised: as the call itself was, with what is known by now."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from compliance.judge import judge
from compliance.question import Listing, PastContact, Reassignment, Suppression, Verdict
from compliance.replay import question_to_json
from compliance.rulebook import packaged_law
from compliance.terms import ReasonCode
from dialer.barring import PROMPT
from dialer.promises import judge_promise, question_again
from dialer.questions import question_for
from tests.support.builders import NOON, a_contact, a_due, rules, the_campaign

LAW, RING = packaged_law(), the_campaign().pacing.ring_limit
MINUTES = st.integers(min_value=1, max_value=60 * 24 * 40)


def a_permit(**changes: Any) -> dict[str, Any]:
    """What the ledger keeps of a call that was permitted at noon."""
    question = question_for(the_campaign(), a_due(), a_contact().phones[0].number, NOON, rules())
    return {"facts": question_to_json(replace(question, **changes))}


def promised(minutes: int, *past: PastContact, permit: dict[str, Any] | None = None, **due: Any) -> Verdict:
    """What is said of an hour so many minutes after noon."""
    known = replace(a_due(), history=past, **due)
    at = NOON + timedelta(minutes=minutes)
    return judge_promise(permit or a_permit(), known, at, ring_limit=RING, law=LAW)


@given(MINUTES)
def test_what_is_promised_is_lawful_as_long_as_the_phone_may_ring(minutes: int) -> None:
    """At its beginning and at its end; what is refused names a rule, and a later hour."""
    verdict, at = promised(minutes), NOON + timedelta(minutes=minutes)
    for moment in (at, at + RING + PROMPT):
        asked = judge(question_again(a_permit(), a_due(), moment), LAW)
        assert asked.is_allowed or not verdict.is_allowed
    if not verdict.is_allowed:
        assert all(reason.rule for reason in verdict.reasons)
        assert verdict.next_allowed_at is not None
        assert verdict.next_allowed_at > at


@given(MINUTES)
def test_the_hour_that_is_offered_instead_is_granted(minutes: int) -> None:
    """Whoever takes it is not refused a second time."""
    offered = promised(minutes).next_allowed_at
    if offered is not None:
        assert promised(round((offered - NOON).total_seconds() / 60)).is_allowed


def test_tries_since_count() -> None:
    """Two calls a day is the campaign's own limit: the third is promised for tomorrow."""
    number = a_contact().phones[0].number
    tried = [
        PastContact(
            at=NOON + timedelta(minutes=minute), event="attempted", number=number, campaign="winback-dormant"
        )
        for minute in (-90, 0)
    ]
    verdict = promised(60, *tried)
    assert ReasonCode.ATTEMPT_CAP_DAY in {reason.code for reason in verdict.reasons}
    assert verdict.next_allowed_at is not None
    assert verdict.next_allowed_at.date() > NOON.date()


def test_a_refusal_since_denies_every_hour() -> None:
    """Said in this call, or in another meanwhile."""
    refused = Suppression(person="C00001", reason="opted_out", source="s", by="aoki", at=NOON)
    verdict = promised(60, suppressions=(refused,))
    assert (verdict.is_allowed, verdict.next_allowed_at) == (False, None)


def test_copies_of_registries_are_as_fresh_then_as_now() -> None:
    """What was a day old for this call is a day old for the next one: newer copies will have come."""
    listing = Listing(registry="us_dnc", as_of=NOON - timedelta(days=1))
    answer = Reassignment(answer="no", queried_at=NOON - timedelta(days=2))
    permit = a_permit(listings=(listing,), reassignment=answer)
    again = question_again(permit, a_due(), NOON + timedelta(days=30))
    assert again.listings[0].as_of == NOON + timedelta(days=29)
    assert again.reassignment is not None
    assert again.reassignment.queried_at == NOON + timedelta(days=28)
