"""Builders for campaigns, contacts and leads."""

from datetime import UTC, datetime
from pathlib import Path

from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead
from campaigns.loading import load_campaign
from campaigns.outcome import Ending, LeadState

HERE = Path(__file__).parent
SOUND = (HERE / "sound.yaml").read_text("utf-8")
NOW = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
"""Monday, 11:00 in Tokyo."""


def a_campaign(*edits: tuple[str, str]) -> Campaign:
    """The sound campaign, with pieces of its text replaced."""
    text = SOUND
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_campaign(text, "sound.yaml").campaign


def a_contact(**facts: str) -> Contact:
    """A customer with these cells in the list's other columns."""
    return Contact(key="C1", name="山田 花子", language="ja", email="hanako@example.jp", facts=facts)


def a_lead(
    *,
    number: int = 7,
    step: int = 0,
    step_tries: int = 1,
    tries: int | None = None,
    state: LeadState = LeadState.TRYING,
    ending: Ending | None = None,
) -> Lead:
    """A lead whose attempt has just ended, and was counted."""
    return Lead(
        id=number,
        campaign="spring-tea",
        contact="C1",
        state=state,
        step=step,
        step_tries=step_tries,
        tries=step_tries if tries is None else tries,
        ending=ending,
    )
