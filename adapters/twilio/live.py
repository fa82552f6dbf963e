"""The legs of live calls through Twilio's API: on hold, muted, from one room into another."""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

from twilio.rest import Client
from twilio.rest.api.v2010.account.conference.participant import ParticipantContext

from adapters.clock import SystemClock
from adapters.twilio import labels, voice
from adapters.twilio.codes import ALREADY_OVER
from adapters.twilio.errors import GARBLED, AnswerRefused, NotSent, RequestFailed, reason
from adapters.twilio.hold import hold_query
from adapters.twilio.standing import Standing
from adapters.twilio.urls import Addresses, Door
from dialer.line_events import LineAnswered, Said
from dialer.line_orders import HoldPerson, LineWork, MovePerson, MuteAgent, SendAgent, answered
from dialer.orders import JoinRoom

_PAUSES_S: Final = (0.3, 1.0)
"""After how long what may be repeated is repeated: to hold and to mute is the same however often it is done."""
_LEGS: Final = 50


class Gone(Exception):
    """There is no such room, or no such leg in it, any more."""


class LiveLegs:
    """Carries out orders about live calls, those about one call in the order in which they were given."""

    def __init__(self, client: Client, addresses: Addresses, clock: SystemClock, standing: Standing) -> None:
        """Speak through this client, and be called back at these addresses."""
        self._client, self._addresses, self._clock, self._standing = client, addresses, clock, standing
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def direct(self, order: LineWork) -> LineAnswered:
        """Carry out one order, and say what came of it."""
        turn = self._turns.setdefault(order.attempt, asyncio.Lock())
        async with turn:
            said, detail = await self._carried_out(order)
        return answered(order, said, self._clock.now(), detail)

    async def _carried_out(self, order: LineWork) -> tuple[Said, str]:
        """Try once, or as often as the order may be repeated; return what came of it, and why it failed."""
        pauses = _PAUSES_S if isinstance(order, HoldPerson | MuteAgent) else ()
        for pause_s in (*pauses, None):
            said, detail = await self._tried(order)
            if said is Said.DONE or said is Said.GONE or pause_s is None:
                return said, detail
            await self._clock.wait(pause_s)
        raise AssertionError("the last pause is none")

    async def _tried(self, order: LineWork) -> tuple[Said, str]:
        try:
            match order:
                case HoldPerson():
                    await self._hold(order)
                case MuteAgent():
                    await self._mute(order)
                case MovePerson():
                    await self._move(order)
                case SendAgent():
                    await self._send(order)
        except Gone as gone:
            return Said.GONE, str(gone)
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_line_failed", attempt=order.attempt)
            return meant(failure), reason(failure)
        except GARBLED as failure:
            return Said.UNSURE, type(failure).__name__
        return Said.DONE, ""

    async def _hold(self, order: HoldPerson) -> None:
        person = await self._participant(order.room, order.reference)
        if not order.is_on:
            await person.update_async(hold=False)
            return
        query = hold_query(order.language, order.music)
        url = self._addresses.call(order.attempt, order.nonce, Door.HOLD, query=query)
        await person.update_async(hold=True, hold_url=url, hold_method="POST")

    async def _mute(self, order: MuteAgent) -> None:
        """Mute every leg of the agent's that is in the room: one may be left from before."""
        legs = await self.legs_of(order.agent, order.room)
        if not legs:
            raise Gone("the agent's line is not in their room")
        for leg in legs:
            person = await self._participant(order.room, leg)
            await person.update_async(muted=order.is_on)

    async def _move(self, order: MovePerson) -> None:
        label = labels.of_person(order.attempt, order.move)
        after = self._addresses.call(order.attempt, order.nonce, Door.AFTER)
        into = JoinRoom(room=order.room, label=label, music=order.music)
        twiml = voice.join_room(into, after_url=after, rooms_url=self._addresses.rooms())
        await self._client.calls(order.reference).update_async(twiml=twiml)

    async def _send(self, order: SendAgent) -> None:
        """Redirect the agent's leg, wherever of the two rooms it is."""
        rooms = (order.room, order.home) if order.is_home else (order.home,)
        for room in rooms:
            legs = await self.legs_of(order.agent, room)
            if legs:
                await self._client.calls(legs[-1]).update_async(twiml=self._way(order, legs[-1]))
                return
        raise Gone("the agent's line is in neither room")

    def _way(self, order: SendAgent, leg: str) -> str:
        rooms = self._addresses.rooms()
        home_label = labels.of_homecoming(order.agent, leg, order.trip)
        if order.is_home:
            return voice.agent_room(order.home, rooms, label=home_label)
        label = labels.of_guest(order.agent, leg, order.trip)
        return voice.visit(
            room=order.room, label=label, home=order.home, home_label=home_label, rooms_url=rooms
        )

    async def legs_of(self, agent: str, room: str) -> list[str]:
        """Return the references of an agent's legs in a room, the one that came last at the end."""
        conference = await self.conference(room)
        if conference is None:
            return []
        found = await self._client.conferences(conference).participants.list_async(limit=_LEGS)
        # Twilio lists the newest first.
        return [str(leg.call_sid) for leg in reversed(found) if labels.owner(str(leg.label)) == agent]

    async def _participant(self, room: str, reference: str) -> ParticipantContext:
        conference = await self.conference(room)
        if conference is None:
            raise Gone("there is no such room")
        return self._client.conferences(conference).participants(reference)

    async def conference(self, room: str) -> str | None:
        """Return Twilio's id of a room in which at least two have met; a room that ended began anew under another."""
        found = await self._client.conferences.list_async(friendly_name=room, status="in-progress", limit=1)
        return str(found[0].sid) if found else None


def meant(failure: RequestFailed) -> Said:
    """Return what a failed request says of the order: surely not carried out, no such leg, or nobody knows."""
    match failure:
        case NotSent():
            return Said.REFUSED
        case AnswerRefused() if failure.code in ALREADY_OVER:
            return Said.GONE
        case AnswerRefused() if failure.is_final:
            return Said.REFUSED
        case _:
            return Said.UNSURE
