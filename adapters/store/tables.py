"""The tables, as SQLModel classes: nobody outside the store sees them. Everything else works on their Core tables."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    UniqueConstraint,
)
from sqlmodel import Field

from adapters.store.columns import Money, instant, one_of, partial, words
from adapters.store.conditions import COSTLY, HAS_CALL, LIVE, LIVE_CALL, RARE, TALKING, TAUGHT, WAITING
from adapters.store.declared import Base, Line
from adapters.store.engine_tables import HaltTable, LeaseTable
from adapters.store.line_tables import LINES
from adapters.store.officer_tables import ConsentTable, ReassignmentTable, SuppressionTable, WithdrawalTable
from adapters.store.preview_table import PreviewTable
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.ledger import Kind
from compliance.terms import Party
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.view import CampaignState


class CampaignTable(Base, table=True):
    """A campaign: the version in force, and its state."""

    __tablename__ = "campaign"
    __table_args__ = (one_of("state", CampaignState),)
    id: str = words(primary_key=True)
    version: str = words()
    state: str = words()


class CampaignVersionTable(Base, table=True):
    """One version of a campaign, whole, as canonical JSON."""

    __tablename__ = "campaign_version"
    campaign: str = words(primary_key=True, foreign_key="campaign.id")
    version: str = words(primary_key=True)
    at: datetime = instant()
    seller: str = words()
    product: str = words()
    body: str = words()


class AgentTable(Base, table=True):
    """An agent, and the attempt that is theirs; no attempt is with two agents."""

    __tablename__ = "agent"
    __table_args__ = (
        one_of("state", AgentState),
        # Partial, for then PostgreSQL does not take a change of it for one of the agent's key, and calls do not wait.
        Index("uq_agent_attempt", "attempt", unique=True, **partial(HAS_CALL)),
    )
    id: str = words(primary_key=True)
    name: str = words()
    room: str = words()
    languages: str = words()
    skills: str = words()
    state: str = words()
    since: datetime = instant()
    attempt: str | None = words(default=None)
    deadline: datetime | None = instant(default=None)
    reason: str | None = words(default=None)
    leg: str | None = words(default=None)


class AgentSpanTable(Base, table=True):
    """A stretch of time that an agent spent in one state; the present one is in `agent`."""

    __tablename__ = "agent_span"
    __table_args__ = (one_of("state", AgentState), Index("ix_agent_span_until", "until", "since", "state"))
    id: int | None = Field(default=None, primary_key=True)
    agent: str = words(foreign_key="agent.id")
    state: str = words()
    since: datetime = instant()
    until: datetime = instant()
    attempt: str | None = words(default=None)


class ContactTable(Base, table=True):
    """A person. `mailbox` is the e-mail in small letters; the last four are JSON, read with the person."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_mailbox", "mailbox"),)
    key: str = words(primary_key=True)
    name: str = words()
    language: str = words()
    email: str | None = words(default=None)
    mailbox: str | None = words(default=None)
    phones: str = words()
    facts: str = words()
    consents: str = words()
    relationships: str = words()
    party: str = words(sa_column_kwargs={"server_default": Party.CONSUMER.value})
    address: str | None = words(default=None)


class ContactPhoneTable(Base, table=True):
    """Who has which number."""

    __tablename__ = "contact_phone"
    number: str = words(primary_key=True)
    contact: str = words(primary_key=True, foreign_key="contact.key")
    __table_args__ = (Index("ix_contact_phone_contact", "contact"),)


class LeadTable(Base, table=True):
    """A person on one campaign's list."""

    __tablename__ = "lead"
    __table_args__ = (
        one_of("state", LeadState),
        one_of("ending", Ending),
        CheckConstraint("state <> 'done' OR ending IS NOT NULL", name="ended"),
        UniqueConstraint("campaign", "unique_key"),
        UniqueConstraint("contact", "campaign"),
        Index("ix_lead_due", "campaign", "rank", "due", "id", **partial(WAITING)),
        Index("ix_lead_next", "campaign", "due", **partial(WAITING)),
        Index("ix_lead_step", "campaign", "step", "due", **partial(WAITING)),
        Index("ix_lead_standing", "campaign", "holdout", "state", "ending"),
    )
    id: int | None = Field(default=None, primary_key=True)
    campaign: str = words(foreign_key="campaign.id")
    contact: str = words(foreign_key="contact.key")
    unique_key: str = words()
    state: str = words()
    step: int = Field(sa_type=SmallInteger)
    step_tries: int = Field(sa_type=SmallInteger)
    tries: int = Field(sa_type=SmallInteger)
    due: datetime | None = instant(default=None)
    rank: int = Field(sa_type=BigInteger)
    ending: str | None = words(default=None)
    holdout: bool


class AttemptTable(Base, table=True):
    """One try on one channel. One live call per number, and one person at a time in an agent's ear."""

    __tablename__ = "attempt"
    __table_args__ = (
        one_of("state", AttemptState),
        one_of("channel", Line),
        one_of("outcome", Outcome),
        ForeignKeyConstraint(
            ["campaign", "version"], ["campaign_version.campaign", "campaign_version.version"]
        ),
        UniqueConstraint("lead", "ordinal"),
        Index("uq_attempt_live", "address", unique=True, **partial(LIVE_CALL)),
        Index("uq_attempt_agent", "agent", unique=True, **partial(TALKING)),
        Index("ix_attempt_silent", "deadline", **partial(LIVE)),
        Index("ix_attempt_contact", "contact"),
        Index("ix_attempt_address", "address"),
        Index("ix_attempt_opened", "opened_at"),
        Index("ix_attempt_campaign", "campaign", "opened_at"),
        Index("ix_attempt_taught", "over_at", **partial(TAUGHT)),
        Index(
            *("ix_attempt_cost", "campaign", "channel", "state", "currency", "price", "placed_at"),
            **partial(COSTLY),
        ),
    )
    id: str = words(primary_key=True)
    campaign: str = words()
    version: str = words()
    lead: int = Field(foreign_key="lead.id")
    contact: str = words(foreign_key="contact.key")
    channel: str = words()
    ordinal: int = Field(sa_type=SmallInteger)
    address: str = words()
    nonce: str = words()
    state: str = words()
    opened_at: datetime = instant()
    deadline: datetime | None = instant(default=None)
    caller_id: str | None = words(default=None)
    language: str = words()
    agent: str | None = words(default=None, foreign_key="agent.id")
    reference: str | None = words(default=None)
    placed_at: datetime | None = instant(default=None)
    dialed_at: datetime | None = instant(default=None)
    ringing_at: datetime | None = instant(default=None)
    answered_at: datetime | None = instant(default=None)
    connected_at: datetime | None = instant(default=None)
    over_at: datetime | None = instant(default=None)
    answered_by: str | None = words(default=None)
    talk_s: int
    outcome: str | None = words(default=None)
    disposition: str | None = words(default=None)
    note: str = words()
    callback_at: datetime | None = instant(default=None)
    asked: int = Field(sa_type=SmallInteger)
    price: Decimal | None = Field(default=None, sa_type=Money)
    currency: str | None = words(default=None)
    odds: float | None = Field(default=None, sa_type=Double)
    traits: str | None = words(default=None)


class EventTable(Base, table=True):
    """What the world told us, once each."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("key"), Index("ix_event_attempt", "attempt", "kind", "at"))
    id: int | None = Field(default=None, primary_key=True)
    key: str = words()
    attempt: str | None = words(default=None, foreign_key="attempt.id")
    kind: str = words()
    at: datetime = instant()
    body: str = words()


class LedgerTable(Base, table=True):
    """The sealed record, exactly as hashed; triggers refuse to change or delete a row."""

    __tablename__ = "ledger"
    __table_args__ = (
        one_of("kind", Kind),
        Index("ix_ledger_person", "person"),
        Index("ix_ledger_attempt", "attempt"),
        Index("ix_ledger_rare", "kind", **partial(RARE)),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = words()
    kind: str = words()
    campaign: str | None = words(default=None)
    person: str | None = words(default=None)
    attempt: str | None = words(default=None)
    body: str = words()
    previous: str = words()
    hash: str = words()


class RefusalTable(Base, table=True):
    """How often a rule refused, counted as it is written to the ledger, so that the board need not read that."""

    __tablename__ = "refusal"
    campaign: str = words(primary_key=True)
    rule: str = words(primary_key=True)
    code: str = words(primary_key=True)
    citation: str = words()
    count: int


class SwitchTable(Base, table=True):
    """A switch that stops things; one that is not here has never been turned."""

    __tablename__ = "switch"
    name: str = words(primary_key=True)
    enabled: bool


class RestingTable(Base, table=True):
    """A number of ours that is not shown for a while, and why."""

    __tablename__ = "resting"
    number: str = words(primary_key=True)
    until: datetime = instant()
    why: str = words()


BESIDE = (
    *LINES,
    ConsentTable,
    HaltTable,
    LeaseTable,
    PreviewTable,
    ReassignmentTable,
    SuppressionTable,
    WithdrawalTable,
)
"""The tables declared beside these."""

METADATA = Base.metadata


def _core(name: str) -> Table:
    return METADATA.tables[name]


CAMPAIGN, CAMPAIGN_VERSION = _core("campaign"), _core("campaign_version")
AGENT, AGENT_SPAN, LEG = _core("agent"), _core("agent_span"), _core("leg")
CONTACT, CONTACT_PHONE = _core("contact"), _core("contact_phone")
LEAD, ATTEMPT, EVENT, PREVIEW = _core("lead"), _core("attempt"), _core("event"), _core("preview")
SUPPRESSION, LEDGER, REFUSAL = _core("suppression"), _core("ledger"), _core("refusal")
CONSENT, WITHDRAWAL, REASSIGNMENT = _core("consent"), _core("withdrawal"), _core("reassignment")
SWITCH, LEASE, HALT, RESTING = _core("switch"), _core("lease"), _core("halt"), _core("resting")
