"""Who was there when, and what there was to do: what the store tells of presence, as protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialer.need import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How many agents were not away on average over some time, and how many of them talked or wrote."""

    agents: float = 0.0
    busy: float = 0.0


class Presence(Protocol):
    """Part of one transaction."""

    def came_back(self, since: datetime) -> Mapping[str, datetime]:
        """Return, for each agent who stopped being away at or after an instant, when they last did."""
        ...


class Workloads(Protocol):
    """Part of what reports can be read."""

    def present(self, since: datetime, until: datetime) -> Sequence[Present]:
        """Return who was there in each half hour of [`since`, `until`), the last one cut short."""
        ...

    def workload(
        self, campaign: str, steps: Sequence[int], day: tuple[datetime, datetime], now: datetime
    ) -> Workload:
        """Return what a campaign has to call between two instants, in half hours from the first, and what calls took.

        `steps` are those of calls; whoever is due by `now` counts as overdue, from whenever.
        """
        ...
