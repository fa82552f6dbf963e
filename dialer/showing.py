"""A person is put before an agent, and how the store keeps that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from campaigns.campaign import Campaign
from campaigns.contact import Lead
from dialer.agents import Agent
from dialer.previews import Live, Preview, PreviewState
from dialer.view import Due

HELD = timedelta(hours=1)
"""How long after its deadline a person who is held comes due by themselves, should nobody ever end the preview."""


class Previews(Protocol):
    """People shown to agents: a part of `dialer.ports.Unit`."""

    def previews(self) -> Sequence[Live]:
        """Return every preview that is not over, by agent."""
        ...

    def preview(self, agent: str) -> Preview | None:
        """Return the last preview of an agent, over or not."""
        ...

    def show(self, preview: Preview) -> None:
        """Put a person before an agent; StaleState when the person is shown to another, or the agent sees somebody."""
        ...

    def save_preview(self, preview: Preview, expected: PreviewState) -> None:
        """Write how a preview stands. Raises StaleState when it is not in the state expected."""
        ...

    def due_of(self, leads: Sequence[int]) -> Sequence[Due]:
        """Return waiting leads, whenever they are due, with all that the judge needs."""
        ...


def previewed(
    campaign: Campaign, due: Due, address: str, agent: Agent, now: datetime
) -> tuple[Preview, Lead]:
    """Return a person as they are shown to an agent, and their lead, held. Pure."""
    deadline = now + campaign.pacing.previewing.time
    lot = sha256(f"{due.lead.id}:{agent.id}:{now.isoformat()}".encode()).hexdigest()
    preview = Preview(
        id=f"pv-{lot[:20]}",
        agent=agent.id,
        campaign=campaign.id,
        lead=due.lead.id,
        contact=due.contact.key,
        address=address,
        state=PreviewState.SHOWN,
        shown_at=now,
        deadline=deadline,
        held_until=deadline + HELD,
    )
    return preview, replace(due.lead, due=preview.held_until)
