"""A ratio: as many lines for each free agent as the manager says, and never more than the prediction would open."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pacing_fates import HOUR, Scenario, fates, rosters
from bench.pacing_floor import Floor, Totals
from bench.pacing_ours import Ours
from campaigns.dialing import Pacing
from compliance.abandonment import Headroom
from compliance.terms import Technology
from dialer.agents import Agent, AgentState
from dialer.crew import Crew
from dialer.forecast import Forecast
from dialer.pace import Bound, Mode, Why
from dialer.pacing import ratio_left
from dialer.situation import Situation
from tests.dialer.test_crew import CALL, PICKED_UP, SECOND, predictive
from tests.dialer.test_pace import HALTED, OPEN, SITUATIONS, a_control, asked, free_lines
from tests.support.builders import NOON as AT_NOON
from tests.support.builders import an_agent
from tests.support.stores import CAMPAIGN, an_attempt

RATIOS = st.integers(11, 60).map(lambda tenths: tenths / 10)


def a_ratio(lines: float) -> Pacing:
    """Return pacing by a ratio."""
    return Pacing(mode=Technology.RATIO, lines_per_agent=lines, max_lines_per_agent=20.0)


def held(situation: Situation, lines: float) -> Situation:
    """Return the floor with what a ratio leaves of it."""
    free = situation.idle - situation.waiting
    left = ratio_left(a_ratio(lines), free=free, on_their_way=situation.in_flight)
    return replace(situation, ratio=left)


@given(
    situation=SITUATIONS, lines=RATIOS, abandoned=st.integers(0, 40), headroom=st.sampled_from([HALTED, OPEN])
)
def test_a_ratio_never_opens_more_than_the_prediction(
    situation: Situation, lines: float, abandoned: int, headroom: Headroom
) -> None:
    """On any floor, after whatever happened: the law binds a ratio as it binds predictive dialling, or closer."""
    control = a_control(abandoned=abandoned)
    found = asked(held(situation, lines), control, headroom)
    assert 0 <= found.calls <= asked(situation, control, headroom).calls


@given(situation=SITUATIONS, lines=RATIOS)
def test_no_more_lines_than_the_manager_wants(situation: Situation, lines: float) -> None:
    """Calls on their way and those opened now, for agents who are free and for whom nobody is waiting."""
    found = asked(held(situation, lines))
    free = max(0, situation.idle - situation.waiting)
    assert found.calls == 0 or found.calls + situation.in_flight <= lines * free
    assert found.mode is Mode.RATIO


@given(situation=SITUATIONS, lines=RATIOS, headroom=st.sampled_from([HALTED, OPEN]))
def test_without_room_it_is_one_line_for_each_free_agent(
    situation: Situation, lines: float, headroom: Headroom
) -> None:
    """And with room never less than that: an agent who is free, and for whom nobody is on the way, gets a call."""
    found = asked(held(situation, lines), headroom=headroom)
    least = min(free_lines(situation), situation.lines, situation.room)
    assert found.calls >= least
    if headroom is HALTED:
        assert (found.mode, found.why) == (Mode.PROGRESSIVE, Why.HALTED)
        assert found.calls == least


@given(situation=SITUATIONS, lines=RATIOS, more=RATIOS)
def test_a_higher_ratio_opens_no_less(situation: Situation, lines: float, more: float) -> None:
    """So a manager who raises it is never surprised."""
    low, high = sorted((lines, more))
    assert asked(held(situation, low)).calls <= asked(held(situation, high)).calls


def test_the_ratio_is_named_where_it_holds_the_number() -> None:
    """Ten free agents at 1.5 lines are fifteen; at six the risk of one more holds it."""
    modest, bold = asked(held(Situation(idle=10), 1.5)), asked(held(Situation(idle=10), 6.0))
    assert (modest.calls, modest.bound) == (15, Bound.RATIO)
    assert (bold.calls, bold.bound) == (asked(Situation(idle=10)).calls, Bound.RISK)
    assert asked(held(Situation(talking=np.full(20, 300.0)), 6.0)).calls == 0


def test_it_begins_cold_and_comes_back_from_a_spent_day() -> None:
    """By itself, both ways, and it says why."""
    cold = asked(held(Situation(idle=5), 3.0), forecast=Forecast().refreshed(Situation()))
    assert (cold.calls, cold.why) == (5, Why.COLD)
    spent = asked(held(Situation(idle=5), 3.0), a_control(live=1000, abandoned=120))
    assert (spent.calls, spent.why) == (5, Why.SPENT)
    assert asked(held(Situation(idle=5), 3.0), a_control(live=2100, abandoned=30)).calls > 5


def crew(agents: Sequence[Agent]) -> Situation:
    """Return the floor of a campaign with two and a half lines for each free agent, three calls under way."""
    campaign = predictive(mode=Technology.RATIO, lines_per_agent=2.5)
    calls = [an_attempt(1, **CALL), an_attempt(2, **CALL), an_attempt(3, **PICKED_UP)]
    seen = Crew(agents=tuple(agents), calls=tuple(calls), campaigns={CAMPAIGN: campaign}, now=AT_NOON)
    return seen.situation(campaign, "ja", patience=2 * SECOND, lines=100, room=50)


def test_who_is_free_and_what_is_on_its_way_is_counted() -> None:
    """Of four agents one talks and one is owed to the person who waits: two times two and a half, less two calls."""
    agents = [an_agent(name) for name in ("aoki", "baba", "chiba")]
    talking = an_agent("doi", state=AgentState.TALKING, attempt="at-7")
    assert crew([*agents, talking]).ratio == 3
    assert crew(agents[:1]).ratio == 0
    assert ratio_left(Pacing(), free=3, on_their_way=0) is None


# --- whole days -------------------------------------------------------------------------------------------------------

DAY = Scenario(name="twenty agents", hours=2.0)


class Ratio(Ours):
    """Our policy with a ratio, on the bench's floor."""

    def __init__(self, scenario: Scenario, lines: float) -> None:
        """Begin the day."""
        super().__init__(scenario)
        self._lines = lines

    def _seen(self, floor: Floor) -> Situation:
        return held(super()._seen(floor), self._lines)


def a_day(lines: float, scenario: Scenario = DAY, seed: int = 5) -> Totals:
    """Return what a floor under a ratio came to; it begins cold."""
    policy = Ratio(scenario, lines)
    return Floor(scenario, fates(scenario, seed, 40_000), rosters(scenario, seed), policy).run()


def abandoned(totals: Totals) -> float:
    """Return the share of people who answered and found nobody in time."""
    return sum(lost for _, lost in totals.answers) / len(totals.answers)


@pytest.mark.parametrize("scenario", [DAY, replace(DAY, jump=2.5, jump_at=0.5 * HOUR)], ids=["calm", "jump"])
def test_the_boldest_ratio_keeps_the_limit(scenario: Scenario) -> None:
    """Twenty lines for each free agent, which plainly dialled would lose one of two people: 3 % all the same."""
    assert abandoned(a_day(20.0, scenario)) <= 0.031


def test_a_ratio_pays() -> None:
    """Agents are busier than with one line for each, and less than with the prediction free to decide."""

    def busy(lines: float) -> float:
        totals = a_day(lines)
        return totals.busy_s / totals.staffed_s

    assert busy(1.0) + 0.02 < busy(3.0) <= busy(20.0) + 0.01
