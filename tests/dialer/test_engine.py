"""The engine plans once a tick, orders once, and is stopped by whatever should stop it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from campaigns.outcome import LeadState, Outcome
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.engine import Engine
from dialer.events import AgentReady, CallEnding
from dialer.ports import Reports, Unit
from dialer.view import CampaignState
from tests.support.builders import rules, the_campaign
from tests.support.engines import Office, an_office, on_mail_step
from tests.support.stores import CAMPAIGN, a_suppression

T = TypeVar("T")
FIRST = f"{CAMPAIGN}-1-1"
SECOND = f"{CAMPAIGN}-2-1"


async def test_a_tick_calls_one_person_for_each_ready_agent() -> None:
    """In the list's order, each with an agent of their own; the next tick finds nobody free."""
    async with an_office(3) as office:
        await office.tick()
        await office.tick()
        assert [order.attempt for order in office.line.placed] == [FIRST, SECOND]
        assert {(await office.agent(name)).attempt for name in ("aoki", "baba")} == {FIRST, SECOND}
        assert (await office.attempt(FIRST)).state is AttemptState.PLACED
        assert (await office.lead(3)).state is LeadState.WAITING


async def test_an_intent_that_grew_old_is_dropped_unused() -> None:
    """More than two seconds passed between judgement and order: no POST, the agent is free, the person waits."""
    async with an_office(1) as office:
        await office.engine.tick()
        office.go(seconds=2.1)
        await office.engine.settle()
        attempt = await office.attempt(FIRST)
        assert (office.line.placed, attempt.outcome) == ([], Outcome.NOT_PLACED)
        assert (await office.agent()).state is AgentState.READY
        assert (await office.lead()).state is LeadState.WAITING


async def test_an_intent_of_two_seconds_is_still_good() -> None:
    """The limit itself is allowed."""
    async with an_office(1) as office:
        await office.engine.tick()
        office.go(seconds=2)
        await office.engine.settle()
        assert [order.attempt for order in office.line.placed] == [FIRST]


class _Waiting:
    """A database that answers the second question only after a long while, or to a process that was stopped."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:
        """Run it."""
        return await self._office.store.transact(work, alone=alone)

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Run it, and let time pass."""
        found = await self._office.store.glance(work)
        self._office.go(seconds=20)
        return found

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run it."""
        return await self._office.store.read(work)

    async def close(self) -> None:
        """Leave it to the office."""


async def test_an_intent_that_grew_old_while_it_was_looked_at_again_is_dropped_unused() -> None:
    """The last look waits for the database; the age is taken after it, right before the order."""
    async with an_office(1) as office:
        engine = Engine(
            store=_Waiting(office), carrier=office.line, mailer=office.post, clock=office.clock, rules=rules()
        )
        engine.take_campaigns({CAMPAIGN: the_campaign()})
        await engine.tick()
        await engine.settle()
        attempt = await office.attempt(FIRST)
        assert (office.line.placed, attempt.outcome) == ([], Outcome.NOT_PLACED)
        assert attempt.note == "judged too long ago"


async def test_a_mail_that_grew_old_is_dropped_unused() -> None:
    """The same for mail."""
    async with an_office(1) as office:
        await office.write(on_mail_step)
        await office.engine.tick()
        office.go(seconds=2.1)
        await office.engine.settle()
        attempt = await office.attempt(FIRST)
        assert (office.post.sent, attempt.outcome) == ([], Outcome.NOT_PLACED)


def suppressed(unit: Unit) -> None:
    """Somebody writes the person onto the do-not-contact list."""
    unit.suppress(a_suppression(person="C00001"))


def switched_off(unit: Unit) -> None:
    """Somebody turns the stop switch."""
    unit.set_dialing(enabled=False)


def paused(unit: Unit) -> None:
    """The manager pauses the campaign."""
    unit.set_campaign_state(CAMPAIGN, CampaignState.PAUSED, CampaignState.RUNNING)


def nothing(unit: Unit) -> None:
    """Nothing happens: the same run, and the order goes out."""


STOPS = (suppressed, switched_off, paused)


@pytest.mark.parametrize("stop", STOPS)
async def test_what_is_committed_before_the_order_stops_the_call(stop: Callable[[Unit], None]) -> None:
    """Judged, then forbidden, then due to be sent: it is not sent, and nobody believes that it was."""
    async with an_office(1) as office:
        await office.engine.tick()
        await office.write(stop)
        await office.engine.settle()
        attempt = await office.attempt(FIRST)
        assert (office.line.placed, attempt.state) == ([], AttemptState.OVER)
        assert attempt.outcome is Outcome.NOT_PLACED
        assert (await office.agent()).state is AgentState.READY


@pytest.mark.parametrize("stop", STOPS)
async def test_what_is_committed_before_the_order_stops_the_mail(stop: Callable[[Unit], None]) -> None:
    """The same for mail, asked at the last moment."""
    async with an_office(1) as office:
        await office.write(on_mail_step)
        await office.engine.tick()
        await office.write(stop)
        await office.engine.settle()
        attempt = await office.attempt(FIRST)
        assert (office.post.sent, attempt.outcome) == ([], Outcome.NOT_PLACED)


async def test_without_a_stop_call_and_mail_go_out() -> None:
    """What the stops are compared with."""
    async with an_office(1) as office:
        await office.engine.tick()
        await office.write(nothing)
        await office.engine.settle()
        assert [order.attempt for order in office.line.placed] == [FIRST]
    async with an_office(1) as office:
        await office.write(on_mail_step)
        await office.tick()
        assert [order.attempt for order in office.post.sent] == [FIRST]


async def test_a_throttled_carrier_is_left_alone_for_its_time() -> None:
    """429 with Retry-After 300: nobody is dialled for 300 seconds, though the floor is free; then it goes on."""
    async with an_office(9) as office:
        office.line.mode = "throttled"
        await office.tick()
        office.line.mode, before = "placed", len(office.line.placed)
        for _ in range(4):
            await office.after(seconds=74)
        assert len(office.line.placed) == before
        await office.after(seconds=4)
        assert len(office.line.placed) == before + 2


async def test_throttled_orders_do_not_use_up_a_persons_tries() -> None:
    """The carrier is closed all day: in the end the person is on their first step still, and is called."""
    async with an_office(1) as office:
        office.line.mode = "throttled"
        while len(office.line.placed) < 12:
            await office.after(minutes=20)
        lead = await office.lead()
        assert (lead.state, lead.step, lead.step_tries) == (LeadState.WAITING, 0, 0)
        office.line.mode = "placed"
        for _ in range(72):
            await office.after(minutes=20)
        assert len(office.line.placed) == 13


async def test_only_who_holds_the_lease_plans() -> None:
    """A second engine opens nothing while the first is alive, and takes over as soon as that one leaves."""
    async with an_office(3, agents=("aoki",)) as office:
        await office.tick()
        other = Engine(
            store=office.store,
            carrier=office.line,
            mailer=office.post,
            clock=office.clock,
            rules=rules(),
            name="other",
        )
        other.take_campaigns({CAMPAIGN: the_campaign()})
        await office.ends(FIRST, CallEnding.BUSY)
        assert (await office.agent("aoki")).state is AgentState.READY
        await other.tick()
        await other.settle()
        assert [order.attempt for order in office.line.placed] == [FIRST]
        await office.engine.stop()
        office.go(seconds=2)
        await other.tick()
        await other.settle()
        assert [order.attempt for order in office.line.placed] == [FIRST, SECOND]
        assert await office.engine.tick() is None


async def test_an_unfit_process_opens_nothing_and_leaves_its_campaigns_to_others() -> None:
    """It goes on asking about silent calls; once it is fit again it goes on dialling."""
    async with an_office(3) as office:
        office.engine.unfit = lambda: "the disk is full"
        await office.tick()
        assert office.line.placed == []
        office.engine.unfit = lambda: None
        await office.tick()
        assert len(office.line.placed) == 2


async def test_an_order_that_fails_harms_no_other() -> None:
    """The carrier's adapter raises: the tick goes on, nobody is dialled again, the agent does not wait for ever."""
    async with an_office(2, agents=("aoki",)) as office:
        office.line.mode = "crash"
        await office.tick()
        office.line.mode = "placed"
        await office.after(seconds=31)
        await office.after(seconds=1)
        assert [order.attempt for order in office.line.placed] == [FIRST, SECOND]


async def test_a_stopped_engine_opens_nothing_and_sends_nothing() -> None:
    """What was planned before the stop is dropped."""
    async with an_office(1) as office:
        await office.engine.tick()
        await office.engine.stop()
        assert await office.engine.tick() is None
        assert office.line.placed == []
        assert (await office.attempt(FIRST)).outcome is Outcome.NOT_PLACED


async def test_a_campaign_finishes_with_its_last_person() -> None:
    """Everybody was spoken to: it is finished, and the ledger says why; not a tick earlier."""
    async with an_office(1) as office:
        await office.tick()
        assert await office.state() is CampaignState.RUNNING
        await finish(office)
        assert await office.state() is CampaignState.FINISHED
        assert "the list is done" in (await office.ledger("campaign"))[-1].body


async def test_a_promised_callback_makes_a_finished_campaign_run_again() -> None:
    """The agent's word comes after the list ran out: a promise is kept, at its time."""
    async with an_office(1) as office:
        await office.tick()
        await office.talked(FIRST)
        await office.after(minutes=3)
        await office.tick()
        assert await office.state() is CampaignState.FINISHED
        await office.disposes(FIRST, "callback", again_at=office.clock.now() + timedelta(hours=2))
        assert await office.state() is CampaignState.RUNNING
        await office.told(AgentReady(agent="aoki", **office.now))
        await office.after(hours=2, minutes=1)
        assert [order.attempt for order in office.line.placed] == [FIRST, f"{CAMPAIGN}-1-2"]


async def finish(office: Office) -> None:
    """The first person is spoken to and wants nothing; a tick later the list is done."""
    await office.talked(FIRST)
    await office.disposes(FIRST, "not-now")
    await office.after(seconds=1)
