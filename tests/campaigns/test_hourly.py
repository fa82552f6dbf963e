"""The hour of a retry, where the manager lets it be chosen."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.campaign import Retry
from campaigns.hourly import Habits, likely_hour
from campaigns.outcome import UNCOUNTED, LeadState, Outcome
from campaigns.promise import is_promised
from campaigns.retry import at_likely_hour, conclude
from tests.support.builders import NOON, a_campaign, a_lead

TOKYO = ZoneInfo("Asia/Tokyo")
HOURS = {"mon-fri": ("10:00-12:00", "13:00-19:30"), "sat": ("10:00-17:00",)}
RULE = Retry(after=timedelta(hours=2), at_most=timedelta(days=2), likely_hour=True)
CAMPAIGN = a_campaign(hours=HOURS, retry={Outcome.NO_ANSWER: RULE})
TRIED = a_lead(1, state=LeadState.TRYING, tries=1, step_tries=1, due=None)


def habits(chances: dict[int, float], usual: float = 0.1) -> Habits:
    """Return somebody who answers at these local hours with these chances."""
    return Habits(zone="Asia/Tokyo", likely=lambda at: chances.get(at.astimezone(TOKYO).hour, usual))


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@given(
    chances=st.dictionaries(st.integers(0, 23), st.floats(0, 1)),
    hours=st.integers(0, 200),
    longest=st.integers(1, 96),
    other=st.booleans(),
)
def test_a_retry_keeps_to_its_rule_and_to_the_hours(
    chances: dict[int, float], hours: int, longest: int, *, other: bool
) -> None:
    """Never earlier than the rule alone has it, never later than its longest wait, and at no closed hour it chose."""
    rule = RULE.model_copy(update={"at_most": timedelta(hours=longest), "other_time_of_day": other})
    campaign = a_campaign(hours=HOURS, retry={Outcome.NO_ANSWER: rule})
    now = NOON + timedelta(hours=hours)
    plain = conclude(campaign, TRIED, Outcome.NO_ANSWER, now)
    moved = at_likely_hour(campaign, plain, Outcome.NO_ANSWER, now, habits(chances))
    assert plain.due is not None
    assert moved.due is not None
    assert plain.due <= moved.due <= max(plain.due, now + rule.at_most)
    assert replace(moved, due=None) == replace(plain, due=None)
    if moved.due != plain.due:
        begun = moved.due.astimezone(TOKYO)
        assert begun.weekday() < 6
        assert 10 <= begun.hour < 20


def test_the_first_hour_that_is_likely_enough_is_taken() -> None:
    """A little better tomorrow is not worth the wait."""
    earliest, latest = tokyo(24, 14, 10), tokyo(26, 14)
    assert likely_hour(CAMPAIGN, earliest, latest, habits({17: 0.5, 18: 0.51})) == tokyo(24, 17)
    assert likely_hour(CAMPAIGN, earliest, latest, habits({10: 0.5, 18: 0.4})) == tokyo(25, 10)
    assert likely_hour(CAMPAIGN, earliest, latest, habits({12: 0.9})) == earliest  # closed at noon
    assert likely_hour(CAMPAIGN, tokyo(29, 9), tokyo(29, 20), habits({12: 0.9})) == tokyo(29, 9)  # a Sunday


def test_without_hours_of_its_own_a_campaign_has_the_usual_day() -> None:
    """Nine to eight."""
    found = likely_hour(a_campaign(hours={}), tokyo(24, 20, 30), tokyo(25, 20), habits({8: 0.9, 9: 0.5}))
    assert found == tokyo(25, 9)


@pytest.mark.parametrize("outcome", sorted(UNCOUNTED | {Outcome.BUSY}))
def test_only_retries_whose_rule_says_so_are_moved(outcome: Outcome) -> None:
    """A callback is kept to its minute, and a rule that says nothing of it stays as it is."""
    waiting = conclude(CAMPAIGN, TRIED, outcome, NOON, callback_at=NOON + timedelta(hours=1))
    assert at_likely_hour(CAMPAIGN, waiting, outcome, NOON, habits({18: 0.9})) == waiting


def test_the_next_step_is_not_moved() -> None:
    """Its time is the step's own."""
    last = replace(TRIED, tries=9, step_tries=9)
    following = conclude(CAMPAIGN, last, Outcome.NO_ANSWER, NOON)
    assert at_likely_hour(CAMPAIGN, following, Outcome.NO_ANSWER, NOON, habits({18: 0.9})) == following


def test_a_promised_call_has_its_place_before_the_list_until_it_is_made() -> None:
    """And whatever comes of it, the lead finds its place again."""
    promised = conclude(CAMPAIGN, TRIED, Outcome.CALLBACK, NOON, callback_at=NOON + timedelta(hours=1))
    assert is_promised(promised)
    called = replace(promised, tries=2, step_tries=1)
    for outcome in (Outcome.NO_ANSWER, Outcome.SOLD, Outcome.REFUSED):
        assert conclude(CAMPAIGN, called, outcome, NOON).rank == TRIED.rank, outcome
    for outcome in (Outcome.NOT_PLACED, Outcome.CANCELED):  # no phone rang: the promise stands
        assert is_promised(conclude(CAMPAIGN, called, outcome, NOON)), outcome
    assert not is_promised(conclude(CAMPAIGN, TRIED, Outcome.CALLBACK, NOON))  # nobody was told an hour
