"""F26: a callback that is not the carrier's gets a 403, changes nothing, and is logged a little."""

from urllib.parse import urlencode

from structlog.testing import capture_logs

from dialer.attempt import AttemptState
from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import SECRET, a_door, path
from tests.adapters.twilio.test_forgeries import DOORS, SPOILS, Request, send
from tests.faults.doors import Told
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
NONCE = nonce_for(SECRET, "call", FIRST)
OURS = {
    **{
        door: path(door, attempt=FIRST, nonce=NONCE)
        for door in ("answer", "status", "screened", "after", "notice")
    },
    "rooms": DOORS["rooms"],
    "join": DOORS["join"],
}


async def test_f26_two_hundred_forgeries_of_a_live_call_change_nothing() -> None:
    """Every way at every door, against a call under way: 403 each time, attempt and ledger stay as they were."""
    async with an_office(1) as office:
        await office.tick()
        before = await office.attempt(FIRST)
        ledger = await office.store.read(lambda reports: len(list(reports.ledger())))
        told, refused = Told(office.engine), 0
        async with a_door(told) as client:
            with capture_logs() as logs:
                for spoil in SPOILS.values():
                    for where in OURS.values():
                        status, body, _ = await send(client, spoil(Request(where)))
                        refused += (status, body) == (403, b"")
        assert refused == len(SPOILS) * len(OURS)
        assert refused >= 200
        assert told.events == []
        assert await office.attempt(FIRST) == before
        assert await office.store.read(lambda reports: len(list(reports.ledger()))) == ledger
        assert 1 <= len([entry for entry in logs if entry["event"] == "webhook_forged"]) <= 3


async def test_f26_the_genuine_one_moves_the_call() -> None:
    """What the forgeries are made of: without this they would prove nothing."""
    async with an_office(1) as office:
        await office.tick()
        async with a_door(Told(office.engine)) as client:
            request = Request(OURS["status"])
            request.form["CallSid"] = reference_of(FIRST)
            assert (await send(client, _resigned(request)))[0] == 204
        assert (await office.attempt(FIRST)).state is AttemptState.RINGING


def _resigned(request: Request) -> Request:
    """Return a request whose form was changed by whoever holds the token."""
    request.headers["X-Twilio-Signature"] = request.sign(request.where, request.form)
    request.body = urlencode(request.form).encode()
    return request
