"""One bounded look at the floor, and the writing of one plan, inside the planner's transaction."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from campaigns.campaign import Campaign
from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from compliance.replay import question_to_json, verdict_to_json
from dialer.agents import AgentState, reserve
from dialer.pacing import rate_window
from dialer.plan import Opening, Plan, Refusal, Ruling
from dialer.ports import Unit
from dialer.settings import Settings
from dialer.view import CampaignState, Floor, View

SPARE = 25
"""Due leads looked at beyond those there is room for, since some will be refused or speak another language."""


def look(
    unit: Unit, campaigns: Mapping[str, Campaign], now: datetime, settings: Settings, *, carrier_open: bool
) -> View:
    """Return what the planner may see of the running campaigns."""
    window, _ = rate_window(settings.carrier.calls_per_second)
    agents = unit.agents()
    ready = sum(agent.state is AgentState.READY for agent in agents)
    live = unit.live_calls()
    lines = Counter(campaign for campaign, _ in live)
    limit = ready + settings.mail.per_tick + SPARE
    return View(
        floors=tuple(
            Floor(
                campaign=campaigns[row.id],
                version=row.version,
                due=tuple(unit.due(row.id, now, limit)),
                lines=lines[row.id],
            )
            for row in unit.campaigns()
            if row.state is CampaignState.RUNNING and row.id in campaigns
        ),
        agents=tuple(agents),
        busy_numbers=frozenset(number for _, number in live),
        started=unit.calls_opened_since(now - window),
        dialing_enabled=unit.is_dialing_enabled(),
        carrier_open=carrier_open,
    )


def write(unit: Unit, plan: Plan, now: datetime) -> None:
    """Open the plan's attempts and write its refusals."""
    for opening in plan.openings:
        unit.open(opening.attempt, opening.lead)
        if opening.agent:
            unit.save_agent(reserve(opening.agent, opening.attempt.id, now), AgentState.READY)
    for refusal in plan.refusals:
        unit.save_lead(refusal.lead, LeadState.WAITING)
    permitted = [_permitted(opening, now) for opening in plan.openings]
    refused = [_refused(refusal, ruling, now) for refusal in plan.refusals for ruling in refusal.rulings]
    unit.record([*permitted, *refused])


def finish(unit: Unit, view: View, now: datetime) -> None:
    """Close campaigns whose list is done."""
    for floor in view.floors:
        if not floor.due and not unit.leads_left(floor.campaign.id):
            unit.set_campaign_state(floor.campaign.id, CampaignState.FINISHED, CampaignState.RUNNING)
            body = {"from": "running", "to": "finished", "by": "the list is done", "version": floor.version}
            unit.record([Record(kind=Kind.CAMPAIGN, at=now, campaign=floor.campaign.id, body=body)])


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
