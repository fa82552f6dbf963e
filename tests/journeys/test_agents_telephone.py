"""Agents' own telephones, over a real installation and the double: rung once, and in the room after a key."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from adapters.environment import Keys
from adapters.wiring.house import House, open_house
from compliance.policy import Policy
from compliance.rulebook import packaged_law
from dialer.agents import Agent, AgentState
from dialer.events import AgentAway, AgentReady, SwitchTurned
from dialer.legs import Leg, LegEnding, LegState
from dialer.settings import Settings
from tests.adapters.simulator.builders import (
    ACCOUNT,
    FACTOR,
    KEY,
    SECRET,
    TEN_IN_TOKYO,
    TOKEN,
    Standing,
    a_double,
)

PHONE, CALLER = "+815031234567", "+81542001234"
SIP = "sip:baba@office.sip.twilio.com"


@dataclass(frozen=True, kw_only=True)
class Office:
    """An installation whose agent Aoki has a telephone, and Baba a SIP address; nobody is on any list."""

    house: House
    double: Standing
    clock: AcceleratedClock

    async def telephone(self, does: str, address: str = PHONE, agent: str = "aoki") -> None:
        """Say what becomes of calls to a telephone."""
        one = {"address": address, "agent": agent, "does": does}
        answer = await self.double.api.post("/double/telephones", json={"telephones": [one]})
        answer.raise_for_status()

    async def say(self, kind: type[AgentReady | AgentAway], agent: str = "aoki") -> None:
        """An agent presses a button."""
        at = self.clock.now()
        await self.house.engine.receive(kind(key=f"{agent}:{kind.__name__}:{at}", at=at, agent=agent))

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """See to the lines until something holds."""
        async with asyncio.timeout(30):
            while not await holds():
                await self.look()
                await self.double.api.get("/double/health")

    async def look(self) -> None:
        """See to the lines once."""
        await self.house.ringing.tick()
        await self.house.ringing.settle()
        await self.house.engine.settle()

    async def agent(self, name: str = "aoki") -> Agent:
        """An agent as they are."""
        found = await self.house.store.transact(lambda unit: unit.agent(name))
        assert found is not None
        return found

    async def legs(self, name: str = "aoki") -> list[Leg]:
        """The calls to an agent, the newest first."""
        return await self.house.store.transact(lambda unit: list(unit.legs_of(name)))

    async def is_in(self, name: str = "aoki") -> bool:
        """Tell whether the line is in the room."""
        return (await self.agent(name)).leg is not None

    async def is_away(self) -> bool:
        """Tell whether the agent was set away, and no call to them is under way."""
        return (await self.agent()).state is AgentState.AWAY

    @property
    def ordered(self) -> list[str]:
        """Whom the carrier was told to call, by its own journal."""
        return [line["to"] for line in self.double.lines("calls.jsonl") if line["event"] == "create"]


@asynccontextmanager
async def an_office(folder: Path, **faults: Any) -> AsyncIterator[Office]:
    """Open it."""
    clock = AcceleratedClock(start=TEN_IN_TOKYO, anchor=SystemClock().now(), factor=FACTOR)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    async with a_double(folder) as double:
        if faults:
            (await double.api.post("/double/faults", json=faults)).raise_for_status()
        settings = Settings.model_validate(
            {
                "database": "sqlite:///:memory:",
                "public_url": f"http://{address}",
                "listen": address,
                "carrier": {
                    "base_url": f"http://127.0.0.1:{double.where.port}",
                    "account_sid": ACCOUNT,
                    "calls_per_second": 50,
                    "line_caller_id": CALLER,
                    "read_timeout": timedelta(seconds=1),
                },
                "agents": [
                    {"id": "aoki", "name": "青木", "line": {"phone": PHONE}},
                    {"id": "baba", "name": "Baba", "languages": ["en"], "line": {"sip": SIP}},
                    {"id": "chiba", "name": "千葉"},
                ],
            }
        )
        configuration = Configuration(settings=settings, policy=Policy(), law=packaged_law(), plans={})
        keys = Keys(key_sid=KEY, key_secret=SECRET, auth_tokens=(TOKEN,))
        async with open_house(configuration, keys, clock=clock, secret="s" * 32) as house:
            yield Office(house=house, double=double, clock=clock)
            await house.ringing.settle()


async def test_a_telephone_is_rung_once_and_joins_after_a_key(tmp_path: Path) -> None:
    """Ready: it rings; picked up, a key, in the room; and however often one looks, no second call is made."""
    async with an_office(tmp_path) as office:
        await office.telephone("answer")
        await office.look()
        assert office.ordered == []  # they have not said ready
        await office.say(AgentReady)
        await office.until(office.is_in)
        for _ in range(5):
            await office.look()
        [leg] = await office.legs()
        assert (leg.state, leg.reference, leg.address) == (LegState.JOINED, (await office.agent()).leg, PHONE)
        assert office.ordered == [PHONE]
        assert (await office.agent()).state is AgentState.READY


async def test_a_sip_address_is_rung_the_same_way(tmp_path: Path) -> None:
    """Its owner is asked in English."""
    async with an_office(tmp_path) as office:
        await office.telephone("answer", SIP, "baba")
        await office.say(AgentReady, "baba")
        await office.until(lambda: office.is_in("baba"))
        assert office.ordered == [SIP]


@pytest.mark.parametrize(
    ("does", "ending"),
    [
        ("ignore", LegEnding.UNANSWERED),
        ("busy", LegEnding.UNANSWERED),
        ("mailbox", LegEnding.UNCONFIRMED),
    ],
)
async def test_who_does_not_come_is_away_and_not_rung_again(
    tmp_path: Path, does: str, ending: LegEnding
) -> None:
    """A mailbox is never an agent; ready again, the telephone rings again."""
    async with an_office(tmp_path) as office:
        await office.telephone(does)
        await office.say(AgentReady)
        await office.until(office.is_away)
        for _ in range(5):
            await office.look()
        [leg] = await office.legs()
        assert (leg.state, leg.ending) == (LegState.OVER, ending)
        assert office.ordered == [PHONE]
        assert not await office.is_in()
        await office.telephone("answer")
        await office.say(AgentReady)
        await office.until(office.is_in)
        assert office.ordered == [PHONE, PHONE]


async def test_an_agent_who_hangs_up_is_away(tmp_path: Path) -> None:
    """The line is gone, the telephone stays silent."""
    async with an_office(tmp_path) as office:
        await office.telephone("answer")
        await office.say(AgentReady)
        await office.until(office.is_in)
        sid = (await office.agent()).leg or ""
        await office.double.api.post(office.double.call(sid), data={"Status": "completed"})
        await office.until(office.is_away)
        for _ in range(3):
            await office.look()
        assert office.ordered == [PHONE]
        assert [leg.ending for leg in await office.legs()] == [LegEnding.LEFT]


async def test_who_goes_away_while_it_rings_is_rung_no_more(tmp_path: Path) -> None:
    """The call is ended; should they pick up in that moment, they are hung up on."""
    async with an_office(tmp_path) as office:
        await office.telephone("ignore")
        await office.say(AgentReady)

        async def is_known() -> bool:
            return any(leg.reference for leg in await office.legs())

        await office.until(is_known)
        await office.say(AgentAway)

        async def is_over() -> bool:
            return all(leg.state is LegState.OVER for leg in await office.legs())

        await office.until(is_over)
        ended = [line for line in office.double.lines("calls.jsonl") if line["event"] == "end"]
        assert [line["status"] for line in ended] == ["canceled"]


async def test_an_order_of_which_nobody_knows_is_asked_about_before_another(tmp_path: Path) -> None:
    """The carrier took the call and its answer was lost: the call comes, and no second one is made."""
    async with an_office(tmp_path, error_500_after_accept=1.0) as office:
        await office.telephone("answer")
        await office.say(AgentReady)
        await office.until(office.is_in)
        assert office.ordered == [PHONE]


async def test_an_order_that_was_never_taken_is_given_up_after_the_question(tmp_path: Path) -> None:
    """The carrier knows of no such call: the agent is away, and may say ready again."""
    async with an_office(tmp_path, error_500_before_accept=1.0) as office:
        await office.telephone("answer")
        await office.say(AgentReady)
        await office.until(office.is_away)
        assert [leg.ending for leg in await office.legs()] == [LegEnding.NOT_PLACED]
        assert office.ordered == []


async def test_the_stop_switch_rings_nobody(tmp_path: Path) -> None:
    """Not even agents; when it is turned back, they are rung."""
    async with an_office(tmp_path) as office:
        await office.telephone("answer")
        at = office.clock.now()
        await office.house.engine.receive(SwitchTurned(key="off", at=at, enabled=False, by="test"))
        await office.say(AgentReady)
        for _ in range(5):
            await office.look()
        assert office.ordered == []
        await office.house.engine.receive(SwitchTurned(key="on", at=at, enabled=True, by="test"))
        await office.until(office.is_in)


async def test_who_has_no_telephone_is_not_rung(tmp_path: Path) -> None:
    """Chiba comes with a browser."""
    async with an_office(tmp_path) as office:
        await office.say(AgentReady, "chiba")
        for _ in range(3):
            await office.look()
        assert office.ordered == []
        assert (await office.agent("chiba")).state is AgentState.READY


async def test_a_line_that_went_unheard_is_found_to_be_gone(tmp_path: Path) -> None:
    """Every callback is lost; the carrier is asked, and says that the call is over."""
    async with an_office(tmp_path) as office:
        await office.telephone("answer")
        await office.say(AgentReady)
        await office.until(office.is_in)
        sid = (await office.agent()).leg or ""
        (await office.double.api.post("/double/faults", json={"drop_callbacks": 1.0})).raise_for_status()
        await office.double.api.post(office.double.call(sid), data={"Status": "completed"})
        await office.double.quiet()
        assert await office.is_in()
        await office.house.ringing.look_at_lines()
        await office.house.ringing.settle()
        assert not await office.is_in()
        assert await office.is_away()
