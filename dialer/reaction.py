"""One event of an attempt, inside its transaction: store it, move what it moves, conclude what it concludes."""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.campaign import Campaign
from campaigns.outcome import Outcome
from compliance.question import Suppression
from dialer.afterwards import closed
from dialer.agents import AgentState, is_free, release, reserve, suits, talk, wrap_up
from dialer.allowance import threshold
from dialer.attempt import Attempt, AttemptState
from dialer.barring import hang_up, is_barred, is_stoppable, is_too_late
from dialer.callers import rest_after, rested, resting_now
from dialer.conclusion import unsure
from dialer.errors import StaleState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallDialed,
    CallEnded,
    CallKeyed,
    CallOptedOut,
    CallPlaced,
    CallQueued,
    CallRejected,
    CallRinging,
    CallScreened,
    CallWaited,
)
from dialer.hearing import instruction, left_message, means, meant, played
from dialer.orders import HangUp, Instruction, LeaveMessage, Order, Release
from dialer.ports import Unit
from dialer.progress import advance, overtaken
from dialer.recovery import deadline_of
from dialer.refusing import must_pause, paused
from dialer.scene import Reaction, Scene
from dialer.settling import follow_mail, settle
from dialer.stopping import others_ended
from dialer.view import CampaignState

_REACHING = (CallPlaced, CallDialed, CallRinging, CallAnswered)
"""With each of these a call is on its way to a person."""
_ON_ITS_WAY = {AttemptState.OPENED, AttemptState.PLACED, AttemptState.RINGING, AttemptState.ANSWERED}
_OF_A_CALL = (
    *_REACHING,
    CallWaited,
    CallQueued,
    CallConnected,
    CallKeyed,
    CallScreened,
    CallOptedOut,
    CallEnded,
)
CROSSING = timedelta(seconds=5)
"""How long after word of a call's end word may come that the person was in the agent's room: callbacks cross."""
BRIEF = timedelta(seconds=3)
"""Who hung up so soon after the answer said nothing that needs writing up: their agent is free at once."""


def react(scene: Scene, event: AttemptEvent) -> Reaction:
    """Store and act on what happened to an attempt; a doubled, late or foreign event changes nothing."""
    before = scene.unit.attempt(event.attempt)
    if before is None:
        return _orphan(scene, None, event)
    campaign = scene.campaigns.get(before.campaign)
    if campaign is None:  # never acknowledged, so that it is told again once somebody can act on it
        raise StaleState(f"campaign {before.campaign} is not known here")
    told = meant(campaign, event)
    if _is_of_another_call(before, told):
        return _orphan(scene, before, event)
    if not scene.is_new(event, before.id):
        ends = _must_end(scene, before, campaign, event)
        return Reaction(  # told again, since our answer was lost: perhaps the order that followed was, too
            orders=hang_up(before) if ends else (),
            instruction=Release() if ends else _instruction(scene, before, campaign, event),
        )
    after = advance(before, told)
    if after is None:
        return _late(scene, before, event)
    ends = _must_end(scene, after, campaign, event)
    after = played(after if ends else _answered(scene, after, campaign, event), before, campaign)
    message = _message(scene, after, campaign, event)
    if message:
        after = replace(after, note="message left")
    after = replace(after, deadline=deadline_of(after, campaign, scene.rules.settings, scene.now))
    scene.unit.save_attempt(after, before.state)
    if isinstance(event, CallRejected):
        _rest(scene, after, campaign, event)
        _pause(scene, after, event)
    _move_agent(scene, before, after, campaign, is_left=message is not None)
    undone = closed(scene, before, after)
    added: tuple[Suppression, ...] = ()
    if after.outcome and after.outcome is not before.outcome:
        added = settle(scene, after, campaign, was=before.outcome)
    if after.state is AttemptState.UNSURE:
        scene.unit.record([unsure(after, scene.now)])
    added += follow_mail(scene, after, campaign, event)
    orders = (message,) if message else hang_up(after) if ends else _orders(after, event)
    return Reaction(
        orders=(*orders, *undone.orders, *others_ended(scene, added, but=after.id)),
        instruction=Release() if ends else _instruction(scene, after, campaign, event),
        # An agent who has yet to write the call up can take no other: then there is nothing new to plan.
        may_plan=message is not None
        or undone.may_plan
        or (
            after.state is AttemptState.OVER
            and (before.state is not AttemptState.OVER or before.outcome is None)
            and after.outcome is not None
        ),
    )


def _message(scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent) -> LeaveMessage | None:
    """Return the message to leave on a machine; none any more once the person or everybody is to be left alone."""
    message = left_message(attempt, campaign, event)
    if message and is_barred(scene.unit, attempt, campaign, now=scene.now, rules=scene.rules):
        return None
    return message


def _rest(scene: Scene, attempt: Attempt, campaign: Campaign, event: CallRejected) -> None:
    """Put a number to rest that the carrier refused to show, and seal that."""
    carrier = scene.rules.settings.carrier
    if rest := rest_after(attempt, event, carrier, scene.now):
        scene.unit.rest(rest)
        resting = resting_now(scene.unit.resting(scene.now), carrier)
        scene.unit.record([rested(rest, campaign, resting, scene.now)])


def _pause(scene: Scene, attempt: Attempt, event: CallRejected) -> None:
    """Pause a campaign whose every call would be refused, and seal that; nobody on its list loses a try."""
    states = {row.id: row.state for row in scene.unit.campaigns()}
    if must_pause(event, states.get(attempt.campaign)):
        scene.unit.set_campaign_state(attempt.campaign, CampaignState.PAUSED, CampaignState.RUNNING)
        scene.unit.record([paused(attempt, event, scene.now)])


def _is_of_another_call(attempt: Attempt, event: AttemptEvent) -> bool:
    """Tell whether an event is about another call than the attempt's; a refusal counts on whichever it was said."""
    if not attempt.reference or isinstance(event, CallOptedOut):
        return False
    return _reference(event) not in {None, attempt.reference}


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
    if known.outcome is not attempt.outcome:
        settle(scene, known, scene.campaigns[attempt.campaign], was=attempt.outcome)
    if attempt.state is AttemptState.OVER and isinstance(event, _REACHING):
        return Reaction(
            orders=(HangUp(attempt=attempt.id, reference=event.reference),),
            instruction=Release(),
        )
    return Reaction(instruction=Release() if isinstance(event, CallAnswered) else None)


def _must_end(scene: Scene, after: Attempt, campaign: Campaign, event: AttemptEvent) -> bool:
    """Tell whether to end a call that the carrier names or somebody answers: what permitted it may be gone."""
    return (
        isinstance(event, _REACHING)
        and is_stoppable(after)
        and (
            is_barred(scene.unit, after, campaign, now=scene.now, rules=scene.rules)
            or is_too_late(scene.unit, after, campaign, now=scene.now, rules=scene.rules)
        )
    )


def _answered(scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent) -> Attempt:
    """Return the attempt with what an answer, a key or the end leads to: an agent, a promise, a refusal."""
    match event:
        case CallAnswered() | CallWaited() if not campaign.pacing.is_agentless:
            return _served(scene, attempt, campaign)
        case CallKeyed(pressed=pressed) if attempt.outcome is None:
            wish = means(campaign, pressed)
            if wish is Outcome.NO_DISPOSITION:  # to speak with somebody
                attempt = _served(scene, attempt, campaign)
                wish = None if attempt.agent else Outcome.CALLBACK
            return replace(attempt, outcome=wish)
        case CallEnded():
            return _ended(scene, attempt)
        case _:
            return attempt


def _served(scene: Scene, attempt: Attempt, campaign: Campaign) -> Attempt:
    """Return the attempt with an agent who will take it: the reserved one, else who waited longest, else none."""
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    if agent and agent.attempt == attempt.id:
        return attempt
    agents = scene.unit.agents()
    if campaign.pacing.is_predictive:
        agents = sorted(agents, key=lambda one: one.since)
    for candidate in agents:
        suited = is_free(candidate) and suits(candidate, attempt.language, campaign.teams)
        taken = scene.unit.ready_agent(candidate.id) if suited else None
        if taken:
            scene.unit.save_agent(reserve(taken, attempt.id, scene.now), AgentState.READY)
            return replace(attempt, agent=taken.id)
    return replace(attempt, agent=None)


def _ended(scene: Scene, attempt: Attempt) -> Attempt:
    """Return the attempt with what its end means: who waits for the person, or spoke with them, may tell more.

    While the agent who was to have the call is still theirs, an abandonment is not concluded until word of the room can
    no longer come. When nobody is left to say what was said, nobody is waited for.
    """
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    is_theirs = agent is not None and agent.attempt == attempt.id
    if is_theirs and attempt.outcome is Outcome.ABANDONED and not _was_brief(attempt):
        return replace(attempt, outcome=None)
    if not is_theirs and attempt.outcome is None:
        return replace(attempt, outcome=Outcome.NO_DISPOSITION)
    return attempt


def _was_brief(attempt: Attempt) -> bool:
    answered, over = attempt.answered_at, attempt.over_at
    return answered is not None and over is not None and over - answered <= BRIEF


def _instruction(
    scene: Scene, attempt: Attempt, campaign: Campaign, event: AttemptEvent
) -> Instruction | None:
    """Return what an answered line is to do; the same each time the carrier asks again."""
    if not isinstance(event, CallAnswered | CallKeyed | CallWaited):
        return None
    if attempt.state not in {AttemptState.ANSWERED, AttemptState.CONNECTED}:
        return Release()
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    theirs = agent if agent and agent.attempt == attempt.id else None
    patience = threshold(campaign, scene.now, scene.rules)
    return instruction(attempt, campaign, theirs, event, patience)


def _orders(attempt: Attempt, event: AttemptEvent) -> tuple[Order, ...]:
    """Return what to tell the carrier: a machine is dropped once it is known for one, and what queues is cancelled."""
    heard = isinstance(event, CallScreened) and event.answered_by in {AnsweredBy.MACHINE, AnsweredBy.FAX}
    waits = isinstance(event, CallQueued)
    return hang_up(attempt) if (heard or waits) and attempt.state is not AttemptState.OVER else ()


def _move_agent(
    scene: Scene, before: Attempt, attempt: Attempt, campaign: Campaign, *, is_left: bool
) -> None:
    """Move the attempt's agent along with it; a machine that is left a message needs none any more."""
    if attempt.state in _ON_ITS_WAY and not is_left:
        return  # the agent waits, whatever the call does
    agent = scene.unit.agent(attempt.agent) if attempt.agent else None
    if agent is None or agent.attempt != attempt.id:
        return
    if is_left and agent.state in {AgentState.TALKING, AgentState.RESERVED}:
        scene.unit.save_agent(release(agent, scene.now), agent.state)
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
