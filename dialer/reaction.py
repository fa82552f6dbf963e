"""One event of an attempt, inside its transaction: store it, move what it moves, conclude what it concludes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from campaigns.campaign import Campaign
from campaigns.contact import Lead
from campaigns.outcome import Ending, LeadState, Outcome
from campaigns.retry import conclude
from compliance.ledger import Kind, Record
from compliance.places import zone_of_region
from dialer.agents import AgentState, release, reserve, suits, talk, wrap_up
from dialer.attempt import Attempt, AttemptState, advance, overtaken
from dialer.barring import hang_up, is_barred, is_stoppable, is_too_late
from dialer.conclusion import concluded, suppressed, suppressions_after, unsure
from dialer.errors import StaleState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallOptedOut,
    CallPlaced,
    CallRinging,
    CallScreened,
    Event,
    MailAnswered,
    MailComplained,
    MailUnsubscribed,
)
from dialer.orders import HangUp, Instruction, JoinRoom, Order, PlayNotice, Release
from dialer.ports import Unit
from dialer.questions import Rules
from dialer.recovery import deadline_of
from dialer.view import CampaignState

_FINAL = {Outcome.REFUSED, Outcome.OPTED_OUT}
_HEAD = frozenset({"key", "at", "attempt"})
"""What an event's row holds in columns of its own."""
_OF_A_CALL = (CallPlaced, CallRinging, CallAnswered, CallConnected, CallScreened, CallOptedOut, CallEnded)
CROSSING = timedelta(seconds=5)
"""How long after word of a call's end word may come that the person was in the agent's room: callbacks cross."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What to do once the event is stored: orders to the world, a word to an answered line; `is_orphan` is an alarm."""

    orders: tuple[Order, ...] = ()
    instruction: Instruction | None = None
    may_plan: bool = False
    is_orphan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an event meets: the transaction, the campaigns in force, the rules, the instant."""

    unit: Unit
    campaigns: Mapping[str, Campaign]
    rules: Rules
    now: datetime

    def is_new(self, event: Event, attempt: str | None = None) -> bool:
        """Store the event; False when it is there already."""
        told = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in _HEAD}
        plain = {
            name: value if isinstance(value, int | float | None) else str(value)
            for name, value in told.items()
        }
        return self.unit.remember(event.key, attempt, type(event).__name__, event.at, plain)

    def ignore(self, event: Event, attempt: Attempt | None, why: str) -> None:
        """Record an event that changes nothing: officers see it."""
        body = {"event": type(event).__name__, "key": event.key, "why": why}
        record = Record(kind=Kind.IGNORED, at=self.now, body=body)
        if attempt:
            record = replace(record, campaign=attempt.campaign, person=attempt.contact, attempt=attempt.id)
        self.unit.record([record])


def react(scene: Scene, event: AttemptEvent) -> Reaction:
    """Store and act on what happened to an attempt; a doubled, late or foreign event changes nothing."""
    before = scene.unit.attempt(event.attempt)
    if before is None:
        return _orphan(scene, None, event)
    campaign = scene.campaigns.get(before.campaign)
    if campaign is None:  # never acknowledged, so that it is told again once somebody can act on it
        raise StaleState(f"campaign {before.campaign} is not known here")
    if before.reference and _reference(event) not in {None, before.reference}:
        return _orphan(scene, before, event)
    if not scene.is_new(event, before.id):
        ends = _must_end(scene, before, campaign, event)
        return Reaction(instruction=Release() if ends else _instruction(scene, before, campaign, event))
    after = advance(before, event)
    if after is None:
        return _late(scene, before, event)
    ends = _must_end(scene, after, campaign, event)
    if isinstance(event, CallAnswered) and not ends:
        after = _served(scene, after, campaign)
    if isinstance(event, CallEnded):
        after = _ended(scene, after)
    after = replace(after, deadline=deadline_of(after, campaign, scene.rules.settings, scene.now))
    scene.unit.save_attempt(after, before.state)
    _move_agent(scene, before, after, campaign)
    if after.outcome and after.outcome is not before.outcome:
        settle(scene, after, campaign)
    if after.state is AttemptState.UNSURE:
        scene.unit.record([unsure(after, scene.now)])
    _follow_mail(scene, after, campaign, event)
    return Reaction(
        orders=hang_up(after) if ends else _orders(after, event),
        instruction=Release() if ends else _instruction(scene, after, campaign, event),
        # An agent who has yet to write the call up can take no other: then there is nothing new to plan.
        may_plan=after.state is AttemptState.OVER
        and (before.state is not AttemptState.OVER or before.outcome is None)
        and after.outcome is not None,
    )


def _reference(event: AttemptEvent) -> str | None:
    """Return which call an event is about, in the carrier's words; None when it is about no call."""
    return event.reference if isinstance(event, _OF_A_CALL) else None


def _orphan(scene: Scene, attempt: Attempt | None, event: AttemptEvent) -> Reaction:
    """Record what is told of a call that is none of ours; one that bears our attempt's name is ended: one is enough."""
    if scene.is_new(event, attempt.id if attempt else None):
        scene.ignore(event, attempt, "names another call" if attempt else "no such attempt")
    reference = _reference(event)
    is_alive = attempt is not None and not isinstance(event, CallEnded)
    orders = (HangUp(attempt=event.attempt, reference=reference),) if is_alive and reference else ()
    return Reaction(orders=orders, instruction=Release(), is_orphan=True)


def _late(scene: Scene, attempt: Attempt, event: AttemptEvent) -> Reaction:
    """Record what came too late; a call that the carrier made after all is ended before anyone is kept waiting."""
    if isinstance(event, CallAnswered) and attempt.state is AttemptState.CONNECTED:
        return Reaction(instruction=_instruction(scene, attempt, scene.campaigns[attempt.campaign], event))
    scene.ignore(event, attempt, f"attempt is {attempt.state.value}")
    known = overtaken(attempt, event)
    if known != attempt:
        scene.unit.save_attempt(known, attempt.state)
    if attempt.state is AttemptState.OVER and isinstance(event, CallPlaced | CallRinging | CallAnswered):
        return Reaction(
            orders=(HangUp(attempt=attempt.id, reference=event.reference),),
            instruction=Release(),
        )
    return Reaction(instruction=Release() if isinstance(event, CallAnswered) else None)


def _must_end(scene: Scene, after: Attempt, campaign: Campaign, event: AttemptEvent) -> bool:
    """Tell whether to end a call that the carrier names or somebody answers: what permitted it may be gone."""
    return (
        isinstance(event, CallPlaced | CallRinging | CallAnswered)
        and is_stoppable(after)
        and (
            is_barred(scene.unit, after, campaign, now=scene.now, rules=scene.rules)
            or is_too_late(scene.unit, after, campaign, now=scene.now, rules=scene.rules)
        )
    )


def _served(scene: Scene, attempt: Attempt, campaign: Campaign) -> Attempt:
    """Return the attempt with an agent who will take it: the reserved one, else any who can, else none."""
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    if agent and agent.attempt == attempt.id:
        return attempt
    for candidate in scene.unit.agents():
        if candidate.state is AgentState.READY and suits(candidate, attempt.language, campaign.teams):
            scene.unit.save_agent(reserve(candidate, attempt.id, scene.now), AgentState.READY)
            return replace(attempt, agent=candidate.id)
    return replace(attempt, agent=None)


def _ended(scene: Scene, attempt: Attempt) -> Attempt:
    """Return the attempt with what its end means: who waits for the person, or spoke with them, may tell more.

    While the agent who was to have the call is still theirs, an abandonment is not concluded until word of the room can
    no longer come. When nobody is left to say what was said, nobody is waited for.
    """
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    is_theirs = agent is not None and agent.attempt == attempt.id
    if is_theirs and attempt.outcome is Outcome.ABANDONED:
        return replace(attempt, outcome=None)
    if not is_theirs and attempt.outcome is None:
        return replace(attempt, outcome=Outcome.NO_DISPOSITION)
    return attempt


def _instruction(
    scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent
) -> Instruction | None:
    """Return what an answered line is to do; the same each time the carrier asks again."""
    if not isinstance(event, CallAnswered):
        return None
    if attempt.state not in {AttemptState.ANSWERED, AttemptState.CONNECTED}:
        return Release()
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    if agent and agent.attempt == attempt.id:
        said = campaign.recording.announcement if campaign.recording.record else None
        words = said.in_(attempt.language) if said else None
        return JoinRoom(room=agent.room, label=attempt.id, announcement=words, language=attempt.language)
    return PlayNotice(text=campaign.notice.in_(attempt.language), language=attempt.language)


def _orders(attempt: Attempt, event: AttemptEvent) -> tuple[Order, ...]:
    """Return what to tell the carrier: a machine is dropped as soon as it is known for one."""
    heard = isinstance(event, CallScreened) and event.answered_by in {AnsweredBy.MACHINE, AnsweredBy.FAX}
    return hang_up(attempt) if heard and attempt.state is not AttemptState.OVER else ()


def _move_agent(scene: Scene, before: Attempt, attempt: Attempt, campaign: Campaign) -> None:
    """Move the attempt's agent along with it."""
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    if agent is None or agent.attempt != attempt.id:
        return
    was_joined = attempt.connected_at is not None and before.connected_at is None
    if attempt.state is AttemptState.CONNECTED and agent.state is AgentState.RESERVED:
        scene.unit.save_agent(talk(agent, scene.now), agent.state)
    elif attempt.state is AttemptState.UNSURE and agent.state is AgentState.RESERVED:
        scene.unit.save_agent(release(agent, scene.now), agent.state)
    elif attempt.state is AttemptState.OVER and attempt.outcome:
        if agent.state is not AgentState.WRAPPING or before.outcome is None:
            scene.unit.save_agent(release(agent, scene.now), agent.state)
    elif attempt.state is AttemptState.OVER and (was_joined or before.state is not AttemptState.OVER):
        limit = campaign.pacing.wrap_up if attempt.connected_at else CROSSING
        scene.unit.save_agent(wrap_up(agent, scene.now, limit), agent.state)


def let_go(unit: Unit, attempt: Attempt, now: datetime) -> None:
    """Free the agent who waits for a call that nobody knows of; who answers it after all gets any ready agent."""
    agent = unit.agent(attempt.agent) if attempt.agent else None
    is_theirs = agent is not None and agent.attempt == attempt.id and agent.state is AgentState.RESERVED
    if agent and is_theirs and attempt.state in {AttemptState.OPENED, AttemptState.UNSURE}:
        unit.save_agent(release(agent, now), agent.state)


def settle(scene: Scene, attempt: Attempt, campaign: Campaign) -> None:
    """Write what the attempt's outcome means for its lead and person, and seal it."""
    outcome = attempt.outcome
    lead, contact = scene.unit.lead(attempt.lead), scene.unit.contact(attempt.contact)
    if outcome is None or lead is None or contact is None:
        return
    after = lead
    if lead.ending is not Ending.OPTED_OUT and not (lead.ending is Ending.ANSWERED and outcome not in _FINAL):
        zone = zone_of_region(campaign.audience.region)
        after = conclude(campaign, lead, outcome, scene.now, callback_at=attempt.callback_at, zone=zone)
        if after.state is LeadState.WAITING and attempt.ordinal < lead.tries:
            after = lead  # tried again since: what is learnt late of this try does not put that one off
        scene.unit.save_lead(after, lead.state)
        _reopen(scene, after)
    added = [s for s in suppressions_after(attempt, outcome, contact, campaign) if scene.unit.suppress(s)]
    notes = [suppressed(s, campaign=campaign.id, attempt=attempt.id) for s in added]
    scene.unit.record([concluded(attempt, outcome, after, scene.now), *notes])


def _reopen(scene: Scene, lead: Lead) -> None:
    """Set a campaign going again that was finished, when a lead of it waits after all: a promised callback is kept."""
    states = {row.id: row.state for row in scene.unit.campaigns()}
    if lead.state is LeadState.WAITING and states.get(lead.campaign) is CampaignState.FINISHED:
        scene.unit.set_campaign_state(lead.campaign, CampaignState.RUNNING, CampaignState.FINISHED)
        body = {"from": "finished", "to": "running", "by": "a lead waits again"}
        scene.unit.record([Record(kind=Kind.CAMPAIGN, at=scene.now, campaign=lead.campaign, body=body)])


def _follow_mail(scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent) -> None:
    """Act on a person's word to a mail already sent: its outcome stays, the lead ends, a refusal holds everywhere."""
    lead = scene.unit.lead(attempt.lead)
    if lead is None or not isinstance(event, MailUnsubscribed | MailComplained | MailAnswered):
        return
    if isinstance(event, MailAnswered):
        if lead.ending is not Ending.OPTED_OUT:
            scene.unit.save_lead(_done(lead, Ending.ANSWERED), lead.state)
            scene.unit.record([concluded(attempt, Outcome.SENT, _done(lead, Ending.ANSWERED), scene.now)])
        return
    contact = scene.unit.contact(attempt.contact)
    scene.unit.save_lead(_done(lead, Ending.OPTED_OUT), lead.state)
    if contact:
        refused = replace(attempt, over_at=scene.now)
        added = [
            s
            for s in suppressions_after(refused, Outcome.OPTED_OUT, contact, campaign)
            if scene.unit.suppress(s)
        ]
        scene.unit.record(suppressed(s, campaign=campaign.id, attempt=attempt.id) for s in added)


def _done(lead: Lead, ending: Ending) -> Lead:
    return replace(lead, state=LeadState.DONE, due=None, ending=ending)
