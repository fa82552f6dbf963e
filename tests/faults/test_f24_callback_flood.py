"""F24: a flood of callbacks is verified, stored and acknowledged, none is lost, and dialling goes on beside it."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestClient

from adapters.clock import SystemClock
from adapters.twilio.gate import MOST_INSIDE
from dialer.events import Event
from dialer.nonce import nonce_for
from dialer.orders import Instruction
from tests.adapters.twilio.builders import SECRET, a_door, a_form, path, tell
from tests.faults.doors import Told
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

Client = TestClient[web.Request, web.Application]
PEOPLE = 50
FLOOD = 600
"""Callbacks at once: at our top speed of calls that is what a minute brings."""
LINES = 300
"""On so many lines at once: more than the gate takes in."""
LIMIT_S = 15.0
"""What the carrier waits for an answer, all in all."""


@dataclass
class Crowded(Told):
    """A receiver that is held up, as by a slow disk, until somebody is turned away."""

    freed: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0
    most: int = 0

    async def receive(self, event: Event) -> Instruction | None:
        """Wait, keep the event, and act."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.freed.wait()
            return await super().receive(event)
        finally:
            self.inside -= 1


async def test_f24_every_callback_is_acknowledged_and_stored_while_people_are_called() -> None:
    """Six hundred at the same moment, most of them of strangers: as many are taken as there is room for.

    The rest is told again, as the carrier does: in the end each has its 204, is heard once and stored, every answer
    came in time, and the agents were busy meanwhile.
    """
    clock, rounds = SystemClock(), 0
    async with an_office(PEOPLE, agents=[f"a{place}" for place in range(20)]) as office:
        told = Crowded(office.engine)

        async def one(client: Client, place: int) -> tuple[int, float]:
            attempt = f"{CAMPAIGN}-{place}-1"
            where = path("status", attempt=attempt, nonce=nonce_for(SECRET, "call", attempt))
            begun = clock.monotonic()
            form = a_form(CallSid=reference_of(attempt), CallStatus="ringing")
            status, _ = await tell(client, where, form)
            if status == 503:
                told.freed.set()
            return status, clock.monotonic() - begun

        async with a_door(told, lines=LINES) as client:
            untold = list(range(1, FLOOD + 1))
            while untold:
                flood = asyncio.gather(*(one(client, place) for place in untold))
                for _ in range(0 if rounds else 10):
                    await office.after(seconds=1)
                answers = dict(zip(untold, await flood, strict=True))
                assert {status for status, _ in answers.values()} <= {204, 503}
                assert max(seconds for _, seconds in answers.values()) < LIMIT_S
                untold, rounds = (
                    [place for place, (status, _) in answers.items() if status == 503],
                    rounds + 1,
                )
                assert len(untold) < len(answers)
            await office.engine.settle()
        assert (rounds > 1, told.most) == (True, MOST_INSIDE)
        assert len(told.events) == FLOOD
        assert len(office.line.placed) >= 20
        heard = await office.write(
            lambda unit: [unit.remember(event.key, None, "", event.at, {}) for event in told.events]
        )
        assert not any(heard)
