"""What each event does to an attempt: the table of calls, and what is learnt of them."""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.outcome import Outcome
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallDialed,
    CallEnded,
    CallEnding,
    CallKeyed,
    CallNotPlaced,
    CallOptedOut,
    CallPlaced,
    CallPriced,
    CallQueued,
    CallRecorded,
    CallRejected,
    CallRinging,
    CallScreened,
    CallThrottled,
    CallUnsure,
    CallWaited,
)
from dialer.mail_progress import MAIL, with_mail_facts

CALL: dict[tuple[AttemptState, type[AttemptEvent]], AttemptState] = {
    (AttemptState.OPENED, CallPlaced): AttemptState.PLACED,
    (AttemptState.OPENED, CallRejected): AttemptState.OVER,
    (AttemptState.OPENED, CallThrottled): AttemptState.OVER,
    (AttemptState.OPENED, CallUnsure): AttemptState.UNSURE,
    (AttemptState.OPENED, CallNotPlaced): AttemptState.OVER,
    (AttemptState.OPENED, CallDialed): AttemptState.PLACED,
    (AttemptState.OPENED, CallRinging): AttemptState.RINGING,
    (AttemptState.OPENED, CallAnswered): AttemptState.ANSWERED,
    (AttemptState.OPENED, CallEnded): AttemptState.OVER,
    # Whatever overtakes the answer to our order, or the ringing, is kept until they come.
    (AttemptState.OPENED, CallConnected): AttemptState.CONNECTED,
    (AttemptState.OPENED, CallScreened): AttemptState.OPENED,
    (AttemptState.OPENED, CallOptedOut): AttemptState.OPENED,
    (AttemptState.UNSURE, CallPlaced): AttemptState.PLACED,
    (AttemptState.UNSURE, CallNotPlaced): AttemptState.OVER,
    (AttemptState.UNSURE, CallDialed): AttemptState.PLACED,
    (AttemptState.UNSURE, CallRinging): AttemptState.RINGING,
    (AttemptState.UNSURE, CallAnswered): AttemptState.ANSWERED,
    (AttemptState.UNSURE, CallEnded): AttemptState.OVER,
    (AttemptState.UNSURE, CallConnected): AttemptState.CONNECTED,
    (AttemptState.UNSURE, CallScreened): AttemptState.UNSURE,
    (AttemptState.UNSURE, CallOptedOut): AttemptState.UNSURE,
    (AttemptState.PLACED, CallNotPlaced): AttemptState.OVER,
    # Once it rang, no trace at the carrier does not prove that nobody was reached.
    (AttemptState.RINGING, CallNotPlaced): AttemptState.OVER,
    (AttemptState.ANSWERED, CallNotPlaced): AttemptState.OVER,
    (AttemptState.CONNECTED, CallNotPlaced): AttemptState.OVER,
    (AttemptState.PLACED, CallQueued): AttemptState.PLACED,
    (AttemptState.PLACED, CallDialed): AttemptState.PLACED,
    (AttemptState.PLACED, CallRinging): AttemptState.RINGING,
    (AttemptState.PLACED, CallAnswered): AttemptState.ANSWERED,
    (AttemptState.PLACED, CallConnected): AttemptState.CONNECTED,
    (AttemptState.PLACED, CallScreened): AttemptState.PLACED,
    (AttemptState.PLACED, CallOptedOut): AttemptState.PLACED,
    (AttemptState.PLACED, CallEnded): AttemptState.OVER,
    (AttemptState.RINGING, CallAnswered): AttemptState.ANSWERED,
    (AttemptState.RINGING, CallConnected): AttemptState.CONNECTED,
    (AttemptState.RINGING, CallScreened): AttemptState.RINGING,
    (AttemptState.RINGING, CallOptedOut): AttemptState.RINGING,
    (AttemptState.RINGING, CallEnded): AttemptState.OVER,
    (AttemptState.ANSWERED, CallWaited): AttemptState.ANSWERED,
    (AttemptState.ANSWERED, CallConnected): AttemptState.CONNECTED,
    (AttemptState.ANSWERED, CallScreened): AttemptState.ANSWERED,
    (AttemptState.ANSWERED, CallOptedOut): AttemptState.ANSWERED,
    (AttemptState.ANSWERED, CallRecorded): AttemptState.ANSWERED,
    (AttemptState.ANSWERED, CallKeyed): AttemptState.ANSWERED,
    (AttemptState.ANSWERED, CallEnded): AttemptState.OVER,
    (AttemptState.CONNECTED, CallScreened): AttemptState.CONNECTED,
    (AttemptState.CONNECTED, CallOptedOut): AttemptState.CONNECTED,
    (AttemptState.CONNECTED, CallRecorded): AttemptState.CONNECTED,
    (AttemptState.CONNECTED, CallEnded): AttemptState.OVER,
    # Callbacks cross: that the person did reach the agent may be told after the end.
    (AttemptState.OVER, CallConnected): AttemptState.OVER,
    (AttemptState.OVER, CallScreened): AttemptState.OVER,
    (AttemptState.OVER, CallOptedOut): AttemptState.OVER,
    (AttemptState.OVER, CallRecorded): AttemptState.OVER,
    (AttemptState.OVER, CallPriced): AttemptState.OVER,
}
"""What an event does to a call. A pair that is not here is late or doubled: it is recorded, and changes nothing."""

_ENDINGS = {
    CallEnding.BUSY: Outcome.BUSY,
    CallEnding.NO_ANSWER: Outcome.NO_ANSWER,
    CallEnding.FAILED: Outcome.FAILED,
    CallEnding.CANCELED: Outcome.CANCELED,
}
_UNSAID = {None, Outcome.ABANDONED, Outcome.NO_DISPOSITION}
"""Conclusions that nobody spoke: a fact that comes late may still replace them."""
_MACHINES = {AnsweredBy.MACHINE.value, AnsweredBy.FAX.value}


def advance(attempt: Attempt, event: AttemptEvent) -> Attempt | None:
    """Return the attempt after `event`, or None when the event changes nothing here (late, doubled, crossed)."""
    is_call = attempt.channel is Channel.VOICE
    state = (CALL if is_call else MAIL).get((attempt.state, type(event)))
    if state is None or (isinstance(event, CallQueued) and attempt.dialed_at):
        return None  # seen in the queue before it was dialled: by now a phone may ring
    told = _with_call_facts(attempt, event) if is_call else with_mail_facts(attempt, event)
    return replace(told, state=state)


def overtaken(attempt: Attempt, event: AttemptEvent) -> Attempt:
    """Return the attempt with what an event tells that moves it no more: told late, a fact is still a fact."""
    at = min(filter(None, (event.at, attempt.over_at, attempt.answered_at)))
    match event:
        case CallPlaced(reference=reference) | CallAnswered(reference=reference):
            return _heard(attempt, reference, at)
        case CallRinging(reference=reference):
            return _heard(attempt, reference, at, ringing_at=attempt.ringing_at or at)
        case CallUnsure(detail=detail):
            return replace(attempt, note=attempt.note or detail)
        case _:
            return attempt


def _with_call_facts(attempt: Attempt, event: AttemptEvent) -> Attempt:
    match event:
        case CallDialed(reference=reference):
            return _heard(attempt, reference, event.at, dialed_at=attempt.dialed_at or event.at)
        case CallRinging(reference=reference):
            return _heard(attempt, reference, event.at, ringing_at=event.at)
        case CallAnswered(reference=reference):
            return _heard(attempt, reference, event.at, answered_at=attempt.answered_at or event.at)
        case CallConnected(reference=reference):
            return _connected(attempt, reference, event.at)
        case CallScreened(reference=reference, answered_by=answered_by):
            return _screened(replace(attempt, reference=attempt.reference or reference), answered_by)
        case CallOptedOut(reference=reference):
            return replace(attempt, reference=attempt.reference or reference, outcome=Outcome.OPTED_OUT)
        case CallRecorded() | CallKeyed() | CallWaited():  # what a key means stands in the campaign
            return attempt
        case CallEnded():
            return _ended(attempt, event)
        case CallPriced(reference=reference, price=price, currency=currency):
            is_its = reference == attempt.reference  # what another call cost is not this one's
            return replace(attempt, price=price, currency=currency) if is_its else attempt
        case _:
            return _with_answer_to_order(attempt, event)


def _with_answer_to_order(attempt: Attempt, event: AttemptEvent) -> Attempt:
    """Return the attempt with what the carrier said, or did not say, to our order to dial."""
    match event:
        case CallPlaced(reference=reference):
            return _heard(attempt, reference, event.at)
        case CallRejected(code=code, detail=detail, permanent=permanent):
            outcome = Outcome.REJECTED if permanent else Outcome.NOT_PLACED
            return replace(attempt, outcome=outcome, over_at=event.at, note=f"{code} {detail}".strip())
        case CallThrottled(detail=detail) | CallNotPlaced(detail=detail):
            # What the carrier once had may have reached somebody, whatever it knows of it now.
            outcome = Outcome.UNKNOWN if attempt.placed_at else Outcome.NOT_PLACED
            return replace(attempt, outcome=attempt.outcome or outcome, over_at=event.at, note=detail)
        case CallUnsure(detail=detail):
            return replace(attempt, note=detail)
        case CallQueued():
            return attempt
        case _:
            raise ValueError(f"a call does not know {type(event).__name__}")


def _heard(attempt: Attempt, reference: str, at: datetime, **facts: datetime) -> Attempt:
    """Return the attempt with the carrier's reference adopted, should the answer to our order have been lost."""
    # What was taken for never made was made after all, and may have rung: it counts as a contact.
    outcome = Outcome.UNKNOWN if attempt.outcome is Outcome.NOT_PLACED else attempt.outcome
    seen = replace(attempt, reference=attempt.reference or reference, placed_at=attempt.placed_at or at)
    return replace(seen, outcome=outcome, **facts)  # type: ignore[arg-type]  # only *_at fields are ever passed


def _screened(attempt: Attempt, answered_by: AnsweredBy) -> Attempt:
    """Return the attempt with who picked up; a machine is one after the end too, unless an agent said otherwise."""
    heard = replace(attempt, answered_by=answered_by.value)
    is_over = attempt.state is AttemptState.OVER and attempt.disposition is None
    if is_over and attempt.outcome in _UNSAID and heard.answered_by in _MACHINES:
        return replace(heard, outcome=Outcome.MACHINE)
    return heard


def _connected(attempt: Attempt, reference: str, at: datetime) -> Attempt:
    """Return the attempt with the agent's room reached; told after the end, it unsays an abandonment."""
    at = min(at, attempt.over_at or at)
    answered, outcome = attempt.answered_at or at, attempt.outcome
    if outcome is Outcome.ABANDONED:
        outcome = Outcome.NO_DISPOSITION
    reached = _heard(attempt, reference, at, answered_at=answered, connected_at=at)
    lasted = (attempt.over_at or answered) - answered
    return replace(reached, outcome=outcome, talk_s=attempt.talk_s or round(lasted.total_seconds()))


def _ended(attempt: Attempt, event: CallEnded) -> Attempt:
    # What ended as completed was answered, whether or not anybody has told us so.
    is_answered = event.ending is CallEnding.COMPLETED
    picked_up = event.at - timedelta(seconds=event.talk_s) if is_answered else None
    over = replace(
        attempt,
        reference=attempt.reference or event.reference,
        over_at=event.at,
        answered_at=attempt.answered_at or picked_up,
        talk_s=event.talk_s if attempt.connected_at else 0,
        price=event.price,
        currency=event.currency,
    )
    return replace(over, outcome=over.outcome or _outcome_at_end(over, event.ending))


def _outcome_at_end(attempt: Attempt, ending: CallEnding) -> Outcome | None:
    """Return what the call's end alone tells; None when an agent spoke and has yet to say what happened."""
    if attempt.answered_by in _MACHINES:
        return Outcome.MACHINE
    if attempt.connected_at:
        return None
    if attempt.answered_at or ending is CallEnding.COMPLETED:
        return Outcome.ABANDONED
    return _ENDINGS[ending]
