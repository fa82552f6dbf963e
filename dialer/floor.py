"""One bounded look at the floor, inside the planner's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from campaigns.campaign import Campaign
from compliance.ledger import Kind, Record
from compliance.terms import Channel
from dialer.agents import Agent, is_free, suits
from dialer.attempt import Attempt
from dialer.cadence import Cadence
from dialer.callers import resting_now
from dialer.halts import RESTORED, Mark, in_force
from dialer.leases import TTL, shared_out
from dialer.orders import Order
from dialer.pace import Bound, Pace
from dialer.ports import Unit
from dialer.previews import Preview, PreviewState
from dialer.queue import Queue, Seen, given_of, queue
from dialer.registries import Registries
from dialer.settings import Settings
from dialer.spending import Balance, balance_of, is_used_up
from dialer.starts import Starts
from dialer.steps import Plan
from dialer.view import CampaignState, Due, Floor, Held, View

SPARE = 5
"""Due leads looked at beyond those there is room for, since some will be refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What one look at the floor came to.

    `due` is when the next one is needed at the latest, `head` how far the ledger had come before it.
    """

    planned: Plan
    silent: tuple[Attempt, ...]
    expiring: tuple[Order, ...]
    exhausted: tuple[str, ...]
    due: datetime | None
    head: Mark | None
    cadence: Cadence
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who is there, how many calls may be begun, how many each predictive campaign may (`paces`), and who is next.

    `previews` are the people whom agents look at now, or want to dial.
    """

    agents: tuple[Agent, ...]
    starts: Starts
    paces: Mapping[str, Mapping[str, Pace]]
    previews: tuple[Preview, ...] = ()
    seen: Seen = field(default_factory=Seen)

    def wanted(self, campaign: Campaign, starts: int) -> dict[str, int]:
        """Return in which languages calls may be opened, and how many at most; `starts` the account allows."""
        if campaign.pacing.is_agentless:
            return dict.fromkeys(campaign.languages, starts)
        if campaign.pacing.is_predictive:
            staffed = {
                name: one
                for name, one in self.paces.get(campaign.id, {}).items()
                if one.bound is not Bound.NOBODY
            }
            now = {language: min(starts, one.calls) for language, one in staffed.items() if one.calls}
            return now or dict.fromkeys(staffed, 0)
        ready = [agent for agent in self.agents if is_free(agent)]
        served = [
            language
            for language in campaign.languages
            if any(suits(agent, language, campaign.teams) for agent in ready)
        ]
        return dict.fromkeys(served, min(starts, len(ready)))


def look(
    unit: Unit,
    campaigns: Mapping[str, Campaign],
    staff: Staff,
    now: datetime,
    settings: Settings,
    *,
    versions: Mapping[str, str],
) -> View:
    """Return what the planner may see of the running campaigns: no more of their lists than may be begun now.

    `versions` are those that `campaigns` were read as: another process may have put another one in force since.
    """
    live, halts = unit.live_calls(), in_force(unit.halts(), now)
    lines = Counter(campaign for campaign, _, _ in live)
    # A carrier that asks for a pause keeps no mail back; a database that forgot whom it wrote to does.
    is_enabled = unit.is_dialing_enabled() and all(halt.name != RESTORED for halt in halts)
    starts = staff.starts if is_enabled and not halts else Starts()
    return View(
        floors=tuple(
            _taken_up(
                unit,
                Floor(
                    campaign=campaigns[row.id],
                    version=versions.get(row.id, row.version),
                    due=(),
                    lines=lines[row.id],
                    balance=_balance(unit, campaigns[row.id]),
                    paces=staff.paces.get(row.id, {}),
                    held=_held(unit, row.id, staff),
                ),
                staff,
                now,
                starts=starts.of(row.id),
                mails=settings.mail.per_tick,
            )
            for row in unit.campaigns()
            if row.state is CampaignState.RUNNING and row.id in campaigns
        ),
        agents=staff.agents,
        busy=frozenset(name for _, number, contact in live for name in (number, contact)),
        held=frozenset(name for one in staff.previews for name in (one.address, one.contact)),
        resting=resting_now(unit.resting(now), settings.carrier),
        starts=starts,
        mails=unit.mails_opened(),
        dialing_enabled=is_enabled,
        carrier_open=not halts,
    )


def _balance(unit: Unit, campaign: Campaign) -> Balance | None:
    """Return where the campaign's budget stands; asked only where there is one."""
    return balance_of(campaign.budget, unit.spent(campaign.id)) if campaign.budget else None


def _taken_up(unit: Unit, floor: Floor, staff: Staff, now: datetime, *, starts: int, mails: int) -> Floor:
    """Return the floor with the due leads there may be room for: calls in languages that are served, and mails.

    A lead nobody could serve now is not even looked at, so that it never stands in the way of one who can be.
    """
    campaign, wanted = floor.campaign, staff.wanted(floor.campaign, starts)
    spoken = [language for language in campaign.languages if language in wanted]
    room = max(wanted.values(), default=0)
    # Where calls are predicted, one is looked at though none may be opened yet: as long as there is one, ask again.
    few = room + SPARE if room else int(campaign.pacing.is_predictive)
    calls = queue(unit, campaign, staff.seen, now, few, languages=spoken) if spoken and few else Queue()
    shown = given_of(unit, campaign, staff.seen, now, [(one.due.lead, one.due.contact) for one in floor.held])
    others = [place for place, step in enumerate(campaign.steps) if step.channel != Channel.VOICE.value]
    letters = unit.due_mails(campaign.id, now, mails, steps=others, end=len(campaign.steps))
    return replace(
        floor,
        due=(*calls.due, *letters),
        given={**calls.given, **shown},
        coming=calls.coming,
        short=calls.short,
    )


def _held(unit: Unit, campaign: str, staff: Staff) -> tuple[Held, ...]:
    """Return the people of a campaign whom their agents want to dial, those first who were shown first."""
    wanted = {
        one.lead: one
        for one in sorted(staff.previews, key=lambda one: one.shown_at)
        if one.campaign == campaign and one.state is PreviewState.WANTED
    }
    if not wanted:
        return ()
    agents, dues = (
        {agent.id: agent for agent in staff.agents},
        {due.lead.id: due for due in unit.due_of(list(wanted))},
    )
    return tuple(
        Held(preview=one, due=dues[lead], agent=agents[one.agent])
        for lead, one in wanted.items()
        if lead in dues
    )


def surveyed(view: View, registries: Registries) -> View:
    """Return the view with what the registries say of every number that may be called."""
    return replace(view, floors=tuple(_surveyed(floor, registries) for floor in view.floors))


def _surveyed(floor: Floor, registries: Registries) -> Floor:
    held = tuple(replace(one, due=listed(one.due, registries)) for one in floor.held)
    return replace(floor, due=tuple(listed(due, registries) for due in floor.due), held=held)


def listed(due: Due, registries: Registries) -> Due:
    """Return a due lead with what the registries say of each of its numbers."""
    found = {phone.number: registries.listings(phone.number) for phone in due.contact.phones}
    return replace(due, listings=found) if any(found.values()) else due


def taken(unit: Unit, owner: str, campaigns: Mapping[str, Campaign]) -> dict[str, Campaign]:
    """Wait for the turn to plan, and return the running campaigns that are this engine's from now on.

    Whoever plans holds the turn until the commit. So a plan is written only under a lease that holds, and what all
    engines share, the account's rate and the agents, is counted by one of them at a time.
    """
    unit.take_turn(owner)
    running = [
        row.id for row in unit.campaigns() if row.state is CampaignState.RUNNING and row.id in campaigns
    ]
    claim = shared_out(running, unit.leases(), owner)
    unit.hold(claim.take, owner, TTL)
    unit.leave(claim.leave, owner)
    return {name: campaigns[name] for name in running if name in claim.campaigns}


def retire(unit: Unit, owner: str) -> None:
    """Leave everything to other engines."""
    unit.take_turn(owner)
    unit.leave([lease.name for lease in unit.leases() if lease.owner == owner], owner)


def exhausted(unit: Unit, view: View) -> tuple[str, ...]:
    """Return the campaigns whose list seems to be done."""
    return tuple(
        floor.campaign.id
        for floor in view.floors
        if not floor.due and not unit.has_leads_left(floor.campaign.id)
    )


def save_money(unit: Unit, view: View, now: datetime) -> None:
    """Pause campaigns whose budget is used up. Calls under way end as they do."""
    for floor in view.floors:
        if _is_used_up(floor) and unit.has_leads_left(floor.campaign.id):
            _pause(unit, floor, now)


def finish(unit: Unit, campaigns: Sequence[str], now: datetime) -> None:
    """Close campaigns whose list is done. To be run alone: a promised callback may just be written."""
    for row in unit.campaigns():
        if row.id in campaigns and row.state is CampaignState.RUNNING and not unit.has_leads_left(row.id):
            unit.set_campaign_state(row.id, CampaignState.FINISHED, CampaignState.RUNNING)
            body = {"from": "running", "to": "finished", "by": "the list is done", "version": row.version}
            unit.record([Record(kind=Kind.CAMPAIGN, at=now, campaign=row.id, body=body)])


def _is_used_up(floor: Floor) -> bool:
    channels = {Channel(step.channel) for step in floor.campaign.steps}
    budget = floor.campaign.budget
    return budget is not None and floor.balance is not None and is_used_up(budget, floor.balance, channels)


def _pause(unit: Unit, floor: Floor, now: datetime) -> None:
    """Pause a campaign for its budget, and keep the figures."""
    unit.set_campaign_state(floor.campaign.id, CampaignState.PAUSED, CampaignState.RUNNING)
    body: dict[str, object] = {
        "from": "running",
        "to": "paused",
        "by": "the budget is used up",
        "version": floor.version,
    }
    if floor.balance and floor.campaign.budget:
        body |= {
            "spent": str(floor.balance.spent),
            "promised": str(floor.balance.promised),
            "budget": str(floor.balance.amount),
            "currency": floor.campaign.budget.currency,
        }
    unit.record([Record(kind=Kind.CAMPAIGN, at=now, campaign=floor.campaign.id, body=body)])
