"""What is done to a live call, in the past tense: by agents at their desks, and what the carrier says to our orders."""

from dataclasses import dataclass
from enum import StrEnum

from dialer.desk_events import TalkEvent
from dialer.events import AgentEvent, AttemptEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTurned(TalkEvent):
    """The agent put the person on hold, or took them off it."""

    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteTurned(TalkEvent):
    """The agent muted their own line, or unmuted it."""

    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAsked(TalkEvent):
    """The agent hands the person to a colleague (an agent's id) or to a team (its id in the campaign), not both.

    `is_warm`: the agent goes along, and introduces them.
    """

    colleague: str = ""
    team: str = ""
    is_warm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionEnded(TalkEvent):
    """The agent who went along leaves the two alone, or takes the person back."""

    is_taken_back: bool = False


class What(StrEnum):
    """What was ordered of a live call's legs."""

    HOLD = "hold"
    MUTE = "mute"
    MOVE = "move"
    VISIT = "visit"


class Said(StrEnum):
    """What came of it: done; surely not done; nobody knows; no such leg any more."""

    DONE = "done"
    REFUSED = "refused"
    UNSURE = "unsure"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswered(AttemptEvent):
    """The carrier's word to an order about a live call's legs; `is_on` and `move` are the order's own."""

    what: What
    said: Said
    is_on: bool = False
    move: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMoved(AttemptEvent):
    """The person's leg is in the room that the order number `move` sent it to."""

    reference: str
    move: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestArrived(AgentEvent):
    """The line of an agent who introduces is in the colleague's room, or home again, as order number `trip` said."""

    trip: int
    is_home: bool = False
    reference: str = ""
