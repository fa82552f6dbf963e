"""An agent's own word, and a manager's, inside their transaction."""

from collections.abc import Sequence
from dataclasses import replace

from campaigns.outcome import Outcome
from compliance.ledger import Kind, Record
from compliance.question import Suppression
from dialer.agents import AGENT, Agent, AgentState, on_break, release
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.events import (
    AgentAway,
    AgentDisposed,
    AgentReady,
    CampaignEvent,
    CampaignPaused,
    CampaignStarted,
    CampaignStopped,
)
from dialer.orders import HangUp
from dialer.previewing import withdraw
from dialer.scene import Reaction, Scene
from dialer.settling import settle
from dialer.stopping import others_ended
from dialer.view import CampaignState

CAMPAIGN: dict[tuple[CampaignState, type[CampaignEvent]], CampaignState] = {
    (CampaignState.DRAFT, CampaignStarted): CampaignState.RUNNING,
    (CampaignState.PAUSED, CampaignStarted): CampaignState.RUNNING,
    (CampaignState.FINISHED, CampaignStarted): CampaignState.RUNNING,
    (CampaignState.RUNNING, CampaignPaused): CampaignState.PAUSED,
    (CampaignState.RUNNING, CampaignStopped): CampaignState.STOPPED,
    (CampaignState.PAUSED, CampaignStopped): CampaignState.STOPPED,
}
"""What a manager's word does to a campaign. Started again after its list ran out, it takes up leads added since."""

_OPEN = {None, Outcome.NO_DISPOSITION, Outcome.ABANDONED}
_REFUSALS = {Outcome.REFUSED, Outcome.OPTED_OUT}
_FINAL = {Outcome.REFUSED, Outcome.OPTED_OUT, Outcome.WRONG_NUMBER}


def agent_said(scene: Scene, event: AgentReady | AgentAway) -> Reaction:
    """Move an agent by their own word. Raises StaleState when a call of theirs says otherwise."""
    agent = held(scene, event.agent)
    if agent is None:
        raise StaleState(f"there is no agent {event.agent}")
    state = moves_to(scene, agent, type(event))
    if state is None:
        raise StaleState(f"agent {agent.id} is {agent.state.value}: end the call first")
    unsaid = _unsaid(scene, agent)
    if unsaid and isinstance(event, AgentReady) and unsaid.connected_at:
        raise StaleState(f"agent {agent.id} has not said what came of {unsaid.id}")
    if scene.is_new(event):
        move(scene, agent, state, event.reason if isinstance(event, AgentAway) else "")
    return Reaction(may_plan=state is AgentState.READY and agent.state is not state)


def moves_to(scene: Scene, agent: Agent, kind: type[AgentReady | AgentAway]) -> AgentState | None:
    """Return the state that an agent's own word, or their line's going, moves them to; None while a call is theirs.

    Somebody who has answered is on the way into their room. Were they away then, and soon ready again, a second person
    would be sent in after the first.
    """
    attempt = (
        scene.unit.attempt(agent.attempt) if agent.state is AgentState.RESERVED and agent.attempt else None
    )
    if attempt and attempt.state in {AttemptState.ANSWERED, AttemptState.CONNECTED}:
        return None
    return AGENT.get((agent.state, kind))


def held(scene: Scene, name: str) -> Agent | None:
    """Return an agent as they are once the call that is theirs is locked: call first, agent second, as everybody does.

    A call's own events take the two in that order; the other way round one would wait for the other.
    """
    agent = scene.unit.agent(name)
    if agent is None or agent.attempt is None:
        return agent
    scene.unit.attempt(agent.attempt)
    return scene.unit.agent(name)


def _unsaid(scene: Scene, agent: Agent) -> Attempt | None:
    """Return the call that an agent has yet to write up."""
    attempt = scene.unit.attempt(agent.attempt) if agent.attempt else None
    return attempt if attempt and attempt.outcome is None and agent.state is AgentState.WRAPPING else None


def move(scene: Scene, agent: Agent, state: AgentState, reason: str = "") -> None:
    """Move an agent by their own word, their last call closed if they never said what came of it."""
    if unsaid := _unsaid(scene, agent):
        close_unsaid(scene, unsaid)
    if agent.state is AgentState.PREVIEWING:
        withdraw(scene, agent, state)
    moved = release(agent, scene.now, state)
    if state is AgentState.AWAY:
        moved = on_break(replace(moved, reason=agent.reason), scene.now, reason)
    scene.unit.save_agent(moved, agent.state)
    has_moved = state is not agent.state or moved.reason != agent.reason
    if has_moved and AgentState.AWAY in {state, agent.state}:
        body = {"agent": agent.id, "from": agent.state.value, "to": state.value}
        body |= {"reason": reason} if reason else {}
        scene.unit.record([Record(kind=Kind.AGENT, at=scene.now, body=body)])


def agent_disposed(scene: Scene, event: AgentDisposed) -> Reaction:
    """Write what an agent says happened. The same word twice is one; raises StaleState for a call not theirs."""
    before = scene.unit.attempt(event.attempt)
    campaign = scene.campaigns.get(before.campaign) if before else None
    if before is None or campaign is None or before.agent != event.agent:
        raise StaleState(f"attempt {event.attempt} is not with agent {event.agent}")
    if before.state not in {AttemptState.CONNECTED, AttemptState.OVER} or not before.answered_at:
        raise StaleState(f"attempt {event.attempt} is {before.state.value}: nobody has spoken yet")
    chosen = next((d for d in campaign.dispositions if d.id == event.disposition), None)
    if chosen is None:
        raise StaleState(f"campaign {campaign.id} has no disposition {event.disposition}")
    if before.disposition == chosen.id or not scene.is_new(event, before.id):
        return Reaction()
    if before.disposition is not None and not corrects(before.outcome, chosen.means):
        raise StaleState(f"attempt {before.id} is disposed as {before.disposition} already")
    after = replace(
        before,
        outcome=_weightier(before.outcome, chosen.means),
        disposition=chosen.id,
        note=event.note,
        callback_at=event.callback_at,
        # The call is being ended: if its end is not told soon, the carrier is asked.
        deadline=scene.now + scene.rules.settings.silence if before.state is AttemptState.CONNECTED else None,
    )
    scene.unit.save_attempt(after, before.state)
    added: tuple[Suppression, ...] = ()
    if after.outcome is not before.outcome:
        added = settle(scene, after, campaign, was=before.outcome)
    freed = free(scene, scene.unit.agent(event.agent), after)
    talking = after.state is AttemptState.CONNECTED and after.reference
    orders = (HangUp(attempt=after.id, reference=after.reference or ""),) if talking else ()
    return Reaction(orders=(*orders, *others_ended(scene, added, but=after.id)), may_plan=freed)


def corrects(known: Outcome | None, said: Outcome) -> bool:
    """Tell whether what an agent says later may take the place of what they said: only what keeps us from calling."""
    return (said in _FINAL and known not in _FINAL) or (said in _REFUSALS and known not in _REFUSALS)


def _weightier(known: Outcome | None, said: Outcome) -> Outcome:
    """Return the outcome to keep: the agent's word fills a gap, and a refusal always counts."""
    return said if known in _OPEN or said in _FINAL else known or said


def free(scene: Scene, agent: Agent | None, attempt: Attempt) -> bool:
    """Let an agent who writes this call up go on to the next; tell whether there was one."""
    if agent is None or agent.attempt != attempt.id or agent.state is not AgentState.WRAPPING:
        return False
    scene.unit.save_agent(release(agent, scene.now), agent.state)
    return True


def close_unsaid(scene: Scene, attempt: Attempt) -> None:
    """Conclude a call whose agent never said what came of it, or never met anybody; they may still say so later."""
    campaign = scene.campaigns.get(attempt.campaign)
    if campaign is None:
        raise StaleState(f"campaign {attempt.campaign} is not known here")
    outcome = Outcome.NO_DISPOSITION if attempt.connected_at else Outcome.ABANDONED
    closed = replace(attempt, outcome=outcome)
    scene.unit.save_attempt(closed, attempt.state)
    settle(scene, closed, campaign, was=attempt.outcome)


def end_overdue_wrap_up(scene: Scene) -> Sequence[Agent]:
    """Send agents away whose wrap-up time is over without a word: a call must not reach an empty chair.

    Who waited for a person that never came into their room is ready again.

    Returns all agents as they are then.
    """
    return [
        _sent_away(scene, agent)
        if agent.state is AgentState.WRAPPING and agent.deadline and agent.deadline <= scene.now
        else agent
        for agent in scene.unit.agents()
    ]


def _sent_away(scene: Scene, agent: Agent) -> Agent:
    attempt = scene.unit.attempt(agent.attempt) if agent.attempt else None
    if attempt and attempt.outcome is None:
        if attempt.campaign not in scene.campaigns:
            return agent  # an engine that knows the campaign sends them away; this one dials for its own meanwhile
        close_unsaid(scene, attempt)
    met = attempt is None or attempt.connected_at is not None
    gone = release(agent, scene.now, AgentState.AWAY if met else AgentState.READY)
    scene.unit.save_agent(gone, agent.state)
    return gone


def manager_said(scene: Scene, event: CampaignStarted | CampaignPaused | CampaignStopped) -> Reaction:
    """Move a campaign by a manager's word. Raises StaleState when its state does not allow that."""
    row = next((row for row in scene.unit.campaigns() if row.id == event.campaign), None)
    if row is None:
        raise StaleState(f"there is no campaign {event.campaign}")
    state = CAMPAIGN.get((row.state, type(event)))
    if state is None:
        raise StaleState(f"campaign {row.id} is {row.state.value}")
    if scene.is_new(event):
        scene.unit.set_campaign_state(row.id, state, row.state)
        body = {"from": row.state.value, "to": state.value, "by": event.by, "version": row.version}
        body |= {"reason": event.reason} if event.reason else {}
        scene.unit.record([Record(kind=Kind.CAMPAIGN, at=scene.now, campaign=row.id, body=body)])
    return Reaction(may_plan=True)
