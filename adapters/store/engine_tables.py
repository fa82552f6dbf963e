"""The tables by which engines share their work, as SQLModel classes: nobody outside the store sees them."""

from datetime import datetime

from adapters.store.columns import instant, words
from adapters.store.declared import Base


class LeaseTable(Base, table=True):
    """Who plans, until when; `fence` grows with each new owner."""

    __tablename__ = "lease"
    name: str = words(primary_key=True)
    owner: str = words()
    until: datetime = instant()
    fence: int


class HaltTable(Base, table=True):
    """What keeps every engine from calling; one without an end holds until somebody lifts it."""

    __tablename__ = "halt"
    name: str = words(primary_key=True)
    since: datetime = instant()
    until: datetime | None = instant(default=None)
    reason: str = words()
