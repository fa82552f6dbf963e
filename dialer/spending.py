"""What a campaign has spent and promised to spend, and what that leaves. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from campaigns.budget import Budget
from campaigns.campaign import Campaign
from compliance.terms import Channel

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Attempts of one channel that cost or will cost something; `amount` is their price, None where unknown.

    `live` ones are calls under way and mails that no server has taken yet: what they cost is promised, not spent.
    """

    channel: Channel
    count: int
    live: bool = False
    currency: str | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where a budget stands, in its currency."""

    spent: Decimal = _NOTHING
    promised: Decimal = _NOTHING
    amount: Decimal = _NOTHING

    @property
    def left(self) -> Decimal:
        """What may still be promised; below nothing when prices were higher than estimated."""
        return self.amount - self.spent - self.promised


def balance_of(budget: Budget, costs: Iterable[Cost]) -> Balance:
    """Return where a budget stands: prices in its currency as they are, everything else as estimated.

    A price in another currency is not converted: nobody said at which rate. The estimate stands for it.
    """
    spent = promised = _NOTHING
    for cost in costs:
        known = cost.amount is not None and cost.currency == budget.currency
        worth = (cost.amount or _NOTHING) if known else cost.count * estimate(budget, cost.channel)
        if cost.live:
            promised += worth
        else:
            spent += worth
    return Balance(spent=spent, promised=promised, amount=budget.amount)


def estimate(budget: Budget, channel: Channel) -> Decimal:
    """Return what one more try on this channel is taken to cost."""
    return budget.per_call if channel is Channel.VOICE else budget.per_mail


def is_used_up(budget: Budget, balance: Balance, channels: Collection[Channel]) -> bool:
    """Tell whether a try on one of a campaign's channels can no longer be paid, whatever becomes of what is promised.

    Until then a campaign waits: a call that reaches no phone costs nothing, and its part is free again.
    """
    dearest = max(estimate(budget, channel) for channel in channels)
    return balance.spent >= balance.amount or balance.amount - balance.spent < dearest


class Purse:
    """What is left of a campaign's budget while one plan is made; without a budget there is always enough."""

    def __init__(self, campaign: Campaign, balance: Balance | None) -> None:
        """Take the campaign and where its budget stands."""
        self._campaign, self._budget = campaign, campaign.budget if balance else None
        self._left = balance.left if balance else _NOTHING

    def can_pay(self, step: int) -> bool:
        """Tell whether a try of this step can be paid; a step that is gone costs nothing."""
        if self._budget is None or step >= len(self._campaign.steps):
            return True
        cost = estimate(self._budget, Channel(self._campaign.steps[step].channel))
        return self._left > _NOTHING and cost <= self._left

    def pay(self, channel: Channel) -> None:
        """Take what a try is taken to cost."""
        if self._budget is not None:
            self._left -= estimate(self._budget, channel)
