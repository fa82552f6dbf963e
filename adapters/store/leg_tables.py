"""The table of the calls that we make to agents, so that they sit in their rooms."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger
from sqlmodel import Field

from adapters.store.columns import instant, one_of, partial, words
from adapters.store.conditions import RUNNING
from adapters.store.declared import Base
from dialer.legs import LegEnding, LegState


class LegTable(Base, table=True):
    """One call to an agent's own telephone; at most one to each agent is under way."""

    __tablename__ = "leg"
    __table_args__ = (
        one_of("state", LegState),
        one_of("ending", LegEnding),
        Index("uq_leg_live", "agent", unique=True, **partial(RUNNING)),
        Index("ix_leg_agent", "agent", "opened_at"),
        Index("ix_leg_opened", "opened_at"),
    )
    id: str = words(primary_key=True)
    agent: str = words(foreign_key="agent.id")
    address: str = words()
    caller_id: str = words()
    nonce: str = words()
    state: str = words()
    opened_at: datetime = instant()
    deadline: datetime | None = instant(default=None)
    reference: str | None = words(default=None)
    ending: str | None = words(default=None)
    asked: int = Field(sa_type=SmallInteger)
