"""The company's own rules."""

from datetime import date, time
from pathlib import Path

import pytest

from compliance.document import DocumentInvalid
from compliance.judge import judge
from compliance.policy import Policy, parse_policy
from compliance.rulebook import packaged_law
from compliance.terms import Decision, Profile
from tests.compliance.builders import a_question, tokyo

OURS = Path(__file__).parents[2] / "config" / "policy.yaml"


def test_our_policy_is_sound_and_lets_the_demo_call() -> None:
    """On a working day at ten in Tokyo, nothing of the company's stands against a call."""
    policy = parse_policy(OURS.read_text("utf-8"), "policy.yaml")
    question = a_question(now=tokyo(2026, 11, 24, 10), profile=policy.profile, narrowings=(policy.narrowing,))
    assert judge(question, packaged_law()).decision is Decision.ALLOW


def test_every_part_becomes_a_narrowing() -> None:
    """Hours, holidays, closed days and caps are those of the file."""
    policy = parse_policy(
        """
        profile: statutory
        hours: {mon-fri: ["10:00-12:00"]}
        holidays: skip
        closed_on: [2026-12-29]
        caps: {per_day: 1, per_week: 2, per_campaign: 5}
        """,
        "policy.yaml",
    )
    narrowing = policy.narrowing
    assert policy.profile is Profile.STATUTORY
    assert narrowing.hours is not None
    assert narrowing.hours[0] == ((time(10), time(12)),)
    assert narrowing.hours[6] == ()
    assert narrowing.skip_holidays is True
    assert narrowing.closed_dates == {date(2026, 12, 29)}
    assert (narrowing.per_day, narrowing.per_week, narrowing.per_campaign) == (1, 2, 5)


def test_no_policy_is_the_recommended_profile_and_nothing_more() -> None:
    """What is not said narrows nothing."""
    narrowing = Policy().narrowing
    assert Policy().profile is Profile.RECOMMENDED
    assert narrowing.hours is None
    assert narrowing.skip_holidays is None
    assert parse_policy("holidays: allow", "policy.yaml").narrowing.skip_holidays is False


def test_every_mistake_is_told_at_once_with_its_place() -> None:
    """Four mistakes, four problems, each on its line."""
    text = 'profile: lenient\nhours:\n  mon: ["19:00-10:00"]\ncaps:\n  per_day: 0\ndialing: off\n'
    with pytest.raises(DocumentInvalid) as caught:
        parse_policy(text, "policy.yaml")
    assert [problem.line for problem in caught.value.problems] == [1, 3, 5, 6]
