"""What we conclude from an attempt, and what a disposition means."""

from enum import StrEnum


class LeadState(StrEnum):
    """Where a person stands on one campaign's list."""

    WAITING = "waiting"
    TRYING = "trying"
    DONE = "done"


class Ending(StrEnum):
    """Why a lead is done."""

    TALKED = "talked"
    ANSWERED = "answered"
    OPTED_OUT = "opted_out"
    EXHAUSTED = "exhausted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class Outcome(StrEnum):
    """What came of one attempt; every attempt ends with exactly one."""

    SOLD = "sold"
    INTERESTED = "interested"
    CALLBACK = "callback"
    NOT_INTERESTED = "not_interested"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    OPTED_OUT = "opted_out"
    NO_DISPOSITION = "no_disposition"
    MACHINE = "machine"
    ABANDONED = "abandoned"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELED = "canceled"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"
    SENT = "sent"
    BOUNCED = "bounced"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


TALKED = frozenset(
    {
        Outcome.SOLD,
        Outcome.INTERESTED,
        Outcome.CALLBACK,
        Outcome.NOT_INTERESTED,
        Outcome.REFUSED,
        Outcome.WRONG_NUMBER,
        Outcome.OPTED_OUT,
        Outcome.NO_DISPOSITION,
    }
)
"""Outcomes in which a person and an agent spoke."""

DISPOSABLE = frozenset(TALKED | {Outcome.MACHINE}) - {Outcome.NO_DISPOSITION}
"""Outcomes that a campaign's dispositions may mean."""

UNCOUNTED = frozenset({Outcome.NOT_PLACED, Outcome.CANCELED, Outcome.CALLBACK})
"""Outcomes that take nothing from a step's tries: no phone rang, or the person asked to be called again."""

RETRIED = UNCOUNTED | {
    Outcome.NO_ANSWER,
    Outcome.BUSY,
    Outcome.MACHINE,
    Outcome.ABANDONED,
    Outcome.FAILED,
    Outcome.REJECTED,
    Outcome.UNDELIVERED,
}
"""Outcomes after which the same step may be tried again, as the campaign's retry rules say."""
