"""What Twilio asks about agents' own lines: a browser that calls our application, a telephone that we called."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import structlog
from aiohttp import web

from adapters.twilio import translate, voice
from adapters.twilio.gate import Visit
from adapters.twilio.line_pass import named_by
from adapters.twilio.urls import Addresses, Door
from dialer.leg_events import LegAnswered, LegEnded, LegEvent, LegKeyed, LegPlaced, LegRinging
from dialer.orders import EnterRoom, Instruction, Invite
from dialer.ports import Clock, Receiver

_log = structlog.get_logger(__name__)

_NEWS: dict[str, type[LegPlaced | LegRinging]] = {
    "queued": LegPlaced,
    "initiated": LegPlaced,
    "ringing": LegRinging,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLines:
    """The doors of agents' lines. `agents` are the ids that the settings name."""

    receiver: Receiver
    addresses: Addresses
    clock: Clock
    room_of: Callable[[str], Awaitable[str | None]]
    agents: Collection[str]

    async def called(self, visit: Visit) -> web.Response:
        """An agent's browser calls our application: into the room of whoever Twilio says it is, and no other."""
        senders = [*visit.form.getall("From", []), *visit.form.getall("Caller", [])]
        agent, sid = named_by(senders, self.agents), translate.sid_of(visit.form)
        room = await self.room_of(agent) if agent and sid else None
        if agent is None or room is None:
            _log.warning("line_of_stranger", reason="no agent" if sid else "no sid")
            return _twiml(voice.hang_up())
        return _twiml(self._room(room, agent, sid))

    async def closed(self, visit: Visit) -> web.Response:
        """An agent's browser has ended its call: the same news as that it left the room, in case that was lost."""
        senders = [*visit.form.getall("From", []), *visit.form.getall("Caller", [])]
        agent, sid = named_by(senders, self.agents), translate.sid_of(visit.form)
        if agent and sid and visit.form.get("CallStatus") in translate.ENDINGS:
            await self.receiver.receive(translate.left(sid, agent, self.clock.now()))
        return web.Response(status=204)

    async def answer(self, visit: Visit) -> web.Response:
        """An agent's telephone was picked up: by them, or by a mailbox."""
        return await self._asked(visit, LegAnswered, "answered")

    async def keyed(self, visit: Visit) -> web.Response:
        """Whoever picked up pressed a key."""
        if not visit.form.get("Digits"):
            return _twiml(voice.hang_up())
        return await self._asked(visit, LegKeyed, "keyed")

    async def status(self, visit: Visit) -> web.Response:
        """The call to an agent's telephone moved on."""
        sid, status = translate.sid_of(visit.form), visit.form.get("CallStatus", "")
        kind: type[LegPlaced | LegRinging | LegEnded] | None = (
            LegEnded if status in translate.ENDINGS else _NEWS.get(status)
        )
        if sid and kind:
            word = "ended" if kind is LegEnded else status
            await self.receiver.receive(self._event(visit, kind, word, sid))
        return web.Response(status=204)

    async def _asked(self, visit: Visit, kind: type[LegAnswered | LegKeyed], word: str) -> web.Response:
        sid = translate.sid_of(visit.form)
        if not sid:
            return _twiml(voice.hang_up())
        told = self._event(visit, kind, word, sid)
        return _twiml(self._words(await self.receiver.receive(told), visit, sid))

    def _event(
        self,
        visit: Visit,
        kind: type[LegPlaced | LegRinging | LegAnswered | LegKeyed | LegEnded],
        word: str,
        sid: str,
    ) -> LegEvent:
        agent = visit.name.rpartition("-")[0]
        return kind(key=f"{sid}:leg:{word}", at=self.clock.now(), agent=agent, leg=visit.name, reference=sid)

    def _words(self, instruction: Instruction | None, visit: Visit, sid: str) -> str:
        match instruction:
            case Invite():
                key_url = self.addresses.leg(visit.name, visit.nonce, Door.KEYED)
                return voice.invitation(instruction, key_url=key_url)
            case EnterRoom(room=room):
                return self._room(room, visit.name.rpartition("-")[0], sid)
            case _:
                return voice.hang_up()

    def _room(self, room: str, agent: str, sid: str) -> str:
        return voice.agent_room(room, self.addresses.rooms(), label=voice.agent_label(agent, sid))


def _twiml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml", charset="utf-8")
