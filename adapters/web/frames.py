"""What the live boards are sent: one look at the store, drawn for every campaign and language watched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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

LimitOf = Callable[[str], float | None]
"""The most that the share of a campaign's abandoned calls may be, 0 to 1; None where no law is known."""


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

    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo, limit_of: LimitOf) -> None:
        """Take where to look, when, whose time to show, and how many may be abandoned."""
        self._store, self._clock, self._zone = store, clock, zone
        self._factor, self._limit_of = clock.factor, limit_of
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
                    campaign: self._limited(reports.summary(campaign, now, self._factor))
                    for campaign in sorted(campaigns)
                },
                stopped=reports.stopped(),
                halts=in_force(reports.halts(), now),
            )

        return await self._store.read(read)

    def _limited(self, summary: Summary) -> Summary:
        return replace(summary, abandoned_limit=self._limit_of(summary.campaign))

    def _frame(self, campaign: str, seen: Seen, language: str) -> bytes:
        words = words_in(language)
        picture = picture_of(seen.summaries[campaign], words, self._zone, seen.stopped, seen.halts)
        body = orjson.dumps(picture)
        return b"id: %d\ndata: %s\n\n" % (self._number, body)
