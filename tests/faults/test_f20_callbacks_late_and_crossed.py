"""F20: callbacks come hours late and out of order: states move only forward, later facts are merged."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Ending, LeadState, Outcome
from dialer.attempt import AttemptState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallRinging,
    CallScreened,
)
from tests.adapters.simulator.builders import is_busy, never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
WORDS: dict[str, tuple[type[AttemptEvent], dict[str, Any]]] = {
    "ringing": (CallRinging, {}),
    "connected": (CallConnected, {}),
    "screened": (CallScreened, {"answered_by": AnsweredBy.HUMAN}),
    "ended": (CallEnded, {"ending": CallEnding.COMPLETED, "talk_s": 60}),
}
HOURS = [timedelta(0), timedelta(hours=1), timedelta(hours=48)]


async def test_f20_shuffled_callbacks_of_the_carrier(tmp_path: Path) -> None:
    """Each callback is put off by up to twenty seconds of its own: the outcomes are those of the calls."""
    called = [*people_who(never_answers, 3), *people_who(is_busy, 3)]
    faults = Faults(reorder_callbacks=1, duplicate_callbacks=0.5)
    async with an_installation(tmp_path, called, faults=faults) as floor:
        await floor.until(lambda: floor.are_over(6))
        outcomes = [attempt.outcome for attempt in await floor.attempts(6)]
        assert outcomes == [Outcome.NO_ANSWER] * 3 + [Outcome.BUSY] * 3
    assert floor.accepted == Counter(called)


async def told_in(office: Office, order: tuple[str, ...], delay: timedelta) -> None:
    """Tell what happened in some order, each word so much later than the one before."""
    for word in order:
        kind, facts = WORDS[word]
        await office.hears(kind, FIRST, reference=reference_of(FIRST), **facts)
        office.go(seconds=delay.total_seconds())


@pytest.mark.parametrize("delay", HOURS, ids=str)
async def test_f20_every_order_at_every_delay(delay: timedelta) -> None:
    """The line was answered and joined the room; the rest is told in all 24 orders, at once or days apart."""
    for order in permutations(WORDS):
        async with an_office(1, agents=("aoki",)) as office:
            await office.tick()
            await office.told(CallAnswered(attempt=FIRST, reference=reference_of(FIRST), **office.now))
            office.go(seconds=60)
            await told_in(office, order, delay)
            attempt = await office.attempt(FIRST)
            assert attempt.state is AttemptState.OVER, order
            assert attempt.connected_at, order
            assert attempt.talk_s >= 60, order
            assert attempt.outcome in {None, Outcome.NO_DISPOSITION}, order


async def test_f20_what_comes_two_days_late_does_not_disturb_the_next_try() -> None:
    """A first try that nobody took; the second rings; then comes word that the first met a machine."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.ends(FIRST, CallEnding.NO_ANSWER)
        while len(office.line.placed) < 2:
            await office.after(minutes=30)
        second = office.line.placed[1].attempt
        await office.rings(second)
        machine = {"reference": reference_of(FIRST), "answered_by": AnsweredBy.MACHINE}
        await office.hears(CallScreened, FIRST, **machine)
        assert (await office.lead()).state is LeadState.TRYING
        assert (await office.attempt(second)).state is AttemptState.RINGING
        assert (await office.attempt(FIRST)).answered_by == "machine"


async def test_f20_an_abandonment_corrected_late_does_not_disturb_the_next_try() -> None:
    """The first try counted as abandoned; while the second rings we learn that a machine had heard the notice."""
    async with an_office(1, agents=("aoki",)) as office:
        await office.tick()
        await office.ends(FIRST, CallEnding.COMPLETED)
        await office.after(seconds=6)
        assert (await office.attempt(FIRST)).outcome is Outcome.ABANDONED
        while len(office.line.placed) < 2:
            await office.after(minutes=30)
        second = office.line.placed[1].attempt
        machine = {"reference": reference_of(FIRST), "answered_by": AnsweredBy.MACHINE}
        await office.hears(CallScreened, FIRST, **machine)
        assert (await office.attempt(FIRST)).outcome is Outcome.MACHINE
        assert (await office.lead()).state is LeadState.TRYING
        await office.ends(second, CallEnding.BUSY)
        assert (await office.lead()).state is LeadState.WAITING


async def test_f20_who_was_won_late_is_not_tried_again_because_the_next_try_reached_nobody() -> None:
    """The agent writes the first call up while the second rings; nobody answers that, and the person stays done."""
    async with an_office(1, agents=["aoki"]) as office:
        await office.tick()
        await office.answers(FIRST)
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=20)
        await office.after(seconds=6)
        due = (await office.lead()).due
        assert due is not None
        office.clock.advance_to(due)
        await office.tick()
        await office.disposes_as("aoki", FIRST, "sold")
        await office.ends(f"{CAMPAIGN}-1-2", CallEnding.NO_ANSWER)
        lead = await office.lead()
        assert (lead.state, lead.ending, lead.tries) == (LeadState.DONE, Ending.TALKED, 2)
