"""The table of people shown to agents before the call."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from adapters.store.columns import instant, one_of, partial, words
from adapters.store.conditions import LIVE
from adapters.store.declared import Base
from dialer.previews import PreviewState, Why


class PreviewTable(Base, table=True):
    """The last person an agent was shown before the call; nobody is shown to two agents at once."""

    __tablename__ = "preview"
    __table_args__ = (
        one_of("state", PreviewState),
        one_of("why", Why),
        CheckConstraint("state <> 'over' OR why IS NOT NULL", name="ended"),
        UniqueConstraint("id"),
        Index("uq_preview_lead", "lead", unique=True, **partial(LIVE)),
        Index("uq_preview_contact", "contact", unique=True, **partial(LIVE)),
    )
    agent: str = words(primary_key=True, foreign_key="agent.id")
    id: str = words()
    campaign: str = words(foreign_key="campaign.id")
    lead: int = Field(foreign_key="lead.id")
    contact: str = words(foreign_key="contact.key")
    address: str = words()
    state: str = words()
    shown_at: datetime = instant()
    deadline: datetime = instant()
    held_until: datetime = instant()
    over_at: datetime | None = instant(default=None)
    why: str | None = words(default=None)
