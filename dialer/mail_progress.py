"""What each event does to a mail."""

from dataclasses import replace

from campaigns.outcome import Outcome
from dialer.attempt import Attempt, AttemptState
from dialer.events import AttemptEvent
from dialer.mail_events import (
    MailAccepted,
    MailAnswered,
    MailBounced,
    MailComplained,
    MailDelivered,
    MailNotSent,
    MailRefused,
    MailUnsubscribed,
    MailUnsure,
)

MAIL: dict[tuple[AttemptState, type[AttemptEvent]], AttemptState] = {
    (AttemptState.OPENED, MailAccepted): AttemptState.ACCEPTED,
    (AttemptState.OPENED, MailRefused): AttemptState.OVER,
    (AttemptState.OPENED, MailNotSent): AttemptState.OVER,
    (AttemptState.OPENED, MailUnsure): AttemptState.OVER,
    (AttemptState.ACCEPTED, MailDelivered): AttemptState.ACCEPTED,
    (AttemptState.ACCEPTED, MailBounced): AttemptState.OVER,
    (AttemptState.ACCEPTED, MailComplained): AttemptState.ACCEPTED,
    (AttemptState.ACCEPTED, MailUnsubscribed): AttemptState.ACCEPTED,
    (AttemptState.ACCEPTED, MailAnswered): AttemptState.ACCEPTED,
    # A link that was clicked proves that the mail arrived, whatever we believed of it.
    (AttemptState.OPENED, MailUnsubscribed): AttemptState.ACCEPTED,
    (AttemptState.OPENED, MailAnswered): AttemptState.ACCEPTED,
    (AttemptState.OVER, MailComplained): AttemptState.OVER,
    (AttemptState.OVER, MailUnsubscribed): AttemptState.OVER,
    (AttemptState.OVER, MailAnswered): AttemptState.OVER,
}
"""What an event does to a mail."""


def with_mail_facts(attempt: Attempt, event: AttemptEvent) -> Attempt:
    """Return the attempt with what an event tells of its mail; raise ValueError for an event of something else."""
    match event:
        case MailAccepted(reference=reference):
            return replace(attempt, reference=reference, placed_at=event.at, outcome=Outcome.SENT)
        case MailNotSent(detail=detail):
            return replace(attempt, outcome=Outcome.NOT_PLACED, over_at=event.at, note=detail)
        case MailRefused() | MailBounced():
            outcome = Outcome.BOUNCED if event.permanent else Outcome.UNDELIVERED
            return replace(
                attempt, outcome=outcome, over_at=event.at, note=f"{event.code} {event.detail}".strip()
            )
        case MailUnsure(detail=detail):
            return replace(attempt, outcome=Outcome.UNKNOWN, over_at=event.at, note=detail)
        case MailUnsubscribed() | MailAnswered() | MailComplained() | MailDelivered():
            return replace(
                attempt, outcome=attempt.outcome or Outcome.SENT, placed_at=attempt.placed_at or event.at
            )
        case _:
            raise ValueError(f"a mail does not know {type(event).__name__}")
