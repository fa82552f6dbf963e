"""What the live boards are sent: one look at the store, drawn for every campaign and language watched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

import orjson

from adapters.web.language import words_in
from adapters.web.live import Topic
from adapters.web.picture import picture_of
from dialer import ports
from dialer.halts import Halt, in_force
from dialer.ports import Reports, Store
from dialer.reports import Stopped, Summary


class Clock(ports.Clock, Protocol):
    """What time it is, and how many times as fast as the clock on the wall."""

    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One moment: how campaigns stand, who stopped all calls (None: nobody), and what else holds them."""

    summaries: Mapping[str, Summary]
    stopped: Stopped | None
    halts: tuple[Halt, ...]


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
        seen = await self.look({campaign for campaign, _ in topics})
        return {(campaign, language): self._frame(campaign, seen, language) for campaign, language in topics}

    async def look(self, campaigns: set[str]) -> Seen:
        """Return how campaigns stand, and what keeps everybody from calling, all at the same moment."""
        now = self._clock.now()

        def read(reports: Reports) -> Seen:
            return Seen(
                summaries={
                    campaign: reports.summary(campaign, now).in_real_time(self._factor)
                    for campaign in sorted(campaigns)
                },
                stopped=reports.stopped(),
                halts=in_force(reports.halts(), now),
            )

        return await self._store.read(read)

    def _frame(self, campaign: str, seen: Seen, language: str) -> bytes:
        words = words_in(language)
        picture = picture_of(seen.summaries[campaign], words, self._zone, seen.stopped, seen.halts)
        body = orjson.dumps(picture)
        return b"id: %d\ndata: %s\n\n" % (self._number, body)
