"""What attempts cost: counted from an index alone, however many there are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select

from adapters.store.conditions import COSTLY
from adapters.store.part import Part
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import ATTEMPT
from campaigns.budget import Budget
from compliance.terms import Channel
from dialer.attempt import AttemptState
from dialer.reports import BudgetLine
from dialer.spending import Cost, balance_of, is_used_up

_PRICE = ATTEMPT.c.price
_GROUPS = (ATTEMPT.c.channel, ATTEMPT.c.state, ATTEMPT.c.currency, _PRICE)
_COSTS = Statement(
    select(*_GROUPS, func.count())
    .where(ATTEMPT.c.campaign == bindparam("campaign"), COSTLY)
    .group_by(*_GROUPS)
)


class Costs(Part):
    """What is spent."""

    def spent(self, campaign: str) -> Sequence[Cost]:
        """Return what a campaign's attempts cost, by channel and price; those that surely reached nobody left out."""
        return costs_of(self._run, campaign)


def costs_of(run: Runner, campaign: str) -> Sequence[Cost]:
    """Return what a campaign's attempts cost, one line for each channel, state and price."""
    return [_cost(row) for row in run.rows(_COSTS, {"campaign": campaign})]


def budget_line(run: Runner, campaign: str, written: Mapping[str, Any]) -> BudgetLine | None:
    """Return where the budget of a campaign (as it is stored) stands, None without one."""
    if not written.get("budget"):
        return None
    budget = Budget.model_validate(written["budget"])
    balance = balance_of(budget, costs_of(run, campaign))
    return BudgetLine(
        spent=f"{balance.spent:f}",
        promised=f"{balance.promised:f}",
        amount=f"{balance.amount:f}",
        currency=budget.currency,
        is_used_up=is_used_up(budget, balance, {Channel(step["channel"]) for step in written["steps"]}),
    )


def _cost(row: Row) -> Cost:
    channel, state, currency, price, count = row
    known = None if price is None else Decimal(price) * count
    over = {AttemptState.OVER.value} | (
        {AttemptState.ACCEPTED.value} if channel == Channel.EMAIL.value else set()
    )
    return Cost(
        channel=Channel(channel), count=count, live=state not in over, currency=currency, amount=known
    )
