"""Every order of a call's events, with repeats, through the real reaction over a unit that is a value."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from compliance.question import Suppression
from dialer.agents import Agent, AgentState, reserve
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.events import AgentDisposed, AttemptEvent
from dialer.ports import CampaignRow, Standing, Unit
from dialer.questions import Rules
from dialer.reaction import CROSSING, react
from dialer.scene import Scene
from dialer.shift import agent_disposed, end_overdue_wrap_up
from dialer.view import CampaignState
from tests.support.builders import NOON, a_contact, a_lead, an_agent, rules, the_campaign
from tests.support.stores import an_attempt

FIRST = f"{the_campaign().id}-1-1"
Told = AttemptEvent | AgentDisposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that one call touches, as one value that can be compared: what a transaction would have written."""

    attempt: Attempt
    lead: Lead
    agents: tuple[Agent, ...]
    suppressions: frozenset[Suppression] = frozenset()
    heard: frozenset[str] = frozenset()
    concluded: tuple[str, ...] = ()
    refused: tuple[Told, ...] = ()


@dataclass(slots=True)
class Desk:
    """The part of `Unit` that a call's events use, over one page."""

    page: Page
    contact_: Contact = field(default_factory=a_contact)

    def attempt(self, name: str) -> Attempt | None:
        """Return the attempt, when it is this one."""
        return self.page.attempt if name == self.page.attempt.id else None

    def save_attempt(self, attempt: Attempt, expected: AttemptState) -> None:
        """Write it, when it is still in the state expected."""
        _expect(self.page.attempt.state, expected)
        self.page = replace(self.page, attempt=attempt)

    def live_attempts(self) -> Sequence[Attempt]:
        """Return the calls under way: the one on the page is the only one there is."""
        return [self.page.attempt]

    def agents(self) -> Sequence[Agent]:
        """Return the floor."""
        return self.page.agents

    def agent(self, name: str) -> Agent | None:
        """Return one agent."""
        return next((agent for agent in self.page.agents if agent.id == name), None)

    def ready_agent(self, name: str) -> Agent | None:
        """Return one agent, if ready."""
        found = self.agent(name)
        return found if found and found.state is AgentState.READY else None

    def save_agent(self, agent: Agent, expected: AgentState) -> None:
        """Write an agent, when still in the state expected."""
        before = self.agent(agent.id)
        _expect(before.state if before else None, expected)
        floor = tuple(agent if one.id == agent.id else one for one in self.page.agents)
        self.page = replace(self.page, agents=floor)

    def handling(self, _name: str) -> None:
        """Say that nobody held the person, nor handed them over."""

    def listeners_of(self, _name: str) -> tuple[()]:
        """Say that nobody listens."""
        return ()

    def lead(self, _place: int) -> Lead:
        """Return the lead."""
        return self.page.lead

    def save_lead(self, lead: Lead, expected: LeadState) -> None:
        """Write the lead, when still in the state expected."""
        _expect(self.page.lead.state, expected)
        self.page = replace(self.page, lead=lead)

    def contact(self, _key: str) -> Contact:
        """Return the person."""
        return self.contact_

    def campaigns(self) -> Sequence[CampaignRow]:
        """Return the one campaign, running."""
        return (CampaignRow(id=self.page.attempt.campaign, version="v1", state=CampaignState.RUNNING),)

    def is_dialing_enabled(self) -> bool:
        """Say that nobody turned the stop switch."""
        return True

    def standing(self, _attempt: str) -> Standing:
        """Return how the one attempt stands."""
        return Standing(
            state=self.page.attempt.state,
            campaign=CampaignState.RUNNING,
            is_enabled=True,
            is_named=bool(self.page.suppressions),
        )

    def suppressions_of(self, _contact: Contact) -> Sequence[Suppression]:
        """Return the entries made so far: they all name this person."""
        return tuple(self.page.suppressions)

    def suppress(self, entry: Suppression) -> bool:
        """Add an entry; False when the same scope has one."""
        scopes = {replace(one, at=entry.at, by=entry.by) for one in self.page.suppressions}
        if entry in scopes:
            return False
        self.page = replace(self.page, suppressions=self.page.suppressions | {entry})
        return True

    def remember(self, key: str, *_told: Any) -> bool:
        """Keep a key; False when it is known."""
        if key in self.page.heard:
            return False
        self.page = replace(self.page, heard=self.page.heard | {key})
        return True

    def record(self, records: Sequence[Record]) -> None:
        """Keep which outcomes were concluded."""
        said = tuple(str(record.body["outcome"]) for record in records if record.kind is Kind.CONCLUDED)
        self.page = replace(self.page, concluded=self.page.concluded + said)


def _expect(found: object, expected: object) -> None:
    if found != expected:
        raise StaleState(f"{found} is not {expected}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way a call can go: its events, how many agents there are (the first is reserved for it), what comes first.

    In `first` stand pairs (cause, effect) of which nobody can tell the effect before we heard of the cause.
    """

    name: str
    events: tuple[Told, ...]
    agents: int = 1
    first: tuple[tuple[Told, Told], ...] = ()

    def may_follow(self, event: Told, heard: Collection[Told]) -> bool:
        """Tell whether an event can come when these were told."""
        return all(cause in heard for cause, effect in self.first if effect == event)

    def begin(self) -> Page:
        """Return the page as it stands when the order has just been written."""
        floor = tuple(an_agent(name) for name in ("aoki", "baba")[: self.agents])
        reserved = tuple(reserve(agent, FIRST, NOON) for agent in floor[:1])
        changes: dict[str, Any] = {"id": FIRST, "agent": "aoki" if floor else None, "deadline": None}
        lead = a_lead(state=LeadState.TRYING, tries=1, step_tries=1, due=None)
        return Page(attempt=an_attempt(**changes), lead=lead, agents=reserved + floor[1:])


@dataclass(slots=True)
class Walk:
    """Every order of a way's events, those of each choice of them too; equal pages are walked on from once.

    A repeat is tried at every page there is. Where it changes nothing, no number of repeats anywhere changes anything.
    """

    way: Way
    pages: dict[frozenset[Told], set[Page]] = field(default_factory=dict)
    orders: Counter[tuple[frozenset[Told], int]] = field(default_factory=Counter)
    moved: list[tuple[Page, Told]] = field(default_factory=list)
    steps: int = 0

    def go(self, repeats: int = 2) -> "Walk":
        """Walk; `orders` counts the different sequences with up to that many repeats that are covered so."""
        law, begin = rules(), frozenset[Told]()
        self.pages[begin], self.orders[begin, 0] = {self.way.begin()}, 1
        for size in range(len(self.way.events) + 1):
            for heard in [one for one in self.pages if len(one) == size]:
                self._repeat(heard, law, repeats)
                for event in self.way.events:
                    if event not in heard and self.way.may_follow(event, heard):
                        self._tell(heard, event, law)
        return self

    def _repeat(self, heard: frozenset[Told], law: Rules, repeats: int) -> None:
        for event in heard:
            for page in self.pages[heard]:
                if event in page.refused:
                    continue  # a click that was refused is not yet made: it is made again in the end
                self.steps += 1
                if told(page, event, law) != page:
                    self.moved.append((page, event))
        for count in range(repeats):
            self.orders[heard, count + 1] += len(heard) * self.orders[heard, count]

    def _tell(self, heard: frozenset[Told], event: Told, law: Rules) -> None:
        then = heard | {event}
        for page in self.pages[heard]:
            self.steps += 1
            self.pages.setdefault(then, set()).add(told(page, event, law))
        for (known, count), orders in list(self.orders.items()):
            if known == heard:
                self.orders[then, count] += orders

    def ends(self) -> dict[frozenset[Told], set[Page]]:
        """Return, for each choice of the events, what its orders come to."""
        law = rules()
        return {
            heard: {comparable(quiet(page, law)) for page in pages} for heard, pages in self.pages.items()
        }


def told(page: Page, event: Told, law: Rules) -> Page:
    """Return the page after one event; a click that is refused is kept, to be clicked again in the end."""
    desk = Desk(page)
    scene = _scene(desk, NOON + timedelta(minutes=2), law)
    if isinstance(event, AgentDisposed):
        try:
            agent_disposed(scene, event)
        except StaleState:
            return page if event in page.refused else replace(page, refused=(*page.refused, event))
    else:
        react(scene, event)
    return desk.page


def quiet(page: Page, law: Rules) -> Page:
    """Return the page when callbacks can no longer cross: refused clicks are clicked again, nobody waits in vain."""
    for event in page.refused:
        page = told(replace(page, refused=()), event, law)
    desk, then = Desk(page), NOON + timedelta(minutes=2) + CROSSING
    end_overdue_wrap_up(_scene(desk, then, law))
    return desk.page


def _scene(desk: Desk, now: datetime, law: Rules) -> Scene:
    campaign = the_campaign()
    return Scene(unit=cast("Unit", desk), campaigns={campaign.id: campaign}, rules=law, now=now)


def sequences(way: Way, repeats: int) -> Iterator[tuple[Told, ...]]:
    """Yield every order of all events of a way, with up to that many repeats of any of them at any place after it."""
    yield from _sequences(way, (), repeats)


def _sequences(way: Way, begun: tuple[Told, ...], repeats: int) -> Iterator[tuple[Told, ...]]:
    if set(begun) == set(way.events):
        yield begun
    for event in way.events:
        if event in begun and repeats:
            yield from _sequences(way, (*begun, event), repeats - 1)
        elif event not in begun and way.may_follow(event, begun):
            yield from _sequences(way, (*begun, event), repeats)


def run(way: Way, sequence: Sequence[Told], law: Rules) -> Page:
    """Return what one sequence comes to."""
    page = way.begin()
    for event in sequence:
        page = told(page, event, law)
    return comparable(quiet(page, law))


def comparable(page: Page) -> Page:
    """Return what must not depend on the order: the page without when each word happened to reach us.

    Excluded, and why: `since` and `deadline` follow the moment of receipt, a lead's `due` follows the moment of the
    conclusion, and an `at` is our clock at receipt (Twilio's own has whole seconds and another clock). Whether each of
    the attempt's times is known is compared. An abandonment that the ledger took back with the very next conclusion is
    left out: it was true for what was known then, and of all records the last one stands.
    """
    attempt = page.attempt
    known = {
        name: NOON if getattr(attempt, name) else None
        for name in ("placed_at", "ringing_at", "answered_at", "connected_at", "over_at")
    }
    return replace(
        page,
        attempt=replace(attempt, deadline=None, **known),  # type: ignore[arg-type]
        lead=replace(page.lead, due=NOON if page.lead.due else None),
        agents=tuple(replace(agent, since=NOON, deadline=None) for agent in page.agents),
        suppressions=frozenset(replace(entry, at=NOON) for entry in page.suppressions),
        concluded=_standing(page.concluded),
        heard=frozenset(),
        refused=(),
    )


def _standing(concluded: tuple[str, ...]) -> tuple[str, ...]:
    was_corrected = len(concluded) > 1 and concluded[0] == "abandoned"
    return concluded[1:] if was_corrected else concluded
