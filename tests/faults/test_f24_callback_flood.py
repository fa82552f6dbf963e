"""F24: a flood of callbacks is verified, stored and acknowledged, none is lost, and dialling goes on beside it."""

import asyncio

from adapters.clock import SystemClock
from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import SECRET, a_door, a_form, path, tell
from tests.faults.doors import Told
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

PEOPLE = 50
FLOOD = 600
"""Callbacks at once: at our top speed of calls that is what a minute brings."""
LIMIT_S = 15.0
"""What the carrier waits for an answer, all in all."""


async def test_f24_every_callback_is_acknowledged_and_stored_while_people_are_called() -> None:
    """Six hundred at the same moment, most of them of strangers: 204 for each, every one heard, agents busy."""
    clock = SystemClock()
    async with an_office(PEOPLE, agents=[f"a{place}" for place in range(20)]) as office:
        told = Told(office.engine)
        async with a_door(told) as client:

            async def one(place: int) -> tuple[int, float]:
                attempt = f"{CAMPAIGN}-{place}-1"
                where = path("status", attempt=attempt, nonce=nonce_for(SECRET, "call", attempt))
                begun = clock.monotonic()
                form = a_form(CallSid=reference_of(attempt), CallStatus="ringing")
                status, _ = await tell(client, where, form)
                return status, clock.monotonic() - begun

            flood = asyncio.gather(*(one(place) for place in range(1, FLOOD + 1)))
            for _ in range(10):
                await office.after(seconds=1)
            answers = await flood
            await office.engine.settle()
        assert {status for status, _ in answers} == {204}
        assert len(told.events) == FLOOD
        assert max(seconds for _, seconds in answers) < LIMIT_S
        assert len(office.line.placed) >= 20
        heard = await office.write(
            lambda unit: [unit.remember(event.key, None, "", event.at, {}) for event in told.events]
        )
        assert not any(heard)
