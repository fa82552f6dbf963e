"""What Twilio tells and asks us: verified, translated, received, and only then acknowledged."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

import structlog
from aiohttp import web

from adapters.twilio import labels, translate, voice
from adapters.twilio.gate import Gate, TurnedAway, Visit
from adapters.twilio.hold import hold_words
from adapters.twilio.lines import AgentLines
from adapters.twilio.urls import AGENT_PATH, CALL_PATH, LEG_PATH, LINE_PATH, ROOMS_PATH, Addresses, Door
from campaigns.speech import Utterance
from dialer.events import Event
from dialer.orders import (
    ConfirmOptOut,
    EnterRoom,
    Instruction,
    Invite,
    JoinRoom,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
    Wait,
)
from dialer.ports import Clock, Receiver

_log = structlog.get_logger(__name__)


class PatientClock(Clock, Protocol):
    """A clock that can be waited on."""

    async def wait(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        ...


RoomOf = Callable[[str], Awaitable[str | None]]
"""The room of an agent, None when there is no such agent."""


def routes(
    receiver: Receiver, *, gate: Gate, addresses: Addresses, clock: PatientClock, room_of: RoomOf
) -> list[web.RouteDef]:
    """Return every address Twilio may call.

    An event is received, which stores it durably, before it is acknowledged. A failure of the receiver is not caught:
    it becomes a 500, and Twilio tells us again.
    """
    desk = _Desk(receiver=receiver, addresses=addresses, clock=clock, room_of=room_of)
    doors = {
        Door.ANSWER: desk.answer,
        Door.STATUS: desk.status,
        Door.SCREENED: desk.screened,
        Door.AFTER: desk.after,
        Door.NOTICE: desk.notice,
        Door.KEYED: desk.keyed,
        Door.RECORDING: desk.recording,
        Door.FALLBACK: desk.fallback,
        Door.HOLD: desk.hold,
    }
    return [
        *(web.post(f"{CALL_PATH}/{door}", _behind(gate, "call", handler)) for door, handler in doors.items()),
        web.post(ROOMS_PATH, _behind(gate, None, desk.rooms)),
        web.post(AGENT_PATH, _behind(gate, "agent", desk.join)),
    ]


def line_routes(lines: AgentLines, gate: Gate) -> list[web.RouteDef]:
    """Return the addresses at which Twilio tells and asks about agents' own lines."""
    doors = {Door.ANSWER: lines.answer, Door.KEYED: lines.keyed, Door.STATUS: lines.status}
    return [
        *(web.post(f"{LEG_PATH}/{door}", _behind(gate, "leg", handler)) for door, handler in doors.items()),
        web.post(LINE_PATH, _behind(gate, "line", lines.called)),
        web.post(f"{LINE_PATH}/{Door.STATUS}", _behind(gate, "line", lines.closed)),
    ]


def _behind(
    gate: Gate, purpose: str | None, handler: Callable[[Visit], Awaitable[web.Response]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            visit = await gate.admit(request, purpose)
            with gate.room_for(request.path.rpartition("/")[2]):
                return await handler(visit)
        except TurnedAway as turned:
            return web.Response(status=turned.status)

    return handle


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    receiver: Receiver
    addresses: Addresses
    clock: PatientClock
    room_of: RoomOf

    async def answer(self, visit: Visit) -> web.Response:
        """A line was picked up and waits: say what it is to do."""
        sid = translate.sid_of(visit.form)
        if not sid:
            return _twiml(voice.hang_up())
        instruction = await self.receiver.receive(translate.answered(sid, visit.name, self.clock.now()))
        while isinstance(instruction, Wait):  # the line hears nothing meanwhile, as in any set-up
            await self.clock.wait(instruction.seconds)
            waited = translate.waited(sid, visit.name, self.clock.now())
            instruction = await self.receiver.receive(waited)
        return _twiml(self._words(instruction, visit))

    async def status(self, visit: Visit) -> web.Response:
        """The call moved on."""
        return await self._take(translate.of_status(visit.form, visit.name, self.clock.now()))

    async def screened(self, visit: Visit) -> web.Response:
        """Machine detection has an opinion."""
        return await self._take(translate.of_screening(visit.form, visit.name, self.clock.now()))

    async def after(self, visit: Visit) -> web.Response:
        """The person is out of the room, still on the line: nothing more to say. The status callback tells the rest."""
        del visit
        return _twiml(voice.hang_up())

    async def notice(self, visit: Visit) -> web.Response:
        """A key was pressed during the notice."""
        sid = translate.sid_of(visit.form)
        if visit.form.get("Digits") != voice.OPT_OUT_KEY or not sid:
            return _twiml(voice.hang_up())
        return await self._opt_out(visit)

    async def keyed(self, visit: Visit) -> web.Response:
        """A key was pressed during a campaign's message: 9 opts out at once, of others the campaign knows what for."""
        key, sid = visit.form.get("Digits", ""), translate.sid_of(visit.form)
        if key == voice.OPT_OUT_KEY and sid:
            return await self._opt_out(visit)
        if len(key) != 1 or not sid:
            return _twiml(voice.hang_up())
        pressed = translate.keyed(sid, key, visit.name, self.clock.now())
        return _twiml(self._words(await self.receiver.receive(pressed), visit))

    async def recording(self, visit: Visit) -> web.Response:
        """A recording began, is there to be fetched, or never came to be."""
        return await self._take(translate.of_recording(visit.form, visit.name, self.clock.now()))

    async def fallback(self, visit: Visit) -> web.Response:
        """Another door of this call failed: a line that could not ask what to do asks once more, any other ends.

        A document that Twilio could fetch and not execute (12xxx) would be the same again.
        """
        code, failed = visit.form.get("ErrorCode", ""), visit.form.get("ErrorUrl", "").partition("#")[0]
        is_number = code.isascii() and code.isdigit()
        _log.warning("carrier_fell_back", attempt=visit.name, code=int(code[:6]) if is_number else None)
        if visit.form.get("Digits") == voice.OPT_OUT_KEY and translate.sid_of(visit.form):
            return await self._opt_out(
                visit
            )  # the key could not be told where it was pressed: it counts all the same
        is_answer = failed.partition("?")[0].endswith(f"/{Door.ANSWER}")
        return await self.answer(visit) if is_answer and code.startswith("11") else _twiml(voice.hang_up())

    async def rooms(self, visit: Visit) -> web.Response:
        """Somebody entered or left an agent's room."""
        label = visit.form.get("ParticipantLabel", "")
        agent = labels.owner(label)
        if listener := labels.listener(label):
            return await self._take(translate.of_listener(visit.form, listener, self.clock.now()))
        if agent is None:
            return await self._take(translate.of_room(visit.form, self.clock.now()))
        return await self._take(translate.of_agents_leg(visit.form, agent, self.clock.now()))

    async def hold(self, visit: Visit) -> web.Response:
        """Somebody is on hold: what they hear."""
        return _twiml(hold_words(visit.query))

    async def join(self, visit: Visit) -> web.Response:
        """An agent's leg asks for its room."""
        room = await self.room_of(visit.name)
        if room is None:
            _log.warning("unknown_agent_joined", agent=visit.name)
            return _twiml(voice.hang_up())
        label = voice.agent_label(visit.name, visit.form.get("CallSid", ""))
        return _twiml(voice.agent_room(room, self.addresses.rooms(), label=label))

    async def _opt_out(self, visit: Visit) -> web.Response:
        sid = visit.form.get("CallSid", "")
        await self.receiver.receive(translate.opted_out(sid, visit.name, self.clock.now()))
        return _twiml(voice.confirmation(visit.query.get("language", "ja"), visit.query.get("voice")))

    async def _take(self, event: Event | None) -> web.Response:
        if event is not None:
            await self.receiver.receive(event)
        return web.Response(status=204)

    def _keys(self, door: Door, said: Utterance, visit: Visit) -> str:
        return self.addresses.call(visit.name, visit.nonce, door, query=voice.query_of(said))

    def _words(self, instruction: Instruction | None, visit: Visit) -> str:
        match instruction:
            case JoinRoom():
                after = self.addresses.call(visit.name, visit.nonce, Door.AFTER)
                return voice.join_room(instruction, after_url=after, rooms_url=self.addresses.rooms())
            case PlayNotice():
                return voice.notice(instruction, key_url=self._keys(Door.NOTICE, instruction, visit))
            case PlayMessage():
                key = self._keys(Door.KEYED, instruction, visit)
                return voice.notice(instruction, key_url=key, announcement=instruction.announcement)
            case PromiseCallback():
                return voice.promise(instruction.language, instruction.voice)
            case ConfirmOptOut():
                return voice.confirmation(instruction.language, instruction.voice)
            case Release() | Wait() | Invite() | EnterRoom() | None:
                return voice.hang_up()
            case _:
                assert_never(instruction)


def _twiml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml", charset="utf-8")
