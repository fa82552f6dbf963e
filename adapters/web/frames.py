"""What the live boards are sent: one look at the store, drawn for every campaign and language watched."""

from typing import Protocol
from zoneinfo import ZoneInfo

import orjson

from adapters.web.language import words_in
from adapters.web.live import Topic
from adapters.web.picture import picture_of
from dialer import ports
from dialer.ports import Reports, Store
from dialer.reports import Stopped, Summary


class Clock(ports.Clock, Protocol):
    """What time it is, and how many times as fast as the clock on the wall."""

    factor: float


class Frames:
    """Makes the frames of one moment."""

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        """Take where to look, when, and whose time to show."""
        self._store, self._clock, self._zone = store, clock, zone
        self._factor = clock.factor
        self._number = 0

    async def __call__(self, topics: set[Topic]) -> dict[Topic, bytes]:
        """Return the newest frame of each topic."""
        self._number += 1
        summaries, stopped = await self.look({campaign for campaign, _ in topics})
        return {
            (campaign, language): self._frame(summaries[campaign], stopped, language)
            for campaign, language in topics
        }

    async def look(self, campaigns: set[str]) -> tuple[dict[str, Summary], Stopped | None]:
        """Return how campaigns stand, and who stopped all calls (None: nobody), all at the same moment."""
        now = self._clock.now()

        def read(reports: Reports) -> tuple[dict[str, Summary], Stopped | None]:
            return {
                campaign: reports.summary(campaign, now).in_real_time(self._factor)
                for campaign in sorted(campaigns)
            }, reports.stopped()

        return await self._store.read(read)

    def _frame(self, summary: Summary, stopped: Stopped | None, language: str) -> bytes:
        body = orjson.dumps(picture_of(summary, words_in(language), self._zone, stopped))
        return b"id: %d\ndata: %s\n\n" % (self._number, body)
