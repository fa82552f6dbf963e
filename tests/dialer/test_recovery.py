"""Silence: when the carrier is asked, what its answer proves, and what its own silence does not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcome import LeadState, Outcome
from compliance.terms import Channel
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.events import CallDialed, CallEnded, CallEnding, CallPlaced, CallQueued, CallRinging
from dialer.recovery import GRACE, deadline_of, give_up, postpone
from dialer.settings import CarrierSettings, Settings
from tests.support.builders import NOON, the_campaign
from tests.support.engines import Office, an_office, on_mail_step, reference_of
from tests.support.stores import CAMPAIGN, an_attempt

FIRST = f"{CAMPAIGN}-1-1"
REF = reference_of(FIRST)
LIMIT = timedelta(hours=1)
"""A carrier that accepts within the hour: its silence proves something sooner."""
QUICK = CarrierSettings(calls_per_second=50, accept_limit=LIMIT)
PROVEN = LIMIT + GRACE


@given(asked=st.integers(0, 10_000))
def test_questions_are_put_off_ever_further_and_an_hour_at_most(asked: int) -> None:
    """However often the carrier was asked, the next question has a time, and that is not far."""
    settings = Settings()
    before = an_attempt(asked=asked)
    after = postpone(before, settings, NOON)
    assert after.deadline is not None
    assert settings.silence <= after.deadline - NOON <= timedelta(hours=1)
    later = postpone(after, settings, NOON)
    assert later.deadline is not None
    assert later.deadline >= after.deadline
    assert later.asked == asked + 2


@given(state=st.sampled_from(AttemptState))
def test_every_live_call_has_a_time_when_it_is_asked_about(state: AttemptState) -> None:
    """What is over, and a mail that was accepted, is awaited no more."""
    deadline = deadline_of(an_attempt(state=state), the_campaign(), Settings(), NOON)
    if state in {AttemptState.OVER, AttemptState.ACCEPTED}:
        assert deadline is None
    else:
        assert deadline is not None
        assert deadline > NOON


@given(
    age=st.timedeltas(timedelta(0), timedelta(days=3)), limit=st.timedeltas(timedelta(0), timedelta(days=1))
)
def test_absence_is_proof_only_after_the_longest_accept_delay(age: timedelta, limit: timedelta) -> None:
    """A carrier that queues may dial until then; a mail is never sent again, so nothing is waited for."""
    settings = Settings(carrier=CarrierSettings(accept_limit=limit))
    ended = give_up(an_attempt(), settings, NOON + age)
    assert (ended is not None) is (age >= limit + GRACE)
    assert give_up(an_attempt(channel=Channel.EMAIL), settings, NOON + age) is not None


async def test_a_silent_call_is_asked_about_and_its_end_adopted() -> None:
    """The callback was lost: after the silence the carrier is asked, not a moment sooner, and what it says counts."""
    async with an_office(1) as office:
        await office.tick()
        await office.told(CallDialed(reference=REF, attempt=FIRST, **office.now))
        await office.after(seconds=29)
        assert office.line.asked == []
        office.line.knows = [
            CallEnded(reference=REF, attempt=FIRST, ending=CallEnding.NO_ANSWER, **office.now)
        ]
        await office.after(seconds=2)
        assert office.line.asked == [FIRST]
        assert (await office.attempt(FIRST)).outcome is Outcome.NO_ANSWER
        assert (await office.agent()).state is AgentState.READY


async def test_a_call_that_queues_at_the_carrier_is_cancelled_and_nobody_dials_meanwhile() -> None:
    """Five seconds without being dialled: it is asked about, ended, and opening pauses until the queue is empty."""
    async with an_office(3, agents=("aoki",)) as office:
        await office.tick()
        await office.after(seconds=4)
        assert office.line.asked == []
        office.line.knows = [CallQueued(reference=REF, attempt=FIRST, **office.now)]
        await office.after(seconds=1)
        assert (office.line.asked, [order.attempt for order in office.line.hung_up]) == ([FIRST], [FIRST])
        await office.told(CallEnded(reference=REF, attempt=FIRST, ending=CallEnding.CANCELED, **office.now))
        await office.after(seconds=8)
        assert len(office.line.placed) == 1
        await office.after(seconds=3)
        assert len(office.line.placed) == 2


async def test_a_call_that_was_dialled_while_we_asked_is_not_cancelled() -> None:
    """The answer that it queues is older than the word that it was dialled: a phone rings, and is not cut off."""
    async with an_office(1) as office:
        await office.tick()
        await office.told(CallDialed(reference=REF, attempt=FIRST, **office.now))
        await office.told(CallQueued(reference=REF, attempt=FIRST, **office.now))
        assert office.line.hung_up == []
        assert (await office.attempt(FIRST)).state is AttemptState.PLACED


async def test_a_call_that_was_dialled_is_not_cancelled() -> None:
    """The carrier said so: then it is only waited for."""
    async with an_office(1) as office:
        await office.tick()
        await office.told(CallDialed(reference=REF, attempt=FIRST, **office.now))
        await office.after(seconds=20)
        assert (office.line.asked, office.line.hung_up) == ([], [])
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.dialed_at is None) == (AttemptState.PLACED, False)


async def test_a_call_accepted_before_a_crash_is_adopted() -> None:
    """Killed between the carrier's yes and our note of it: found again by asking, and dialled once."""
    async with an_office(1) as office:
        office.line.mode = "crash"
        await office.tick()
        office.line.mode = "placed"
        office.line.knows = [
            CallPlaced(reference=REF, attempt=FIRST, **office.now),
            CallRinging(reference=REF, attempt=FIRST, **office.now),
        ]
        await office.after(seconds=31)
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.reference) == (AttemptState.RINGING, REF)
        assert len(office.line.placed) == 1


async def test_who_is_reserved_for_a_doubtful_call_is_free_at_once() -> None:
    """Nobody knows whether it rings: the agent takes another person, and the number stays locked."""
    async with an_office(1, agents=("aoki",)) as office:
        office.line.mode = "unsure"
        await office.tick()
        assert (await office.attempt(FIRST)).state is AttemptState.UNSURE
        agent = await office.agent()
        assert (agent.state, agent.attempt) == (AgentState.READY, None)
        assert (await office.lead()).state is LeadState.TRYING
        assert len(await office.ledger("unsure")) == 1


async def test_a_doubtful_call_that_is_answered_after_all_gets_an_agent() -> None:
    """The callback names the attempt, and that resolves the doubt: whoever is ready takes it."""
    async with an_office(1) as office:
        office.line.mode = "unsure"
        await office.tick()
        assert (await office.answers(FIRST)) is not None
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.reference) == (AttemptState.ANSWERED, REF)
        assert (await office.agent(attempt.agent or "")).attempt == FIRST


async def hours_of_silence(office: Office, until: timedelta) -> None:
    """Tick every ten minutes until so long after noon, then stand at that instant."""
    while office.clock.now() + timedelta(minutes=10) < NOON + until:
        await office.after(minutes=10)
    office.clock.advance_to(NOON + until)
    await office.tick()


async def test_a_doubtful_call_is_never_redialled_before_absence_is_proof() -> None:
    """The carrier knows nothing of it: locked until the longest delay has passed, then never placed, then tried."""
    async with an_office(1, carrier=QUICK) as office:
        office.line.mode = "unsure"
        await office.tick()
        office.line.mode = "placed"
        await hours_of_silence(office, PROVEN - timedelta(seconds=1))
        assert (await office.attempt(FIRST)).state is AttemptState.UNSURE
        assert len(office.line.placed) == 1
        await hours_of_silence(office, PROVEN + timedelta(hours=1))
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.outcome) == (AttemptState.OVER, Outcome.NOT_PLACED)
        await hours_of_silence(office, PROVEN + timedelta(hours=2))
        assert len(office.line.placed) == 2


@pytest.mark.parametrize("state", [AttemptState.RINGING, AttemptState.ANSWERED, AttemptState.CONNECTED])
async def test_a_call_that_vanished_at_the_carrier_frees_its_agent(state: AttemptState) -> None:
    """It rang, so it was not *not placed*: the outcome is unknown, and the agent does not wait for ever."""
    async with an_office(1, agents=("aoki",), carrier=QUICK) as office:
        await office.tick()
        match state:
            case AttemptState.RINGING:
                await office.rings(FIRST)
            case AttemptState.ANSWERED:
                await office.answers(FIRST)
            case _:
                await office.talks(FIRST)
        assert (await office.attempt(FIRST)).state is state
        await hours_of_silence(office, LIMIT)
        assert (await office.attempt(FIRST)).state is state
        await hours_of_silence(office, PROVEN + timedelta(hours=2))
        attempt, agent = await office.attempt(FIRST), await office.agent()
        assert (attempt.state, attempt.outcome) == (AttemptState.OVER, Outcome.UNKNOWN)
        assert agent.attempt is None
        assert agent.state in {AgentState.READY, AgentState.AWAY}


async def test_asking_for_weeks_never_breaks_the_tick() -> None:
    """Hundreds of questions to a carrier that cannot be reached."""
    async with an_office(1) as office:
        office.line.is_reachable = False
        await office.tick()
        await office.rings(FIRST)
        for _ in range(400):
            await office.after(hours=1, seconds=5)
        assert len(office.line.asked) >= 400
        assert (await office.attempt(FIRST)).asked >= 400


async def test_what_is_known_of_another_call_proves_nothing_and_hinders_nothing() -> None:
    """Events that were heard before belong to another call: in the end it is as if the carrier knew of none."""
    async with an_office(1, carrier=QUICK) as office:
        await office.write(lambda unit: unit.remember("CA0:placed", None, "CallPlaced", NOON, {}))
        office.line.mode = "unsure"
        office.line.knows = [CallPlaced(key="CA0:placed", at=NOON, attempt=FIRST, reference="CA0")]
        await office.tick()
        office.line.mode = "placed"
        await hours_of_silence(office, LIMIT)
        assert (await office.attempt(FIRST)).state is AttemptState.UNSURE
        await hours_of_silence(office, PROVEN + timedelta(hours=1))
        assert (await office.attempt(FIRST)).outcome is Outcome.NOT_PLACED


async def test_calls_of_other_attempts_to_the_number_are_never_adopted() -> None:
    """The second try of a number is in doubt: the carrier is told which call was the first one's, and not its own."""
    async with an_office(1) as office:
        await office.tick()
        await office.ends(FIRST)
        office.line.mode = "unsure"
        second = f"{CAMPAIGN}-1-2"
        while len(office.line.placed) < 2:
            await office.after(hours=1)
        await office.after(seconds=31)
        assert (office.line.asked[-1], office.line.known) == (second, {REF})
        await office.rings(second)
        assert (await office.attempt(second)).reference == reference_of(second)
        await office.after(minutes=30)
        assert (office.line.asked[-1], office.line.known) == (second, {REF})


@pytest.mark.parametrize("mode", ["unsure", "crash"])
async def test_a_carrier_that_cannot_be_asked_proves_nothing(mode: str) -> None:
    """An outage of days: nothing is concluded and nobody dialled again; asked at last, it tells how it was."""
    async with an_office(1, carrier=QUICK) as office:
        office.line.mode, office.line.is_reachable = mode, False
        await office.tick()
        office.line.mode = "placed"
        for _ in range(72):
            await office.after(hours=1, seconds=1)
        assert (await office.attempt(FIRST)).outcome is None
        assert (await office.lead()).state is LeadState.TRYING
        assert len(office.line.placed) == 1
        office.line.is_reachable = True
        office.line.knows = [CallEnded(reference=REF, attempt=FIRST, ending=CallEnding.BUSY, **office.now)]
        await office.after(hours=1, seconds=1)
        assert (await office.attempt(FIRST)).outcome is Outcome.BUSY


async def test_a_mail_of_which_nothing_is_known_is_never_sent_again() -> None:
    """Cut off while handing it over: the outcome is unknown, no carrier is asked, and the person gets no second."""
    async with an_office(1) as office:
        await office.write(on_mail_step)
        office.post.mode = "crash"
        await office.tick()
        office.post.mode = "accepted"
        for _ in range(48):
            await office.after(hours=1)
        assert (await office.attempt(FIRST)).outcome is Outcome.UNKNOWN
        assert (len(office.post.sent), office.line.asked) == (1, [])
