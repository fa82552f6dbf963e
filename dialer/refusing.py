"""A refusal that everybody on the list would meet as well: it pauses the campaign until somebody has seen to it."""

from datetime import datetime
from typing import Final

from compliance.ledger import Kind, Record
from dialer.attempt import Attempt
from dialer.events import CallRejected, Fault
from dialer.view import CampaignState

REFUSED: Final = "the carrier refused: "
"""What the ledger names in place of a manager, before the carrier's code; the board finds the reason by it."""

_ONE_CAMPAIGN: Final = frozenset({Fault.CONFIGURATION, Fault.COUNTRY})
"""Elsewhere: a number of ours rests, an account is the breaker's, a person's number ends with their attempt."""


def must_pause(event: CallRejected, state: CampaignState | None) -> bool:
    """Tell whether a refusal pauses the campaign it met, by whose fault it was; None is a campaign that is gone."""
    return event.fault in _ONE_CAMPAIGN and state is CampaignState.RUNNING


def paused(attempt: Attempt, event: CallRejected, now: datetime) -> Record:
    """Return the ledger's record of a campaign paused for what the carrier said to one attempt."""
    body = {
        "from": CampaignState.RUNNING.value,
        "to": CampaignState.PAUSED.value,
        "by": f"{REFUSED}{event.code}",
        "fault": event.fault.value,
        "version": attempt.version,
    }
    return Record(kind=Kind.CAMPAIGN, at=now, campaign=attempt.campaign, attempt=attempt.id, body=body)
