"""What each fault of a refusal leads to beyond its attempt."""

import json

import pytest

from campaigns.outcome import LeadState, Outcome
from dialer.events import CallRejected, CampaignPaused, CampaignStarted, Fault
from dialer.refusing import must_pause
from dialer.view import CampaignState
from tests.support.builders import NOON
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

FIRST, SECOND = f"{CAMPAIGN}-1-1", f"{CAMPAIGN}-2-1"
PAUSES = {
    Fault.NUMBER: False,
    Fault.CALLER: False,  # the number we show rests, and others are shown
    Fault.ACCOUNT: False,  # the breaker's
    Fault.CONFIGURATION: True,
    Fault.COUNTRY: True,
    Fault.TRANSIENT: False,
    Fault.UNKNOWN: False,
}


async def refused(office: Office, attempt: str, fault: Fault, code: str = "21215") -> None:
    """The carrier refuses an order that it had not answered yet."""
    permanent = fault is Fault.NUMBER
    await office.hears(CallRejected, attempt, code=code, detail="no", fault=fault, permanent=permanent)


async def shown(office: Office) -> str | None:
    """What the board says the campaign was paused for."""
    now = office.clock.now()
    return (await office.store.read(lambda reports: reports.summary(CAMPAIGN, now))).refused


def test_every_fault_is_in_the_table() -> None:
    """Whoever adds one decides what it leads to."""
    assert set(PAUSES) == set(Fault)


@pytest.mark.parametrize(("fault", "pauses"), PAUSES.items())
async def test_a_refusal_pauses_what_would_be_refused_again(fault: Fault, pauses: bool) -> None:
    """The campaign stands still at once, the ledger and the board say why, and the person keeps their try."""
    async with an_office(3, agents=("aoki",)) as office:
        await office.engine.tick()
        await refused(office, FIRST, fault)
        assert (await office.state() is CampaignState.PAUSED) is pauses
        assert await shown(office) == ("21215" if pauses else None)
        lead = await office.lead()
        assert (lead.state, lead.step) == (LeadState.WAITING, int(fault is Fault.NUMBER))
        placed = len(office.line.placed)
        await office.after(hours=1)
        assert (len(office.line.placed) > placed) is not pauses
        if pauses:
            assert lead.step_tries == 0
            assert (await office.attempt(FIRST)).outcome is Outcome.NOT_PLACED
            entry = (await office.ledger("campaign"))[-1]
            body = json.loads(entry.body)
            told = (entry.attempt, body["to"], body["by"], body["fault"])
            assert told == (FIRST, "paused", "the carrier refused: 21215", fault.value)


async def test_the_second_refusal_of_a_paused_campaign_says_nothing_new() -> None:
    """Two orders were under way: both are concluded, and one pause is sealed."""
    async with an_office(2) as office:
        await office.engine.tick()
        await refused(office, FIRST, Fault.COUNTRY)
        before = len(await office.ledger("campaign"))
        await refused(office, SECOND, Fault.COUNTRY, "21219")
        assert len(await office.ledger("campaign")) == before
        assert await shown(office) == "21215"
        assert (await office.attempt(SECOND)).outcome is Outcome.NOT_PLACED


async def test_a_pause_of_later_has_a_reason_of_its_own() -> None:
    """Mended and started again, calls go out; when a manager pauses then, the board does not blame the carrier."""
    async with an_office(3, agents=("aoki",)) as office:
        await office.engine.tick()
        await refused(office, FIRST, Fault.CONFIGURATION)
        await office.told(CampaignStarted(campaign=CAMPAIGN, by="sato", **office.now))
        assert await shown(office) is None
        await office.after(minutes=1)
        await office.told(CampaignPaused(campaign=CAMPAIGN, by="sato", **office.now))
        assert await office.state() is CampaignState.PAUSED
        assert await shown(office) is None


@pytest.mark.parametrize("state", [*CampaignState, None])
def test_only_what_runs_is_paused(state: CampaignState | None) -> None:
    """A campaign that somebody paused, stopped or took away stays as it is."""
    event = CallRejected(
        key="k", at=NOON, attempt=FIRST, code="21215", detail="no", fault=Fault.CONFIGURATION
    )
    assert must_pause(event, state) is (state is CampaignState.RUNNING)
