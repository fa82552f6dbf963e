"""F19: a callback that comes several times has one effect."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from tests.adapters.simulator.builders import is_busy, never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.builders import rules
from tests.support.sequences import Way, run
from tests.support.ways import WAYS


async def test_f19_every_callback_twice_is_one_call_each(tmp_path: Path) -> None:
    """The carrier repeats each callback: one outcome for each attempt, sealed once, and one order for each number."""
    called = [*people_who(never_answers, 3), *people_who(is_busy, 3)]
    async with an_installation(tmp_path, called, faults=Faults(duplicate_callbacks=1)) as floor:
        await floor.until(lambda: floor.are_over(6))
        outcomes = [attempt.outcome for attempt in await floor.attempts(6)]
        assert outcomes == [Outcome.NO_ANSWER] * 3 + [Outcome.BUSY] * 3
        assert len(await floor.ledger("concluded")) == 6
    assert floor.accepted == Counter(called)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("times", [2, 3, 5])
def test_f19_each_event_up_to_five_times(way: Way, times: int) -> None:
    """Whatever the call, and however often each word of it comes: as if it had come once."""
    once = run(way, way.events, rules())
    assert run(way, [event for event in way.events for _ in range(times)], rules()) == once
    assert run(way, way.events * times, rules()) == once
