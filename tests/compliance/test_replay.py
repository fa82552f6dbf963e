"""Questions and verdicts in the ledger, to be judged again."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.hours import parse_hours
from compliance.judge import judge
from compliance.question import Consent, Narrowing, PastContact, Question, Relationship, Subject, Suppression
from compliance.replay import question_from_json, question_to_json, verdict_to_json
from compliance.rulebook import packaged_law
from compliance.terms import Channel, Profile, Purpose, Technology
from tests.compliance.builders import a_question, tokyo, tries

TEXTS = st.text(max_size=8)
MAYBE = st.none() | TEXTS
INSTANTS = st.integers(0, 10**15).map(
    lambda micros: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
CHANNELS = st.sampled_from(list(Channel))
QUESTIONS = st.builds(
    Question,
    now=INSTANTS,
    channel=CHANNELS,
    subject=st.builds(Subject, person=TEXTS, number=MAYBE, email=MAYBE),
    campaign=TEXTS,
    purpose=st.sampled_from(list(Purpose)),
    technology=st.sampled_from(list(Technology)),
    seller=TEXTS,
    product=TEXTS,
    profile=st.sampled_from(list(Profile)),
    history=st.lists(
        st.builds(PastContact, at=INSTANTS, event=TEXTS, channel=CHANNELS, number=MAYBE, campaign=MAYBE),
        max_size=2,
    ).map(tuple),
    consents=st.lists(
        st.builds(Consent, type=TEXTS, seller=TEXTS, obtained_at=INSTANTS, expires_at=st.none() | INSTANTS),
        max_size=1,
    ).map(tuple),
    relationships=st.lists(st.builds(Relationship, type=TEXTS, seller=TEXTS), max_size=1).map(tuple),
    suppressions=st.lists(
        st.builds(
            Suppression,
            number=MAYBE,
            channel=st.none() | CHANNELS,
            reason=TEXTS,
            source=TEXTS,
            by=TEXTS,
            at=INSTANTS,
        ),
        max_size=1,
    ).map(tuple),
    narrowings=st.lists(
        st.builds(
            Narrowing,
            hours=st.sampled_from([None, parse_hours({"mon-fri": ["09:00-12:00", "13:00-24:00"]})]),
            skip_holidays=st.sampled_from([None, True, False]),
            closed_dates=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=4),
            per_day=st.none() | st.integers(0, 9),
        ),
        max_size=2,
    ).map(tuple),
    email_elements=st.frozensets(TEXTS, max_size=4),
    recorded=st.booleans(),
    dialing_enabled=st.booleans(),
    home=st.sampled_from(["JP", "US"]),
)


@given(QUESTIONS)
def test_a_question_comes_back_exactly(question: Question) -> None:
    """Through JSON text and back it is the same question, and is written the same again."""
    text = json.dumps(question_to_json(question), sort_keys=True)
    again = question_from_json(json.loads(text))
    assert again == question
    assert json.dumps(question_to_json(again), sort_keys=True) == text


@given(QUESTIONS)
def test_judged_again_the_verdict_is_the_same(question: Question) -> None:
    """What the ledger keeps is all that the verdict rests on."""
    again = question_from_json(json.loads(json.dumps(question_to_json(question))))
    assert judge(again, packaged_law()) == judge(question, packaged_law())


def test_sets_are_written_in_order() -> None:
    """Equal questions make equal text, whatever order a set had."""
    days = [date(2026, 12, day) for day in (31, 29, 30)]
    question = a_question(narrowings=(Narrowing(closed_dates=frozenset(days)),))
    body = question_to_json(question)
    assert body["narrowings"][0]["closed_dates"] == ["2026-12-29", "2026-12-30", "2026-12-31"]
    assert body["email_elements"] == sorted(question.email_elements)


def test_what_is_no_question_is_refused() -> None:
    """A body with a part missing raises."""
    with pytest.raises(ValueError, match="subject"):
        question_from_json({"now": "2026-11-24T02:00:00Z"})


def test_a_verdict_is_plain_json() -> None:
    """Instants are text, and what is not known is left out."""
    verdict = judge(
        a_question(now=tokyo(2026, 11, 24, 21), history=tries(tokyo(2026, 11, 24, 10))), packaged_law()
    )
    body = json.loads(json.dumps(verdict_to_json(verdict)))
    assert body["decision"] == "DEFER"
    assert body["next_allowed_at"] == "2026-11-25T00:00:00+00:00"
    assert [reason["rule"] for reason in body["reasons"]] == ["JP-H1", "JP-H2"]
    assert body["versions"]["rulebook"] == "any 2026.11.1, JP 2026.11.1"
    allowed = verdict_to_json(judge(a_question(now=tokyo(2026, 11, 24, 11)), packaged_law()))
    assert "next_allowed_at" not in allowed
