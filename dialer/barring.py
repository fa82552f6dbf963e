"""Whether a call under way may still reach somebody: the stop switch, and the do-not-contact list of this moment."""

from datetime import datetime, timedelta

from campaigns.campaign import Campaign
from campaigns.contact import Contact
from compliance.judge import judge
from compliance.question import Suppression
from compliance.suppression import applies
from compliance.terms import Channel, ReasonCode
from dialer.attempt import Attempt, AttemptState
from dialer.orders import HangUp
from dialer.ports import Unit
from dialer.questions import Rules, question_of

PROMPT = timedelta(seconds=10)
"""Up to this age a judgement of the hours stands: so much a carrier may take to ring, and no call is opened
closer to the end of a window than that and its ringing (`dialer/plan.py: SETUP`)."""
QUEUED = timedelta(seconds=5)
"""How long a carrier may keep a call before it counts as queued: it rings after 1 to 3 s, seldom more."""
CLOSED = {ReasonCode.OUTSIDE_HOURS, ReasonCode.DAY_PROHIBITED, ReasonCode.HOLIDAY_PROHIBITED}
_TALKING = {AttemptState.CONNECTED, AttemptState.OVER}


def is_stoppable(attempt: Attempt) -> bool:
    """Tell whether this is a call in which person and agent do not speak yet; a conversation is never cut off."""
    return attempt.channel is Channel.VOICE and attempt.state not in _TALKING


def is_barred(unit: Unit, attempt: Attempt, campaign: Campaign, *, now: datetime, rules: Rules) -> bool:
    """Tell whether a call that was permitted must be ended: dialing was disabled since, or the person suppressed."""
    standing = unit.standing(attempt.id)
    if standing is None or not standing.is_enabled:
        return True
    if not standing.is_named:
        return False
    contact = unit.contact(attempt.contact)
    entries = unit.suppressions_of(contact) if contact else ()
    question = question_of(campaign, attempt, contact, now=now, rules=rules)
    return any(applies(entry, question) for entry in entries)


def is_too_late(unit: Unit, attempt: Attempt, campaign: Campaign, *, now: datetime, rules: Rules) -> bool:
    """Tell whether the carrier kept a call so long that it now comes outside the hours it was permitted in.

    Calls above the account's rate are queued at Twilio, for hours if need be, and dialled then (facts of Twilio, 0.4).
    """
    if now - attempt.opened_at < PROMPT:
        return False
    contact = unit.contact(attempt.contact)
    question = question_of(campaign, attempt, contact, now=now, rules=rules)
    return any(reason.code in CLOSED for reason in judge(question, rules.law).reasons)


def may_ring_late(
    attempt: Attempt, campaign: Campaign, contact: Contact | None, *, now: datetime, rules: Rules
) -> bool:
    """Tell whether a call that the carrier still keeps could ring past the hours it was permitted in.

    A phone that began to ring now would do so for the whole ring limit.
    """
    then = now + campaign.pacing.ring_limit
    question = question_of(campaign, attempt, contact, now=then, rules=rules)
    return any(reason.code in CLOSED for reason in judge(question, rules.law).reasons)


def is_meant(
    entry: Suppression, unit: Unit, attempt: Attempt, campaign: Campaign, *, now: datetime, rules: Rules
) -> bool:
    """Tell whether a do-not-contact entry covers this call."""
    question = question_of(campaign, attempt, unit.contact(attempt.contact), now=now, rules=rules)
    return applies(entry, question)


def hang_up(attempt: Attempt) -> tuple[HangUp, ...]:
    """Return the order that ends the call; none while the carrier has not given it a reference to name it by."""
    return (HangUp(attempt=attempt.id, reference=attempt.reference),) if attempt.reference else ()
