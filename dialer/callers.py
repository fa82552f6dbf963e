"""Numbers of ours that rest, since the carrier refused to show them or the installation says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.callers import placed_in
from campaigns.campaign import Campaign
from compliance.ledger import Kind, Record
from dialer.attempt import Attempt
from dialer.events import CallRejected, Fault
from dialer.settings import CarrierSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A number (E.164) that is not shown until an instant, and why."""

    number: str
    until: datetime
    why: str


def rest_after(attempt: Attempt, event: CallRejected, carrier: CarrierSettings, now: datetime) -> Rest | None:
    """Return the rest of the number that the carrier refused to show; None when it was not at fault."""
    if event.fault is not Fault.CALLER or not attempt.caller_id or carrier.rest <= timedelta(0):
        return None
    return Rest(number=attempt.caller_id, until=now + carrier.rest, why=event.code)


def resting_now(rests: Iterable[Rest], carrier: CarrierSettings) -> frozenset[str]:
    """Return every number that may not be shown: those at rest, and those the installation keeps back."""
    return frozenset((*(rest.number for rest in rests), *carrier.resting))


def rested(rest: Rest, campaign: Campaign, resting: frozenset[str], now: datetime) -> Record:
    """Return the ledger's record of a number put to rest; `left` numbers of the campaign may still be shown."""
    left = [number for _, number, _ in placed_in(campaign.caller_ids) if number not in resting]
    body = {
        "caller_id": rest.number,
        "rests_until": rest.until.isoformat(),
        "by": f"the carrier refused to show it ({rest.why})",
        "left": len(left),
        "then": None if left else "every number rests: no call until one does not",
    }
    return Record(kind=Kind.CAMPAIGN, at=now, campaign=campaign.id, body=body)
