"""The ways a call can go, each with what is told of it; the orders of these are what the permutations are made of."""

from datetime import timedelta
from typing import Any, TypeVar

from dialer.events import (
    AgentDisposed,
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallOptedOut,
    CallPlaced,
    CallRejected,
    CallRinging,
    CallScreened,
    CallUnsure,
)
from tests.support.builders import NOON
from tests.support.sequences import FIRST, Way

T = TypeVar("T", bound=AttemptEvent)
CALL = "CA1"
"""What the carrier calls it. Its callbacks, its list and its repeats give one thing one key."""


def told(kind: type[T], word: str, second: float, **facts: Any) -> T:
    """Return what the carrier tells so many seconds after the order, under the key that it always has."""
    at = NOON + timedelta(seconds=second)
    said: dict[str, Any] = {"reference": CALL, **facts}
    return kind(key=f"{CALL}:{word}", at=at, attempt=FIRST, **said)


def ended(ending: CallEnding, second: float = 69, talk_s: int = 0) -> CallEnded:
    """Return the end of the call."""
    return told(CallEnded, ending.value, second, ending=ending, talk_s=talk_s)


PLACED = told(CallPlaced, "placed", 1)
RINGING = told(CallRinging, "ringing", 3)
ANSWERED = told(CallAnswered, "answered", 9)
CONNECTED = told(CallConnected, "connected", 10)
HUMAN = told(CallScreened, "screened", 12, answered_by=AnsweredBy.HUMAN)
MACHINE = told(CallScreened, "screened", 12, answered_by=AnsweredBy.MACHINE)
KEY_9 = told(CallOptedOut, "opted-out", 20)
TALKED = ended(CallEnding.COMPLETED, talk_s=60)
LOST = CallUnsure(key=f"{FIRST}:unsure", at=NOON + timedelta(seconds=10), attempt=FIRST, detail="timeout")
REFUSED = CallRejected(
    key=f"{FIRST}:rejected", at=NOON, attempt=FIRST, code="21211", detail="", permanent=True
)
LISTED = told(CallPlaced, "placed", 99), told(CallScreened, "screened", 99, answered_by=AnsweredBy.HUMAN)
"""What the carrier's list says when it is asked: the same things under the same keys, heard at another moment."""
SOLD = AgentDisposed(key="click", at=NOON, agent="aoki", attempt=FIRST, disposition="sold")
NEVER = AgentDisposed(key="click", at=NOON, agent="aoki", attempt=FIRST, disposition="never-again")

ROOM = (ANSWERED, CONNECTED)
"""Nobody is in a room before we answered the line with its name."""

WAYS = (
    Way(name="talked", events=(PLACED, RINGING, ANSWERED, CONNECTED, HUMAN, TALKED)),
    Way(name="written up", events=(PLACED, RINGING, ANSWERED, CONNECTED, TALKED, SOLD)),
    Way(name="refused", events=(PLACED, ANSWERED, CONNECTED, TALKED, NEVER)),
    Way(name="no answer", events=(PLACED, RINGING, ended(CallEnding.NO_ANSWER))),
    Way(name="busy", events=(PLACED, ended(CallEnding.BUSY, 3))),
    Way(name="failed", events=(PLACED, ended(CallEnding.FAILED, 3))),
    Way(name="canceled", events=(PLACED, RINGING, ended(CallEnding.CANCELED, 9))),
    Way(name="rejected", events=(REFUSED,)),
    Way(name="machine in the room", events=(PLACED, RINGING, ANSWERED, CONNECTED, MACHINE, TALKED)),
    Way(name="machine hears the notice", events=(PLACED, RINGING, ANSWERED, MACHINE, TALKED), agents=0),
    Way(name="opted out by key", events=(PLACED, RINGING, ANSWERED, KEY_9, TALKED), agents=0),
    Way(name="opted out, screened", events=(PLACED, RINGING, ANSWERED, HUMAN, KEY_9, TALKED), agents=0),
    Way(name="abandoned to the notice", events=(PLACED, RINGING, ANSWERED, HUMAN, TALKED), agents=0),
    Way(name="hung up on the way to the room", events=(PLACED, RINGING, ANSWERED, HUMAN, TALKED), agents=2),
    Way(name="the order's answer came last", events=(LOST, RINGING, ended(CallEnding.NO_ANSWER))),
    Way(
        name="the order's answer was lost",
        events=(LOST, PLACED, RINGING, ANSWERED, CONNECTED, TALKED),
        agents=2,
        first=(ROOM, (ANSWERED, TALKED)),
    ),
    Way(name="found on the list", events=(LOST, *LISTED, RINGING, TALKED)),
    Way(
        name="the list between the callbacks",
        events=(*LISTED, PLACED, HUMAN, ANSWERED, TALKED),
        agents=0,
    ),
)
