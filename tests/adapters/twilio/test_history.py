"""Every call since an instant: over pages, those that have not begun too, each once, or an error."""

from datetime import timedelta

import httpx
import pytest

from dialer.errors import CarrierSilent
from tests.adapters.twilio.builders import (
    CALLS,
    NOW,
    Json,
    a_call,
    a_carrier,
    a_page,
    a_router,
    rfc2822,
)

DAY = {"StartTime>": NOW.date().isoformat()}


def made(sid: str, minutes: int = 1, **changes: object) -> Json:
    """A call made so many minutes after the instant asked about."""
    return a_call(sid=sid, date_created=rfc2822(NOW + timedelta(minutes=minutes)), **changes)


async def listed(begun: list[httpx.Response], **waiting: list[Json]) -> set[str]:
    """Ask the carrier, which lists these as begun, page by page, and those in states of waiting."""
    router = a_router()
    for status in ("queued", "initiated", "ringing", "in-progress"):
        calls = waiting.get(status.replace("-", "_"), [])
        router.get(CALLS, params={"Status": status}).mock(return_value=a_page(*calls))
    for number, page in reversed(list(enumerate(begun))):
        router.get(CALLS, params={"token": str(number)} if number else DAY).mock(return_value=page)
    found = await a_carrier(router).made_since(NOW)
    assert len({call.reference for call in found}) == len(found)
    return {call.reference for call in found}


async def test_all_calls_since_then_are_found_over_pages_and_in_queues() -> None:
    """One that moves on while we ask is on two lists, and counts once."""
    pages = [a_page(made("CA1"), made("CA2"), next_page=f"{CALLS}?token=1"), a_page(made("CA3"))]
    waiting = [made("CA3"), made("CA4", start_time=None)]
    assert await listed(pages, queued=waiting[:1], ringing=waiting) == {"CA1", "CA2", "CA3", "CA4"}


async def test_what_was_earlier_or_came_in_is_left_out() -> None:
    """The carrier's filter knows days only; a call without any date is taken for a late one."""
    calls = [
        made("CA1", minutes=-1),
        made("CA2", direction="inbound"),
        made("CA3", minutes=0, direction="outbound-dial"),
        a_call(sid="CA4", date_created=None, start_time=None),
    ]
    assert await listed([a_page(*calls)]) == {"CA3", "CA4"}


async def test_an_answer_that_is_none_is_no_empty_list() -> None:
    """Nor is half a list a whole one."""
    with pytest.raises(CarrierSilent):
        await listed([a_page(made("CA1"), next_page=f"{CALLS}?token=1"), httpx.Response(500)])
    with pytest.raises(CarrierSilent):
        await listed([httpx.Response(200, json={"calls": "none"})])
