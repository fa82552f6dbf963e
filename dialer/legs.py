"""An agent's own telephone, called by us: its states, whom to ring, when to ask, what an end means. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dialer.agents import Agent, AgentState
from dialer.leg_events import (
    LegAnswered,
    LegEnded,
    LegEvent,
    LegKeyed,
    LegNotPlaced,
    LegPlaced,
    LegRefused,
    LegRinging,
    LegUnsure,
)
from dialer.nonce import nonce_for

RING_LIMIT: Final = timedelta(seconds=30)
"""How long an agent's telephone rings."""
LEG_LIMIT: Final = timedelta(hours=12)
"""How long one line may stay in its room: a shift, as long as a browser stays signed in."""
_LONGEST_PAUSE: Final = timedelta(minutes=5)


class LegState(StrEnum):
    """opened → placed → ringing → answered → joined → over, or unsure."""

    OPENED = "opened"
    UNSURE = "unsure"
    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    JOINED = "joined"
    OVER = "over"


class LegEnding(StrEnum):
    """Why a call to an agent is over: they left, nobody answered, nobody pressed a key, or it was never made."""

    LEFT = "left"
    UNANSWERED = "unanswered"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"
    NOT_PLACED = "not_placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One call to an agent's telephone or SIP address; `caller_id` is the number of ours that they see."""

    id: str
    agent: str
    address: str
    caller_id: str
    nonce: str
    state: LegState
    opened_at: datetime
    deadline: datetime | None = None
    reference: str | None = None
    ending: LegEnding | None = None
    asked: int = 0


_ENDS: Mapping[type[LegEvent], LegState] = dict.fromkeys((LegNotPlaced, LegEnded), LegState.OVER)
_NEWS: Mapping[type[LegEvent], LegState] = {LegRinging: LegState.RINGING, LegAnswered: LegState.ANSWERED}
_BEFORE: Mapping[type[LegEvent], LegState] = {**_ENDS, **_NEWS, LegPlaced: LegState.PLACED}
LEG: dict[tuple[LegState, type[LegEvent]], LegState] = {
    **{(LegState.OPENED, kind): state for kind, state in _BEFORE.items()},
    (LegState.OPENED, LegRefused): LegState.OVER,
    (LegState.OPENED, LegUnsure): LegState.UNSURE,
    **{(LegState.UNSURE, kind): state for kind, state in _BEFORE.items()},
    **{(LegState.PLACED, kind): state for kind, state in {**_ENDS, **_NEWS}.items()},
    (LegState.RINGING, LegAnswered): LegState.ANSWERED,
    **{(LegState.RINGING, kind): state for kind, state in _ENDS.items()},
    (LegState.ANSWERED, LegKeyed): LegState.ANSWERED,
    **{(LegState.ANSWERED, kind): state for kind, state in _ENDS.items()},
    **{(LegState.JOINED, kind): state for kind, state in _ENDS.items()},
}
"""What each event makes of a call to an agent. A pair that is not here is late or doubled, and moves nothing."""

WAITING: Final = frozenset(
    {LegState.OPENED, LegState.UNSURE, LegState.PLACED, LegState.RINGING, LegState.ANSWERED}
)
"""On their way into the room, perhaps."""


def stay_of(sid: str, trip: int = 0) -> str:
    """Return what names one stay of a line in its agent's room: the call's, with the trip that it came home from."""
    return f"{sid}-{trip}" if trip else sid


def call_of(stay: str) -> str:
    """Return the carrier's reference of the call that a stay is of."""
    return stay.partition("-")[0]


def left_key(reference: str) -> str:
    """Return the key of the news that a line has left its room, whoever tells it."""
    return f"{reference}:left"


def to_ring(agents: Iterable[Agent], live: Iterable[Leg], lines: Collection[str]) -> tuple[Agent, ...]:
    """Return the agents to be called now: ready, with a telephone of their own, and no line in or on its way.

    Whoever does not come to the telephone is set away with the end of that call, so nobody is rung again unasked.
    """
    busy = {leg.agent for leg in live}
    return tuple(
        agent
        for agent in agents
        if agent.state is AgentState.READY and agent.leg is None and agent.id in lines
        if agent.id not in busy
    )


def unwanted(agents: Iterable[Agent], live: Iterable[Leg]) -> tuple[Leg, ...]:
    """Return the calls to agents who went away, or whose line came in another way, before they picked up."""
    known = {agent.id: agent for agent in agents}
    return tuple(
        leg
        for leg in live
        if leg.state in WAITING and leg.reference and not is_wanted(leg, known.get(leg.agent))
    )


def is_wanted(leg: Leg, agent: Agent | None) -> bool:
    """Tell whether an agent still waits for this call of ours to bring them into their room."""
    return leg.state in WAITING and agent is not None and agent.state is not AgentState.AWAY and not agent.leg


def open_leg(agent: Agent, address: str, caller_id: str, *, ordinal: int, secret: str, now: datetime) -> Leg:
    """Return the intent to call an agent, the `ordinal`-th to this one; without its deadline."""
    name = f"{agent.id}-{ordinal}"
    return Leg(
        id=name,
        agent=agent.id,
        address=address,
        caller_id=caller_id,
        nonce=nonce_for(secret, "leg", name),
        state=LegState.OPENED,
        opened_at=now,
    )


def deadline_of(leg: Leg, silence: timedelta, now: datetime) -> datetime | None:
    """Return when to ask about a call to an agent if nothing more is heard of it; None when nothing is awaited."""
    match leg.state:
        case LegState.JOINED | LegState.OVER:
            return None
        case LegState.RINGING:
            return now + RING_LIMIT + silence
        case _:
            return now + silence


def advance(leg: Leg, event: LegEvent, silence: timedelta, now: datetime) -> Leg | None:
    """Return the call to an agent after an event; None when the event is late or doubled."""
    state = LEG.get((leg.state, type(event)))
    if state is None:
        return None
    reference = getattr(event, "reference", None) or leg.reference
    ending = _ending(leg, event) if state is LegState.OVER else None
    moved = replace(leg, state=state, reference=reference, ending=ending)
    return replace(moved, deadline=deadline_of(moved, silence, now))


def joined(leg: Leg) -> Leg:
    """Return the call of an agent who is in their room."""
    return replace(leg, state=LegState.JOINED, deadline=None)


def out(leg: Leg, silence: timedelta, now: datetime) -> Leg:
    """Return the call of an agent whose line has left the room: if its end is not told, it is asked about."""
    return replace(leg, deadline=now + silence)


def postpone(leg: Leg, silence: timedelta, now: datetime) -> Leg:
    """Return a call to an agent with its next question put off, twice as far each time, five minutes at most."""
    pause = min(silence * 2 ** min(leg.asked, 8), _LONGEST_PAUSE)
    return replace(leg, asked=leg.asked + 1, deadline=now + pause)


def _ending(leg: Leg, event: LegEvent) -> LegEnding:
    match event:
        case LegRefused():
            return LegEnding.REFUSED
        case LegNotPlaced():
            return LegEnding.NOT_PLACED
        case _ if leg.state is LegState.JOINED:
            return LegEnding.LEFT
        case _ if leg.state is LegState.ANSWERED:
            return LegEnding.UNCONFIRMED
        case _:
            return LegEnding.UNANSWERED
