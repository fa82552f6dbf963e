"""Calls without a reserved agent: who opens them, who gets them, what whoever finds nobody hears."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from campaigns.campaign import Campaign
from campaigns.dialing import Abandonment
from campaigns.outcome import Outcome
from compliance.ledger import LedgerEntry
from compliance.terms import Technology
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.cadence import first_sight
from dialer.events import AgentAway, AgentReady, CallEnding, CallWaited
from dialer.orders import JoinRoom, PlayNotice, Release, Wait
from tests.support.builders import a_contact, an_agent, rules, the_campaign
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"


def predictive(**changes: Any) -> Campaign:
    """Our campaign, dialled predictively."""
    pacing = the_campaign().pacing.model_copy(
        update={"mode": Technology.PREDICTIVE, "max_lines": 200, "calls_per_second": 50.0, **changes}
    )
    return the_campaign().model_copy(update={"pacing": pacing})


def pace_of(entry: LedgerEntry) -> dict[str, Any]:
    """What a permit says of why so many calls were opened."""
    found: dict[str, Any] = json.loads(entry.body)["pace"]
    return found


async def waits(office: Office, attempt: str) -> Any:
    """The line asks once more what to do."""
    return await office.hears(CallWaited, attempt, reference=reference_of(attempt))


async def taught(office: Office, rounds: int) -> None:
    """Let one of two answer, talk for a minute and be written up, round after round."""
    for turn in range(rounds):
        for _ in range(3):
            await office.after(seconds=1)
        live = await office.write(lambda unit: unit.live_attempts())
        office.go(seconds=9)
        for place, call in enumerate(live):
            if (place + turn) % 2:
                await office.ends(call.id)
            else:
                await office.talks(call.id)
        office.go(seconds=60)
        for call in await office.write(lambda unit: unit.live_attempts()):
            if call.state is AttemptState.CONNECTED:
                await office.disposes(call.id, "interested")
                await office.ends(call.id, CallEnding.COMPLETED, talk_s=60)


async def test_a_stranger_is_looked_up_before_anything_is_opened() -> None:
    """What the law has counted must be known first; from then on one line for each free agent."""
    async with an_office(9, campaign=predictive()) as office:
        await office.tick()
        assert office.line.placed == []
        await office.after(seconds=1)
        assert len(office.line.placed) == 2
        await office.after(seconds=1)
        assert len(office.line.placed) == 2
        assert {(await office.agent(name)).state for name in ("aoki", "baba")} == {AgentState.READY}


async def test_each_permit_says_why_so_many() -> None:
    """An officer reads what the decision saw."""
    async with an_office(9, campaign=predictive()) as office:
        await office.tick()
        await office.after(seconds=1)
        line = (await office.store.read(lambda reports: reports.summary(CAMPAIGN, office.clock.now()))).pace
        assert line is not None
        assert line.found["calls"] == 2
        paces = [pace_of(entry) for entry in await office.ledger("permitted")]
        assert [pace["calls"] for pace in paces] == [2, 2]
        assert {(pace["mode"], pace["why"], pace["idle"]) for pace in paces} == {("progressive", "halted", 2)}


async def test_whoever_answers_gets_who_has_waited_longest() -> None:
    """And nobody is given twice."""
    async with an_office(9, campaign=predictive(), agents=("aoki", "baba")) as office:
        await office.tick()
        await office.after(seconds=1)
        one, other = (order.attempt for order in office.line.placed)
        joined = [await office.answers(one), await office.answers(other)]
        rooms = Counter(each.room for each in joined if isinstance(each, JoinRoom))
        assert rooms == {"ag-aoki": 1, "ag-baba": 1}


async def test_whoever_finds_nobody_waits_and_then_hears_the_notice() -> None:
    """Two seconds by the campaign and the law; whoever frees meanwhile takes the call."""
    async with an_office(9, campaign=predictive()) as office:
        await office.tick()
        await office.after(seconds=1)
        one, other = (order.attempt for order in office.line.placed)
        for name in ("aoki", "baba"):
            await office.told(AgentAway(agent=name, **office.now))
        assert isinstance(await office.answers(one), Wait)
        assert isinstance(await office.answers(other), Wait)
        office.go(seconds=1)
        assert isinstance(await waits(office, one), Wait)
        office.go(seconds=1)
        assert isinstance(await waits(office, one), PlayNotice)
        await office.ends(one, CallEnding.COMPLETED)
        assert (await office.attempt(one)).outcome is Outcome.ABANDONED
        await office.ends(other, CallEnding.COMPLETED)
        assert await waits(office, other) in {None, Release()}


async def test_an_agent_who_frees_takes_the_call_that_waits() -> None:
    """Whose line asks again a moment later."""
    async with an_office(9, campaign=predictive()) as office:
        await office.tick()
        await office.after(seconds=1)
        one = office.line.placed[0].attempt
        for name in ("aoki", "baba"):
            await office.told(AgentAway(agent=name, **office.now))
        assert isinstance(await office.answers(one), Wait)
        await office.told(AgentReady(agent="baba", **office.now))
        office.go(seconds=1)
        joined = await waits(office, one)
        assert isinstance(joined, JoinRoom)
        assert joined.room == "ag-baba"


async def test_a_floor_that_was_seen_is_dialled_ahead_of_its_agents() -> None:
    """Once enough people have answered, and none of them in vain, more lines ring than agents are free."""
    agents = [f"agent{place:02}" for place in range(20)]
    async with an_office(600, campaign=predictive(), agents=agents) as office:
        await taught(office, 24)
        placed = len(office.line.placed)
        for _ in range(5):
            await office.after(seconds=1)
        ready = len(agents)
        assert len(office.line.placed) - placed > ready
        last = pace_of((await office.ledger("permitted"))[-1])
        assert last["mode"] == "predictive"


async def test_a_ratio_falls_back_says_so_and_comes_back() -> None:
    """One line for each free agent until the law leaves room; then as many as the manager wants, and no more."""
    agents = [f"agent{place:02}" for place in range(20)]
    campaign = predictive(mode=Technology.RATIO, lines_per_agent=1.5)
    async with an_office(600, campaign=campaign, agents=agents) as office:
        await taught(office, 24)
        paces = [pace_of(entry) for entry in await office.ledger("permitted")]
        assert (paces[0]["mode"], paces[0]["why"]) == ("progressive", "halted")
        placed = len(office.line.placed)
        for _ in range(5):
            await office.after(seconds=1)
        assert len(office.line.placed) - placed == 30
        summary = await office.store.read(lambda reports: reports.summary(CAMPAIGN, office.clock.now()))
        assert summary.mode == "ratio"
        assert summary.pace is not None
        assert (summary.pace.found["mode"], summary.pace.found["bound"]) == ("ratio", "ratio")


async def test_a_company_that_wants_nobody_abandoned_stays_progressive() -> None:
    """A target so low that no sample bears it out: one line for each free agent."""
    agents = [f"agent{place:02}" for place in range(20)]
    campaign = predictive(abandonment=Abandonment(target=0.0001, threshold=timedelta(seconds=2)))
    async with an_office(600, campaign=campaign, agents=agents) as office:
        await taught(office, 24)
        assert {pace_of(entry)["mode"] for entry in await office.ledger("permitted")} == {"progressive"}


@pytest.mark.parametrize("away", [0, 1])
async def test_nothing_is_opened_for_nobody(away: int) -> None:
    """All agents away: no call, however many people are due."""
    async with an_office(9, campaign=predictive()) as office:
        for name in ("aoki", "baba")[away:]:
            await office.told(AgentAway(agent=name, **office.now))
        for _ in range(3):
            await office.after(seconds=1)
        assert len(office.line.placed) == away


async def test_an_engine_that_starts_again_knows_what_the_law_has_counted() -> None:
    """The first sight of a campaign is read from the record."""
    async with an_office(9, campaign=predictive()) as office:
        await office.tick()
        await office.after(seconds=1)
        one = office.line.placed[0].attempt
        for name in ("aoki", "baba"):
            await office.told(AgentAway(agent=name, **office.now))
        await office.answers(one)
        office.go(seconds=9)
        await office.ends(one, CallEnding.COMPLETED)
        since, until = (await office.attempt(one)).opened_at, office.clock.now()
        found = await office.store.read(lambda reports: reports.tally(CAMPAIGN, since, until, 2.0))
        assert (found.live, found.abandoned, found.left) == (1, 1, 0)
        assert await office.store.read(lambda reports: reports.first_call(CAMPAIGN)) == since
        again = await office.store.read(lambda reports: first_sight(reports, predictive(), until, rules()))
        assert (again.control.live, again.control.abandoned, again.control.closes) == (1, 1, None)
        assert again.control.left(until) < 0


async def test_people_whom_nobody_can_serve_now_stand_in_nobodys_way() -> None:
    """The only agent who speaks English talks: a dozen English names on top of the list keep no Japanese one back."""
    people = [a_contact(place, language="en") for place in range(1, 13)] + [a_contact(13), a_contact(14)]
    async with an_office(people, campaign=predictive(), agents=("aoki",)) as office:
        await office.tick()
        await office.after(seconds=1)
        await office.talks(FIRST)
        await office.write(lambda unit: unit.put_agent(an_agent("baba", languages=("ja",))))
        await office.after(seconds=1)
        assert [order.attempt for order in office.line.placed] == [FIRST, f"{CAMPAIGN}-13-1"]
