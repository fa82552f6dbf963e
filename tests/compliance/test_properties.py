"""What must hold of every verdict: over all rulebooks, zones and changes of clocks from 2024 to 2037."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.contact_rules import CapRule
from compliance.judge import judge
from compliance.question import Narrowing, Question
from compliance.rulebook import Law, Rulebook, packaged_law
from compliance.terms import Decision, Profile, ReasonCode
from tests.compliance import oracle
from tests.compliance.strategies import BOOKS, entries, questions

EXAMPLES = int(os.environ.get("EXAMPLES", "120"))
MANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEARCHED_DAYS = 6
SHUT = {ReasonCode.OUTSIDE_HOURS, ReasonCode.DAY_PROHIBITED, ReasonCode.HOLIDAY_PROHIBITED}


def rules_day(question: Question) -> date:
    """The local date on which rules must be in force."""
    places = question.subject.locations or ()
    return question.now.astimezone(oracle.zone(places[0].zone)).date()


@MANY
@given(questions())
def test_permitted_means_open_in_every_candidate_zone(question: Question) -> None:
    """And a reason about the hours is given exactly when some clock is outside some window."""
    verdict = judge(question, packaged_law())
    is_open = oracle.is_open(question, question.now, rules_day(question), BOOKS)
    assert is_open or not verdict.is_allowed
    assert is_open is not any(reason.code in SHUT for reason in verdict.reasons)


@MANY
@given(questions())
def test_the_next_time_is_open_and_the_first(question: Question) -> None:
    """Nothing between what fails now having ended and the time told is open; the time told is."""
    verdict = judge(question, packaged_law())
    at = verdict.next_allowed_at
    if verdict.decision is not Decision.DEFER or at is None:
        assert at is None
        return
    day = rules_day(question)
    ends = [reason.until for reason in verdict.reasons if reason.code not in SHUT and reason.until]
    start = max([question.now, *ends])
    assert oracle.is_open(question, at, day, BOOKS)
    assert start <= at
    found = oracle.next_open(question, start, SEARCHED_DAYS, BOOKS, day)
    assert (at == found) if found else (at >= start + timedelta(days=SEARCHED_DAYS))


@MANY
@given(st.data())
def test_a_suppression_is_never_overcome(data: st.DataObject) -> None:
    """By no profile, narrowing, consent, tie, list or policy."""
    question = data.draw(questions())
    entry = data.draw(entries(question))
    barred = replace(
        question,
        suppressions=(entry,),
        profile=data.draw(st.sampled_from(list(Profile))),
        best_evidence=data.draw(st.booleans()),
        narrowings=(*question.narrowings, Narrowing(skip_holidays=False, per_day=1000)),
    )
    assert judge(barred, packaged_law()).decision is Decision.DENY


@MANY
@given(st.data())
def test_another_rule_never_opens_a_way(data: st.DataObject) -> None:
    """A rulebook with one rule less allows whatever the whole one allows: so adding a rule only takes away."""
    question = data.draw(questions())
    region = data.draw(st.sampled_from(sorted(BOOKS)))
    book = BOOKS[region]
    section = data.draw(st.sampled_from(["windows", "caps", "cooldowns", "refusals", "lists", "consents"]))
    rules = getattr(book, section)
    fewer = book.model_copy(update={section: rules[1:], "version": f"{book.version}.less"})
    law = packaged_law()
    less = Law(rulebooks={**law.rulebooks, region: fewer}, libraries=law.libraries)
    whole = judge(question, law)
    assert judge(question, less).is_allowed or not whole.is_allowed
    if judge(question, less).decision is Decision.DENY:
        assert whole.decision is Decision.DENY


@MANY
@given(questions())
def test_elapsed_caps_count_elapsed_time(question: Question) -> None:
    """A cap of so many hours is reached exactly when that many attempts fall within them, whatever clocks did."""
    verdict = judge(question, packaged_law())
    told = {reason.rule for reason in verdict.reasons if reason.code in ELAPSED}
    assert told == {rule.id for rule in reached(question)}


ELAPSED = {ReasonCode.ATTEMPT_CAP_24H, ReasonCode.ATTEMPT_CAP_30D}


def reached(question: Question) -> list[CapRule]:
    """The elapsed caps that are reached, counted by hand."""
    day, found = rules_day(question), []
    books: dict[str, Rulebook] = {
        book.region: book
        for place in question.subject.locations or ()
        for book in oracle.books_of(place, BOOKS)
    }
    for book in books.values():
        for rule in book.caps:
            for period, most in rule.limits.items():
                hours = (
                    {"h": 1, "d": 24}.get(period[-1], 0) * int(period[:-1]) if period[:-1].isdigit() else 0
                )
                if hours and oracle.binds(rule, question, day) and not oracle.is_exempt(rule, question):
                    found += [rule] if oracle.counted(question, rule, hours) >= most else []
    return found


@pytest.mark.parametrize("profile", list(Profile))
@settings(MANY, max_examples=max(30, EXAMPLES // 4))
@given(question=questions())
def test_the_same_question_gives_the_same_answer(profile: Profile, question: Question) -> None:
    """Asked twice, and asked again from what the ledger keeps."""
    asked = replace(question, profile=profile)
    assert judge(asked, packaged_law()) == judge(asked, packaged_law())
