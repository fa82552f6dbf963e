"""What one transaction keeps of money and of the numbers we show: a part of `dialer.ports.Unit`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dialer.callers import Rest
from dialer.leg_keeping import LegKeeping
from dialer.spending import Cost


class Keeping(LegKeeping, Protocol):
    """The costs of campaigns, the numbers of ours that rest, and agents' lines."""

    def spent(self, campaign: str) -> Sequence[Cost]:
        """Return what a campaign's attempts cost, by channel and price; those that surely reached nobody left out."""
        ...

    def rest(self, rest: Rest) -> None:
        """Keep a number of ours from being shown until an instant."""
        ...

    def resting(self, now: datetime) -> Sequence[Rest]:
        """Return the numbers of ours that rest now."""
        ...
