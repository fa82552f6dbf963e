"""The person an agent sees before the call, as pages and programs are shown them."""

from collections.abc import Mapping
from dataclasses import replace

from adapters.web.language import Words
from campaigns.callers import caller_for
from campaigns.campaign import Campaign
from campaigns.script import render, script_for, spoken_values
from compliance.terms import Channel
from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.desks import Desk
from dialer.ports import Unit
from dialer.previews import Preview, PreviewState, Why

_ITS_OWN_DOING = {Why.DIALED, Why.SKIPPED, Why.AGENT}
"""Ends that the agent need not be told of."""


def as_call(desk: Desk, campaigns: Mapping[str, Campaign]) -> Desk:
    """Return a desk on which a person is seen with the call that would be made; any other as it is."""
    preview, contact = desk.preview, desk.contact
    if preview is None or contact is None or desk.agent.state is not AgentState.PREVIEWING:
        return desk
    campaign = campaigns.get(preview.campaign)
    callers = campaign.caller_ids if campaign else ()
    call = Attempt(
        id=preview.id,
        campaign=preview.campaign,
        version="",
        lead=preview.lead,
        contact=preview.contact,
        channel=Channel.VOICE,
        ordinal=0,
        address=preview.address,
        nonce="",
        state=AttemptState.OPENED,
        opened_at=preview.shown_at,
        caller_id=caller_for(callers, contact.key, preview.address, frozenset()) if campaign else None,
        language=contact.language,
    )
    return replace(desk, attempt=call)


def seen_call(desk: Desk, words: Words) -> dict[str, object]:
    """Return what is said otherwise of a call that is not made yet."""
    is_seen = desk.agent.state is AgentState.PREVIEWING
    return {"call_state": words("desk.not_dialled")} if is_seen else {}


def preview_of(desk: Desk, campaign: Campaign | None, words: Words) -> dict[str, object]:
    """Return what the page shows before a call, for every desk: whether to dial, and why to skip."""
    preview, is_seen = desk.preview, desk.agent.state is AgentState.PREVIEWING
    is_wanted = preview is not None and preview.state is PreviewState.WANTED
    reasons = campaign.pacing.previewing.reasons if campaign and is_seen else ()
    return {
        "preview": preview.id if preview and is_seen else "",
        "has_preview": is_seen,
        "may_dial": is_seen and not is_wanted,
        "is_dialling": is_seen and is_wanted,
        "skips": [
            {"id": one.id, "label": one.label.in_(words.language), "key": one.key or ""} for one in reasons
        ],
    }


def hint_of(desk: Desk, campaign: Campaign | None) -> str | None:
    """Return which advice fits a preview, or its end just now; None where none does."""
    preview, agent = desk.preview, desk.agent
    if preview is None:
        return None
    if agent.state is AgentState.PREVIEWING:
        if preview.state is PreviewState.WANTED:
            return "dialling"
        dials = campaign is not None and campaign.pacing.previewing.on_timeout == "dial"
        return "previewing_dials" if dials else "previewing"
    is_news = preview.over_at == agent.since and preview.why not in _ITS_OWN_DOING
    return f"preview_{preview.why.value}" if is_news and preview.why else None


# --- for programs -----------------------------------------------------------------------------------------------------


def preview_screen(
    unit: Unit, agent: Agent, campaigns: Mapping[str, Campaign], language: str
) -> dict[str, object]:
    """Return what the desk's JSON says of the person before an agent; `preview` is null when there is nobody."""
    found = unit.preview(agent.id) if agent.state is AgentState.PREVIEWING else None
    campaign, contact = (
        (campaigns.get(found.campaign), unit.contact(found.contact)) if found else (None, None)
    )
    if found is None or campaign is None or contact is None:
        return {"preview": None, "skips": []}
    return {
        "preview": found.id,
        "is_wanted": found.state is PreviewState.WANTED,
        "skips": [
            {"id": one.id, "label": one.label.in_(language), "key": one.key}
            for one in campaign.pacing.previewing.reasons
        ],
        "campaign": campaign.id,
        "title": campaign.title.in_(language),
        "contact": {"key": contact.key, "name": contact.name, "language": contact.language},
        "script": _script(found, campaign, agent, unit),
    }


def _script(preview: Preview, campaign: Campaign, agent: Agent, unit: Unit) -> list[str]:
    contact = unit.contact(preview.contact)
    if contact is None:
        return []
    shown = caller_for(campaign.caller_ids, contact.key, preview.address, frozenset()) or ""
    values = spoken_values(campaign, contact, contact.language, agent=agent.name, callback=shown)
    return [render(step, values) for step in script_for(campaign, contact.language).steps]
