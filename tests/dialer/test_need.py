"""Agents planned and agents needed, half hour by half hour."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.need import (
    ANSWERED,
    ENOUGH,
    HANDLING_S,
    OCCUPANCY,
    OCCUPANCY_AHEAD,
    SLOT,
    Demand,
    Effort,
    Workload,
    effort_of,
    needed,
    planned,
    slots,
)
from dialer.stints import Pause, Stint
from tests.support.builders import NOON
from tests.support.rotas import a_roster, at

EFFORT = Effort(answered=0.25, handling_s=200.0, occupancy=0.5, is_measured=True)
"""A hundred seconds of an agent for each try."""
STARTS = slots(NOON, NOON + 4 * SLOT)


def a_demand(work: Workload, *, is_open: tuple[bool, ...] = (True,) * 4, rate: float = 1e9) -> Demand:
    """What is asked of a campaign over two hours."""
    return Demand(work=work, effort=EFFORT, is_open=is_open, tries_per_second=rate)


def test_half_hours_cover_what_they_are_asked_for() -> None:
    """The last one may reach beyond."""
    assert tuple(NOON + SLOT * place for place in range(4)) == STARTS
    assert slots(NOON, NOON + timedelta(minutes=31)) == (NOON, NOON + SLOT)
    assert slots(NOON, NOON) == ()


def test_the_planned_are_those_at_work() -> None:
    """Lunch is left out, and a half hour that somebody joins half way counts half."""
    (stint,) = a_roster().stints(NOON, NOON + SLOT)
    assert planned([stint], slots(NOON - 2 * SLOT, NOON + 4 * SLOT)) == (1.0, 1.0, 0.0, 0.0, 1.0, 1.0)
    late = Stint(agent="baba", begins=NOON + SLOT / 2, ends=NOON + 9 * SLOT)
    assert planned([stint, late], slots(NOON, NOON + SLOT)) == (0.5,)


def test_what_is_overdue_is_spread_and_what_comes_due_is_called_then() -> None:
    """72 are due already, over two hours: 18 tries of 100 seconds each half hour, one agent; 18 more at 13:00."""
    found = needed(a_demand(Workload(overdue=72, due={STARTS[2]: 18})), STARTS, NOON)
    assert found == pytest.approx((1.0, 1.0, 2.0, 1.0))


def test_what_is_over_needs_nobody_and_the_rest_more() -> None:
    """An hour later the same work has to be done in half the time."""
    found = needed(a_demand(Workload(overdue=72)), STARTS, NOON + 2 * SLOT)
    assert found == pytest.approx((0.0, 0.0, 2.0, 2.0))


def test_nobody_is_needed_while_the_campaign_is_closed() -> None:
    """Who comes due then is called in the next half hour that is open; after the last one they are tomorrow's."""
    work = Workload(due={STARTS[0]: 18, STARTS[3]: 18})
    found = needed(a_demand(work, is_open=(False, True, True, False)), STARTS, NOON)
    assert found == pytest.approx((0.0, 1.0, 0.0, 0.0))


def test_lines_that_start_slowly_spread_the_work() -> None:
    """Nine tries in a half hour at most: half an agent, however many are due."""
    found = needed(a_demand(Workload(due={STARTS[0]: 27}), rate=9 / 1800), STARTS, NOON)
    assert found == pytest.approx((0.5, 0.5, 0.5, 0.0))


WORKS = st.builds(
    Workload,
    overdue=st.integers(0, 10_000),
    due=st.dictionaries(st.sampled_from(STARTS), st.integers(0, 1000)),
)


@given(
    WORKS,
    st.tuples(*[st.booleans()] * 4),
    st.floats(0.0, 10.0),
    st.integers(0, 4 * 1800 - 1).map(lambda second: NOON + timedelta(seconds=second)),
)
def test_never_more_work_than_there_is_and_none_where_none_may_be(
    work: Workload, is_open: tuple[bool, ...], rate: float, now: datetime
) -> None:
    """For any day: the need is never negative, nothing is needed while closed, and hands are not invented."""
    found = needed(a_demand(work, is_open=is_open, rate=rate), STARTS, now)
    left = [max(0.0, (start + SLOT - max(start, now)).total_seconds()) for start in STARTS]
    assert all(need >= 0.0 for need in found)
    assert all(not need for need, opened in zip(found, is_open, strict=True) if not opened)
    tries = sum(need * seconds / EFFORT.seconds for need, seconds in zip(found, left, strict=True))
    assert tries <= work.overdue + sum(work.due.values()) + 1e-6
    busiest = max((need / EFFORT.seconds for need in found), default=0.0)
    assert busiest <= rate * (1 + 1e-9)


def test_what_was_seen_today_counts_once_enough_was_seen() -> None:
    """Until then it is assumed, and calls ahead of agents keep them busier."""
    seen = Workload(calls=200, talks=40, handled_s=40 * 150.0)
    assert effort_of(seen, is_ahead=False, occupancy=0.8) == Effort(
        answered=0.2, handling_s=150.0, occupancy=0.8, is_measured=True
    )
    few = Workload(calls=200, talks=ENOUGH - 1, handled_s=9.0)
    for work in (few, Workload()):
        assert effort_of(work, is_ahead=False, occupancy=0.8) == Effort(
            answered=ANSWERED, handling_s=HANDLING_S, occupancy=OCCUPANCY, is_measured=False
        )
    assert effort_of(seen, is_ahead=True, occupancy=None).occupancy == OCCUPANCY_AHEAD
    for idle in (0.01, OCCUPANCY_AHEAD):
        assert effort_of(seen, is_ahead=True, occupancy=idle).occupancy == OCCUPANCY_AHEAD


def test_a_break_over_two_half_hours_is_taken_from_both() -> None:
    """By its minutes in each."""
    pause = Pause(reason="rest", begins=at("2026-11-24T03:15Z"), ends=at("2026-11-24T03:45Z"))
    stint = Stint(agent="aoki", begins=NOON - SLOT, ends=NOON + 4 * SLOT, pauses=(pause,))
    assert planned([stint], STARTS[:3]) == (0.5, 0.5, 1.0)
