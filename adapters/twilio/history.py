"""Every call that the account made since an instant: what a database that came back from a backup is compared with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.twilio.paging import records

_PAGE_SIZE: Final = 1000
_PAGES: Final = 5000
_NOT_STARTED: Final = ("queued", "initiated", "ringing", "in-progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call as the carrier lists it; `at` is when it was made, None when the carrier does not say."""

    reference: str
    to: str
    at: datetime | None


class History:
    """Reads the account's list of calls. Raises RequestFailed, or one of GARBLED on an answer of odd types."""

    def __init__(self, client: Client) -> None:
        """Ask through this client."""
        self._client = client

    async def since(self, instant: datetime) -> list[PastCall]:
        """Return every outbound call made at that instant or later, each once, in no order.

        Days are all that the carrier's filter knows, so the instant is compared here, and a call without a date is
        taken for a late one. A list that is too long to be read is an error: what was not read proves nothing.
        """
        found: dict[str, PastCall] = {}
        async for call in self._listed(instant):
            at = call.date_created or call.start_time
            is_ours = (call.direction or "outbound").startswith("outbound")
            if call.sid and is_ours and (at is None or at >= instant):
                found[str(call.sid)] = PastCall(reference=str(call.sid), to=str(call.to or ""), at=at)
        return list(found.values())

    async def _listed(self, instant: datetime) -> AsyncIterator[CallInstance]:
        """Yield the calls that may be meant; some come twice.

        What has not begun has no start time, so it is asked for by status and not narrowed (facts §1.3), the queue
        first: a call that moves on while we ask is in a later answer then.
        """
        day = instant.astimezone(UTC).date().isoformat()
        queries: list[dict[str, Any]] = [{"status": status} for status in _NOT_STARTED]
        for query in (*queries, {"start_time_after": day}):
            page = await self._client.calls.page_async(page_size=_PAGE_SIZE, **query)
            async for call in records(page, at_most=_PAGES):
                yield call
