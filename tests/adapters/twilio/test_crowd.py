"""More callbacks than can be taken in at once: some are asked to come again, nothing that was acknowledged is lost."""

import asyncio
from contextlib import ExitStack

import pytest

from adapters.clock import VirtualClock
from adapters.twilio.gate import MOST_INSIDE, MOST_WITH_PATIENT, MOST_WITH_URGENT, Gate, TurnedAway
from adapters.twilio.urls import Door
from bench.flood import run
from dialer.events import Event
from tests.adapters.twilio.builders import NOW, PUBLIC, SECRET, TOKEN, Recorder, a_door, a_form, path, tell

MOST = {
    Door.ANSWER: MOST_WITH_URGENT,
    Door.NOTICE: MOST_WITH_URGENT,
    Door.AFTER: MOST_WITH_URGENT,
    Door.FALLBACK: MOST_WITH_URGENT,
    Door.STATUS: MOST_INSIDE,
    Door.RECORDING: MOST_WITH_PATIENT,
    Door.SCREENED: MOST_WITH_PATIENT,
    "rooms": MOST_INSIDE,
    "join": MOST_INSIDE,
}


def a_gate() -> Gate:
    """Nobody is inside."""
    return Gate(root=PUBLIC, auth_tokens=[TOKEN], secret=SECRET, clock=VirtualClock(NOW))


@pytest.mark.parametrize("door", list(MOST))
def test_each_door_has_its_limit(door: str) -> None:
    """Where a person waits there is room longest; a place that is given back is free again."""
    gate = a_gate()
    with ExitStack() as places:
        for _ in range(MOST[door]):
            places.enter_context(gate.room_for(door))
        with pytest.raises(TurnedAway) as turned, gate.room_for(door):
            pass
        assert turned.value.status == 503
    with gate.room_for(door):
        pass


class Slow(Recorder):
    """A receiver that answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def receive(self, event: Event) -> None:
        self.events.append(event)
        await self.go.wait()


async def test_too_many_are_asked_to_come_again() -> None:
    """The one that is turned away was not received; a forgery takes nobody's place."""
    receiver = Slow()
    async with a_door(receiver) as client:
        inside = [
            asyncio.create_task(tell(client, path("screened"), a_form(AnsweredBy="human", N=str(place))))
            for place in range(MOST_WITH_PATIENT + 10)
        ]
        done, _ = await asyncio.wait(inside, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result() for task in done} == {(503, "")}
        assert (await tell(client, path("screened"), a_form(AnsweredBy="human"), "stranger"))[0] == 403
        receiver.go.set()
        assert (await tell(client, path("status"), a_form()))[0] == 204
        statuses = [status for status, _ in await asyncio.gather(*inside)]
        assert (statuses.count(204), statuses.count(503)) == (MOST_WITH_PATIENT, 10)
    assert len(receiver.events) == MOST_WITH_PATIENT + 1


async def test_a_short_flood_loses_nothing_and_dialling_goes_on() -> None:
    """The bench for two seconds: slow lines, ten times the callbacks; each that was acknowledged is in the database."""
    figures = await run(seconds=2, slow=60, times=4)
    assert figures["lost"] == 0
    assert figures["acknowledged"] > 100
    assert figures["flooded"]["calls_per_second"] > 0
    assert not {"0", "500"} & set(figures["flooded"]["statuses"])
    assert "web_request_failed" not in figures["logged"]
    assert figures["flooded"]["statuses"]["403"] == figures["sent"]["forged"]
