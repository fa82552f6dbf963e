"""Virtual time: what happens when, and the loop that goes from one instant to the next."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from adapters.clock import VirtualClock
from dialer.ports import Receiver

Scene = Callable[[Receiver], Awaitable[None]]
"""Something that happens: it tells the receiver, one event at a time."""

METRONOME = timedelta(seconds=1)
"""How often a real engine is looked at when nothing else calls for it (design §3, step 4)."""

GRACE = timedelta(seconds=30)
"""How long after an event without a nudge (it rings, somebody answers) the next look may wait."""


class Engine(Receiver, Protocol):
    """What a rehearsal needs of the engine. It calls `nudge` when something it heard may let it plan more."""

    nudge: Callable[[], None]

    async def tick(self) -> datetime | None:
        """Plan; return when the next look is needed at the latest, None when nothing will ever come due."""
        ...

    async def settle(self) -> None:
        """Wait until every order given so far has been carried out."""
        ...


class Calendar:
    """Scenes by instant; those of one instant in the order they were added."""

    def __init__(self) -> None:
        """Begin empty."""
        self._heap: list[tuple[datetime, int, Scene]] = []
        self._added = 0

    def __len__(self) -> int:
        """Return how many scenes are still to come."""
        return len(self._heap)

    def add(self, at: datetime, scene: Scene) -> None:
        """Put a scene down."""
        self._added += 1
        heapq.heappush(self._heap, (at, self._added, scene))

    def next_at(self) -> datetime | None:
        """Return the instant of the next scene."""
        return self._heap[0][0] if self._heap else None

    async def play(self, receiver: Receiver, now: datetime) -> None:
        """Play all scenes up to `now`, one after the other."""
        while self._heap and self._heap[0][0] <= now:
            await heapq.heappop(self._heap)[2](receiver)


async def _nobody_watches() -> None:
    """Look at nothing."""


async def drive(
    engine: Engine,
    clock: VirtualClock,
    calendar: Calendar,
    until: datetime,
    *,
    watch: Callable[[], Awaitable[None]] = _nobody_watches,
) -> None:
    """Run the engine through virtual time, from instant to instant, to `until` or until nothing is left.

    `watch` is called after each look of the engine: whoever sits before a screen sees then what it shows.
    Empty time costs nothing. The engine looks when it asked to, at once after a nudge, and within `GRACE` of
    any other event. Its orders are carried out before time moves on, so a run repeats to the last digit.
    """
    nudged = _Nudged()
    engine.nudge = nudged
    due = await _look(engine, clock.now(), nudged, watch)
    while (at := _earliest(calendar.next_at(), due)) is not None and at <= until:
        clock.advance_to(at)
        await calendar.play(engine, at)
        await engine.settle()
        if nudged.is_set or (due is not None and due <= at):
            due = await _look(engine, at, nudged, watch)
        else:
            due = _earliest(due, at + GRACE)
    if at is not None:
        clock.advance_to(until)


class _Nudged:
    """Remembers that the engine was nudged."""

    def __init__(self) -> None:
        """Begin at rest."""
        self.is_set = False

    def __call__(self) -> None:
        """Nudge."""
        self.is_set = True


async def _look(
    engine: Engine, now: datetime, nudged: _Nudged, watch: Callable[[], Awaitable[None]]
) -> datetime | None:
    """Let the engine plan; return when to look next: as it asked, but no sooner than a metronome would."""
    nudged.is_set = False
    asked = await engine.tick()
    await engine.settle()
    await watch()
    soonest = now + METRONOME
    if nudged.is_set:  # one of its orders came back at once, so there is more to plan
        return soonest
    return asked if asked is None or asked > now else soonest


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two instants, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return min(one, other)
