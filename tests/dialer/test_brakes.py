"""A manager's brakes: a beginning is slow, and agents who wait little enough are reason to risk less."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dialing import Pacing
from dialer.agents import Agent, AgentState
from dialer.brakes import Waits, eased, explained, lines_per_agent
from dialer.control import Control
from dialer.pace import Bound, Mode, Pace
from tests.support.builders import NOON, an_agent

PACE = Pace(
    calls=2,
    mode=Mode.PREDICTIVE,
    bound=Bound.RISK,
    idle=1,
    waiting=0,
    in_flight=3,
    theta=0.03,
    left=1.0,
    share=0.25,
)


def waiting(name: str, since_s: float) -> Agent:
    """An agent who is ready since so many seconds after noon."""
    return an_agent(name, state=AgentState.READY, since=NOON + timedelta(seconds=since_s))


def served(name: str, at_s: float) -> Agent:
    """The same, reserved for a call."""
    return an_agent(name, state=AgentState.RESERVED, since=NOON + timedelta(seconds=at_s), attempt="a-1-1")


def test_a_wait_counts_when_it_ends_in_a_call() -> None:
    """Twelve seconds until the call came; whoever went on a break waited for nothing."""
    seen = Waits().after([waiting("a", 0), waiting("b", 0)])
    away = an_agent("b", state=AgentState.AWAY, since=NOON)
    known = seen.after([served("a", 12), away])
    assert known.mean_s == pytest.approx(12)
    assert not known.since


def test_who_waits_long_counts_before_it_ends() -> None:
    """Nobody answers any more: the mean of old waits says nothing about now."""
    known = replace(Waits(mean_s=4.0), since={"a": NOON})
    assert known.lately_s(NOON + timedelta(seconds=60)) == pytest.approx(60)
    assert Waits(since={"a": NOON}).lately_s(NOON) is None


@given(st.floats(0.1, 600), st.floats(0.1, 600))
def test_less_is_risked_where_agents_wait_less_than_they_may(waited: float, wanted: float) -> None:
    """Never more than the law's control allows, and the less the shorter they wait."""
    control = Control(opens=NOON, closes=NOON + timedelta(hours=8))
    pacing = Pacing(wait_target=timedelta(seconds=wanted))
    told = eased(control, pacing, Waits(mean_s=waited), NOON).theta(NOON)
    assert 0 < told <= control.theta(NOON)
    assert (told < control.theta(NOON)) == (waited < pacing.wait_target.total_seconds())


def test_without_an_aim_or_a_wait_nothing_is_eased() -> None:
    """The control goes through as it is."""
    control = Control()
    assert eased(control, Pacing(), Waits(mean_s=0.1), NOON) is control
    assert eased(control, Pacing(wait_target=timedelta(seconds=10)), Waits(), NOON) is control


@given(st.floats(0, 7200), st.floats(1, 20), st.integers(0, 7200))
def test_a_ramp_rises_from_one_line_to_all(gone_s: float, most: float, ramp_s: int) -> None:
    """Between one and the most, never falling, and all of them once the ramp is over or where there is none."""
    pacing = Pacing(ramp=timedelta(seconds=ramp_s), max_lines_per_agent=most)
    now = NOON + timedelta(seconds=gone_s)
    lines = lines_per_agent(pacing, NOON, now)
    assert 1 <= lines <= most
    assert lines <= lines_per_agent(pacing, NOON, now + timedelta(seconds=60)) + 1e-9
    assert gone_s < ramp_s or lines == most
    assert lines_per_agent(pacing, None, now) == most


def test_the_brake_that_held_is_named() -> None:
    """So that the board can say why there were no more."""
    crowded = replace(PACE, bound=Bound.LINES)
    names = {"is_eased": True, "is_crowded": True, "is_ramping": True}
    assert explained(PACE, **names).bound is Bound.WAIT
    assert explained(crowded, **names).bound is Bound.RAMP
    assert explained(crowded, **{**names, "is_ramping": False}).bound is Bound.CROWD
    assert explained(crowded, is_eased=True, is_crowded=False, is_ramping=True) == crowded
    assert explained(PACE, is_eased=False, is_crowded=True, is_ramping=True) == PACE
