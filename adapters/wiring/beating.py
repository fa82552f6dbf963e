"""What makes an installation look: once an interval, and at once on a nudge; agents' lines first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import uuid4

from adapters.clock import SystemClock
from adapters.metronome import Metronome
from adapters.ringing import Ringing
from adapters.vigil import Vigil
from dialer.engine import Engine
from dialer.events import SwitchTurned


def metronome_of(
    engine: Engine, clock: SystemClock, *, interval_s: float, ringing: Ringing | None = None
) -> Metronome:
    """Return what makes the engine look, and agents' lines seen to before it; and what doubts the machine.

    A clock that jumps turns the stop switch: which hour it is decides who may be called, and now nobody knows it.
    """

    async def stop_dialing(jump_s: float) -> None:
        at, by = clock.now(), f"clock that jumped {jump_s:+.0f} s"
        await engine.receive(SwitchTurned(key=f"clock:{uuid4().hex}", at=at, enabled=False, by=by))

    async def tick() -> datetime | None:
        if ringing and not engine.unfit():
            await ringing.tick()
        return await engine.tick()

    return Metronome(tick, interval_s=interval_s, vigil=Vigil(clock), alarm=stop_dialing)


@asynccontextmanager
async def ticking(
    engine: Engine, clock: SystemClock, *, interval_s: float, ringing: Ringing | None = None
) -> AsyncIterator[Metronome]:
    """Look at the floor every `interval_s` real seconds, and at once when something frees."""
    metronome = metronome_of(engine, clock, interval_s=interval_s, ringing=ringing)
    engine.nudge = metronome.nudge
    task = asyncio.create_task(metronome.run())
    try:
        yield metronome
    finally:
        metronome.stop()
        await task
        if ringing:
            await ringing.settle()
