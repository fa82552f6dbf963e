"""F27: a valid callback that somebody recorded and sends again, an hour or a month later, has no effect."""

from datetime import timedelta
from typing import Any

import pytest

from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import SECRET, a_door, a_form, path, tell
from tests.faults.doors import Told
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
NONCE = nonce_for(SECRET, "call", FIRST)
Recorded = tuple[str, dict[str, str]]


def the_call(ending: str) -> list[Recorded]:
    """Return a call as its callbacks tell it, each with the door it comes to."""
    sid = reference_of(FIRST)

    def one(door: str, **fields: str) -> Recorded:
        return path(door, attempt=FIRST, nonce=NONCE), a_form(CallSid=sid, **fields)

    room = {"StatusCallbackEvent": "participant-join", "ParticipantLabel": FIRST, "CallSid": sid}
    answered = [
        one("answer", CallStatus="in-progress"),
        ("/twilio/rooms", a_form(**room)),
        one("screened", AnsweredBy="human"),
        one("notice", Digits="9"),
    ]
    return [
        one("status", CallStatus="initiated"),
        one("status", CallStatus="ringing"),
        *(answered if ending == "completed" else []),
        one("status", CallStatus=ending, CallDuration="60"),
    ]


async def everything(office: Office) -> tuple[Any, ...]:
    """Return all that a callback could change, the ledger without what was ignored."""
    entries = await office.store.read(lambda reports: list(reports.ledger()))
    return (
        await office.attempt(FIRST),
        await office.lead(),
        await office.agent("aoki"),
        await office.agent("baba"),
        await office.suppressions(),
        [entry.body for entry in entries if entry.kind != "ignored"],
        list(office.line.placed),
    )


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1), timedelta(days=30)], ids=str)
@pytest.mark.parametrize("ending", ["completed", "no-answer", "busy"])
async def test_f27_each_captured_request_again(ending: str, later: timedelta) -> None:
    """All of a call's requests, signatures and all, forwards and backwards: all stays as it was."""
    async with an_office(1, agents=("aoki", "baba")) as office:
        await office.tick()
        async with a_door(Told(office.engine)) as client:
            requests = the_call(ending)
            for where, form in requests:
                await tell(client, where, form)
            await office.after(minutes=3)
            before = await everything(office)
            office.go(seconds=later.total_seconds())
            for where, form in [*requests, *reversed(requests)]:
                status, body = await tell(client, where, form)
                assert status in {200, 204}
                assert "Conference" not in body
            await office.engine.settle()
        assert await everything(office) == before
        assert office.line.hung_up == [] or ending == "completed"


async def test_f27_a_replay_for_another_attempt_is_refused() -> None:
    """The signature is over the address: what was recorded of one call cannot be sent in the name of another."""
    async with an_office(2) as office:
        await office.tick()
        where, form = the_call("busy")[-1]
        async with a_door(Told(office.engine)) as client:
            other = where.replace(f"{CAMPAIGN}-1-1", f"{CAMPAIGN}-2-1")
            assert (await tell(client, other, form))[0] == 403
