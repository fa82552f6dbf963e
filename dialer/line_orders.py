"""What we tell the world to do with the legs of a live call, in the imperative."""

from dataclasses import dataclass
from datetime import datetime

from dialer.line_events import LineAnswered, Said, What
from dialer.listen_events import ListenAnswered
from dialer.listening import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOrder:
    """An order about a live call. `id` is unique for the order, `reference` the carrier's for the person's leg."""

    id: str
    attempt: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPerson(LineOrder):
    """Keep the person apart from the others in their room, with words and music of ours; or let them back."""

    room: str
    is_on: bool
    nonce: str
    language: str
    music: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteAgent(LineOrder):
    """Let nobody hear an agent in their room; or let everybody."""

    agent: str
    room: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePerson(LineOrder):
    """Take the person's leg out of whatever it does and into a room; `move` counts these orders within a call.

    `music` (https) is played while nobody else is there.
    """

    nonce: str
    room: str
    move: int
    music: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgent(LineOrder):
    """Take an agent's leg out of the room it is in and into a colleague's, or home into their own.

    `room` is the colleague's. `trip` counts these orders within a call, with those that move the person.
    """

    agent: str
    home: str
    room: str
    trip: int
    is_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListener(LineOrder):
    """Call a supervisor's own line (a number, `sip:` or `client:`) into an agent's room, to take part as `mode` says.

    `nonce` tells this line from every other of theirs; the `caller_id` is a number of ours.
    """

    supervisor: str
    agent: str
    room: str
    mode: Mode
    nonce: str
    line: str
    caller_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneListener(LineOrder):
    """Let a supervisor in the room take part as `mode` says from now on; `leg` is the carrier's for their line."""

    supervisor: str
    agent: str
    room: str
    mode: Mode
    nonce: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndListener(LineOrder):
    """End a supervisor's line, `leg` in the carrier's words."""

    leg: str


LineWork = HoldPerson | MuteAgent | MovePerson | SendAgent
"""What is done to the legs of person and agent."""
EarWork = CallListener | TuneListener | EndListener
"""What is done to a supervisor's line."""


def answered(order: LineWork, said: Said, at: datetime, detail: str = "") -> LineAnswered:
    """Return the word to an order, with what it was about."""
    what, is_on, move = What.VISIT, False, 0
    match order:
        case HoldPerson(is_on=is_on):
            what = What.HOLD
        case MuteAgent(is_on=is_on):
            what = What.MUTE
        case MovePerson(move=move):
            what = What.MOVE
        case SendAgent(trip=move, is_home=is_on):
            what = What.VISIT
    return LineAnswered(
        key=f"line:{order.id}",
        at=at,
        attempt=order.attempt,
        what=what,
        said=said,
        is_on=is_on,
        move=move,
        detail=detail,
    )


def heard(
    order: CallListener | TuneListener, said: Said, at: datetime, *, leg: str = "", detail: str = ""
) -> ListenAnswered:
    """Return the word to an order about a supervisor's line, `leg` in the carrier's words."""
    return ListenAnswered(
        key=f"line:{order.id}",
        at=at,
        attempt=order.attempt,
        supervisor=order.supervisor,
        nonce=order.nonce,
        said=said,
        mode=order.mode,
        is_first=isinstance(order, CallListener),
        reference=leg,
        detail=detail,
    )
