"""How often at most."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.question import Narrowing
from compliance.terms import Channel, Decision, Profile, ReasonCode
from tests.compliance.builders import TOKYO, TUESDAY, a_question, judged, past, tokyo, tries

OPEN = Narrowing(skip_holidays=False)


def test_two_calls_a_day_on_the_calendar_of_tokyo() -> None:
    """00:30 UTC is this morning in Tokyo and 23:30 UTC of yesterday is too: both count today, until midnight there."""
    morning = tries(tokyo(2026, 11, 24, 8, 30), tokyo(2026, 11, 24, 9, 30))
    assert morning[0].at.date() != morning[1].at.date()
    verdict = judged(a_question(history=morning))
    assert [(reason.code, reason.until) for reason in verdict.reasons] == [
        (ReasonCode.ATTEMPT_CAP_DAY, tokyo(2026, 11, 25))
    ]
    assert verdict.next_allowed_at == tokyo(2026, 11, 25, 9)


def test_the_evening_before_is_another_day() -> None:
    """Two calls late on Monday leave Tuesday free, though all of it lies within 24 hours."""
    evening = tries(tokyo(2026, 11, 23, 19), tokyo(2026, 11, 23, 19, 59))
    assert judged(a_question(history=evening)).decision is Decision.ALLOW


def test_three_calls_a_week_until_monday() -> None:
    """Monday to Wednesday used the week up; the next is Monday at nine."""
    history = tries(tokyo(2026, 11, 23, 10), tokyo(2026, 11, 24, 10), tokyo(2026, 11, 25, 10))
    verdict = judged(a_question(now=tokyo(2026, 11, 26, 10), history=history))
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.ATTEMPT_CAP_WEEK]
    assert verdict.next_allowed_at == tokyo(2026, 11, 30, 9)


def test_the_week_opens_after_a_holiday() -> None:
    """A week used up before a Monday that is a holiday ends on Tuesday: caps and hours are met at once."""
    history = tries(*(tokyo(2026, 11, day, 10) for day in (16, 17, 18)))
    verdict = judged(a_question(now=tokyo(2026, 11, 19, 10), history=history))
    assert verdict.next_allowed_at == tokyo(2026, 11, 24, 9)


def test_eight_calls_end_a_campaign() -> None:
    """The ninth is denied for good in this campaign, and not in another."""
    history = tries(*(TUESDAY - timedelta(weeks=week) for week in range(1, 9)))
    verdict = judged(a_question(history=history))
    assert verdict.decision is Decision.DENY
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.ATTEMPT_CAP_CAMPAIGN]
    assert judged(a_question(history=history, campaign="other")).decision is Decision.ALLOW


def test_the_law_itself_sets_no_cap() -> None:
    """The statutory profile counts nothing."""
    history = tries(*(TUESDAY - timedelta(minutes=minute) for minute in range(30)))
    assert judged(a_question(history=history, profile=Profile.STATUTORY)).decision is Decision.ALLOW


def test_mail_and_calls_are_counted_apart() -> None:
    """Mail sent today uses up no calls, and what came of a call is no second one."""
    mails = tuple(past("attempted", TUESDAY, channel=Channel.EMAIL, campaign="winback") for _ in range(3))
    talks = (past("talked", TUESDAY), past("machine", TUESDAY))
    assert judged(a_question(history=(*mails, *talks))).decision is Decision.ALLOW


@pytest.mark.parametrize(
    ("narrowings", "code"),
    [
        ((Narrowing(per_day=1),), ReasonCode.ATTEMPT_CAP_DAY),
        ((Narrowing(per_day=5), Narrowing(per_day=1)), ReasonCode.ATTEMPT_CAP_DAY),
        ((Narrowing(per_week=1),), ReasonCode.ATTEMPT_CAP_WEEK),
        ((Narrowing(per_campaign=1),), ReasonCode.ATTEMPT_CAP_CAMPAIGN),
    ],
)
def test_company_and_campaign_may_set_less(narrowings: tuple[Narrowing, ...], code: str) -> None:
    """The strictest of all caps holds, in the statutory profile too, and is named as ours."""
    verdict = judged(a_question(history=tries(TUESDAY), narrowings=narrowings, profile=Profile.STATUTORY))
    assert [(reason.code, reason.rule) for reason in verdict.reasons] == [(code, "POL-7")]


def test_a_cap_of_none_at_all_never_lifts() -> None:
    """Zero a day is a prohibition, not a wait."""
    verdict = judged(a_question(narrowings=(Narrowing(per_day=0),)))
    assert verdict.decision is Decision.DENY
    assert verdict.next_allowed_at is None


PAST = st.lists(
    st.integers(1, 20 * 24 * 60).map(
        lambda minutes: TUESDAY + timedelta(days=3) - timedelta(minutes=minutes)
    ),
    max_size=12,
)


@given(PAST)
def test_permitted_means_within_every_cap(instants: list[datetime]) -> None:
    """Counted by dates on a Tokyo wall, no permitted call is a third of its day, a fourth of its week or a ninth."""
    now = TUESDAY + timedelta(days=3)
    verdict = judged(a_question(now=now, history=tries(*instants), narrowings=(OPEN,)))
    dates = [instant.astimezone(TOKYO).date() for instant in instants]
    today = now.astimezone(TOKYO).date()
    counts = (
        dates.count(today),
        sum(day.isocalendar()[:2] == today.isocalendar()[:2] for day in dates),
        len(dates),
    )
    assert verdict.is_allowed == (counts[0] < 2 and counts[1] < 3 and counts[2] < 8)
