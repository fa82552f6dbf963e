"""The tables that officers' words go to: entries of the do-not-contact list, consents, answers about numbers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from adapters.store.columns import instant, one_of, words
from adapters.store.conditions import ONE_SUBJECT
from adapters.store.declared import Base, Line


class SuppressionTable(Base, table=True):
    """A do-not-contact entry; `scope` is all that says whom and what it covers, as one text."""

    __tablename__ = "suppression"
    __table_args__ = (
        one_of("channel", Line),
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        Index("ix_suppression_scope", "scope"),
        Index("ix_suppression_number", "number"),
        Index("ix_suppression_mailbox", "mailbox"),
        Index("ix_suppression_person", "person"),
    )
    id: int | None = Field(default=None, primary_key=True)
    scope: str = words()
    number: str | None = words(default=None)
    email: str | None = words(default=None)
    mailbox: str | None = words(default=None)
    person: str | None = words(default=None)
    channel: str | None = words(default=None)
    seller: str | None = words(default=None)
    product: str | None = words(default=None)
    reason: str = words()
    source: str = words()
    by: str = words()
    at: datetime = instant()
    expires_at: datetime | None = instant(default=None)
    lifted_at: datetime | None = instant(default=None)
    lifted_by: str | None = words(default=None)
    approved_by: str | None = words(default=None)
    lift_reason: str | None = words(default=None)


class ConsentTable(Base, table=True):
    """A permission that an officer wrote down; those of lists stand with the person."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person", "person"),)
    id: int | None = Field(default=None, primary_key=True)
    person: str = words(foreign_key="contact.key")
    type: str = words()
    seller: str = words()
    channels: str = words()
    number: str | None = words(default=None)
    evidence: str | None = words(default=None)
    shown: str | None = words(default=None)
    obtained_at: datetime = instant()
    expires_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)
    by: str = words()
    at: datetime = instant()


class WithdrawalTable(Base, table=True):
    """A person took every permission back, from one seller or from all."""

    __tablename__ = "withdrawal"
    __table_args__ = (Index("ix_withdrawal_person", "person"),)
    id: int | None = Field(default=None, primary_key=True)
    person: str = words(foreign_key="contact.key")
    seller: str | None = words(default=None)
    reason: str = words()
    by: str = words()
    at: datetime = instant()


class ReassignmentTable(Base, table=True):
    """What the Reassigned Numbers Database said last of a number."""

    __tablename__ = "reassignment"
    number: str = words(primary_key=True)
    answer: str = words()
    queried_at: datetime = instant()
    consent_at: datetime | None = instant(default=None)
    by: str = words()
