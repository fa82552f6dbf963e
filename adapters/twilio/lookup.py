"""Which of Twilio's calls is an attempt's: by reference, else by numbers and time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import httpx
import structlog
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.twilio.errors import AnswerRefused
from adapters.twilio.translate import CallRecord
from dialer.attempt import Attempt

_log = structlog.get_logger(__name__)

_SKEW: Final = timedelta(seconds=30)
_LISTED_AT_MOST: Final = 500


class Lookup:
    """Finds calls through Twilio's API. Raises RequestFailed, or one of GARBLED on an answer of odd types."""

    def __init__(self, client: Client) -> None:
        """Ask through this client."""
        self._client = client

    async def find(self, attempt: Attempt) -> CallRecord | None:
        """Return Twilio's record of the attempt's call, None when there is no such call."""
        call = await (self._fetch(attempt.reference) if attempt.reference else self._nearest(attempt))
        return _record(call) if call else None

    async def _fetch(self, reference: str) -> CallInstance | None:
        try:
            call = await self._client.calls(reference).fetch_async()
        except AnswerRefused as failure:
            if failure.status != httpx.codes.NOT_FOUND:
                raise
            _log.warning("carrier_knows_no_such_call", reference=reference)
            return None
        if call.sid != reference:
            raise ValueError("the carrier answered with another call")
        return call

    async def _nearest(self, attempt: Attempt) -> CallInstance | None:
        """Return the call nearest to when the attempt was opened, not before it (but for the clocks' difference)."""
        nearest: CallInstance | None = None
        distance = timedelta.max
        async for call in self._listed(attempt):
            away = _distance(call, attempt)
            if away is not None and away < distance:
                nearest, distance = call, away
        return nearest

    async def _listed(self, attempt: Attempt) -> AsyncIterator[CallInstance]:
        """Yield the calls to this number from our caller id; a queued one may come twice.

        A call that still queues has no start time and may be missing from a plain list: so it is asked for by status,
        and no list is narrowed by start time (facts §1.3).
        """
        between: dict[str, Any] = {"to": attempt.address, "limit": _LISTED_AT_MOST, "page_size": 100}
        if attempt.caller_id:
            between["from_"] = attempt.caller_id
        for query in (between, between | {"status": "queued"}):
            for call in await self._client.calls.list_async(**query):
                yield call


def _record(call: CallInstance) -> CallRecord:
    return CallRecord(
        sid=str(call.sid),
        status=str(call.status),
        duration=_text(call.duration),
        answered_by=_text(call.answered_by),
        price=_text(call.price),
        price_unit=_text(call.price_unit),
    )


def _text(value: object) -> str | None:
    """Return a field as text: the library hands on whatever type the JSON had."""
    return None if value is None else str(value)


def _distance(call: CallInstance, attempt: Attempt) -> timedelta | None:
    """Return how far a listed call is from the attempt's opening, None when it cannot be the attempt's.

    It cannot when it is the leg of a bridge, goes to another number, or was created before the attempt.
    """
    created = call.date_created
    is_ours = call.direction in {None, "outbound-api"} and call.to == attempt.address
    if not call.sid or not is_ours or created is None or created < attempt.opened_at - _SKEW:
        return None
    return abs(created - attempt.opened_at)
