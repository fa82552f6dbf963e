"""The real engine with a store in memory, a clock that stands still, and a carrier and a mailer that do as told."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from itertools import count
from typing import Any, TypeVar

from structlog.testing import capture_logs

from adapters.clock import VirtualClock
from adapters.wiring.stores import open_store
from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState
from compliance.ledger import LedgerEntry
from compliance.question import Suppression
from dialer.agents import Agent
from dialer.attempt import Attempt
from dialer.engine import Engine
from dialer.errors import CarrierSilent
from dialer.events import (
    AgentDisposed,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallEvent,
    CallPlaced,
    CallRinging,
    CallThrottled,
    CallUnsure,
    Event,
)
from dialer.line_events import LineAnswered, Said, What
from dialer.line_orders import CallListener, EarWork, EndListener, LineWork, TuneListener, answered, heard
from dialer.listen_events import ListenAnswered
from dialer.mail_events import MailAccepted, MailEvent, MailNotSent
from dialer.orders import HangUp, Instruction, LeaveMessage, PlaceCall, SendMail
from dialer.ports import Store, Unit
from dialer.settings import CarrierSettings
from dialer.view import CampaignState
from tests.support.builders import NOON, a_contact, an_agent, rules, the_campaign
from tests.support.stores import CAMPAIGN, a_candidate

T = TypeVar("T")
People = int | Sequence[Contact]


class Crash(RuntimeError):
    """The program was cut off between the carrier's yes and our hearing of it."""


def reference_of(attempt: str) -> str:
    """Return what our carrier calls the call of an attempt: a sid has its shape, or it is none."""
    return f"CA{blake2b(attempt.encode(), digest_size=16).hexdigest()}"


@dataclass(kw_only=True)
class Line:
    """A carrier: remembers its orders, answers each as `mode` says, and knows of silent calls what `knows` says."""

    clock: VirtualClock
    mode: str = "placed"
    retry_after_s: float = 300
    knows: Sequence[CallEvent] = ()
    is_reachable: bool = True
    placed: list[PlaceCall] = field(default_factory=list)
    hung_up: list[HangUp] = field(default_factory=list)
    left: list[LeaveMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    known: Collection[str] = ()
    prices: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    directed: list[LineWork] = field(default_factory=list)
    says: dict[What, Said] = field(default_factory=dict)
    ears: list[EarWork] = field(default_factory=list)
    listening: Said = Said.DONE

    async def place(self, order: PlaceCall) -> CallEvent:
        """Take the order, or not."""
        self.placed.append(order)
        now, key = self.clock.now(), f"{order.attempt}:{self.mode}"
        match self.mode:
            case "placed":
                reference = reference_of(order.attempt)
                return CallPlaced(key=key, at=now, attempt=order.attempt, reference=reference)
            case "throttled":
                pause = self.retry_after_s
                return CallThrottled(
                    key=key, at=now, attempt=order.attempt, detail="429", retry_after_s=pause
                )
            case "unsure":
                return CallUnsure(key=key, at=now, attempt=order.attempt, detail="http-500")
            case _:
                raise Crash(order.attempt)

    async def hang_up(self, order: HangUp) -> None:
        """End a call."""
        self.hung_up.append(order)

    async def leave(self, order: LeaveMessage) -> None:
        """Leave a message on a machine."""
        self.left.append(order)

    async def direct(self, order: LineWork | EarWork) -> LineAnswered | ListenAnswered | None:
        """Do something with a live call's legs, or say why not."""
        if isinstance(order, CallListener | TuneListener | EndListener):
            self.ears.append(order)
            if isinstance(order, EndListener):
                return None
            leg = reference_of(order.nonce) if self.listening is Said.DONE else ""
            return heard(order, self.listening, self.clock.now(), leg=leg)
        self.directed.append(order)
        done = answered(order, Said.DONE, self.clock.now())
        return replace(done, said=self.says.get(done.what, Said.DONE))

    async def ask(self, attempt: Attempt, *, known: Collection[str] = ()) -> Sequence[CallEvent]:
        """Tell what is known of a call, if there is anybody to tell it."""
        self.asked, self.known = [*self.asked, attempt.id], known
        if not self.is_reachable:
            raise CarrierSilent("no answer")
        return self.knows

    async def price(self, reference: str) -> tuple[Decimal, str] | None:
        """Tell what a call cost, when that is known and there is anybody to tell it."""
        self.asked = [*self.asked, reference]
        if not self.is_reachable:
            raise CarrierSilent("no answer")
        return self.prices.get(reference)

    @property
    def numbers(self) -> list[str]:
        """The numbers dialled, in order."""
        return [order.to for order in self.placed]


@dataclass(kw_only=True)
class Post:
    """A mailer: looks once more whether a mail is still wanted, and sends it."""

    clock: VirtualClock
    mode: str = "accepted"
    sent: list[SendMail] = field(default_factory=list)

    async def send(self, order: SendMail, is_wanted: Callable[[], Awaitable[bool]]) -> MailEvent:
        """Send once, unless nobody wants it any more."""
        now, key = self.clock.now(), f"mail:{order.attempt}:{self.mode}"
        if not await is_wanted():
            return MailNotSent(key=key, at=now, attempt=order.attempt, detail="no longer wanted")
        self.sent.append(order)
        if self.mode == "crash":
            raise Crash(order.attempt)
        return MailAccepted(key=key, at=now, attempt=order.attempt, reference=f"<{order.attempt}>")


@dataclass(frozen=True, kw_only=True)
class Office:
    """One installation: what is done to it, and what is seen of it."""

    clock: VirtualClock
    store: Store
    line: Line
    post: Post
    engine: Engine
    numbers: "count[int]" = field(default_factory=count)

    async def tick(self) -> None:
        """Plan once, and see the orders carried out."""
        await self.engine.tick()
        await self.engine.settle()

    async def after(self, **time: float) -> None:
        """Let time pass, and plan."""
        self.go(**time)
        await self.tick()

    def go(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance_to(self.clock.now() + timedelta(**time))

    async def told(self, event: Event) -> Instruction | None:
        """Receive an event, and see carried out what follows."""
        instruction = await self.engine.receive(event)
        await self.engine.settle()
        return instruction

    async def hears(self, kind: type[AttemptEvent], attempt: str, **facts: Any) -> Instruction | None:
        """The world tells something new of an attempt."""
        return await self.told(kind(attempt=attempt, **self.now, **facts))

    @property
    def now(self) -> dict[str, Any]:
        """The key and the instant of something that has not happened before."""
        return {"key": f"event-{next(self.numbers)}", "at": self.clock.now()}

    async def rings(self, attempt: str) -> None:
        """The person's phone rings."""
        await self.hears(CallRinging, attempt, reference=reference_of(attempt))

    async def answers(self, attempt: str) -> Instruction | None:
        """The person picks up."""
        return await self.hears(CallAnswered, attempt, reference=reference_of(attempt))

    async def talks(self, attempt: str) -> None:
        """The person picks up and reaches the agent's room."""
        await self.answers(attempt)
        await self.hears(CallConnected, attempt, reference=reference_of(attempt))

    async def ends(self, attempt: str, ending: CallEnding = CallEnding.NO_ANSWER, talk_s: int = 0) -> None:
        """The call is over."""
        await self.hears(CallEnded, attempt, reference=reference_of(attempt), ending=ending, talk_s=talk_s)

    async def talked(self, attempt: str) -> None:
        """The person reached the agent, and they have hung up."""
        await self.talks(attempt)
        await self.ends(attempt, CallEnding.COMPLETED, talk_s=30)

    async def disposes(self, attempt: str, disposition: str, *, again_at: datetime | None = None) -> None:
        """The attempt's agent says what happened."""
        agent = (await self.attempt(attempt)).agent or ""
        await self.disposes_as(agent, attempt, disposition, again_at=again_at)

    async def disposes_as(
        self, agent: str, attempt: str, disposition: str, *, again_at: datetime | None = None
    ) -> None:
        """Some agent says what happened."""
        facts = {"agent": agent, "attempt": attempt, "callback_at": again_at, **self.now}
        await self.told(AgentDisposed(disposition=disposition, **facts))

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Do something in a transaction that is not the engine's."""
        return await self.store.transact(work)

    async def attempt(self, attempt: str) -> Attempt:
        """Return an attempt that is there."""
        found = await self.write(lambda unit: unit.attempt(attempt))
        assert found is not None, attempt
        return found

    async def lead(self, place: int = 1) -> Lead:
        """Return the lead in that place; it is there."""
        found = await self.write(lambda unit: unit.lead(place))
        assert found is not None, place
        return found

    async def agent(self, name: str = "aoki") -> Agent:
        """Return an agent who is there."""
        found = await self.write(lambda unit: unit.agent(name))
        assert found is not None, name
        return found

    async def state(self, campaign: str = CAMPAIGN) -> CampaignState:
        """Return a campaign's state."""
        rows = await self.write(lambda unit: unit.campaigns())
        return next(row.state for row in rows if row.id == campaign)

    async def suppressions(self) -> list[Suppression]:
        """Return the do-not-contact list."""
        return await self.store.read(lambda reports: list(reports.suppressions()))

    async def ledger(self, kind: str) -> list[LedgerEntry]:
        """Return what the ledger has of one kind."""
        return [
            entry
            for entry in await self.store.read(lambda reports: list(reports.ledger()))
            if entry.kind == kind
        ]


def furnish(unit: Unit, campaigns: Sequence[tuple[Campaign, People]]) -> None:
    """Save the campaigns, set them running, and put their people on their lists, due at noon."""
    first = 1
    for campaign, people in campaigns:
        unit.save_campaign(campaign, "v1", NOON)
        unit.set_campaign_state(campaign.id, CampaignState.RUNNING, CampaignState.DRAFT)
        contacts = (
            [a_contact(place) for place in range(first, first + people)]
            if isinstance(people, int)
            else people
        )
        first += len(contacts)
        candidates = [a_candidate(place, contact=contact) for place, contact in enumerate(contacts, 1)]
        unit.enrol(campaign.id, candidates, NOON)


def on_mail_step(unit: Unit) -> None:
    """Put every lead where our own campaign writes a mail."""
    for place in count(1):
        lead = unit.lead(place)
        if lead is None:
            return
        unit.save_lead(replace(lead, step=1), LeadState.WAITING)


@asynccontextmanager
async def an_office(
    people: People = 3,
    *,
    agents: Sequence[str] = ("aoki", "baba"),
    campaign: Campaign | None = None,
    others: Sequence[tuple[Campaign, People]] = (),
    start: datetime = NOON,
    **settings: Any,
) -> AsyncIterator[Office]:
    """Open the real engine over a store in memory: campaigns running, agents ready, people due."""
    campaigns = [(campaign or the_campaign(), people), *others]
    clock, store = VirtualClock(start), await open_store("sqlite:///:memory:")
    settings.setdefault("carrier", CarrierSettings(calls_per_second=50))
    try:
        await store.transact(lambda unit: furnish(unit, campaigns))
        for name in agents:
            agent = an_agent(name)
            await store.transact(lambda unit, agent=agent: unit.put_agent(agent))  # type: ignore[misc]
        # An order that fails is logged with all its frames drawn: a tenth of a second each that no test looks at.
        with capture_logs():
            yield opened(clock, store, campaigns=[one for one, _ in campaigns], **settings)
    finally:
        await store.close()


def opened(clock: VirtualClock, store: Store, *, campaigns: Sequence[Campaign], **settings: Any) -> Office:
    """Return an office over a store that is prepared."""
    line, post = Line(clock=clock), Post(clock=clock)
    engine = Engine(store=store, carrier=line, mailer=post, clock=clock, rules=rules(**settings))
    engine.take_campaigns({one.id: one for one in campaigns})
    return Office(clock=clock, store=store, line=line, post=post, engine=engine)
