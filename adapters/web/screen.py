"""What an agent's page shows: their state, the person on the line, what to say, and what can be said of it after."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.campaign import Campaign
from campaigns.contact import Contact
from campaigns.script import render, script_for, spoken_values
from compliance.sentences import DUTIES, SAYINGS
from dialer.agents import Agent
from dialer.attempt import Attempt
from dialer.ports import Unit

Permit = Mapping[str, Any]
"""What the ledger keeps of why a call was permitted."""

Seat = tuple[Agent, Attempt | None, Contact | None, Permit | None]
"""An agent with the call that is theirs, the person on it, and the permit it was made under."""


def seat_of(unit: Unit, agent: str) -> Seat | None:
    """Return an agent's seat, or None for an agent nobody knows."""
    found = unit.agent(agent)
    if found is None:
        return None
    attempt = unit.attempt(found.attempt) if found.attempt else None
    if attempt is None:
        return found, None, None, None
    return found, attempt, unit.contact(attempt.contact), unit.permit(attempt.id)


def screen_of(seat: Seat, campaigns: Mapping[str, Campaign], language: str) -> dict[str, object]:
    """Return the desk as JSON values; `language` is the agent's, for labels, while the script speaks the person's.

    Without a call: agent, name, state, since (ISO 8601, UTC), and the other keys null or empty.
    """
    agent, attempt, contact, permit = seat
    screen: dict[str, object] = {
        "agent": agent.id,
        "name": agent.name,
        "state": agent.state.value,
        "since": agent.since.isoformat(),
        "until": agent.deadline.isoformat() if agent.deadline else None,
        "attempt": None,
        "campaign": None,
        "title": None,
        "contact": None,
        "script": [],
        "duties": [],
        "dispositions": [],
    }
    if attempt is None:
        return screen
    campaign = campaigns.get(attempt.campaign)
    screen["duties"] = list(duties(permit, language)) if permit else []
    screen |= {"attempt": attempt.id, "call": attempt.state.value, "campaign": attempt.campaign}
    if contact is not None:
        screen["contact"] = {"key": contact.key, "name": contact.name, "language": attempt.language}
    if campaign is not None:
        screen |= {"title": campaign.title.in_(language), "dispositions": _choices(campaign, language)}
        if contact is not None:
            screen["script"] = _script(campaign, contact, attempt, agent)
    return screen


def _choices(campaign: Campaign, language: str) -> list[dict[str, str | None]]:
    return [
        {"id": choice.id, "label": choice.label.in_(language), "key": choice.key}
        for choice in campaign.dispositions
    ]


def _script(campaign: Campaign, contact: Contact, attempt: Attempt, agent: Agent) -> list[str]:
    language = attempt.language
    values = spoken_values(campaign, contact, language, agent=agent.name, callback=attempt.caller_id or "")
    return [render(step, values) for step in script_for(campaign, language).steps]


def duties(permit: Permit, language: str) -> Iterator[dict[str, object]]:
    """Yield what came with the permit: its conditions, and what must be said with which rule and within how long.

    Keys: `code` (ours), `text` (in `language`), `rule` and `within_s` (both null for a condition).
    """
    place = 1 if language == "ja" else 0
    verdict = permit["verdict"]
    for code in verdict.get("obligations", ()):
        yield {
            "code": code,
            "text": DUTIES[code][place] if code in DUTIES else code,
            "rule": None,
            "within_s": None,
        }
    for saying in verdict.get("sayings", ()):
        element = saying["element"]
        said = SAYINGS.get(element, (element, element))[place]
        yield {"code": element, "text": said, "rule": saying["rule"], "within_s": saying.get("within_s")}
