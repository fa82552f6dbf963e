from dataclasses import replace
from datetime import timedelta

import pytest

from bench.pacing_fates import HOUR, Roster, Scenario, fates, rosters
from bench.pacing_floor import Floor, Totals
from bench.pacing_ours import OPENING, Ours
from compliance.binomial import DOUBT, at_most
from dialer.control import Control
from dialer.lessons import Missed, Reached
from dialer.pace import pace
from dialer.situation import Situation

AT, AFTER = 0.75 * HOUR, 1800.0
"""When the shock comes, and how long the floor is watched from then on, in seconds."""
CALM = Scenario(name="twenty agents", hours=(AT + AFTER) / HOUR)
SEED = 4


def a_day(scenario: Scenario, who: list[Roster] | None = None, seed: int = SEED) -> Totals:
    """Return what a floor under predictive pacing came to; it begins cold."""
    drawn = fates(scenario, seed, 40_000)
    return Floor(scenario, drawn, who or rosters(scenario, seed), Ours(scenario)).run()


def is_within(lost: int, live: int, limit: float = 0.03) -> bool:
    """Tell whether a floor that keeps the limit loses so many of so few more often than once in twenty times.

    A half hour has a few abandonments, and a pace that holds a limit over the day is above it in many half hours.
    """
    return lost == 0 or 1.0 - at_most(lost - 1, live, limit) > DOUBT


def lost_since(totals: Totals, second: float) -> tuple[int, int]:
    """Return how many people answered after a time, and how many of them were abandoned."""
    later = [is_lost for at, is_lost in totals.answers if at >= second]
    return len(later), sum(later)


SHOCKS = {
    "nothing": CALM,
    "twice as many answer, from one minute to the next": replace(CALM, jump=2.0, jump_at=AT),
    "half as many answer": replace(CALM, jump=0.5, jump_at=AT),
    "the carrier is out for two minutes": replace(CALM, outage_at=AT, outage_s=120.0),
}


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_is_weathered(shock: str) -> None:
    """In the half hour after it no more people are abandoned than under the limit, and the agents are busy."""
    totals = a_day(SHOCKS[shock])
    live, lost = lost_since(totals, AT)
    assert live > 150
    assert is_within(lost, live)
    assert totals.busy_s / totals.staffed_s > 0.75


def test_a_team_that_leaves_at_once_leaves_nobody_waiting() -> None:
    """Ten of twenty go within the same second, and nobody knew: the calls in flight were for twenty."""
    who = [Roster(leaves_at=AT, is_sudden=True)] * 10 + [Roster()] * 10
    live, lost = lost_since(a_day(CALM, who), AT)
    assert live > 80
    assert is_within(lost, live)


def test_the_measure_sees_a_floor_that_breaks_the_limit() -> None:
    """Twice the limit, in as few answers as these half hours have, is not luck."""
    assert is_within(8, 250)
    assert not is_within(15, 250)


def test_a_day_repeats_exactly() -> None:
    """The same fates, the same decisions: whoever replays a day finds the same calls."""
    short = replace(CALM, hours=0.3)
    one, two = a_day(short), a_day(short)
    assert (one.answers, one.dialled, one.busy_s) == (two.answers, two.dialled, two.busy_s)
    assert a_day(short, seed=SEED + 1).answers != one.answers


def test_all_agents_gone_means_no_calls() -> None:
    """Everybody leaves; nobody is dialled any more, and who is in flight is all that may ring."""
    who = [Roster(leaves_at=600.0)] * 20
    short = replace(CALM, hours=0.5)
    totals = a_day(short, who)
    assert max(at for at, _ in totals.answers) < 600.0 + 30.0


def test_a_floor_that_is_all_free_is_dialled_ahead() -> None:
    """At any size: so many who are free are never taken for people who wait."""
    forecast = Ours(CALM).forecast
    for second in range(200):
        at = OPENING + timedelta(seconds=second)
        forecast = forecast.after(Missed(at=at, after_s=22.0) if second % 4 else Reached(at=at, after_s=12.0))
    control = Control(opens=OPENING, closes=OPENING + timedelta(hours=4), live=50)
    for agents in range(20, 60):
        floor = Situation(idle=agents)
        found = pace(floor, forecast.refreshed(floor), control, OPENING + timedelta(minutes=30))
        assert found.calls > 1.5 * agents
