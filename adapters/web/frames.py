"""What the live boards are sent: one look at the store, drawn for every campaign and language watched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import orjson

from adapters.web.language import Words, words_in
from adapters.web.live import Topic
from adapters.web.picture import picture_of
from adapters.web.staff_picture import StaffPicture, staff_picture_of
from adapters.web.staff_reader import Staffed, StaffReader
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
    """One moment: how campaigns stand, who stopped all calls (None: nobody), what else holds them, who is there."""

    summaries: Mapping[str, Summary]
    stopped: Stopped | None
    halts: tuple[Halt, ...]
    staffed: Staffed
    at: datetime


class Frames:
    """Makes the frames of one moment."""

    def __init__(
        self, store: Store, clock: Clock, zone: ZoneInfo, limit_of: LimitOf, staff: StaffReader
    ) -> None:
        """Take where to look, when, whose time to show, how many may be abandoned, and what counts who is there."""
        self._store, self._clock, self._zone = store, clock, zone
        self._factor, self._limit_of, self._staff = clock.factor, limit_of, staff
        self._number = 0

    async def __call__(self, topics: set[Topic]) -> dict[Topic, bytes]:
        """Return the newest frame of each topic."""
        self._number += 1
        seen = await self.look({campaign for campaign, _ in topics})
        return {(campaign, language): self._frame(campaign, seen, language) for campaign, language in topics}

    async def look(self, campaigns: set[str]) -> Seen:
        """Return how campaigns stand, and what keeps everybody from calling, all at the same moment."""
        now, real_s = self._clock.now(), self._clock.monotonic()

        def read(reports: Reports) -> Seen:
            return Seen(
                summaries={
                    campaign: self._limited(reports.summary(campaign, now, self._factor))
                    for campaign in sorted(campaigns)
                },
                stopped=reports.stopped(),
                halts=in_force(reports.halts(), now),
                staffed=self._staff.read(reports, now, real_s) if campaigns else Staffed(),
                at=now,
            )

        return await self._store.read(read)

    def _limited(self, summary: Summary) -> Summary:
        return replace(summary, abandoned_limit=self._limit_of(summary.campaign))

    def staff(self, campaign: str, seen: Seen, words: Words) -> StaffPicture:
        """Draw the staffing of one moment."""
        return staff_picture_of(seen.staffed, campaign, self._staff.planning, words, self._zone, seen.at)

    def _frame(self, campaign: str, seen: Seen, language: str) -> bytes:
        words = words_in(language)
        picture = picture_of(seen.summaries[campaign], words, self._zone, seen.stopped, seen.halts)
        staff = self.staff(campaign, seen, words)
        body = orjson.dumps(
            {one.name: getattr(part, one.name) for part in (picture, staff) for one in fields(part)}
        )
        return b"id: %d\ndata: %s\n\n" % (self._number, body)
