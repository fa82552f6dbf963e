"""Holding on purpose: orders before they are accepted, answers before they go out, calls before they are dialled."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping

from campaigns.parts import Document


class Holding(Document):
    """What to hold (true) and what to let go (false): the body of `POST /double/hold`; left out stays as it is."""

    accept: bool | None = None
    answer: bool | None = None
    ring: bool | None = None


class Gate:
    """A place that everybody passes at once, or where everybody waits until it is opened."""

    def __init__(self) -> None:
        """Begin open."""
        self.is_held = False
        self._waiting: dict[object, Callable[[], None]] = {}

    @property
    def waiting(self) -> int:
        """How many wait here."""
        return len(self._waiting)

    def turn(self, *, held: bool) -> None:
        """Close the gate, or open it for everybody who waits, even when it is closed again right afterwards."""
        self.is_held = held
        if not held:
            for wake in self._waiting.values():
                wake()

    @contextlib.contextmanager
    def queueing(self, wake: Callable[[], None]) -> Iterator[None]:
        """Stand at the gate; `wake` is called when it is opened."""
        place = object()
        self._waiting[place] = wake
        try:
            yield
        finally:
            del self._waiting[place]

    async def passed(self) -> None:
        """Wait until the gate is opened, if it is closed."""
        if self.is_held:
            opened = asyncio.Event()
            with self.queueing(opened.set):
                await opened.wait()


class Holds:
    """The three gates of an order to dial."""

    def __init__(self) -> None:
        """Begin with all of them open."""
        self.accept, self.answer, self.ring = Gate(), Gate(), Gate()

    def turn(self, asked: Holding) -> None:
        """Close and open what was asked for."""
        for name, gate in self._gates().items():
            held: bool | None = getattr(asked, name)
            if held is not None:
                gate.turn(held=held)

    def shown(self) -> Mapping[str, Mapping[str, object]]:
        """Return by name whether each gate is held, and how many wait there."""
        return {name: {"held": gate.is_held, "waiting": gate.waiting} for name, gate in self._gates().items()}

    def _gates(self) -> Mapping[str, Gate]:
        return {"accept": self.accept, "answer": self.answer, "ring": self.ring}
