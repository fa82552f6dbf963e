"""A calling day in virtual time: the real engine, rules and store, with the simulator's people on the line."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.clock import VirtualClock
from adapters.configuration import Configuration, Plan
from adapters.enrolment import Enrolled, enrol
from adapters.simulator.agents import Choice, SimulatedAgents
from adapters.simulator.calendar import Calendar, drive
from adapters.simulator.carrier import SimulatedCarrier
from adapters.simulator.crowd import crowd
from adapters.simulator.mailer import SimulatedMailer
from adapters.simulator.people import Population
from adapters.wiring.house import agents_of, prepare
from adapters.wiring.stores import open_store
from campaigns.campaign import Campaign
from campaigns.contact import Contact
from campaigns.roster import Candidate
from dialer.agents import Agent
from dialer.engine import Engine
from dialer.events import CampaignStarted
from dialer.ports import Store, Unit
from dialer.reports import Summary
from dialer.settings import AgentSettings
from dialer.stints import Roster, roster_of

_SECRET = "a rehearsal reaches nobody"  # noqa: S105 - nothing leaves the process, so it guards nothing
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What to rehearse: from when to when, with how many people and agents, from which seed."""

    plan: Plan
    opens: datetime
    closes: datetime
    leads: int
    agents: int
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """What shifts come to in a day: agents who work by them, the others, hours at work and hours of planned breaks."""

    agents: int
    others: int
    hours: float
    break_hours: float


def rota_of(roster: Roster, agents: Collection[str], opens: datetime, closes: datetime) -> Rota:
    """Return what the shifts of these agents come to between two instants."""
    stints = [stint for stint in roster.stints(opens, closes) if stint.agent in agents]
    spans = [(stint.begins, stint.ends) for stint in stints]
    pauses = [(pause.begins, pause.ends) for stint in stints for pause in stint.pauses]
    whole, rested = (
        sum(max(0.0, (min(end, closes) - max(begin, opens)).total_seconds()) for begin, end in some) / 3600
        for some in (spans, pauses)
    )
    return Rota(
        agents=len({stint.agent for stint in stints}),
        others=len(set(agents) - roster.agents),
        hours=round(whole - rested, 1),
        break_hours=round(rested, 1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How it went: the campaign's standing at the end, what became of its list, how much of the crowd was invented.

    `rota` is what the shifts came to, None where none are planned.
    """

    summary: Summary
    enrolled: Enrolled
    invented: int
    rota: Rota | None


async def rehearse(configuration: Configuration, script: Script) -> Rehearsed:
    """Run the day and return its result: the same script and configuration give the same one, to the last digit."""
    campaign = script.plan.campaign
    clock, population, calendar = VirtualClock(script.opens), Population(script.seed), Calendar()
    floor = _staffed(configuration, script)
    agents = agents_of(floor.settings, _SECRET, clock)
    choices = [Choice(id=each.id, means=each.means) for each in campaign.dispositions]
    roster = roster_of(floor.settings)
    staff = SimulatedAgents(clock, population, calendar, agents=agents, choices=choices, roster=roster)
    store = await open_store("sqlite:///:memory:", may_upgrade=True)
    try:
        await prepare(store, floor, _SECRET, clock)
        await store.transact(lambda unit: _seat(unit, agents))
        enrolled, invented = await _fill(store, script, clock.now())
        engine = Engine(
            store=store,
            carrier=SimulatedCarrier(clock, population, calendar, agents=staff),
            mailer=SimulatedMailer(clock, population, calendar),
            clock=clock,
            rules=floor.rules(_SECRET),
        )
        engine.take_campaigns({campaign.id: campaign})
        start = CampaignStarted(key="rehearsal:start", at=clock.now(), campaign=campaign.id, by="rehearsal")
        await engine.receive(start)
        staff.start(script.opens)
        await drive(engine, clock, calendar, script.closes, watch=partial(_seen, store, campaign, staff))
        summary = await store.read(lambda reports: reports.summary(campaign.id, clock.now()))
    finally:
        await store.close()
    names = {agent.id for agent in agents}
    rota = rota_of(roster, names, script.opens, script.closes) if roster.shifts else None
    return Rehearsed(summary=summary, enrolled=enrolled, invented=invented, rota=rota)


async def _seen(store: Store, campaign: Campaign, staff: SimulatedAgents) -> None:
    """Let agents see whom they are shown, where they are shown anybody."""
    if not campaign.pacing.is_previewing:
        return
    reasons = [reason.id for reason in campaign.pacing.previewing.reasons]
    for live in await store.transact(lambda unit: unit.previews()):
        staff.sees(live.preview, reasons)


def _seat(unit: Unit, agents: Sequence[Agent]) -> None:
    """Put everybody's line into their room: in a rehearsal none is ever lost."""
    for agent in agents:
        unit.set_leg(agent.id, f"line of {agent.id}", None)


def _staffed(configuration: Configuration, script: Script) -> Configuration:
    """Return the configuration with as many agents as asked for, its own first, and room on the line for them."""
    own = configuration.settings.agents[: script.agents]
    others = tuple(
        AgentSettings(
            id=f"agent-{place:03d}",
            name=f"Agent {place}",
            languages=("ja", "en") if place % 4 == 0 else ("ja",),
        )
        for place in range(len(own) + 1, script.agents + 1)
    )
    settings = configuration.settings.model_copy(update={"agents": own + others})
    return replace(configuration, settings=settings, plans={script.plan.campaign.id: script.plan})


async def _fill(store: Store, script: Script, now: datetime) -> tuple[Enrolled, int]:
    """Enrol the campaign's own list, and invent people up to the number asked for."""
    campaign = script.plan.campaign
    with TemporaryDirectory() as folder:
        enrolled = await enrol(
            store, campaign, script.plan.list_path, now=now, rejects_path=Path(folder) / "rejects.csv"
        )
    missing = max(0, script.leads - enrolled.new)
    people = crowd(script.seed, missing, seller=campaign.seller.id, now=now)
    invented = 0
    while batch := list(islice(people, _BATCH)):
        await store.transact(
            partial(_invite, campaign=campaign.id, people=list(_candidates(batch, invented)), now=now)
        )
        invented += len(batch)
    return enrolled, invented


def _invite(unit: Unit, *, campaign: str, people: Sequence[Candidate], now: datetime) -> None:
    unit.enrol(campaign, people, now)


def _candidates(people: Iterable[Contact], after: int) -> Iterable[Candidate]:
    for place, contact in enumerate(people, after):
        yield Candidate(contact=contact, unique=f"key:{contact.key}", rank=place)
