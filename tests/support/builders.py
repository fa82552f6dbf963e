"""Values as tests want them: sound, ordinary, and changed where the test says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead, Phone
from campaigns.loading import load_campaign
from campaigns.outcome import LeadState
from compliance.policy import Policy
from compliance.question import Consent
from compliance.rulebook import packaged_law
from dialer.agents import Agent, AgentState
from dialer.questions import Rules
from dialer.settings import Settings
from dialer.starts import Starts
from dialer.view import Due, Floor, View

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
"""A Tuesday, 12:00 in Tokyo."""
SECRET = "s" * 32
CAMPAIGN_FILE = Path(__file__).parents[2] / "config" / "campaigns" / "winback-dormant.yaml"


@cache
def the_campaign() -> Campaign:
    """Return the campaign that stands in our own configuration."""
    return load_campaign(CAMPAIGN_FILE.read_text("utf-8"), CAMPAIGN_FILE.name).campaign


def a_campaign(**changes: Any) -> Campaign:
    """Return our own campaign with some fields changed."""
    return the_campaign().model_copy(update=changes)


def rules(**settings: Any) -> Rules:
    """Return the law, an open policy, and settings with some fields changed."""
    return Rules(law=packaged_law(), policy=Policy(), settings=Settings(**settings), secret=SECRET)


def a_contact(place: int = 1, **changes: Any) -> Contact:
    """Return a person in Japan who agreed to mail."""
    contact = Contact(
        key=f"C{place:05d}",
        name=f"山田 {place}",
        language="ja",
        phones=(Phone(number=f"+8190{20000000 + place}", kind="mobile"),),
        email=f"guest{place}@example.jp",
        facts={
            "会員ランク": "ゴールド",
            "前回商品": "煎茶",
            "都道府県": "静岡県",
            "最終購入日": "2025-03-01",
        },
        consents=(
            Consent(type="email_optin", seller="midorien", obtained_at=NOON.replace(year=2025), evidence="f"),
        ),
    )
    return replace(contact, **changes)


def a_lead(place: int = 1, **changes: Any) -> Lead:
    """Return a lead that is due."""
    lead = Lead(
        id=place,
        campaign=the_campaign().id,
        contact=f"C{place:05d}",
        state=LeadState.WAITING,
        due=NOON,
        rank=place,
    )
    return replace(lead, **changes)


def a_due(place: int = 1, *, lead: Mapping[str, Any] | None = None, **changes: Any) -> Due:
    """Return a due lead with its contact."""
    return Due(lead=a_lead(place, **(lead or {})), contact=a_contact(place, **changes))


def leg_of(agent: str) -> str:
    """Return what the carrier calls the line with which an agent sits in their room."""
    return f"CA{sha256(agent.encode()).hexdigest()[:32]}"


def an_agent(name: str = "aoki", **changes: Any) -> Agent:
    """Return a ready agent, in their room, who speaks both languages."""
    agent = Agent(
        id=name,
        name=name,
        room=f"ag-{name}",
        languages=("ja", "en"),
        state=AgentState.READY,
        since=NOON,
        leg=leg_of(name),
    )
    return replace(agent, **changes)


def a_view(
    *due: Due, agents: tuple[Agent, ...] = (), campaign: Campaign | None = None, **changes: Any
) -> View:
    """Return a view of one campaign."""
    floor = Floor(campaign=campaign or the_campaign(), version="v1", due=due)
    return replace(
        View(floors=(floor,), agents=agents or (an_agent(),), starts=Starts(account=60)), **changes
    )
