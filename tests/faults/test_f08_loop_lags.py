"""F8: when the event loop is blocked for more than a second, no new call is ordered until it keeps time again."""

from contextlib import suppress
from datetime import datetime

import pytest

from adapters.clock import SystemClock, VirtualClock
from adapters.metronome import Metronome
from adapters.vigil import LAG_LIMIT_S, Vigil
from tests.support.builders import NOON
from tests.support.engines import an_office


async def test_f08_no_call_is_ordered_by_a_loop_that_comes_late() -> None:
    """Three people due, two agents ready, and the look comes five seconds late: nobody is dialled. The next dials."""
    async with an_office(3) as office:
        vigil = Vigil(office.clock)
        metronome = Metronome(office.engine.tick, vigil=vigil)
        vigil.await_in(1.0)
        office.go(seconds=6)
        await metronome.look()
        await office.engine.settle()
        assert office.line.placed == []
        assert not metronome.is_healthy
        await metronome.look()
        await office.engine.settle()
        assert len(office.line.placed) == 2
        assert metronome.is_healthy


@pytest.mark.parametrize("late_s", [0.0, 0.5, LAG_LIMIT_S])
async def test_f08_a_little_late_is_in_time(late_s: float) -> None:
    """Up to the limit the look counts: what the skipped look is compared with."""
    async with an_office(1) as office:
        vigil = Vigil(office.clock)
        vigil.await_in(1.0)
        office.go(seconds=1 + late_s)
        await Metronome(office.engine.tick, vigil=vigil).look()
        await office.engine.settle()
        assert len(office.line.placed) == 1


async def test_f08_what_was_judged_before_the_block_is_dropped() -> None:
    """The loop stands still between verdict and order: the intent is too old, and is given back unused."""
    async with an_office(2) as office:
        await office.engine.tick()
        office.go(seconds=5)
        await office.engine.settle()
        assert office.line.placed == []
        assert await office.write(lambda unit: unit.live_calls()) == []


async def test_f08_a_real_loop_that_is_kept_busy_is_noticed() -> None:
    """On the machine's own clock: somebody computes for a second and a half, and the look after it plans nothing."""
    clock, looks = SystemClock(), list[datetime]()

    async def tick() -> None:
        looks.append(clock.now())
        if len(looks) == 1:
            until = clock.monotonic() + 1.6
            while clock.monotonic() < until:  # the loop gets no turn meanwhile
                pass
        else:
            metronome.stop()

    vigil = Vigil(clock)
    metronome = Metronome(tick, interval_s=0.01, vigil=vigil)
    await metronome.look()  # one that blocks: it is not itself late
    assert metronome.is_healthy
    vigil.await_in(0.01)
    until = clock.monotonic() + LAG_LIMIT_S + 0.1
    while clock.monotonic() < until:
        pass
    await metronome.look()
    assert (len(looks), metronome.is_healthy) == (1, False)
    await metronome.run()
    assert len(looks) == 2


def test_f08_looks_that_come_sooner_are_not_late() -> None:
    """A nudge brings the next look forward: that is no fault of the loop's."""
    clock = VirtualClock(NOON)
    vigil = Vigil(clock)
    vigil.await_in(1.0)
    with suppress(ValueError):
        clock.advance_to(NOON)
    assert not vigil.look().is_late
