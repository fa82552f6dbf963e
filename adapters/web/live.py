"""Server-sent events: one reader for all boards, a short queue for each, and no waiting for the slow."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

_log = structlog.get_logger()

Topic = tuple[str, str]
"""What a board shows: a campaign, in a language."""

Frames = Callable[[set[Topic]], Awaitable[dict[Topic, bytes]]]
"""Reads once and returns the newest frame of each topic asked for."""

QUEUE = 4
"""Frames a client may lag behind; at one a second it has stalled by then."""


@dataclass(eq=False, slots=True)
class Subscription:
    """One open board: what it shows, and the frames it has not taken yet. None in the queue ends it."""

    topic: Topic
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def end(self) -> None:
        """Let the client go: whatever it has not taken is dropped, and it connects again by itself."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Live:
    """Reads what is watched every `period_s` real seconds, and at once when a board is opened or on a nudge."""

    def __init__(self, frames: Frames, *, period_s: float = 1.0) -> None:
        """Take what reads the frames."""
        self._frames, self._period_s = frames, period_s
        self._open: set[Subscription] = set()
        self._nudged = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def watching(self) -> int:
        """How many boards are open."""
        return len(self._open)

    def subscribe(self, topic: Topic) -> Subscription:
        """Open a board; its first frame comes at once."""
        subscription = Subscription(topic)
        if self._is_closed:
            subscription.end()
            return subscription
        self._open.add(subscription)
        if self._reader is None:
            self._reader = asyncio.get_running_loop().create_task(self._read_on())
            self._reader.add_done_callback(self._reader_ended)
        self.nudge()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Close a board."""
        self._open.discard(subscription)

    def nudge(self) -> None:
        """Read again at once."""
        self._nudged.set()

    async def close(self) -> None:
        """End every board and the reader, for good."""
        self._is_closed = True
        self._end_all()
        self.nudge()
        if self._reader is not None:
            await asyncio.wait([self._reader])

    async def _read_on(self) -> None:
        while self._open:
            self._nudged.clear()
            frames = await self._frames({subscription.topic for subscription in self._open})
            for subscription in list(self._open):
                self._hand(subscription, frames.get(subscription.topic))
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._period_s):
                await self._nudged.wait()
        except TimeoutError:
            return

    def _hand(self, subscription: Subscription, frame: bytes | None) -> None:
        if frame is None:
            return
        try:
            subscription.queue.put_nowait(frame)
        except asyncio.QueueFull:
            _log.warning("board_dropped_slow_client", campaign=subscription.topic[0])
            self._open.discard(subscription)
            subscription.end()

    def _reader_ended(self, reader: asyncio.Task[None]) -> None:
        self._reader = None
        if not reader.cancelled() and (error := reader.exception()) is not None:
            _log.error("board_reader_failed", exc_info=error)
        self._end_all()

    def _end_all(self) -> None:
        for subscription in self._open:
            subscription.end()
        self._open.clear()
