"""What each law leaves for pacing: whose rules, how long to wait, what is aimed at."""

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.campaign import Campaign
from campaigns.dialing import Abandonment, Detection
from compliance.answers import Tally
from compliance.terms import Technology
from dialer.allowance import days_counted, no_answers, room, rules_of, target, threshold
from tests.support.builders import NOON, rules, the_campaign


def predictive(region: str = "JP", **changes: Any) -> Campaign:
    """Our campaign in a country, dialled predictively."""
    pacing = the_campaign().pacing.model_copy(
        update={"mode": Technology.PREDICTIVE, "machine_detection": "off", **changes}
    )
    audience = the_campaign().audience.model_copy(update={"region": region})
    return the_campaign().model_copy(update={"pacing": pacing, "audience": audience})


@pytest.mark.parametrize(
    ("region", "share"), [("JP", 0.03), ("US", 0.03), ("GB", 0.03), ("CA", 0.05), ("AQ", 0.0)]
)
def test_the_strictest_rule_is_aimed_at(region: str, share: float) -> None:
    """Where no rule says how to count nobody may be abandoned."""
    campaign = predictive(region)
    assert target(rules_of(campaign, NOON, rules()), campaign) == share


@pytest.mark.parametrize(("own", "share"), [(0.01, 0.01), (0.2, 0.03)])
def test_a_company_narrows_and_never_widens(own: float, share: float) -> None:
    """Its own share holds when it is less."""
    campaign = predictive(abandonment=Abandonment(target=own, threshold=timedelta(seconds=2)))
    assert target(rules_of(campaign, NOON, rules()), campaign) == share


def test_nobody_waits_longer_than_the_law_says() -> None:
    """Two seconds in the United States, whatever a file says; less where the campaign says less."""
    long = Abandonment(threshold=timedelta(seconds=9))
    assert threshold(predictive("US", abandonment=long), NOON, rules()) == timedelta(seconds=2)
    short = Abandonment(threshold=timedelta(seconds=1))
    assert threshold(predictive("US", abandonment=short), NOON, rules()) == timedelta(seconds=1)


def left(campaign: Campaign, live: int, abandoned: int, machines: int = 0) -> tuple[int, bool]:
    """How many more may be abandoned, and whether predictive dialling must halt."""
    answers = no_answers(campaign, NOON, rules())
    today = {date(2026, 11, 24): Tally(live=live, abandoned=abandoned, machines=machines)}
    counted = type(answers)(
        zone=answers.zone, within_s=2.0, campaigns={campaign.id: today}, centres={"": today}
    )
    found = room(counted, campaign, rules_of(campaign, NOON, rules()), NOON)
    return found.calls, found.is_halted


def test_room_is_what_every_rule_leaves() -> None:
    """Nothing before anybody answered, 3 % of a large sample, nothing beyond it."""
    assert left(predictive(), 0, 0) == (0, True)
    assert left(predictive(), 1000, 0) == (30, False)
    assert left(predictive(), 1000, 31) == (0, True)


def test_people_taken_for_machines_leave_no_room_where_they_count() -> None:
    """In the United Kingdom they are people abandoned, and nobody can count them."""
    assert left(predictive("GB"), 1000, 0)[1] is False
    assert left(predictive("GB", machine_detection="async"), 1000, 0) == (0, True)
    assert left(predictive("JP", machine_detection="async"), 1000, 0)[1] is False


def test_the_companys_own_test_says_how_many_machines_were_people() -> None:
    """So many of them are taken off what may be abandoned, rounded up, where the law counts them, and only there."""
    tested = {"machine_detection": "async", "detection": Detection(false_machines=0.02)}
    assert left(predictive("GB", **tested), 1000, 0) == (30, False)
    assert left(predictive("GB", **tested), 1000, 0, machines=501) == (19, False)  # 11 of them people
    assert left(predictive("GB", **tested), 1000, 0, machines=2000) == (0, True)
    assert left(predictive("JP", **tested), 1000, 0, machines=2000) == (30, False)


def test_every_day_that_a_rule_counts_is_read() -> None:
    """Today alone in Japan; in the United States each of thirty, and none before the first call."""
    jp, us = rules_of(predictive(), NOON, rules()), rules_of(predictive("US"), NOON, rules())
    first = NOON - timedelta(days=100)
    assert [day for day, _, _ in days_counted(jp, first, NOON, "Asia/Tokyo")] == [date(2026, 11, 24)]
    days = days_counted(us, first, NOON, "America/New_York")
    assert len(days) == 30
    assert all(until - since == timedelta(days=1) for _, since, until in days[:20])
    assert len(days_counted(us, NOON - timedelta(days=3), NOON, "America/New_York")) == 4
