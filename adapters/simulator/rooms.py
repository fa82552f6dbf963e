"""Conferences: who is in which room, and the callbacks about it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from adapters.clock import SystemClock
from adapters.simulator.courier import Courier
from adapters.simulator.naming import fresh, rfc2822
from adapters.simulator.verbs import Conference, TwimlInvalid
from campaigns.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """The person on a customer's leg, as far as the agent gets to know: number, which try, what was said."""

    number: str
    nth: int
    says: Outcome


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """One leg in a room: an agent's (with the agent's id) or a customer's (with a guest).

    `visits` brings an agent each customer who comes in, and None once the agent is out of the room. `redirect` gives
    a leg that is no call of the list another document: its text, or where to fetch it. `is_dialled`: called into the
    room by the API, as supervisors are.
    """

    sid: str
    terms: Conference
    agent: str | None = None
    guest: Guest | None = None
    stir: Callable[[], None] = lambda: None
    partner: str | None = None
    is_out: bool = False
    is_dialled: bool = False
    is_held: bool = False
    is_muted: bool = False
    coaches: str | None = None
    ends: bool | None = None
    since: datetime | None = None
    redirect: Callable[[str | None, str | None], None] | None = None
    left: asyncio.Event = field(default_factory=asyncio.Event)
    visits: "asyncio.Queue[Member | None]" = field(default_factory=asyncio.Queue)


@dataclass(slots=True, kw_only=True, eq=False)
class Room:
    """A conference that exists. The first member's callback address, events and size hold for all (twilio.md §2.1)."""

    sid: str
    terms: Conference
    members: list[Member] = field(default_factory=list)
    has_started: bool = False
    sequence: int = 0
    began: datetime | None = None


class Rooms:
    """All conferences of the account, by name."""

    def __init__(self, courier: Courier, clock: SystemClock, account_sid: str) -> None:
        """Take the courier of their callbacks."""
        self._courier, self._clock, self._account_sid = courier, clock, account_sid
        self._rooms: dict[str, Room] = {}

    def enter(self, member: Member) -> None:
        """Put a leg into the room its terms name.

        Raises TwimlInvalid: 16025 when its label is taken there, 16020 when the room is full.
        """
        terms = member.terms
        room = self._rooms.get(terms.name)
        if room is None:
            room = self._rooms[terms.name] = Room(sid=fresh("CF"), terms=terms, began=self._clock.now())
        if terms.label is not None and any(other.terms.label == terms.label for other in room.members):
            raise TwimlInvalid(16025, f"the label {terms.label} is taken in this room")
        if len(room.members) >= room.terms.most:
            raise TwimlInvalid(16020, f"the room holds {room.terms.most} and is full")
        if terms.coaches and all(other.sid != terms.coaches for other in room.members):
            raise TwimlInvalid(13240, f"{terms.coaches} is not in this room to be coached")
        member.is_muted, member.coaches, member.since = terms.muted, terms.coaches, self._clock.now()
        room.members.append(member)
        self._tell(room, "join", "participant-join", member)
        if not room.has_started and len(room.members) > 1 and any(each.terms.starts for each in room.members):
            room.has_started = True
            self._tell(room, "start", "conference-start", None)
        if room.has_started:
            _introduce(room)

    def is_waiting(self, member: Member) -> bool:
        """Tell whether a leg is in a room that has not started: it hears the music, if any."""
        room = self._rooms.get(member.terms.name)
        return room is not None and member in room.members and not room.has_started

    def leave(self, member: Member, reason: str = "participant_hung_up") -> None:
        """Take a leg out of its room; the room ends with it if it was the last, or if its terms say so."""
        room = self._rooms.get(member.terms.name)
        if room is None or member not in room.members:
            return
        self._put_out(room, member, reason)
        if member.terms.ends if member.ends is None else member.ends:
            for other in tuple(room.members):
                self._put_out(room, other, "moderator_ended_conference")
        if not room.members:
            del self._rooms[room.terms.name]
            self._tell(room, "end", "conference-end", member)

    def all(self) -> tuple[Room, ...]:
        """Return the rooms there are, the newest first."""
        return tuple(reversed(self._rooms.values()))

    def find(self, key: str) -> Room | None:
        """Return the room of this SID or this name."""
        return next((room for room in self._rooms.values() if key in {room.sid, room.terms.name}), None)

    def leg(self, sid: str) -> Member | None:
        """Return the leg of this SID, in whichever room it is."""
        return next((one for room in self._rooms.values() for one in room.members if one.sid == sid), None)

    def change(self, room: Room, member: Member, **changes: object) -> None:
        """Change how a leg takes part (is_held, is_muted, coaches, ends), and tell what was subscribed to."""
        for name, value in changes.items():
            was = getattr(member, name)
            setattr(member, name, value)
            if name in _TOLD and was != value:
                event, kind = _TOLD[name][0 if value else 1], _TOLD[name][2]
                self._tell(room, kind, f"participant-{event}", member)
            elif was != value:
                self._tell(room, "modify", "participant-modify", member)
        member.stir()

    def _put_out(self, room: Room, member: Member, reason: str) -> None:
        """Take one leg out and tell everybody concerned."""
        room.members.remove(member)
        member.is_out = True
        member.left.set()
        member.visits.put_nowait(None)
        member.stir()
        self._tell(room, "leave", "participant-leave", member, ReasonParticipantLeft=reason)

    def _tell(self, room: Room, name: str, event: str, member: Member | None, **more: str) -> None:
        """Send a conference callback, if the first member subscribed to it."""
        if room.terms.status_callback is None or name not in room.terms.status_events:
            return
        room.sequence += 1
        fields = {
            "ConferenceSid": room.sid,
            "FriendlyName": room.terms.name,
            "AccountSid": self._account_sid,
            "SequenceNumber": str(room.sequence),
            "Timestamp": rfc2822(self._clock.now()),
            "StatusCallbackEvent": event,
            **more,
        }
        if member is not None:
            fields |= _about(member, ending=event == "conference-end")
        self._courier.notify(room.terms.status_callback, fields, room.sid, event, room.sequence)


_TOLD = {"is_held": ("hold", "unhold", "hold"), "is_muted": ("mute", "unmute", "mute")}
"""What is told when a leg's flag is set, when it is taken back, and the word by which both are subscribed to."""


def _introduce(room: Room) -> None:
    """Let every customer who has no agent yet meet the agent of the room."""
    host = next((member for member in room.members if member.agent is not None), None)
    for member in room.members:
        is_new = member.agent is None and member.partner is None and not member.is_dialled
        if host is not None and is_new:
            member.partner = host.agent
            host.visits.put_nowait(member)
            member.stir()


def _about(member: Member, *, ending: bool) -> dict[str, str]:
    """Return what a callback says of the leg concerned."""
    label = member.terms.label or ""
    if ending:
        return {
            "ReasonConferenceEnded": "last-participant-left",
            "CallSidEndingConference": member.sid,
            "ParticipantLabelEndingConference": label,
        }
    return {
        "CallSid": member.sid,
        "ParticipantLabel": label,
        "Muted": str(member.is_muted).lower(),
        "Hold": str(member.is_held).lower(),
        "Coaching": str(member.coaches is not None).lower(),
        "StartConferenceOnEnter": str(member.terms.starts).lower(),
        "EndConferenceOnExit": str(member.terms.ends).lower(),
    }
