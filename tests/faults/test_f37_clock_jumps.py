"""F37: when wall clock and steady clock differ by more than two seconds, nobody is called until somebody says go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from adapters.clock import AcceleratedClock, SystemClock, VirtualClock
from adapters.metronome import Metronome
from adapters.vigil import JUMP_LIMIT_S, Vigil
from adapters.wiring.house import metronome_of
from dialer.events import SwitchTurned
from dialer.settings import CarrierSettings
from tests.support.builders import NOON, the_campaign
from tests.support.engines import Office, an_office, opened

JUMPS = [
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(seconds=2.5),
    -timedelta(seconds=2.5),
    -timedelta(hours=1),
    -timedelta(days=1),
]
QUICK = CarrierSettings(calls_per_second=50)


class Pushed(VirtualClock):
    """A clock whose wall can be pushed while its seconds go on as before."""

    by = timedelta(0)

    def now(self) -> datetime:
        """Return what the wall shows."""
        return super().now() + self.by


@asynccontextmanager
async def a_floor(people: int = 9) -> AsyncIterator[tuple[Office, Pushed, Metronome]]:
    """Open an office whose clock can be pushed, with the metronome of an installation."""
    async with an_office(people) as office:
        clock = Pushed(NOON)
        floor = opened(clock, office.store, campaigns=[the_campaign()], carrier=QUICK)
        yield floor, clock, metronome_of(floor.engine, clock, interval_s=1.0)


async def look(office: Office, metronome: Metronome) -> int:
    """Look once, see the orders carried out, and return how many were dialled so far."""
    await metronome.look()
    await office.engine.settle()
    return len(office.line.placed)


async def free_everybody(office: Office) -> None:
    """End every call, so that the agents could be given others."""
    for attempt in await office.write(lambda unit: unit.live_attempts()):
        await office.ends(attempt.id)


@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_f37_nobody_is_called_after_a_jump(jump: timedelta) -> None:
    """Two are dialled; the clock jumps; agents are free and people due, and for an hour of looks nobody is dialled."""
    async with a_floor() as (office, clock, metronome):
        assert await look(office, metronome) == 2
        await free_everybody(office)
        clock.by = jump
        for _ in range(60):
            assert await look(office, metronome) == 2
            office.go(minutes=1)


async def test_f37_the_state_is_shown_and_sealed() -> None:
    """The stop switch is off, for the board and the terminal to show, and the ledger says that the clock turned it."""
    async with a_floor() as (office, clock, metronome):
        await look(office, metronome)
        clock.by = timedelta(hours=1)
        await look(office, metronome)
        assert not await office.write(lambda unit: unit.is_dialing_enabled())
        (entry,) = await office.ledger("switch")
        assert "clock that jumped +3600 s" in entry.body


async def test_f37_somebody_says_go_on() -> None:
    """Once the clock was seen to, `dialer resume` is enough: the new time counts from then on."""
    async with a_floor() as (office, clock, metronome):
        await look(office, metronome)
        await free_everybody(office)
        clock.by = timedelta(seconds=30)
        assert await look(office, metronome) == 2
        await office.told(SwitchTurned(enabled=True, by="ann", **office.now))
        assert await look(office, metronome) == 4


async def test_f37_a_jump_into_an_open_hour_opens_nothing() -> None:
    """At night the wall clock is set to noon: without the vigil people would be called out of bed."""
    async with an_office(3, start=NOON + timedelta(hours=12)) as office:
        clock = Pushed(NOON + timedelta(hours=12))
        floor = opened(clock, office.store, campaigns=[the_campaign()], carrier=QUICK)
        metronome = metronome_of(floor.engine, clock, interval_s=1.0)
        assert await look(floor, metronome) == 0
        clock.by = timedelta(hours=12)
        assert await look(floor, metronome) == 0
        await floor.tick()
        assert floor.line.placed == []


async def test_f37_a_call_that_rings_is_ended() -> None:
    """It was permitted by an hour that nobody can vouch for any more."""
    async with a_floor(1) as (office, clock, metronome):
        await look(office, metronome)
        (attempt,) = await office.write(lambda unit: unit.live_attempts())
        await office.rings(attempt.id)
        clock.by = -timedelta(days=1)
        await look(office, metronome)
        assert [order.attempt for order in office.line.hung_up] == [attempt.id]


async def test_f37_an_alarm_that_fails_is_given_again() -> None:
    """The store cannot be written when the clock jumps: nothing is planned before it was."""
    clock, alarms, looks = Pushed(NOON), list[float](), list[int]()

    async def alarm(jump_s: float) -> None:
        alarms.append(jump_s)
        if len(alarms) < 3:
            raise OSError("disk")

    async def tick() -> None:
        looks.append(len(alarms))

    metronome = Metronome(tick, vigil=Vigil(clock), alarm=alarm)
    clock.by = timedelta(minutes=1)
    for _ in range(4):
        await metronome.look()
    assert (alarms, looks) == ([60.0] * 3, [3, 3])


@pytest.mark.parametrize("seconds", [0.0, 1.0, JUMP_LIMIT_S, -JUMP_LIMIT_S])
def test_f37_small_steps_are_no_jump(seconds: float) -> None:
    """A time server's corrections: what a jump is compared with, after an hour of keeping time."""
    clock = Pushed(NOON)
    vigil = Vigil(clock)
    clock.advance_to(NOON + timedelta(hours=1))
    clock.by = timedelta(seconds=seconds)
    assert not vigil.look().has_jumped


def test_f37_a_clock_that_runs_fast_keeps_time_too() -> None:
    """The demo's clock shows minutes for each second: that is its factor, not a jump."""
    clock = AcceleratedClock(start=NOON, anchor=SystemClock().now(), factor=400)
    vigil = Vigil(clock)
    until = clock.monotonic() + 0.05
    while clock.monotonic() < until:
        pass
    assert abs(vigil.look().jump_s) < 0.05
