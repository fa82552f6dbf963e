"""Numbers of ours that rest: after the carrier refused them, and while the installation keeps them back."""

import json
from datetime import timedelta
from typing import Any

from campaigns.callers import Pool
from campaigns.outcome import LeadState
from dialer.events import CallRejected, Fault
from dialer.plan import RESTED_WITHIN, plan
from dialer.settings import CarrierSettings
from tests.support.builders import NOON, a_campaign, a_due, a_view, rules
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

ONE, TWO = "+81542559999", "+81542559998"


def carrier(**changes: Any) -> CarrierSettings:
    """An account that is fast enough."""
    return CarrierSettings(calls_per_second=50, **changes)


async def refused(office: Office, attempt: str, *, caller_at_fault: bool = True) -> None:
    """The carrier refuses an order it had not answered yet."""
    code, fault = ("21210", Fault.CALLER) if caller_at_fault else ("21214", Fault.TRANSIENT)
    await office.hears(CallRejected, attempt, code=code, detail="no", fault=fault)


async def test_a_number_the_carrier_refuses_is_shown_to_nobody_for_a_day() -> None:
    """The other one is, and after the rest the person sees their own again."""
    async with an_office(1, agents=("aoki",), carrier=carrier()) as office:
        await office.engine.tick()
        usual = (await office.attempt(f"{CAMPAIGN}-1-1")).caller_id
        await refused(office, f"{CAMPAIGN}-1-1")
        await office.after(hours=1)
        second = (await office.attempt(f"{CAMPAIGN}-1-2")).caller_id
        assert {usual, second} == {ONE, TWO}
        await office.ends(f"{CAMPAIGN}-1-2")
        await office.after(hours=24)
        assert (await office.attempt(f"{CAMPAIGN}-1-3")).caller_id == usual


async def test_when_every_number_rests_nobody_is_called() -> None:
    """The lead waits, and the ledger says which number, since when, why, and that none is left."""
    only = a_campaign(caller_ids=(ONE,))
    async with an_office(2, agents=("aoki",), campaign=only, carrier=carrier()) as office:
        await office.engine.tick()
        await refused(office, f"{CAMPAIGN}-1-1")
        placed = len(office.line.placed)
        await office.after(hours=2)
        assert len(office.line.placed) == placed
        lead = await office.lead(2)
        assert (lead.state, lead.due) == (LeadState.WAITING, office.clock.now() + RESTED_WITHIN)
        body = json.loads((await office.ledger("campaign"))[-1].body)
        assert (body["caller_id"], body["left"]) == (ONE, 0)
        assert body["rests_until"] == (NOON + timedelta(hours=24)).isoformat()
        assert "21210" in body["by"]
        assert "no call until" in body["then"]


async def test_a_refusal_for_another_reason_rests_nothing() -> None:
    """Nor does any when the installation wants no rests."""
    async with an_office(2, agents=("aoki",), carrier=carrier()) as office:
        await office.engine.tick()
        await refused(office, f"{CAMPAIGN}-1-1", caller_at_fault=False)
        assert await office.write(lambda unit: unit.resting(office.clock.now())) == []
    async with an_office(2, agents=("aoki",), carrier=carrier(rest=timedelta(0))) as office:
        await office.engine.tick()
        await refused(office, f"{CAMPAIGN}-1-1")
        assert await office.write(lambda unit: unit.resting(office.clock.now())) == []


async def test_what_the_installation_keeps_back_is_not_shown() -> None:
    """`carrier.resting` holds until it is taken out of the file."""
    async with an_office(5, agents=("aoki", "baba"), carrier=carrier(resting=(ONE,))) as office:
        await office.tick()
        assert {order.caller_id for order in office.line.placed} == {TWO}


def test_people_of_another_country_see_its_numbers() -> None:
    """And whoever has no number to be shown to them is not called; their mails go out all the same."""
    pools = (Pool(numbers=("+12125550100",), country="US"), Pool(numbers=(TWO,), country="JP"))
    shown = plan(a_view(a_due(), campaign=a_campaign(caller_ids=pools)), NOON, rules()).openings
    assert [opening.attempt.caller_id for opening in shown] == [TWO]
    foreign = a_campaign(caller_ids=pools[:1])
    planned = plan(a_view(a_due(), a_due(2, lead={"step": 1}), campaign=foreign), NOON, rules())
    assert [opening.attempt.channel.value for opening in planned.openings] == ["email"]
    assert [(one.lead.due, one.rulings) for one in planned.refusals] == [(NOON + RESTED_WITHIN, ())]
