"""F23: a callback of a call that is none of ours is answered neutrally, kept as an orphan, and raises an alarm."""

import pytest
from structlog.testing import capture_logs

from campaigns.outcome import Ending, Outcome
from dialer.attempt import AttemptState
from dialer.events import CallAnswered, CallEnded, CallEnding, CallOptedOut, CallRinging
from dialer.orders import Release
from tests.adapters.twilio.builders import SECRET, SID, a_door, a_form, path, tell
from tests.faults.doors import Told
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST, NOBODY = f"{CAMPAIGN}-1-1", f"{CAMPAIGN}-99-1"
OTHER = "CA-of-somebody-else"


async def alarms(office: Office, event: object) -> list[str]:
    """Tell an event, and return the alarms that it raised."""
    with capture_logs() as logs:
        await office.told(event)  # type: ignore[arg-type]
    return [entry["event"] for entry in logs if entry["log_level"] == "error"]


async def test_f23_an_attempt_that_never_was() -> None:
    """Nothing moves, the line is released, the ledger has as many orphans as there were, and each is an alarm."""
    async with an_office(1) as office:
        await office.tick()
        before = await office.attempt(FIRST)
        for _ in range(3):
            ringing = CallRinging(attempt=NOBODY, reference=OTHER, **office.now)
            assert await alarms(office, ringing) == ["orphan_event"]
        answered = CallAnswered(attempt=NOBODY, reference=OTHER, **office.now)
        assert isinstance(await office.told(answered), Release)
        orphans = [entry.body for entry in await office.ledger("ignored") if "no such attempt" in entry.body]
        assert len(orphans) == 4
        assert await office.attempt(FIRST) == before
        assert office.line.hung_up == []


async def test_f23_another_call_in_our_attempts_name() -> None:
    """A second call names an attempt that has one: it moves nothing, it is an orphan, and it is ended."""
    async with an_office(1) as office:
        await office.tick()
        await office.rings(FIRST)
        ringing = CallRinging(attempt=FIRST, reference=OTHER, **office.now)
        assert await alarms(office, ringing) == ["orphan_event"]
        answered = CallAnswered(attempt=FIRST, reference=OTHER, **office.now)
        assert isinstance(await office.told(answered), Release)
        over = CallEnded(attempt=FIRST, reference=OTHER, ending=CallEnding.COMPLETED, talk_s=9, **office.now)
        await office.told(over)
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.reference) == (AttemptState.RINGING, reference_of(FIRST))
        assert {order.reference for order in office.line.hung_up} == {OTHER}
        assert len([entry for entry in await office.ledger("ignored") if "another call" in entry.body]) == 3


async def test_f23_a_refusal_counts_on_whichever_call_it_was_said() -> None:
    """The key was pressed on a call with our attempt's nonce: they are not called again, and no alarm rings."""
    async with an_office(1) as office:
        await office.tick()
        await office.rings(FIRST)
        pressed = CallOptedOut(attempt=FIRST, reference=OTHER, **office.now)
        assert await alarms(office, pressed) == []
        attempt = await office.attempt(FIRST)
        assert (attempt.outcome, attempt.reference) == (Outcome.OPTED_OUT, reference_of(FIRST))
        assert (await office.lead()).ending is Ending.OPTED_OUT
        assert "C00001" in {entry.person for entry in await office.suppressions()}


async def test_f23_our_own_call_is_no_orphan() -> None:
    """What the orphans are compared with: the same words under the call's own name."""
    async with an_office(1) as office:
        await office.tick()
        ringing = CallRinging(attempt=FIRST, reference=reference_of(FIRST), **office.now)
        assert await alarms(office, ringing) == []
        assert (await office.attempt(FIRST)).state is AttemptState.RINGING


@pytest.mark.parametrize(("door", "status"), [("status", 204), ("screened", 204), ("answer", 200)])
async def test_f23_the_carrier_is_answered_neutrally(door: str, status: int) -> None:
    """Signed and with a genuine nonce, of an attempt that is not there: a 2xx, so that it is not told over and over."""
    async with an_office(1) as office:
        form = a_form(CallSid=SID, AnsweredBy="human") if door == "screened" else a_form(CallSid=SID)
        async with a_door(Told(office.engine)) as client:
            told, body = await tell(client, path(door), form)
    assert told == status
    assert "Conference" not in body
    assert SECRET not in body
