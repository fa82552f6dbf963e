"""What an event meets, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from campaigns.campaign import Campaign
from compliance.ledger import Kind, Record
from dialer.attempt import Attempt
from dialer.events import (
    Event,
)
from dialer.foresight import Foresight
from dialer.orders import Instruction, Order
from dialer.ports import Unit
from dialer.questions import Rules

_HEAD = frozenset({"key", "at", "attempt"})
"""What an event's row holds in columns of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What to do once the event is stored: orders to the world, a word to an answered line; `is_orphan` is an alarm."""

    orders: tuple[Order, ...] = ()
    instruction: Instruction | None = None
    may_plan: bool = False
    is_orphan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an event meets: the transaction, the campaigns in force, the rules, the instant, who answers when."""

    unit: Unit
    campaigns: Mapping[str, Campaign]
    rules: Rules
    now: datetime
    known: Foresight = field(default_factory=Foresight)

    def is_new(self, event: Event, attempt: str | None = None) -> bool:
        """Store the event; False when it is there already."""
        told = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in _HEAD}
        plain = {
            name: value if isinstance(value, int | float | None) else str(value)
            for name, value in told.items()
        }
        return self.unit.remember(event.key, attempt, type(event).__name__, event.at, plain)

    def ignore(self, event: Event, attempt: Attempt | None, why: str) -> None:
        """Record an event that changes nothing: officers see it."""
        body = {"event": type(event).__name__, "key": event.key, "why": why}
        record = Record(kind=Kind.IGNORED, at=self.now, body=body)
        if attempt:
            record = replace(record, campaign=attempt.campaign, person=attempt.contact, attempt=attempt.id)
        self.unit.record([record])
