"""What keeps every engine from calling: the carrier asked for a pause, the account is closed, a backup came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from compliance.ledger import Kind, Record
from dialer.events import CallQueued, CallThrottled, Event

CARRIER: Final = "carrier"
RESTORED: Final = "restored"
_LIFTED: Final = "lifted"
_BACK_OFF: Final = timedelta(seconds=1)
_LONGEST: Final = timedelta(days=1)
_QUEUE_EMPTIES: Final = timedelta(seconds=10)
_WE_ARE_TOO_FAST: Final = "calls wait in the carrier's queue: lower carrier.calls_per_second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """No call is opened until then; without an end, until somebody lifts it. `reason` is for people."""

    name: str
    since: datetime
    until: datetime | None
    reason: str

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether it still holds."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far the ledger had come at an instant: its rows, and the hash of the last of them."""

    at: datetime
    rows: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """The last word on a database that came back from a backup: held, or released (`is_lifted`), at `at` by `by`.

    `since` is how far back it may have lost something, where that is known.
    """

    at: datetime
    by: str
    is_lifted: bool
    since: datetime | None = None


def in_force(halts: Iterable[Halt], now: datetime) -> tuple[Halt, ...]:
    """Return those that hold."""
    return tuple(halt for halt in halts if halt.is_in_force(now))


def halt_after(event: Event, now: datetime) -> Halt | None:
    """Return the pause that the carrier asks for, a day at most, or that its queue needs to empty; as a rule none."""
    match event:
        case CallThrottled():
            asked = timedelta(seconds=event.retry_after_s) if event.retry_after_s else _BACK_OFF
            return Halt(name=CARRIER, since=now, until=now + min(asked, _LONGEST), reason=event.detail)
        case CallQueued():
            return Halt(name=CARRIER, since=now, until=now + _QUEUE_EMPTIES, reason=_WE_ARE_TOO_FAST)
        case _:
            return None


def sealed(halt: Halt, *, by: str, lifted: bool = False, facts: Mapping[str, object] | None = None) -> Record:
    """Return what the ledger is told of a halt without an end, and of what led to it (JSON values)."""
    body = {"halt": halt.name, "reason": halt.reason, "by": by, "to": _LIFTED if lifted else "in force"}
    return Record(kind=Kind.HALTED, at=halt.since, body={**body, **(facts or {})})


def restoration(at: datetime, body: Mapping[str, Any]) -> Restoration | None:
    """Return what a sealed record says of a restored database; None when it is about another halt."""
    if body.get("halt") != RESTORED:
        return None
    since = body.get("since")
    return Restoration(
        at=at,
        by=body["by"],
        is_lifted=body["to"] == _LIFTED,
        since=datetime.fromisoformat(since) if since else None,
    )
