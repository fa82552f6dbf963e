"""What one transaction keeps of agents' lines: a part of `dialer.ports.Unit`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dialer.legs import Leg, LegState


class LegKeeping(Protocol):
    """Whose line is in their room, and the calls that we make to agents."""

    def set_leg(self, agent: str, leg: str | None, expected: str | None) -> None:
        """Say which line of an agent is in their room (None: none); StaleState when it was another than expected."""
        ...

    def has_heard(self, key: str) -> bool:
        """Tell whether an event of this key is stored."""
        ...

    def open_leg(self, leg: Leg) -> None:
        """Insert a call to an agent; StaleState when one to them is under way."""
        ...

    def save_leg(self, leg: Leg, expected: LegState) -> None:
        """Write what became of a call to an agent."""
        ...

    def leg(self, leg: str) -> Leg | None:
        """Return one call to an agent."""
        ...

    def live_legs(self) -> Sequence[Leg]:
        """Return the calls to agents that are not over, by agent."""
        ...

    def legs_of(self, agent: str) -> Sequence[Leg]:
        """Return the newest calls to an agent, a few, the newest first."""
        ...

    def count_legs(self, agent: str) -> int:
        """Count the calls ever made to an agent."""
        ...

    def legs_opened_since(self, at: datetime) -> int:
        """Count the calls to agents opened at or after `at`: they count against the account's rate."""
        ...
