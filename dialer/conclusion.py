"""What an outcome leads to: who is never contacted again, and what the ledger keeps."""

from dataclasses import replace
from datetime import datetime

from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead
from campaigns.outcome import Outcome
from compliance.ledger import Kind, Record
from compliance.question import Suppression
from compliance.terms import Channel
from dialer.attempt import Attempt


def suppressions_after(
    attempt: Attempt, outcome: Outcome, contact: Contact, campaign: Campaign, now: datetime
) -> tuple[Suppression, ...]:
    """Return the do-not-contact entries an outcome makes, at once and without a second click (JP-R1..R4, JP-E4).

    They hold from `now` on, when we learnt of it.
    """
    return tuple(replace(entry, at=now) for entry in _entries(attempt, outcome, contact, campaign.seller.id))


def _entries(attempt: Attempt, outcome: Outcome, contact: Contact, seller: str) -> tuple[Suppression, ...]:
    match outcome:
        case Outcome.OPTED_OUT:
            return _everywhere(attempt, contact, seller, "opted_out")
        case Outcome.REFUSED:
            return _everywhere(attempt, contact, seller, "refused")
        case Outcome.WRONG_NUMBER:
            return (_entry(attempt, "wrong_number", number=attempt.address),)
        case Outcome.BOUNCED:
            return (_entry(attempt, "bounced", email=attempt.address, channel=Channel.EMAIL),)
        case _:
            return ()


def _everywhere(attempt: Attempt, contact: Contact, seller: str, reason: str) -> tuple[Suppression, ...]:
    """Return entries for the person and each address of theirs, on every channel."""
    email = {"email": contact.email} if contact.email else None
    keys: list[dict[str, str]] = [
        {"person": contact.key},
        *({"number": phone.number} for phone in contact.phones),
    ]
    return tuple(
        _entry(attempt, reason, seller=seller, **key) for key in [*keys, *([email] if email else [])]
    )


def _entry(attempt: Attempt, reason: str, **scope: str | Channel) -> Suppression:
    by = attempt.agent or "customer"
    return Suppression(reason=reason, source=f"attempt {attempt.id}", by=by, at=attempt.opened_at, **scope)  # type: ignore[arg-type]


def concluded(attempt: Attempt, outcome: Outcome, lead: Lead, now: datetime) -> Record:
    """Return the ledger's record of an attempt's outcome and of what follows for its lead."""
    times = {
        name: at.isoformat()
        for name in ("opened_at", "placed_at", "ringing_at", "answered_at", "connected_at", "over_at")
        if (at := getattr(attempt, name))
    }
    return Record(
        kind=Kind.CONCLUDED,
        at=now,
        campaign=attempt.campaign,
        person=attempt.contact,
        attempt=attempt.id,
        body={
            "outcome": outcome.value,
            "channel": attempt.channel.value,
            "address": attempt.address,
            "caller_id": attempt.caller_id,
            "reference": attempt.reference,
            "agent": attempt.agent,
            "disposition": attempt.disposition,
            "note": attempt.note,
            "answered_by": attempt.answered_by,
            "talk_s": attempt.talk_s,
            "times": times,
            "lead": {
                "state": lead.state.value,
                "due": lead.due.isoformat() if lead.due else None,
                "ending": lead.ending.value if lead.ending else None,
            },
        },
    )


def unsure(attempt: Attempt, now: datetime) -> Record:
    """Return the ledger's record of an order of which nobody knows whether the carrier took it."""
    return Record(
        kind=Kind.UNSURE,
        at=now,
        campaign=attempt.campaign,
        person=attempt.contact,
        attempt=attempt.id,
        body={"address": attempt.address, "why": attempt.note},
    )


def suppressed(
    suppression: Suppression, *, campaign: str | None = None, attempt: str | None = None
) -> Record:
    """Return the ledger's record of a do-not-contact entry."""
    return Record(
        kind=Kind.SUPPRESSED,
        at=suppression.at,
        campaign=campaign,
        person=suppression.person,
        attempt=attempt,
        body={
            "number": suppression.number,
            "email": suppression.email,
            "channel": suppression.channel.value if suppression.channel else None,
            "seller": suppression.seller,
            "product": suppression.product,
            "reason": suppression.reason,
            "source": suppression.source,
            "by": suppression.by,
            "expires_at": suppression.expires_at.isoformat() if suppression.expires_at else None,
        },
    )
