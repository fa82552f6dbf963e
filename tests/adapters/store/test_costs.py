"""What attempts cost, as the store counts it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from adapters.store.costs import _COSTS
from adapters.store.prices import _UNPRICED
from campaigns.budget import Budget
from campaigns.outcome import LeadState, Outcome
from compliance.terms import Channel
from dialer.attempt import AttemptState
from dialer.ports import Store, Unit
from dialer.reports import BudgetLine
from dialer.spending import Cost
from tests.support.builders import NOON, a_campaign
from tests.support.stores import CAMPAIGN, concluded_call, lead_of, open_call, prepared

VOICE, MAIL = Channel.VOICE, Channel.EMAIL


def some(unit: Unit) -> None:
    """Three priced calls, two of one price; one unpriced, one live, one refused; a mail taken and one on its way."""
    facts = {"placed_at": NOON, "outcome": Outcome.NO_ANSWER, "currency": "JPY"}
    for place, price in ((1, "8.10"), (2, "8.10"), (3, "0.30")):
        concluded_call(unit, place, price=Decimal(price), **facts)
    concluded_call(unit, 4, placed_at=NOON, outcome=Outcome.NO_ANSWER)
    open_call(unit, 5)
    concluded_call(unit, 6, outcome=Outcome.REJECTED)
    mail = {"channel": MAIL, "address": "guest@example.jp"}
    taken = open_call(unit, 7, **mail)
    unit.save_attempt(replace(taken, state=AttemptState.ACCEPTED, placed_at=NOON), AttemptState.OPENED)
    open_call(unit, 8, **mail)


async def test_costs_are_counted_by_channel_and_price(store: Store) -> None:
    """To the last digit; what no carrier took costs nothing, what is under way is promised."""
    await prepared(store, 8)
    await store.transact(some)
    found = await store.transact(lambda unit: unit.spent(CAMPAIGN))
    assert sorted(found, key=str) == sorted(
        [
            Cost(channel=VOICE, count=2, currency="JPY", amount=Decimal("16.20")),
            Cost(channel=VOICE, count=1, currency="JPY", amount=Decimal("0.30")),
            Cost(channel=VOICE, count=1),
            Cost(channel=VOICE, count=1, live=True),
            Cost(channel=MAIL, count=1),
            Cost(channel=MAIL, count=1, live=True),
        ],
        key=str,
    )
    assert await store.transact(lambda unit: unit.spent("another")) == []


async def test_a_price_that_comes_later_takes_the_estimates_place(store: Store) -> None:
    """Nothing is counted twice."""
    await prepared(store, 1)
    over = await store.transact(lambda unit: concluded_call(unit, 1, placed_at=NOON, outcome=Outcome.BUSY))
    priced = replace(over, price=Decimal("3.5"), currency="JPY")
    await store.transact(lambda unit: unit.save_attempt(priced, AttemptState.OVER))
    found = await store.transact(lambda unit: unit.spent(CAMPAIGN))
    assert found == [Cost(channel=VOICE, count=1, currency="JPY", amount=Decimal("3.5"))]


async def test_the_board_reads_where_a_budget_stands(store: Store) -> None:
    """Spent, promised, all there is, and whether that is the end; nothing for a campaign without one."""
    await prepared(store, 8)
    await store.transact(some)
    now = NOON + timedelta(hours=1)
    assert (await store.read(lambda reports: reports.summary(CAMPAIGN, now))).budget is None
    budget = Budget(amount=Decimal(40), currency="JPY", per_call=Decimal(12), per_mail=Decimal("0.1"))
    await store.transact(lambda unit: unit.save_campaign(a_campaign(budget=budget), "v2", NOON))
    assert (await store.read(lambda reports: reports.summary(CAMPAIGN, now))).budget == BudgetLine(
        spent="28.60", promised="12.1", amount="40", currency="JPY", is_used_up=True
    )
    lead = await store.transact(lead_of)
    assert lead.state is LeadState.WAITING


def test_costs_are_read_from_an_index_alone(connection: Connection) -> None:
    """However many attempts there are, no row of theirs is looked at, and nothing is sorted."""
    text = _COSTS.plan(connection.dialect).text
    steps = [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("c",))]
    assert any("USING COVERING INDEX ix_attempt_cost" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


async def test_calls_without_a_price_are_found(store: Store) -> None:
    """Answered and over between the two instants, which count; those over first first, so many at most."""
    await prepared(store, 9)
    begin, end = NOON - timedelta(days=7), NOON - timedelta(minutes=2)
    whole = {"answered_at": NOON, "reference": "CA", "opened_at": begin - timedelta(hours=25)}
    facts: list[dict[str, Any]] = [
        {"over_at": end},
        {"over_at": begin},
        {"over_at": end + timedelta(microseconds=1)},
        {"over_at": begin - timedelta(microseconds=1)},
        {"over_at": end, "answered_at": None},
        {"over_at": end, "reference": None},
        {"over_at": end, "price": Decimal(0), "currency": "JPY"},
        {"over_at": end, "channel": MAIL},
    ]
    for place, told in enumerate(facts, 1):
        call = {**whole, **told}
        await store.transact(lambda unit, place=place, call=call: concluded_call(unit, place, **call))  # type: ignore[misc]
    await store.transact(lambda unit: open_call(unit, 9, opened_at=begin))
    for limit in (200, 1):
        found = await store.read(lambda reports, limit=limit: reports.unpriced(begin, end, limit))  # type: ignore[misc]
        assert [attempt.id for attempt in found] == ["at-2", "at-1"][:limit]


def test_calls_without_a_price_are_looked_for_in_their_days(connection: Connection) -> None:
    """However many years of attempts there are."""
    text = _UNPRICED.plan(connection.dialect).text
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    steps = [str(row[-1]) for row in found]
    assert "SEARCH attempt USING INDEX ix_attempt_opened (opened_at>? AND opened_at<?)" in steps, steps
