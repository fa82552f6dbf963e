"""Who was there, who came back, what is due and what calls took, over every kind of store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.outcome import LeadState, Outcome
from dialer.agents import Agent, AgentState, release, reserve, talk, wrap_up
from dialer.need import SLOT, Workload
from dialer.ports import Store, Unit
from dialer.view import CampaignState
from tests.support.builders import NOON, a_campaign, an_agent
from tests.support.stores import CAMPAIGN, concluded_call, lead_of, prepared

MINUTE = timedelta(minutes=1)
DAY = (NOON - 2 * SLOT, NOON + 6 * SLOT)


def moved(unit: Unit, agent: Agent, *steps: Agent) -> None:
    """Walk an agent through states."""
    unit.put_agent(agent)
    for before, after in zip((agent, *steps), steps, strict=False):
        unit.save_agent(after, before.state)


async def test_whoever_was_there_is_counted_by_half_hours(store: Store) -> None:
    """Aoki comes at 11:10, talks from 11:20 to 11:40 and is there until now, 12:15; baba is away all the time."""
    away = an_agent("aoki", state=AgentState.AWAY, since=NOON - 9 * SLOT)
    ready = replace(away, state=AgentState.READY, since=NOON - 50 * MINUTE)
    taken = reserve(ready, "at-1", NOON - 41 * MINUTE)
    talking = talk(taken, NOON - 40 * MINUTE)
    writing = wrap_up(talking, NOON - 25 * MINUTE, MINUTE)
    free = release(writing, NOON - 20 * MINUTE)

    def write(unit: Unit) -> None:
        moved(unit, away, ready, taken, talking, writing, free)
        unit.put_agent(an_agent("baba", state=AgentState.AWAY, since=NOON - 9 * SLOT))

    await store.transact(write)
    found = await store.read(lambda reports: reports.present(DAY[0], NOON + 15 * MINUTE))
    assert [one.agents for one in found] == pytest.approx([20 / 30, 1.0, 1.0])
    assert [one.busy for one in found] == pytest.approx([10 / 30, 10 / 30, 0.0])


async def test_whoever_came_back_is_known_by_when(store: Store) -> None:
    """Their last time counts; who went and stays away is not named, nor who came before."""
    away = an_agent("aoki", state=AgentState.AWAY, since=NOON - 9 * SLOT)
    early = replace(away, state=AgentState.READY, since=NOON - 3 * MINUTE)
    gone = release(early, NOON, AgentState.AWAY)
    back = replace(gone, state=AgentState.READY, since=NOON + 2 * MINUTE)
    baba = replace(away, id="baba", room="b")
    await store.transact(lambda unit: moved(unit, away, early, gone, back))
    await store.transact(
        lambda unit: moved(unit, baba, *(replace(one, id="baba", room="b") for one in (early, gone)))
    )
    came = await store.transact(lambda unit: unit.came_back(NOON - MINUTE))
    assert came == {"aoki": NOON + 2 * MINUTE}
    came = await store.transact(lambda unit: unit.came_back(NOON - 3 * MINUTE))
    assert came == {"aoki": NOON + 2 * MINUTE, "baba": NOON - 3 * MINUTE}


async def test_the_due_are_counted_by_their_half_hour(store: Store) -> None:
    """Overdue from whenever, later ones by the slot, mail steps and tomorrow not at all."""
    await prepared(store, 6)
    dues = [NOON - 3 * MINUTE, NOON, NOON + MINUTE, NOON + 3 * SLOT, NOON + SLOT, NOON + 40 * SLOT]

    def write(unit: Unit) -> None:
        for place, due in enumerate(dues, 1):
            lead = replace(lead_of(unit, place), due=due, step=1 if place == 5 else 0)
            unit.save_lead(lead, LeadState.WAITING)

    await store.transact(write)
    found = await store.read(lambda reports: reports.workload(CAMPAIGN, [0], DAY, NOON))
    assert found == Workload(is_running=True, overdue=2, due={NOON: 1, NOON + 3 * SLOT: 1})
    assert not (await store.read(lambda reports: reports.workload(CAMPAIGN, [], DAY, NOON))).due
    await store.transact(
        lambda unit: unit.set_campaign_state(CAMPAIGN, CampaignState.PAUSED, CampaignState.RUNNING)
    )
    paused = await store.read(lambda reports: reports.workload(CAMPAIGN, [0], DAY, NOON))
    assert not paused.is_running


async def test_what_calls_took_is_counted_from_today(store: Store) -> None:
    """Calls that are over, those that reached an agent, and the agents' seconds of this campaign's calls alone."""
    await prepared(store, 3)
    other = a_campaign(id="other")

    def write(unit: Unit) -> None:
        unit.save_campaign(other, "v1", NOON)
        answered = {"answered_at": NOON, "connected_at": NOON, "outcome": Outcome.SOLD}
        concluded_call(unit, 1, **answered)
        concluded_call(unit, 2, outcome=Outcome.NO_ANSWER)
        concluded_call(unit, 3, opened_at=DAY[0] - SLOT, outcome=Outcome.NO_ANSWER)
        ready = an_agent("aoki")
        taken = reserve(ready, "at-1", NOON + MINUTE)
        talking = talk(taken, NOON + 2 * MINUTE)
        writing = wrap_up(talking, NOON + 4 * MINUTE, MINUTE)
        for before, after in ((ready, taken), (taken, talking), (talking, writing)):
            unit.save_agent(after, before.state)
        unit.save_agent(release(writing, NOON + 5 * MINUTE), AgentState.WRAPPING)

    await store.transact(write)
    found = await store.read(lambda reports: reports.workload(CAMPAIGN, [0], DAY, NOON + SLOT))
    assert (found.calls, found.talks, found.handled_s) == (2, 1, 180.0)
    none = await store.read(lambda reports: reports.workload("other", [0], DAY, NOON + SLOT))
    assert (none.calls, none.talks, none.handled_s) == (0, 0, 0.0)
