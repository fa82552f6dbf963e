from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pacing_days import Day, Job, run
from bench.pacing_fates import Scenario
from bench.pacing_scenarios import SPILL
from dialer.control import Control, Target
from dialer.lessons import Abandoned, Served

SMALL = Scenario(name="six agents, one hour", agents=6, hours=1.0)
"""Handled fast, so that an hour has answers enough to hold a limit against."""
FLOORS = {
    "as the law has it": replace(SMALL, handling_s=60.0),
    "few answer": replace(SMALL, handling_s=60.0, answer=0.1),
    "every other answers": replace(SMALL, handling_s=60.0, answer=0.5),
    "phones ring long": replace(SMALL, handling_s=60.0, ring_s=18.0, ring_limit_s=30.0),
    "a stricter company": replace(SMALL, handling_s=60.0, hours=2.0, limit=0.02),
}
SEED = 77


def a_day(scenario: Scenario, policy: str, seed: int = SEED) -> Day:
    """Return what the bench finds of one policy on one floor."""
    return run(Job(scenario=scenario, seed=seed, policy=policy))


def faults(day: Day, plain: Day, limit: float) -> list[str]:
    """Return what is wrong with a day beside progressive dialling with the same fates; `limit` is a share."""
    found = []
    if day.abandoned > 100.0 * limit * SPILL / 3.0:
        found.append("too many are abandoned")
    if day.occupancy <= plain.occupancy:
        found.append("progressive keeps agents as busy")
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_small_floor_keeps_the_limit_and_beats_progressive(floor: str) -> None:
    """The bench's own day, begun cold: within the limit, and busier than with one line for each free agent."""
    scenario = FLOORS[floor]
    day = a_day(scenario, "ours")
    assert day.live > 60
    assert not faults(day, a_day(scenario, "progressive"), scenario.limit)


def test_the_measure_sees_who_overshoots_and_who_idles() -> None:
    """A model that is known to abandon too many fails, and so does dialling no more than one line each."""
    scenario = FLOORS["as the law has it"]
    plain = a_day(scenario, "progressive")
    assert "too many are abandoned" in faults(a_day(scenario, "OMniDialer"), plain, scenario.limit)
    assert faults(plain, plain, scenario.limit) == ["progressive keeps agents as busy"]


OPENS = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAYS = st.builds(
    Control,
    target=st.builds(Target, share=st.floats(0.005, 0.05)),
    opens=st.just(OPENS),
    closes=st.just(OPENS + timedelta(hours=4)),
    live=st.integers(1, 5000),
    abandoned=st.integers(0, 100),
)


@given(day=DAYS, minutes=st.floats(1, 239))
def test_what_is_planned_ends_the_day_within_its_limit(day: Control, minutes: float) -> None:
    """Whatever happened so far: if people go on answering and just what is planned is abandoned, the limit is kept."""
    now = OPENS + timedelta(minutes=minutes)
    to_come = day.live * (240.0 - minutes) / minutes
    ends = day.abandoned + day.planned(now) * to_come
    allowed = day.target.share * (day.live + to_come)
    assert ends <= max(allowed, day.abandoned + 0.02)
    assert 0.0 < day.planned(now) <= 2.0 * day.target.share


@given(day=DAYS, minutes=st.floats(1, 239))
def test_an_abandonment_leaves_less_to_be_risked(day: Control, minutes: float) -> None:
    """Than the same answer would have left, had an agent been there."""
    now = OPENS + timedelta(minutes=minutes)
    assert day.after(Abandoned(at=now)).theta(now) <= day.after(Served(at=now)).theta(now)
