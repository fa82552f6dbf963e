"""The real routes over the real engine and store, with Twilio's side of whole calls and a look at every row."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from twilio.request_validator import RequestValidator

from adapters.store.database import MemoryStore
from adapters.twilio.gate import Gate
from adapters.twilio.urls import Addresses, Door
from adapters.twilio.webhooks import routes
from dialer.agents import AgentState
from dialer.events import AgentAway, AgentJoined, AgentReady
from dialer.nonce import nonce_for
from dialer.orders import PlaceCall
from tests.adapters.twilio.builders import ACCOUNT, PUBLIC, TOKEN
from tests.support.builders import SECRET, an_agent
from tests.support.engines import Office, an_office

FORM = "application/x-www-form-urlencoded"
Dump = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A request as it went over the wire."""

    path: str
    form: Mapping[str, str]
    signature: str

    @property
    def door(self) -> str:
        """The last word of the path."""
        return self.path.partition("?")[0].rpartition("/")[2]


@dataclass(kw_only=True)
class Premises:
    """An office behind its webhooks; what Twilio sends is captured."""

    office: Office
    client: "TestClient[web.Request, web.Application]"
    captured: list[Captured] = field(default_factory=list)
    sids: "count[int]" = field(default_factory=lambda: count(1))

    async def send(self, request: Captured) -> tuple[int, str]:
        """Send a request as it stands; return status and body."""
        headers = {"Content-Type": FORM, "X-Twilio-Signature": request.signature}
        body = urlencode(request.form).encode()
        answer = await self.client.post(request.path, data=body, headers=headers)
        text = await answer.text()
        await self.office.engine.settle()
        return answer.status, text

    async def tell(self, path: str, **form: str) -> str:
        """Sign and send a callback, keep it, and return the answer; it is let in."""
        form = {"AccountSid": ACCOUNT, **form}
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
        request = Captured(path=path, form=form, signature=signature)
        status, text = await self.send(request)
        assert status in {200, 204}, (path, status)
        self.captured.append(request)
        return text

    def sid(self, kind: str = "CA") -> str:
        """A name that Twilio has not given yet."""
        return f"{kind}{next(self.sids):032x}"

    async def leg(self, agent: str) -> str:
        """An agent's line comes into its room; return its sid."""
        sid = self.sid()
        await self.tell(f"/twilio/agents/{agent}/{nonce_for(SECRET, 'agent', agent)}/join", CallSid=sid)
        await self.room("participant-join", sid, f"agent.{agent}.{sid}")
        return sid

    async def room(self, event: str, sid: str, label: str) -> None:
        """Somebody comes into a room or leaves it."""
        fields = {"ConferenceSid": "CF" + "0" * 32, "FriendlyName": "ag-1", "SequenceNumber": "1"}
        await self.tell(
            "/twilio/rooms", StatusCallbackEvent=event, CallSid=sid, ParticipantLabel=label, **fields
        )

    async def ready(self, *agents: str) -> None:
        """Agents who are away say that they are there; whose line is gone has it back."""
        for agent in agents:
            if (await self.office.agent(agent)).leg is None:
                await self.office.told(AgentJoined(agent=agent, reference=self.sid(), **self.office.now))
            if (await self.office.agent(agent)).state is AgentState.AWAY:
                await self.office.told(AgentReady(agent=agent, **self.office.now))

    async def away(self, *agents: str) -> None:
        """Agents go."""
        for agent in agents:
            await self.office.told(AgentAway(agent=agent, **self.office.now))

    async def hire(self, name: str) -> None:
        """Somebody new is on the floor, away until they say otherwise."""
        agent = an_agent(name, state=AgentState.AWAY, leg=None)
        await self.office.write(lambda unit: unit.put_agent(agent))

    async def dump(self) -> Dump:
        """Every row of every table."""
        connection = cast("MemoryStore", self.office.store)._connection
        with connection.begin():
            tables = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).scalars()
            return {
                name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]  # noqa: S608
                for name in sorted(tables)
            }


@dataclass(frozen=True, kw_only=True)
class Line:
    """One call as Twilio sees it."""

    premises: Premises
    order: PlaceCall
    sid: str

    async def at(self, door: Door, *, query: str = "", **form: str) -> str:
        """Twilio calls a door of this call."""
        path = f"/twilio/{self.order.attempt}/{self.order.nonce}/{door}{query}"
        return await self.premises.tell(path, CallSid=self.sid, **form)

    async def status(self, status: str, **more: str) -> None:
        """The call moves on."""
        people = {"From": self.order.caller_id, "To": self.order.to, "ToCity": "", "ToState": "東京"}
        await self.at(Door.STATUS, CallStatus=status, CallbackSource="call-progress-events", **people, **more)

    async def rings(self) -> None:
        """It is dialled, and rings."""
        await self.status("initiated", SequenceNumber="0")
        await self.status("ringing", SequenceNumber="1")

    async def answers(self) -> str:
        """Somebody picks up; return what the line is told."""
        await self.rings()
        await self.status("in-progress", SequenceNumber="2")
        return await self.at(
            Door.ANSWER, CallStatus="in-progress", From=self.order.caller_id, To=self.order.to
        )

    async def enters(self) -> None:
        """They come into the agent's room."""
        await self.premises.room("participant-join", self.sid, self.order.attempt)

    async def recording(self, name: str, status: str, **more: str) -> None:
        """The recording moves on."""
        await self.at(Door.RECORDING, RecordingSid=name, RecordingStatus=status, **more)


@asynccontextmanager
async def premises(people: int = 3, **changes: Any) -> AsyncIterator[Premises]:
    """Open an office with its webhooks on loopback; their public address is another."""
    async with an_office(people, **changes) as office:
        addresses = Addresses(public_url=PUBLIC)
        gate = Gate(root=addresses.root, auth_tokens=[TOKEN], secret=SECRET, clock=office.clock)

        async def room_of(agent: str) -> str | None:
            found = await office.write(lambda unit: unit.agent(agent))
            return found.room if found else None

        app = web.Application()
        app.add_routes(
            routes(office.engine, gate=gate, addresses=addresses, clock=office.clock, room_of=room_of)
        )
        async with TestClient(TestServer(app)) as client:
            yield Premises(office=office, client=client)
