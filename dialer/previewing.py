"""Agents before the call, inside a transaction: what their presses do, and what ends a preview."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from campaigns.campaign import Campaign
from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from compliance.suppression import applies
from dialer.agents import Agent, AgentState, release
from dialer.desk_events import PreviewAccepted, PreviewSkipped
from dialer.errors import StaleState
from dialer.previews import Live, Preview, PreviewState, Why
from dialer.questions import question_for
from dialer.scene import Reaction, Scene
from dialer.view import CampaignState

_AT_ONCE = timedelta(0)


def agent_decided(scene: Scene, event: PreviewAccepted | PreviewSkipped) -> Reaction:
    """Dial or skip whom the agent sees. The same press twice is one; raises StaleState for anybody else."""
    agent, preview = scene.unit.agent(event.agent), scene.unit.preview(event.agent)
    if agent is None or preview is None or preview.id != event.preview:
        raise StaleState(f"preview {event.preview} is not with agent {event.agent}")
    match event:
        case PreviewAccepted():
            return _accept(scene, agent, preview, event)
        case PreviewSkipped():
            return _skip(scene, agent, preview, event)
        case _:
            assert_never(event)


def _accept(scene: Scene, agent: Agent, preview: Preview, event: PreviewAccepted) -> Reaction:
    """Keep that the agent wants to dial; the next plan judges once more, and begins the attempt."""
    if preview.state is PreviewState.WANTED or preview.why is Why.DIALED:
        return Reaction()
    _check_seen(agent, preview)
    if scene.is_new(event):
        _want(scene, agent, preview, _campaign(scene, preview))
    return Reaction(may_plan=True)


def _skip(scene: Scene, agent: Agent, preview: Preview, event: PreviewSkipped) -> Reaction:
    """Let go of the person until later, and seal why; the agent sees somebody else."""
    if preview.why is Why.SKIPPED:
        return Reaction()
    _check_seen(agent, preview)
    looks = _campaign(scene, preview).pacing.previewing
    reason = looks.reason(event.reason)
    if reason is None:
        raise StaleState(f"campaign {preview.campaign} has no reason {event.reason} to skip anybody")
    if scene.is_new(event):
        due = _give_back(scene, preview, Why.SKIPPED, later=reason.after or looks.again_after)
        scene.unit.save_agent(release(agent, scene.now), agent.state)
        body = {"agent": agent.id, "what": "skipped", "reason": reason.id, "preview": preview.id, "due": due}
        body |= {"note": event.note} if event.note else {}
        scene.unit.record([about(preview, Kind.SAID, scene.now, body)])
    return Reaction(may_plan=True)


def _check_seen(agent: Agent, preview: Preview) -> None:
    if preview.state is PreviewState.OVER or agent.state is not AgentState.PREVIEWING:
        why = preview.why.value if preview.why else agent.state.value
        raise StaleState(f"preview {preview.id} is over: {why}")


def _campaign(scene: Scene, preview: Preview) -> Campaign:
    campaign = scene.campaigns.get(preview.campaign)
    if campaign is None:
        raise StaleState(f"campaign {preview.campaign} is not known here")
    return campaign


def _want(scene: Scene, agent: Agent, preview: Preview, campaign: Campaign) -> Agent:
    """Mark the person for the next plan, which gets as long for it as the agent had to look."""
    deadline = scene.now + campaign.pacing.previewing.time
    wanted = replace(preview, state=PreviewState.WANTED, deadline=deadline)
    scene.unit.save_preview(wanted, preview.state)
    waits = replace(agent, deadline=deadline)
    scene.unit.save_agent(waits, agent.state)
    return waits


# --- what ends a preview ----------------------------------------------------------------------------------------------


def withdraw(scene: Scene, agent: Agent, to: AgentState) -> None:
    """Let go of the person before an agent who goes away."""
    preview = scene.unit.preview(agent.id)
    if preview and preview.state is not PreviewState.OVER:
        due = _give_back(scene, preview, Why.AGENT)
        scene.unit.record(
            [about(preview, Kind.AGENT, scene.now, _ending(agent, to, preview, Why.AGENT, due))]
        )


def end_previews(scene: Scene, agents: Sequence[Agent]) -> tuple[tuple[Agent, ...], tuple[Preview, ...]]:
    """End every preview that may not go on, and dial for those whose campaign says so when time is up.

    Returns all agents and the previews under way, as they are then.
    """
    found, going = {agent.id: agent for agent in agents}, list[Preview]()
    live = scene.unit.previews()
    states = {row.id: row.state for row in scene.unit.campaigns()} if live else {}
    is_enabled = not live or scene.unit.is_dialing_enabled()
    for one in live:
        preview, agent = one.preview, found[one.preview.agent]
        campaign = scene.campaigns.get(preview.campaign)
        if why := _over(scene, one, agent, states) or (None if is_enabled else Why.STOPPED):
            found[agent.id] = _end(scene, agent, preview, why)
        elif preview.deadline > scene.now or campaign is None:
            going.append(preview)
        elif preview.state is PreviewState.SHOWN and campaign.pacing.previewing.on_timeout == "dial":
            found[agent.id] = _want(scene, agent, preview, campaign)
            wanted = replace(
                preview, state=PreviewState.WANTED, deadline=found[agent.id].deadline or scene.now
            )
            going.append(wanted)
        else:
            why = Why.NO_LINE if preview.state is PreviewState.WANTED else Why.TIMEOUT
            found[agent.id] = _end(scene, agent, preview, why)
    return tuple(found.values()), tuple(going)


def _over(scene: Scene, one: Live, agent: Agent, states: Mapping[str, CampaignState]) -> Why | None:
    """Return why a preview may not go on, whatever the time; None while it may."""
    preview = one.preview
    campaign = scene.campaigns.get(preview.campaign)
    if agent.state is not AgentState.PREVIEWING:
        return Why.AGENT
    if states.get(preview.campaign) is not CampaignState.RUNNING:
        return Why.CAMPAIGN
    if campaign is not None and not campaign.pacing.is_previewing:
        return Why.CAMPAIGN
    if not one.is_held:
        return Why.CHANGED
    is_barred = one.is_named and campaign is not None and _is_suppressed(scene, preview, campaign)
    return Why.SUPPRESSED if is_barred else None


def _is_suppressed(scene: Scene, preview: Preview, campaign: Campaign) -> bool:
    for due in scene.unit.due_of([preview.lead]):
        question = question_for(campaign, due, preview.address, scene.now, scene.rules)
        return any(applies(entry, question) for entry in due.suppressions)
    return False


def _end(scene: Scene, agent: Agent, preview: Preview, why: Why) -> Agent:
    """End a preview, and return the agent: ready again, or away when nobody seems to sit there."""
    due = _give_back(scene, preview, why)
    if agent.state is not AgentState.PREVIEWING:
        scene.unit.record(
            [about(preview, Kind.AGENT, scene.now, _ending(agent, agent.state, preview, why, due))]
        )
        return agent
    moved = release(agent, scene.now, AgentState.AWAY if why is Why.TIMEOUT else AgentState.READY)
    scene.unit.save_agent(moved, agent.state)
    scene.unit.record([about(preview, Kind.AGENT, scene.now, _ending(agent, moved.state, preview, why, due))])
    return moved


def _give_back(scene: Scene, preview: Preview, why: Why, later: timedelta = _AT_ONCE) -> str | None:
    """Let the lead come due again, unless something else was decided of it; return when (ISO 8601)."""
    lead = scene.unit.lead(preview.lead)
    if lead and lead.state is LeadState.WAITING and lead.due == preview.held_until:
        lead = replace(lead, due=scene.now + later)
        scene.unit.save_lead(lead, LeadState.WAITING)
    scene.unit.save_preview(closed(preview, why, scene.now), preview.state)
    return lead.due.isoformat() if lead and lead.due else None


def closed(preview: Preview, why: Why, now: datetime) -> Preview:
    """Return the preview, over."""
    return replace(preview, state=PreviewState.OVER, why=why, over_at=now)


def _ending(agent: Agent, to: AgentState, preview: Preview, why: Why, due: str | None) -> dict[str, object]:
    states = {"from": AgentState.PREVIEWING.value, "to": to.value}
    return {"agent": agent.id, **states, "preview": preview.id, "why": why.value, "due": due}


def about(preview: Preview, kind: Kind, at: datetime, body: Mapping[str, object]) -> Record:
    """Return a row of the ledger about a preview."""
    return Record(kind=kind, at=at, campaign=preview.campaign, person=preview.contact, body=body)
