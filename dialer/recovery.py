"""When silence must be asked about, and what to make of an answer that says nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.campaign import Campaign
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState
from dialer.events import CallEvent, CallNotPlaced
from dialer.mail_events import MailEvent, MailUnsure
from dialer.ports import Unit
from dialer.settings import Settings

_DOUBLINGS = 12
GRACE = timedelta(minutes=15)
"""What is added to the carrier's longest accept delay before absence counts as proof."""

_REMEMBERED = timedelta(days=3)
"""A call that may be an attempt's was made after it: others to the same number are looked for that far before it."""


def taken_by_others(unit: Unit, attempt: Attempt) -> frozenset[str]:
    """Return the references of other attempts to the same number: none of those calls is this attempt's."""
    return unit.references_to(attempt.address, attempt.opened_at - _REMEMBERED) - {attempt.reference}


def deadline_of(attempt: Attempt, campaign: Campaign, settings: Settings, now: datetime) -> datetime | None:
    """Return when to ask about the attempt if nothing more is heard of it; None when nothing more is awaited."""
    pacing = campaign.pacing
    match attempt.state:
        case AttemptState.PLACED if attempt.dialed_at is None:
            return now + settings.carrier.queue_limit
        case AttemptState.OPENED | AttemptState.UNSURE | AttemptState.PLACED | AttemptState.ANSWERED:
            return now + settings.silence
        case AttemptState.RINGING:
            return now + pacing.ring_limit + settings.silence
        case AttemptState.CONNECTED:
            return now + pacing.call_limit + settings.silence
        case AttemptState.ACCEPTED | AttemptState.OVER:
            return None


def postpone(attempt: Attempt, settings: Settings, now: datetime) -> Attempt:
    """Return the attempt with its next question put off, twice as far each time, an hour at most."""
    doublings = min(attempt.asked, _DOUBLINGS)
    pause = min(settings.silence * 2**doublings, timedelta(hours=1))
    return replace(attempt, asked=attempt.asked + 1, deadline=now + pause)


def give_up(attempt: Attempt, settings: Settings, now: datetime) -> CallEvent | MailEvent | None:
    """Return the event that ends an attempt nobody knows of, once absence is proof; None while it is not.

    A carrier that queues may dial up to its accept limit later, so no earlier moment proves that a call was not made
    (facts of Twilio's queue: up to 24 hours). A mail is never sent again, so it is given up at once.
    """
    if attempt.channel is Channel.EMAIL:
        return MailUnsure(key=f"{attempt.id}:silent", at=now, attempt=attempt.id, detail="no word of it")
    if now - attempt.opened_at < settings.carrier.accept_limit + GRACE:
        return None
    return CallNotPlaced(
        key=f"{attempt.id}:silent", at=now, attempt=attempt.id, detail="no trace at the carrier"
    )
