"""A team that goes on a planned break at once: what it costs those who call, known and not known beforehand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from bench.pacing_fates import HOUR, Roster, Scenario, fates
from bench.pacing_floor import Floor, Totals
from bench.pacing_ours import OPENING, Ours
from dialer import stints
from dialer.agents import Agent, AgentState
from dialer.situation import NONE, Seconds, Situation
from dialer.staffing import leaving, staffing
from tests.dialer.test_pace_shocks import is_within
from tests.support.rotas import a_shift

AT, LASTS, WATCHED = 0.75 * HOUR, 0.5 * HOUR, 60.0
"""When half of the floor goes, for how long, and how long those who answer then are counted, in seconds."""
DAY = Scenario(name="twenty agents", hours=(AT + WATCHED) / HOUR)
TEAM = tuple(f"agent-{place}" for place in range(DAY.agents))
WHO = [Roster(breaks=((AT, LASTS),))] * 10 + [Roster()] * 10
PLAN = stints.Roster(
    shifts=(
        a_shift(agents=TEAM[:10], hours=(0, 480), breaks=((45, 30),)),
        a_shift(agents=TEAM[10:], hours=(0, 480)),
    )
)
"""The same as people write it; the floor opens at midnight of its zone."""
SEEDS = range(4, 12)


class Told(Ours):
    """Our pacing with what the plan says of each agent, as `relieve` tells it to the engine's crew."""

    def _seen(self, floor: Floor) -> Situation:
        now = OPENING + timedelta(seconds=floor.now)
        states = ((floor.idle, AgentState.READY), (floor.talking, AgentState.TALKING))
        there = [*states, (floor.wrapping, AgentState.WRAPPING)]
        agents = [
            Agent(id=TEAM[one], name="", room="", languages=(), state=state, since=now)
            for some, state in there
            for one in some
        ]
        goes = leaving(staffing(PLAN, now), agents, now)

        def left(some: dict[int, float]) -> Seconds:
            return np.array([(goes[TEAM[one]] - now).total_seconds() for one in some])

        return replace(
            super()._seen(floor),
            idle_leaving=left(floor.idle),
            talking_leaving=left(floor.talking),
            wrapping_leaving=left(floor.wrapping),
        )


class Untold(Ours):
    """The same pacing, of which nobody tells when agents go."""

    def _seen(self, floor: Floor) -> Situation:
        seen = super()._seen(floor)
        return replace(seen, idle_leaving=NONE, talking_leaving=NONE, wrapping_leaving=NONE)


def a_day(policy: type[Ours], seed: int) -> Totals:
    """Return what a day came to."""
    return Floor(DAY, fates(DAY, seed, 40_000), WHO, policy(DAY)).run()


def lost_at_the_break(days: list[Totals]) -> tuple[int, int]:
    """Return how many people answered in the minute after the team went, and how many of them found nobody."""
    later = [is_lost for day in days for at, is_lost in day.answers if AT <= at < AT + WATCHED]
    return len(later), sum(later)


def test_a_team_that_leaves_by_plan_costs_nobody_their_call() -> None:
    """Known beforehand, fewer calls are in flight when it goes: the limit holds, and fewer find nobody than unknown."""
    told, untold = ([a_day(policy, seed) for seed in SEEDS] for policy in (Told, Untold))
    answered, lost = lost_at_the_break(told)
    _, gone = lost_at_the_break(untold)
    assert is_within(lost, answered)
    assert lost < gone
