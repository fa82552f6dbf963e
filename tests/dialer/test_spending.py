"""A budget is kept: what is spent and promised, what that leaves, and what happens at its end."""

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.budget import Budget
from campaigns.campaign import Campaign
from campaigns.outcome import LeadState
from compliance.terms import Channel
from dialer.attempt import AttemptState
from dialer.events import CallEnded, CallEnding, CampaignStarted
from dialer.plan import plan
from dialer.spending import Balance, Cost, balance_of, is_used_up
from dialer.view import CampaignState, Floor
from tests.support.builders import NOON, a_campaign, a_due, a_view, an_agent, rules
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

MONEY = st.decimals(min_value=0, max_value=1000, places=2)
BOTH = {Channel.VOICE, Channel.EMAIL}


def a_budget(amount: str = "100", **changes: object) -> Budget:
    """A hundred yen: twelve a call, a tenth a mail."""
    return Budget.model_validate(
        {"amount": amount, "currency": "JPY", "per_call": 12, "per_mail": 0.1, **changes}
    )


def budgeted(amount: str = "100", **changes: object) -> Campaign:
    """Our own campaign with a budget."""
    return a_campaign(budget=a_budget(amount, **changes))


def call(count: int = 1, **changes: object) -> Cost:
    """Calls whose price nobody knows."""
    return Cost(channel=Channel.VOICE, count=count, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("costs", "spent", "promised"),
    [
        ([], "0", "0"),
        ([call(3)], "36", "0"),
        ([call(3, live=True)], "0", "36"),
        ([call(2, currency="JPY", amount=Decimal("8.25"))], "8.25", "0"),
        ([call(2, currency="USD", amount=Decimal("0.04"))], "24", "0"),
        ([Cost(channel=Channel.EMAIL, count=10)], "1.0", "0"),
        ([call(1), call(1, live=True), Cost(channel=Channel.EMAIL, count=3, live=True)], "12", "12.3"),
    ],
)
def test_prices_count_as_they_are_and_the_rest_as_estimated(
    costs: Sequence[Cost], spent: str, promised: str
) -> None:
    """To the last digit; a price in another currency stands for nothing here."""
    balance = balance_of(a_budget(), costs)
    assert (balance.spent, balance.promised) == (Decimal(spent), Decimal(promised))
    assert balance.left == 100 - Decimal(spent) - Decimal(promised)


@pytest.mark.parametrize(
    ("spent", "channels", "over"),
    [
        ("88", BOTH, False),
        ("88.01", BOTH, True),
        ("99.9", {Channel.EMAIL}, False),
        ("99.91", {Channel.EMAIL}, True),
        ("250", BOTH, True),
    ],
)
def test_a_budget_is_used_up_when_a_try_cannot_be_paid(
    spent: str, channels: set[Channel], over: bool
) -> None:
    """The dearest of the campaign's channels decides, so that no step waits for ever; what is promised does not."""
    balance = Balance(spent=Decimal(spent), promised=Decimal(99), amount=Decimal(100))
    assert is_used_up(a_budget(), balance, channels) is over


def test_a_budget_that_is_gone_is_used_up_even_when_tries_are_free() -> None:
    """Prices may turn out higher than what was estimated."""
    balance = Balance(spent=Decimal(100), amount=Decimal(100))
    assert is_used_up(a_budget(per_call=0, per_mail=0), balance, BOTH)


@given(spent=MONEY, promised=MONEY, per_call=MONEY, due=st.integers(0, 5))
def test_a_plan_never_promises_more_than_is_left(
    spent: Decimal, promised: Decimal, per_call: Decimal, due: int
) -> None:
    """Whatever was spent, and however many are due."""
    campaign = budgeted("500", per_call=per_call)
    balance = Balance(spent=spent, promised=promised, amount=Decimal(500))
    leads = tuple(a_due(place) for place in range(1, due + 1))
    floor = Floor(campaign=campaign, version="v1", due=leads, balance=balance)
    agents = tuple(an_agent(f"a{place}") for place in range(8))
    view = a_view(agents=agents, campaign=campaign, floors=(floor,))
    opened = len(plan(view, NOON, rules(carrier={"calls_per_second": 50})).openings)
    assert opened * per_call <= max(balance.left, Decimal(0))
    if balance.left > due * per_call:
        assert opened == due


async def test_at_its_end_nothing_is_opened_and_the_campaign_is_paused() -> None:
    """Three calls fit into forty yen. While they are under way it waits; when they are over it is paused."""
    async with an_office(6, agents=("aoki", "baba", "chiba", "doi"), campaign=budgeted("40")) as office:
        await office.tick()
        assert len(office.line.placed) == 3
        await office.tick()
        assert await office.state() is CampaignState.RUNNING
        for place in (1, 2, 3):
            await office.ends(f"{CAMPAIGN}-{place}-1", CallEnding.NO_ANSWER)
        await office.tick()
        assert len(office.line.placed) == 3
        assert await office.state() is CampaignState.PAUSED
        body = json.loads((await office.ledger("campaign"))[-1].body)
        assert (body["by"], body["spent"], body["budget"]) == ("the budget is used up", "36", "40")
        assert (await office.lead(4)).state is LeadState.WAITING


async def test_calls_under_way_end_as_they_do() -> None:
    """The real price is higher than all that was left: the talk goes on, and is written up."""
    async with an_office(3, agents=("aoki", "baba"), campaign=budgeted("30")) as office:
        await office.tick()
        first, second = f"{CAMPAIGN}-1-1", f"{CAMPAIGN}-2-1"
        await office.talks(second)
        facts = {"ending": CallEnding.COMPLETED, "price": Decimal("29.5"), "currency": "JPY"}
        await office.hears(CallEnded, first, reference=reference_of(first), **facts)
        await office.tick()
        assert await office.state() is CampaignState.PAUSED
        assert office.line.hung_up == []
        assert (await office.attempt(second)).state is AttemptState.CONNECTED
        await office.ends(second, CallEnding.COMPLETED, talk_s=20)
        await office.disposes(second, "sold")
        assert (await office.attempt(second)).disposition == "sold"


async def test_calls_that_reached_no_carrier_cost_nothing() -> None:
    """What was promised for them is free again."""
    async with an_office(4, agents=("aoki",), campaign=budgeted("13")) as office:
        office.line.mode = "throttled"
        await office.tick()
        office.line.mode = "placed"
        await office.after(seconds=301)
        assert await office.state() is CampaignState.RUNNING
        assert len(office.line.placed) == 2


async def test_a_campaign_without_money_is_paused_again() -> None:
    """Started again by a manager who raised nothing: one look, and it stands still as before."""
    async with an_office(3, agents=("aoki",), campaign=budgeted("11")) as office:
        for _ in range(2):
            await office.tick()
            assert await office.state() is CampaignState.PAUSED
            await office.told(CampaignStarted(campaign=CAMPAIGN, by="sato", **office.now))
        assert office.line.placed == []


async def test_a_list_that_is_done_is_finished_not_paused() -> None:
    """The last yen went with the last person."""
    campaign = budgeted("12", per_mail=0)
    async with an_office(1, agents=("aoki",), campaign=campaign) as office:
        await office.tick()
        await office.talked(f"{CAMPAIGN}-1-1")
        await office.disposes(f"{CAMPAIGN}-1-1", "sold")
        await office.tick()
        assert await office.state() is CampaignState.FINISHED
