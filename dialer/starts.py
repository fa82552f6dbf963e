"""How many calls may be started now: what the carrier's account leaves, and what each campaign's own rate leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from campaigns.campaign import Campaign
from dialer.pacing import account_window, at_once, rate_window


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """`account` calls may be started for all campaigns together, and for one of `own` no more than it says."""

    account: int = 0
    own: Mapping[str, int] = field(default_factory=dict)

    def of(self, campaign: str) -> int:
        """Return how many calls may be started for one campaign."""
        return min(self.account, self.own.get(campaign, self.account))


class Counted(Protocol):
    """What has been started, as a unit of work counts it."""

    def calls_opened_since(self, at: datetime, campaign: str | None = None) -> int:
        """Count calls opened at or after `at`, of one campaign or of all."""
        ...

    def legs_opened_since(self, at: datetime) -> int:
        """Count calls to agents opened at or after `at`."""
        ...


def starts_of(unit: Counted, campaigns: Mapping[str, Campaign], rate: float, now: datetime) -> Starts:
    """Return the calls that may be started now on an account of this `rate` a second, at most one look's share.

    A campaign whose own rate is no lower than the account's is not counted: the account keeps it.
    """
    window, most = account_window(rate)
    left = max(0, most - unit.calls_opened_since(now - window) - unit.legs_opened_since(now - window))
    slower = {name: one for name, one in campaigns.items() if one.pacing.calls_per_second < rate}
    return Starts(
        account=min(at_once(rate), left),
        own={name: _left(unit, one, now) for name, one in slower.items()},
    )


def _left(unit: Counted, campaign: Campaign, now: datetime) -> int:
    window, most = rate_window(campaign.pacing.calls_per_second)
    return max(0, most - unit.calls_opened_since(now - window, campaign.id))
