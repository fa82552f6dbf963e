"""Which of Twilio's calls is an attempt's: by reference, else by numbers and time."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import httpx
import structlog
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.twilio.codes import NO_SUCH_RESOURCE
from adapters.twilio.errors import AnswerRefused
from adapters.twilio.paging import records
from adapters.twilio.translate import CallRecord

_log = structlog.get_logger(__name__)

_SKEW: Final = timedelta(seconds=30)
_PAGE_SIZE: Final = 100
_PAGES: Final = 20
_REMEMBERED: Final = 10_000


class Sought(Protocol):
    """A call of ours that is looked for: an attempt's, or one to an agent."""

    @property
    def id(self) -> str:
        """Our own id."""
        ...

    @property
    def reference(self) -> str | None:
        """Twilio's, where it is known."""
        ...

    @property
    def address(self) -> str:
        """Whom it went to."""
        ...

    @property
    def caller_id(self) -> str | None:
        """The number that was shown."""
        ...

    @property
    def opened_at(self) -> datetime:
        """When we made up our mind."""
        ...


class Lookup:
    """Finds calls through Twilio's API. Raises RequestFailed, or one of GARBLED on an answer of odd types."""

    def __init__(self, client: Client) -> None:
        """Ask through this client."""
        self._client = client
        self._owners: dict[str, str] = {}

    def learn(self, reference: str, attempt: str) -> None:
        """Remember whose call this is, so that it is taken for nobody else's; the oldest is forgotten in the end."""
        self._owners[reference] = attempt
        if len(self._owners) > _REMEMBERED:
            del self._owners[next(iter(self._owners))]

    async def find(self, attempt: Sought, known: Collection[str] = ()) -> CallRecord | None:
        """Return Twilio's record of the attempt's call; None is proof that Twilio lists no such call at present.

        `known` are references of other attempts' calls. Whatever falls short of proof is raised: a list that is too
        long to be read, a call that may be the attempt's and has no readable date, a 404 that is not Twilio's own.
        """
        if attempt.reference:
            return await self.fetch(attempt.reference)
        call = await self._nearest(attempt, frozenset(known))
        if call is None:
            return None
        self.learn(str(call.sid), attempt.id)
        return _record(call)

    async def fetch(self, reference: str) -> CallRecord | None:
        """Return Twilio's record of one call, None when it knows of no such call."""
        try:
            call = await self._client.calls(reference).fetch_async()
        except AnswerRefused as failure:
            if (failure.status, failure.code) != (httpx.codes.NOT_FOUND, NO_SUCH_RESOURCE):
                raise
            _log.warning("carrier_knows_no_such_call", reference=reference)
            return None
        if call.sid != reference:
            raise ValueError("the carrier answered with another call")
        return _record(call)

    async def _nearest(self, attempt: Sought, known: frozenset[str]) -> CallInstance | None:
        """Return the call nearest to when the attempt was opened, not before it (but for the clocks' difference).

        Dates are compared here: Twilio's own filters know days only.
        """
        nearest: CallInstance | None = None
        distance, is_in_doubt = timedelta.max, False
        async for call in self._listed(attempt):
            if call.sid in known or not _may_be(call, attempt) or self._is_anothers(call, attempt):
                continue
            if call.date_created is None:
                is_in_doubt = True
                continue
            away = abs(call.date_created - attempt.opened_at)
            if call.date_created >= attempt.opened_at - _SKEW and away < distance:
                nearest, distance = call, away
        if nearest is None and is_in_doubt:
            raise ValueError("a call without a date may be the one asked for")
        return nearest

    async def _listed(self, attempt: Sought) -> AsyncIterator[CallInstance]:
        """Yield the calls to this number from our caller id; a queued one may come twice.

        A call that still queues has no start time and may be missing from a plain list: so it is asked for by status,
        and no list is narrowed by start time (facts §1.3). The queue comes first: a call that leaves it while we ask
        is on the plain list then.
        """
        between: dict[str, Any] = {"to": attempt.address, "page_size": _PAGE_SIZE}
        if attempt.caller_id:
            between["from_"] = attempt.caller_id
        for query in (between | {"status": "queued"}, between):
            page = await self._client.calls.page_async(**query)
            async for call in records(page, at_most=_PAGES):
                yield call

    def _is_anothers(self, call: CallInstance, attempt: Sought) -> bool:
        return self._owners.get(str(call.sid), attempt.id) != attempt.id


def _may_be(call: CallInstance, attempt: Sought) -> bool:
    """Tell whether a listed call can be the attempt's: one made by API, between the same two numbers."""
    caller = attempt.caller_id
    is_ours = not caller or call._from in {None, caller}  # noqa: SLF001 - the library's name for `from`
    return (
        bool(call.sid) and call.direction in {None, "outbound-api"} and call.to == attempt.address and is_ours
    )


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
