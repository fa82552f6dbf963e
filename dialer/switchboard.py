"""What ringing agents needs of the carrier, as a protocol."""

from collections.abc import Collection, Sequence
from typing import Protocol

from dialer.leg_events import LegEvent
from dialer.legs import Leg
from dialer.orders import RingAgent


class Switchboard(Protocol):
    """Who calls agents' telephones. Vendor errors come back as events, never as exceptions."""

    async def ring(self, order: RingAgent) -> LegEvent:
        """Call an agent once, never again: LegPlaced, LegRefused, LegNotPlaced or LegUnsure."""
        ...

    async def ask(self, leg: Leg, *, known: Collection[str] = ()) -> Sequence[LegEvent]:
        """Return what the carrier knows of a silent call to an agent: events to apply in order, or none.

        `known` are references of earlier calls to them. Raises CarrierSilent when it cannot be asked.
        """
        ...

    async def has_ended(self, reference: str) -> bool:
        """Tell whether a line is surely over at the carrier. Raises CarrierSilent when it cannot be asked."""
        ...
