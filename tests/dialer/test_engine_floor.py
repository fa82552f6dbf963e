"""Who is called when many could be: campaigns side by side, shared numbers, the day's end, a file that is gone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.configuration import Configuration
from adapters.wiring.house import retired
from campaigns.contact import Phone
from campaigns.dialing import Pacing
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.policy import Policy
from compliance.rulebook import packaged_law
from dialer.agents import AgentState
from dialer.errors import StaleState
from dialer.events import AgentAway, AgentJoined, AgentLeft, AgentReady, CallEnding
from dialer.mail_events import MailUnsubscribed
from dialer.settings import Settings
from tests.support.builders import NOON, a_campaign, a_contact, an_agent, leg_of, the_campaign
from tests.support.engines import Office, an_office, on_mail_step, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
CLOSES = NOON.replace(hour=10, minute=30)
"""19:30 in Tokyo: our campaign's last call of the day."""


def paced(**changes: object) -> Pacing:
    """Our own campaign's pacing with some fields changed."""
    return the_campaign().pacing.model_copy(update=changes)


FAMILY = Phone(number="+81542550001")


@pytest.mark.parametrize("names", [("aaa", "zzz"), ("zzz", "aaa")])
async def test_two_campaigns_share_the_agents(names: tuple[str, str]) -> None:
    """An hour of short calls: neither waits for the other to be done, whatever they are called."""
    one, other = (a_campaign(id=name) for name in names)
    async with an_office(150, campaign=one, others=[(other, 150)]) as office:
        for _ in range(60):
            await office.tick()
            for attempt in await office.write(lambda unit: unit.live_attempts()):
                await office.ends(attempt.id)
            office.go(seconds=30)
        calls = Counter(order.attempt.split("-")[0] for order in office.line.placed)
        assert sum(calls.values()) == 120
        assert min(calls["aaa"], calls["zzz"]) >= 40


async def test_within_one_tick_the_campaigns_take_turns() -> None:
    """Eight agents, two campaigns: each gets about half of them."""
    one, other = a_campaign(id="aaa"), a_campaign(id="zzz")
    async with an_office(9, agents=list("abcdefgh"), campaign=one, others=[(other, 9)]) as office:
        await office.tick()
        calls = Counter(order.attempt.split("-")[0] for order in office.line.placed)
        assert sorted(calls.values()) in ([4, 4], [3, 5])


async def test_each_campaign_has_its_own_rate() -> None:
    """Five calls a second each, on an account that takes fifty: ten in a second, and no sixth of either."""
    one, other = (
        a_campaign(id=name, pacing=paced(calls_per_second=5, max_lines=100)) for name in ("aaa", "zzz")
    )
    agents = [f"a{place}" for place in range(20)]
    async with an_office(20, agents=agents, campaign=one, others=[(other, 20)]) as office:
        for _ in range(9):
            await office.tick()
            office.go(seconds=0.1)
        calls = Counter(order.attempt.split("-")[0] for order in office.line.placed)
        assert calls == {"aaa": 5, "zzz": 5}
        office.go(seconds=0.2)
        await office.tick()
        assert len(office.line.placed) > 10


async def test_the_weightier_campaign_gets_more_calls() -> None:
    """One agent, weights 30 and 10 and later a priority more: the lighter has its part all the same."""
    one = a_campaign(id="aaa", pacing=paced(weight=30))
    other = a_campaign(id="zzz", pacing=paced(weight=10))
    async with an_office(150, agents=("aoki",), campaign=one, others=[(other, 150)]) as office:
        for _ in range(120):
            await office.tick()
            for attempt in await office.write(lambda unit: unit.live_attempts()):
                await office.ends(attempt.id)
            office.go(seconds=31)
        calls = Counter(order.attempt.split("-")[0] for order in office.line.placed)
        assert 20 <= calls["zzz"] <= 40
        assert 80 <= calls["aaa"] <= 100


async def test_one_agent_is_shared_too() -> None:
    """With nobody else on the floor the campaigns still take turns."""
    one, other = a_campaign(id="aaa"), a_campaign(id="zzz")
    async with an_office(100, agents=("aoki",), campaign=one, others=[(other, 100)]) as office:
        for _ in range(60):
            await office.tick()
            for attempt in await office.write(lambda unit: unit.live_attempts()):
                await office.ends(attempt.id)
            office.go(seconds=30)
        calls = Counter(order.attempt.split("-")[0] for order in office.line.placed)
        assert min(calls["aaa"], calls["zzz"]) >= 15


async def test_people_behind_one_busy_number_do_not_stop_the_list() -> None:
    """Thirty colleagues share a line that is in doubt: those after them are called, and that line only once."""
    colleagues = [a_contact(place, phones=(FAMILY,)) for place in range(1, 31)]
    async with an_office([*colleagues, *(a_contact(place) for place in range(31, 41))]) as office:
        office.line.mode = "unsure"
        await office.tick()
        assert FAMILY.number in office.line.numbers
        office.line.mode = "placed"
        for _ in range(60):
            await office.after(seconds=1)
            for attempt in await office.write(lambda unit: unit.live_attempts()):
                if attempt.reference:
                    await office.ends(attempt.id)
        assert office.line.numbers.count(FAMILY.number) == 1
        others = {a_contact(place).phones[0].number for place in range(31, 41)}
        assert others <= set(office.line.numbers)


@pytest.mark.parametrize("seconds", [0, 1, 20, 34])
async def test_nothing_is_opened_that_could_ring_past_the_close(seconds: int) -> None:
    """Ring limit 25 s and 10 s to set the call up: within them of the close nobody is dialled, and nobody is lost."""
    async with an_office(1, start=CLOSES - timedelta(seconds=seconds)) as office:
        await office.tick()
        assert office.line.placed == []
        lead = await office.lead()
        assert (lead.state, lead.tries) == (LeadState.WAITING, 0)
        office.clock.advance_to(CLOSES + timedelta(hours=15))
        await office.tick()
        assert [order.attempt for order in office.line.placed] == [FIRST]


async def test_before_that_it_is_opened() -> None:
    """36 seconds are enough for a phone to ring out."""
    async with an_office(1, start=CLOSES - timedelta(seconds=36)) as office:
        await office.tick()
        assert [order.attempt for order in office.line.placed] == [FIRST]


@pytest.mark.parametrize("late", [timedelta(seconds=1), timedelta(minutes=40)])
async def test_a_call_the_carrier_kept_past_the_close_is_hung_up(late: timedelta) -> None:
    """Queued while it was allowed, ringing when it is not: ended, and who picks up is put through to nobody."""
    async with an_office(1, start=CLOSES - timedelta(minutes=2)) as office:
        await office.tick()
        office.clock.advance_to(CLOSES + late)
        await office.rings(FIRST)
        assert [order.reference for order in office.line.hung_up] == [reference_of(FIRST)]


async def test_a_call_that_rings_in_time_is_let_ring() -> None:
    """Half a minute before the close, and placed only just now."""
    async with an_office(1, start=CLOSES - timedelta(seconds=40)) as office:
        await office.tick()
        office.go(seconds=5)
        await office.rings(FIRST)
        assert office.line.hung_up == []


async def without_its_file(office: Office) -> None:
    """The installation starts again, and the campaign's file is gone."""
    law = packaged_law()
    bare = Configuration(settings=Settings(), policy=Policy(), law=law, plans={})
    office.engine.take_campaigns({}, await retired(office.store, bare))


async def test_an_opt_out_from_a_campaign_without_a_file_holds() -> None:
    """The link in an old mail still works: the version that was stored says who sells."""
    async with an_office(1) as office:
        await office.write(on_mail_step)
        await office.tick()
        await without_its_file(office)
        await office.hears(MailUnsubscribed, FIRST, how="page")
        entries = await office.suppressions()
        assert {entry.seller for entry in entries} == {the_campaign().seller.id}
        assert {entry.person for entry in entries} >= {"C00001"}
        assert (await office.lead()).ending is Ending.OPTED_OUT


async def test_calls_of_a_campaign_without_a_file_come_to_their_end() -> None:
    """One rings, one is written up: agents are freed, the tick goes on, and nobody new is called."""
    async with an_office(5) as office:
        await office.tick()
        second = office.line.placed[1].attempt
        await office.talked(FIRST)
        await without_its_file(office)
        await office.ends(second, CallEnding.BUSY)
        await office.after(minutes=3)
        await office.tick()
        assert (await office.attempt(FIRST)).outcome is Outcome.NO_DISPOSITION
        assert (await office.attempt(second)).outcome is Outcome.BUSY
        assert {(await office.agent(name)).attempt for name in ("aoki", "baba")} == {None}
        assert (await office.agent("baba")).state is AgentState.READY
        assert len(office.line.placed) == 2


async def test_a_silent_call_of_a_campaign_without_a_file_is_asked_about() -> None:
    """Nor is what the carrier tells of it thrown away."""
    async with an_office(1) as office:
        await office.tick()
        await without_its_file(office)
        await office.after(seconds=31)
        assert office.line.asked == [FIRST]


@pytest.mark.parametrize("is_answered", [False, True], ids=["ringing", "talking"])
async def test_a_refusal_by_mail_ends_the_call_that_rings(is_answered: bool) -> None:
    """The same person, in another campaign: the entry holds at once, a conversation is left alone."""
    other = the_campaign().model_copy(update={"id": "other"})
    async with an_office(1, agents=["aoki"], others=[(other, [a_contact(1)])]) as office:
        lead = await office.lead(1)
        await office.write(lambda unit: unit.save_lead(replace(lead, step=1), LeadState.WAITING))
        await office.tick()
        [call] = office.line.placed
        assert (call.attempt, [mail.attempt for mail in office.post.sent]) == ("other-2-1", [FIRST])
        await office.rings(call.attempt)
        if is_answered:
            await office.talks(call.attempt)
        await office.hears(MailUnsubscribed, FIRST, how="page")
        assert [order.attempt for order in office.line.hung_up] == ([] if is_answered else [call.attempt])


async def test_an_engine_that_waited_for_its_turn_counts_and_judges_as_of_then() -> None:
    """Else what it opens would be older than it is, and whoever comes next would count too few starts."""
    async with an_office(1) as office:
        office.engine.unfit = lambda: office.go(seconds=1.5)
        await office.tick()
        assert (await office.attempt(FIRST)).opened_at == office.clock.now() == NOON + timedelta(seconds=1.5)


async def test_an_attempt_names_the_version_it_was_judged_by() -> None:
    """Another process has put another one in force meanwhile: this engine goes on with what it has read."""
    async with an_office(1) as office:
        office.engine.take_campaigns({CAMPAIGN: the_campaign()}, versions={CAMPAIGN: "v1"})
        await office.write(lambda unit: unit.save_campaign(the_campaign(), "v2", NOON))
        await office.tick()
        assert (await office.attempt(FIRST)).version == "v1"


async def test_an_agent_of_a_campaign_unknown_here_does_not_stop_the_engine() -> None:
    """An engine with newer files called for them; their wrap-up time is over, and this one goes on with its own."""
    other = a_campaign(id="other")
    async with an_office(1, agents=["aoki"], others=[(other, 1)]) as office:
        office.engine.take_campaigns({"other": other})
        await office.tick()
        [order] = office.line.placed
        await office.talked(order.attempt)
        office.engine.take_campaigns({CAMPAIGN: the_campaign()})
        await office.write(lambda unit: unit.put_agent(an_agent("baba")))
        await office.after(hours=1)
        assert [order.attempt for order in office.line.placed][1:] == [FIRST]
        assert (await office.agent()).state is AgentState.WRAPPING


async def test_who_hangs_up_while_being_joined_frees_the_agent_at_once() -> None:
    """Within three seconds of the answer: ready in the same moment, and the next person is dialled."""
    async with an_office(2, agents=("aoki",)) as office:
        await office.tick()
        await office.answers(FIRST)
        office.go(seconds=0.8)
        await office.ends(FIRST, CallEnding.COMPLETED)
        agent, attempt = await office.agent("aoki"), await office.attempt(FIRST)
        assert (agent.state, agent.attempt, attempt.outcome) == (AgentState.READY, None, Outcome.ABANDONED)
        await office.tick()
        assert len(office.line.placed) == 2


async def test_word_of_the_room_after_that_says_only_that_they_met() -> None:
    """Callbacks cross: the abandonment is unsaid, and the agent stays with whomever they have by then."""
    async with an_office(2, agents=("aoki",)) as office:
        await office.tick()
        await office.answers(FIRST)
        office.go(seconds=2)
        await office.ends(FIRST, CallEnding.COMPLETED)
        await office.tick()
        await office.talks(FIRST)
        agent, attempt = await office.agent("aoki"), await office.attempt(FIRST)
        assert attempt.outcome is Outcome.NO_DISPOSITION
        assert (agent.state, agent.attempt) == (AgentState.RESERVED, f"{CAMPAIGN}-2-1")


@pytest.mark.parametrize("goes", ["line", "word"])
async def test_who_has_answered_keeps_the_agent_whose_room_they_are_sent_to(goes: str) -> None:
    """A line lost, or a press of *away*, between answer and room: nobody else is sent into that room after them."""
    async with an_office(2, agents=("aoki",)) as office:
        await office.tick()
        await office.answers(FIRST)
        if goes == "line":
            await office.told(AgentLeft(agent="aoki", reference=leg_of("aoki"), **office.now))
            await office.told(AgentJoined(agent="aoki", reference="CA2", **office.now))
        else:
            with pytest.raises(StaleState):
                await office.told(AgentAway(agent="aoki", **office.now))
        with pytest.raises(StaleState):
            await office.told(AgentReady(agent="aoki", **office.now))
        await office.talks(FIRST)
        await office.tick()
        assert ((await office.agent("aoki")).state, len(office.line.placed)) == (AgentState.TALKING, 1)
