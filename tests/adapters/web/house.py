"""A small house in memory to put the web side on: a store that says what it is told, a receiver that acts on it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.clock import VirtualClock
from adapters.web.app import create_app
from campaigns.campaign import Campaign
from campaigns.contact import Contact, Phone
from compliance.terms import Channel
from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.events import CampaignPaused, CampaignStarted, CampaignStopped, Event, SwitchTurned
from dialer.halts import Halt
from dialer.need import Workload, slots
from dialer.ports import Reports, Store, Unit
from dialer.presence import Present
from dialer.reports import Stopped, Summary
from dialer.settings import Settings
from tests.support.builders import rules
from tests.support.summaries import NOW, a_summary

SECRET = "a secret for tests"

STATES = {CampaignPaused: "paused", CampaignStarted: "running", CampaignStopped: "stopped"}


def a_campaign(name: str = "winback", **changes: Any) -> Campaign:
    """A campaign as its file says it; name what shall differ."""
    written = {
        "campaign": name,
        "title": {"ja": "秋の特別ご優待", "en": "Autumn offer"},
        "purpose": "sales",
        "product": "green-tea",
        "product_name": {"ja": "静岡の煎茶", "en": "Shizuoka tea"},
        "seller": {
            "id": "midorien",
            "name": {"ja": "株式会社みどり園", "en": "Midorien"},
            "address": {"ja": "静岡県静岡市葵区1-1", "en": "1-1 Aoi, Shizuoka"},
            "number": "+81542001234",
            "email": "info@midorien.example",
        },
        "audience": {
            "file": "../contacts/winback.csv",
            "region": "JP",
            "columns": {"key": "key", "name": "name", "phones": ["phone"]},
        },
        "steps": [{"channel": "voice", "attempts": 3}],
        "caller_ids": ["+81542001234"],
        "scripts": {
            "ja": {"steps": ["{seller}の{agent}です。{name}様でしょうか。", "{product}のご案内です。"]},
            "en": {"steps": ["This is {agent} of {seller}. Am I speaking to {name}?"]},
        },
        "dispositions": [
            {"id": "sold", "label": {"ja": "成約", "en": "Sold"}, "means": "sold", "key": "1"},
            {
                "id": "never",
                "label": {"ja": "今後連絡不要", "en": "Never again"},
                "means": "opted_out",
                "key": "9",
            },
        ],
        "notice": {"ja": "みどり園です。番号は054-200-1234です。今後不要の方は9を押してください。"},
    }
    return Campaign.model_validate({**written, **changes})


def an_agent(name: str = "a1", **changes: Any) -> Agent:
    """An agent who is on a call."""
    given: dict[str, Any] = {
        "name": "佐藤 美咲",
        "room": f"room-{name}",
        "languages": ("ja", "en"),
        "state": AgentState.TALKING,
        "since": NOW,
        "attempt": "t1",
    }
    return Agent(id=name, **{**given, **changes})


def an_attempt(name: str = "t1", **changes: Any) -> Attempt:
    """A call that agent a1 is having with contact C-1."""
    given: dict[str, Any] = {
        "campaign": "winback",
        "version": "0123456789abcdef",
        "lead": 1,
        "contact": "C-1",
        "channel": Channel.VOICE,
        "ordinal": 1,
        "address": "+819012345678",
        "nonce": "n",
        "state": AttemptState.CONNECTED,
        "opened_at": NOW,
        "agent": "a1",
        "language": "ja",
        "caller_id": "+81542001234",
    }
    return Attempt(id=name, **{**given, **changes})


@dataclass
class House:
    """What there is. As a store it answers with these; as a receiver it keeps events and moves the campaign."""

    summaries: dict[str, Summary] = field(default_factory=lambda: {"winback": a_summary()})
    campaigns: Mapping[str, Campaign] = field(default_factory=lambda: {"winback": a_campaign()})
    seats: dict[str, Agent] = field(default_factory=lambda: {"a1": an_agent()})
    attempts: dict[str, Attempt] = field(default_factory=lambda: {"t1": an_attempt()})
    contacts: dict[str, Contact] = field(
        default_factory=lambda: {
            "C-1": Contact(
                key="C-1", name="高橋 健一", language="ja", phones=(Phone(number="+819012345678"),)
            )
        }
    )
    events: list[Event] = field(default_factory=list)
    stale: str = ""
    refuses: Exception | None = None
    broken: bool = False
    stop: Stopped | None = None
    held: tuple[Halt, ...] = ()
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    settings: Settings = field(default_factory=Settings)
    work: Workload = field(default_factory=Workload)
    there: Present = field(default_factory=Present)

    async def transact(self, work: Callable[[Unit], Any], *, alone: bool = False) -> Any:
        """Run `work` on what there is."""
        return work(cast("Unit", self))

    async def read(self, work: Callable[[Reports], Any]) -> Any:
        """Run `work` on what there is."""
        if self.broken:
            raise RuntimeError("the disk is gone")
        return work(cast("Reports", self))

    async def close(self) -> None:
        """Nothing to let go of."""

    def is_dialing_enabled(self) -> bool:
        """Unless somebody turned the switch."""
        return self.stop is None

    def stopped(self) -> Stopped | None:
        """Who turned the switch off."""
        return self.stop

    def halts(self) -> tuple[Halt, ...]:
        """What else keeps everybody from calling."""
        return self.held

    def agents(self) -> list[Agent]:
        """Everybody."""
        return list(self.seats.values())

    def present(self, since: datetime, until: datetime) -> list[Present]:
        """As many in each half hour."""
        return [self.there for _ in slots(since, until)]

    def workload(self, campaign: str, steps: Sequence[int], day: object, now: datetime) -> Workload:
        """What there is to do."""
        return self.work

    def agent(self, agent: str) -> Agent | None:
        """The agent of that id."""
        return self.seats.get(agent)

    def attempt(self, attempt: str) -> Attempt | None:
        """The attempt of that id."""
        return self.attempts.get(attempt)

    def permit(self, attempt: str) -> dict[str, Any] | None:
        """What the ledger keeps of why it was permitted."""
        obligations, saying = (
            ["announce_recording"],
            {"element": "company_name", "rule": "US-FL-D1", "within_s": 30},
        )
        verdict = {"obligations": obligations, "sayings": [saying]}
        return {"verdict": verdict} if attempt in self.attempts else None

    def contact(self, contact: str) -> Contact | None:
        """The contact of that key."""
        return self.contacts.get(contact)

    def summary(self, campaign: str, now: datetime, factor: float = 1.0) -> Summary:
        """How the campaign stands."""
        return replace(self.summaries[campaign], now=now)

    async def receive(self, event: Event) -> None:
        """Keep the event; a manager's word changes the campaign's state."""
        if self.stale:
            raise StaleState(self.stale)
        if self.refuses:
            raise self.refuses
        self.events.append(event)
        if isinstance(event, SwitchTurned):
            again = self.stop or Stopped(
                at=self.clock.now(), by=event.by, reason=event.reason, hung_up=3, unnamed=1
            )
            self.stop = None if event.enabled else again
        if isinstance(event, CampaignPaused | CampaignStarted | CampaignStopped):
            self.change(event.campaign, state=STATES[type(event)])

    def change(self, campaign: str = "winback", **changes: Any) -> None:
        """From now on the campaign stands differently."""
        self.summaries[campaign] = replace(self.summaries[campaign], **changes)

    def app(self) -> web.Application:
        """The web side of this house."""
        return create_app(
            store=cast("Store", self),
            receiver=self,
            clock=self.clock,
            campaigns=lambda: self.campaigns,
            rules=replace(rules(), settings=self.settings, secret=SECRET),
        )


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[TestServer]:
    """Serve the house on a free port of this machine."""
    server = TestServer(house.app(), host="127.0.0.1")
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()
