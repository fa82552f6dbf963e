"""How many calls at once: never beyond any limit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.campaign import Pacing
from dialer.pacing import account_window, calls_to_open, rate_window

COUNT = st.integers(min_value=0, max_value=500)


def a_pacing(max_lines: int = 20, lines_per_agent: float = 1.0) -> Pacing:
    """Return progressive pacing."""
    return Pacing(max_lines=max_lines, lines_per_agent=lines_per_agent, ring_limit=timedelta(seconds=25))


def test_each_free_agent_gets_one_line() -> None:
    """Progressive: whoever answers finds an agent waiting."""
    assert calls_to_open(a_pacing(), ready=5, lines=3, account_room=10) == 5


def test_the_campaigns_lines_and_the_accounts_rate_bind() -> None:
    """Neither the campaign's lines nor the account's calls per second are passed."""
    assert calls_to_open(a_pacing(max_lines=4), ready=5, lines=3, account_room=10) == 1
    assert calls_to_open(a_pacing(), ready=5, lines=3, account_room=2) == 2


@given(ready=COUNT, lines=COUNT, room=COUNT, max_lines=st.integers(1, 200))
def test_no_limit_is_ever_passed(ready: int, lines: int, room: int, max_lines: int) -> None:
    """For any floor: at least none, at most every cap, and none when nobody is free."""
    opened = calls_to_open(a_pacing(max_lines=max_lines), ready=ready, lines=lines, account_room=room)
    assert 0 <= opened <= min(ready, room)
    assert opened == 0 or lines + opened <= max_lines


def test_a_slow_account_starts_one_call_in_its_window() -> None:
    """An account of less than one call a second counts over a longer time, so that its rate is never passed."""
    assert rate_window(0.5) == (timedelta(seconds=2), 1)
    assert rate_window(5.7) == (timedelta(seconds=1), 5)


@pytest.mark.parametrize(
    ("rate", "seconds", "count"), [(1, 10 / 9, 1), (0.5, 20 / 9, 1), (5, 1, 4), (100, 1, 90)]
)
def test_the_account_is_kept_a_tenth_below_its_rate(rate: float, seconds: float, count: int) -> None:
    """A carrier queues what is above, and it rings late."""
    window, starts = account_window(rate)
    assert (round(window.total_seconds(), 6), starts) == (round(seconds, 6), count)
