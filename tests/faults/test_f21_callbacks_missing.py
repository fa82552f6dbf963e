"""F21: callbacks that never come are made up for by asking: every call gets its outcome."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from dialer.settings import Settings
from tests.adapters.simulator.builders import is_busy, never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.builders import NOON, the_campaign
from tests.support.engines import an_office
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"


@pytest.mark.parametrize("share", [0.3, 1.0])
async def test_f21_every_outcome_is_found_by_asking(share: float, tmp_path: Path) -> None:
    """A third or all of the callbacks are lost: all six calls end with the outcome that the carrier has."""
    called = [*people_who(never_answers, 3), *people_who(is_busy, 3)]
    async with an_installation(tmp_path, called, faults=Faults(drop_callbacks=share)) as floor:
        await floor.until(lambda: floor.are_over(6))
        attempts = await floor.attempts(6)
        assert [attempt.outcome for attempt in attempts] == [Outcome.NO_ANSWER] * 3 + [Outcome.BUSY] * 3
        worst = max(attempt.over_at - attempt.opened_at for attempt in attempts if attempt.over_at)
        assert worst < timedelta(minutes=10)
    assert floor.accepted == Counter(called)


async def test_f21_it_is_asked_soon_and_then_ever_less_often() -> None:
    """Half a minute after the last word, then twice as long each time, each hour at the latest, for a whole day."""
    async with an_office(1) as office:
        await office.tick()
        asked: list[timedelta] = []
        while office.clock.now() < NOON + timedelta(hours=20):
            await office.after(seconds=5 if len(asked) < 5 else 100)
            if len(office.line.asked) > len(asked):
                asked.append(office.clock.now() - NOON)
        waits = [later - sooner for sooner, later in pairwise(asked)]
        assert asked[0] <= Settings().silence + timedelta(seconds=5)
        assert all(later >= sooner - timedelta(seconds=100) for sooner, later in pairwise(waits))
        assert max(waits) <= timedelta(hours=1, seconds=100)
        assert len(asked) > 20


async def test_f21_a_call_that_rings_is_given_its_time() -> None:
    """Somebody is about to pick up: nobody asks before the ring limit and half a minute more."""
    async with an_office(1) as office:
        await office.tick()
        await office.rings(FIRST)
        patience = the_campaign().pacing.ring_limit + Settings().silence
        await office.after(seconds=patience.total_seconds() - 1)
        assert office.line.asked == []
        await office.after(seconds=2)
        assert office.line.asked == [FIRST]
