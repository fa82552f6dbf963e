"""The writing of one plan, inside the planner's transaction: attempts, previews, refusals, what is sealed of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from compliance.replay import question_to_json, verdict_to_json
from dialer.agents import Agent, AgentState, look_at, release, reserve
from dialer.ports import Unit
from dialer.previewing import about, closed
from dialer.previews import Why
from dialer.ranking import told
from dialer.steps import Opening, Plan, Refusal, Ruling


def write(unit: Unit, plan: Plan, now: datetime) -> None:
    """Open the plan's attempts, show whom it shows, and write its refusals."""
    for opening in plan.openings:
        unit.open(opening.attempt, opening.lead)
    # In one order, the same for everybody who moves several agents: so no two wait for each other.
    reserved = [
        (reserve(opening.agent, opening.attempt.id, now), opening.agent.state)
        for opening in plan.openings
        if opening.agent
    ]
    for agent, expected in sorted((*reserved, *_previews(unit, plan, now)), key=lambda one: one[0].id):
        unit.save_agent(agent, expected)
    for refusal in plan.refusals:
        unit.save_lead(refusal.lead, LeadState.WAITING)
    permitted = [_permitted(opening, now) for opening in plan.openings]
    refused = [_refused(refusal, ruling, now) for refusal in plan.refusals for ruling in refusal.rulings]
    seen = _shown(plan, (_ruled(showing.ruling) for showing in plan.showings), now)
    unit.record([*seen, *permitted, *refused])


def _previews(unit: Unit, plan: Plan, now: datetime) -> Iterator[tuple[Agent, AgentState]]:
    """Write who is shown, who is dialled and who may not be after all; yield how agents move and from which state."""
    for showing in plan.showings:
        unit.save_lead(showing.lead, LeadState.WAITING)
        unit.show(showing.preview)
        yield look_at(showing.agent, now, showing.preview.deadline), showing.agent.state
    for opening in plan.openings:
        if opening.preview:
            unit.save_preview(closed(opening.preview, Why.DIALED, now), opening.preview.state)
    for refusal in plan.refusals:
        if refusal.held:
            why = Why.REFUSED if refusal.rulings else Why.BUSY
            unit.save_preview(closed(refusal.held.preview, why, now), refusal.held.preview.state)
            yield release(refusal.held.agent, now), refusal.held.agent.state


def _shown(plan: Plan, ruled: Iterable[Mapping[str, object]], now: datetime) -> Iterator[Record]:
    """Yield what is sealed of people shown: before whom, and what the law said then (`ruled`, one for each)."""
    for showing, ruling in zip(plan.showings, ruled, strict=True):
        preview = showing.preview
        body = {"agent": preview.agent, "from": showing.agent.state.value, "to": AgentState.PREVIEWING.value}
        yield about(
            preview, Kind.AGENT, now, {**ruling, **body, "preview": preview.id, "address": preview.address}
        )


def _permitted(opening: Opening, now: datetime) -> Record:
    attempt = opening.attempt
    return Record(
        kind=Kind.PERMITTED,
        at=now,
        campaign=attempt.campaign,
        person=attempt.contact,
        attempt=attempt.id,
        body={
            **_ruled(opening.ruling),
            "address": attempt.address,
            "campaign_version": attempt.version,
            "agent": attempt.agent,
            **({"pace": asdict(opening.pace)} if opening.pace else {}),
            **({"odds": told(opening.given)} if opening.given else {}),
        },
    )


def _refused(refusal: Refusal, ruling: Ruling, now: datetime) -> Record:
    question = ruling.question
    return Record(
        kind=Kind.REFUSED,
        at=now,
        campaign=refusal.lead.campaign,
        person=refusal.contact,
        body={
            **_ruled(ruling),
            "address": question.subject.number
            if question.channel.value == "voice"
            else question.subject.email,
            "due": refusal.lead.due.isoformat() if refusal.lead.due else None,
            "ending": refusal.lead.ending.value if refusal.lead.ending else None,
        },
    )


def _ruled(ruling: Ruling) -> dict[str, object]:
    """Return verdict and facts as JSON, so that anyone can ask the same question again."""
    verdict = verdict_to_json(ruling.verdict)
    return {"verdict": verdict, "facts": question_to_json(ruling.question), "reasons": verdict["reasons"]}
