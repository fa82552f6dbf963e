"""The tables of live calls that are held, muted, handed over or listened to, as SQLModel classes."""

from datetime import datetime

from sqlalchemy import Index

from adapters.store.columns import instant, one_of, partial, words
from adapters.store.conditions import HAS_COLLEAGUE
from adapters.store.declared import Base
from adapters.store.leg_tables import LegTable
from dialer.listening import Mode


class HandlingTable(Base, table=True):
    """How a live call is handled; no colleague is reserved for two calls."""

    __tablename__ = "handling"
    __table_args__ = (
        Index("uq_handling_colleague", "colleague", unique=True, **partial(HAS_COLLEAGUE)),
        Index("ix_handling_deadline", "deadline"),
    )
    attempt: str = words(primary_key=True, foreign_key="attempt.id")
    agent: str = words(foreign_key="agent.id")
    is_held: bool
    is_muted: bool
    colleague: str | None = words(default=None, foreign_key="agent.id")
    giver: str | None = words(default=None, foreign_key="agent.id")
    guest: str | None = words(default=None, foreign_key="agent.id")
    is_warm: bool
    is_back: bool
    moves: int
    deadline: datetime | None = instant(default=None)
    problem: str = words()
    after: bool


class ListeningTable(Base, table=True):
    """A supervisor in a call, or on the way there: one call each."""

    __tablename__ = "listening"
    __table_args__ = (one_of("mode", Mode), Index("ix_listening_attempt", "attempt"))
    supervisor: str = words(primary_key=True)
    agent: str = words(foreign_key="agent.id")
    attempt: str = words(foreign_key="attempt.id")
    mode: str = words()
    nonce: str = words()
    reference: str | None = words(default=None)
    since: datetime = instant()
    is_in: bool
    problem: str = words()


HANDLING, LISTENING = (Base.metadata.tables[name] for name in ("handling", "listening"))


LINES = (HandlingTable, LegTable, ListeningTable)
"""What agents' lines and live calls need, for whoever declares all tables."""
