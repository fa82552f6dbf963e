"""The first tables."""

# ruff: noqa: E501 (the lists of words in the checks are as long as they are)

import sqlalchemy as sa
from alembic import op

from adapters.store import columns, keeping

revision = "bf97583308d9"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", columns.Instant(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.Column("deadline", columns.Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('away', 'ready', 'reserved', 'talking', 'wrapping')", name=op.f("ck_agent_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
    )
    op.create_index("uq_agent_attempt", "agent", ["attempt"], unique=True)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'paused', 'finished', 'stopped')", name=op.f("ck_campaign_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "contact",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("consents", sa.Text(), nullable=False),
        sa.Column("relationships", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_mailbox", "contact", ["mailbox"])

    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('listed', 'enrolled', 'permitted', 'refused', 'unsure', 'concluded', 'suppressed', 'ignored', 'campaign', 'agent', 'switch')",
            name=op.f("ck_ledger_kind"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_attempt", "ledger", ["attempt"])
    op.create_index("ix_ledger_person", "ledger", ["person"])
    op.create_index(
        "ix_ledger_rare",
        "ledger",
        ["kind"],
        sqlite_where=sa.text("kind IN ('listed', 'suppressed')"),
        postgresql_where=sa.text("kind IN ('listed', 'suppressed')"),
    )

    op.create_table(
        "refusal",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "rule", "code", name=op.f("pk_refusal")),
    )
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("seller", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=True),
        sa.CheckConstraint("channel IN ('voice', 'email')", name=op.f("ck_suppression_channel")),
        sa.CheckConstraint(
            "(number IS NOT NULL AND email IS NULL AND person IS NULL) OR (email IS NOT NULL AND number IS NULL AND person IS NULL) OR (person IS NOT NULL AND email IS NULL AND number IS NULL)",
            name=op.f("ck_suppression_one_subject"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index("ix_suppression_mailbox", "suppression", ["mailbox"])
    op.create_index("ix_suppression_number", "suppression", ["number"])
    op.create_index("ix_suppression_person", "suppression", ["person"])
    op.create_index("ix_suppression_scope", "suppression", ["scope"])

    op.create_table(
        "switch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switch")),
    )
    op.create_table(
        "agent_span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", columns.Instant(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('away', 'ready', 'reserved', 'talking', 'wrapping')", name=op.f("ck_agent_span_state")
        ),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_agent_span_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_span")),
    )
    op.create_index("ix_agent_span_until", "agent_span", ["until", "since", "state"])

    op.create_table(
        "campaign_version",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("seller", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_campaign_version_campaign")),
        sa.PrimaryKeyConstraint("campaign", "version", name=op.f("pk_campaign_version")),
    )
    op.create_table(
        "contact_phone",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.key"], name=op.f("fk_contact_phone_contact")),
        sa.PrimaryKeyConstraint("number", "contact", name=op.f("pk_contact_phone")),
    )
    op.create_index("ix_contact_phone_contact", "contact_phone", ["contact"])

    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("step_tries", sa.SmallInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("due", columns.Instant(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("holdout", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "ending IN ('talked', 'answered', 'opted_out', 'exhausted', 'refused', 'unreachable')",
            name=op.f("ck_lead_ending"),
        ),
        sa.CheckConstraint("state <> 'done' OR ending IS NOT NULL", name=op.f("ck_lead_ended")),
        sa.CheckConstraint("state IN ('waiting', 'trying', 'done')", name=op.f("ck_lead_state")),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_lead_campaign")),
        sa.ForeignKeyConstraint(["contact"], ["contact.key"], name=op.f("fk_lead_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("campaign", "unique_key", name=op.f("uq_lead_campaign")),
        sa.UniqueConstraint("contact", "campaign", name=op.f("uq_lead_contact")),
    )
    op.create_index(
        "ix_lead_due",
        "lead",
        ["campaign", "rank", "due", "id"],
        sqlite_where=sa.text("state = 'waiting' AND holdout = 0"),
        postgresql_where=sa.text("state = 'waiting' AND NOT holdout"),
    )
    op.create_index(
        "ix_lead_next",
        "lead",
        ["campaign", "due"],
        sqlite_where=sa.text("state = 'waiting' AND holdout = 0"),
        postgresql_where=sa.text("state = 'waiting' AND NOT holdout"),
    )
    op.create_index(
        "ix_lead_step",
        "lead",
        ["campaign", "step", "due"],
        sqlite_where=sa.text("state = 'waiting' AND holdout = 0"),
        postgresql_where=sa.text("state = 'waiting' AND NOT holdout"),
    )
    op.create_index("ix_lead_standing", "lead", ["campaign", "holdout", "state", "ending"])

    op.create_table(
        "attempt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", columns.Instant(), nullable=False),
        sa.Column("deadline", columns.Instant(), nullable=True),
        sa.Column("caller_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("placed_at", columns.Instant(), nullable=True),
        sa.Column("ringing_at", columns.Instant(), nullable=True),
        sa.Column("answered_at", columns.Instant(), nullable=True),
        sa.Column("connected_at", columns.Instant(), nullable=True),
        sa.Column("over_at", columns.Instant(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("talk_s", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("callback_at", columns.Instant(), nullable=True),
        sa.Column("asked", sa.SmallInteger(), nullable=False),
        sa.Column("price", columns.Money(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.CheckConstraint("channel IN ('voice', 'email')", name=op.f("ck_attempt_channel")),
        sa.CheckConstraint(
            "outcome IN ('sold', 'interested', 'callback', 'not_interested', 'refused', 'wrong_number', 'opted_out', 'no_disposition', 'machine', 'abandoned', 'no_answer', 'busy', 'failed', 'canceled', 'rejected', 'not_placed', 'sent', 'bounced', 'undelivered', 'unknown')",
            name=op.f("ck_attempt_outcome"),
        ),
        sa.CheckConstraint(
            "state IN ('opened', 'unsure', 'placed', 'ringing', 'answered', 'connected', 'accepted', 'over')",
            name=op.f("ck_attempt_state"),
        ),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_attempt_agent")),
        sa.ForeignKeyConstraint(
            ["campaign", "version"],
            ["campaign_version.campaign", "campaign_version.version"],
            name=op.f("fk_attempt_campaign"),
        ),
        sa.ForeignKeyConstraint(["contact"], ["contact.key"], name=op.f("fk_attempt_contact")),
        sa.ForeignKeyConstraint(["lead"], ["lead.id"], name=op.f("fk_attempt_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("lead", "ordinal", name=op.f("uq_attempt_lead")),
    )
    op.create_index("ix_attempt_address", "attempt", ["address"])
    op.create_index("ix_attempt_campaign", "attempt", ["campaign", "opened_at"])
    op.create_index("ix_attempt_contact", "attempt", ["contact"])
    op.create_index("ix_attempt_opened", "attempt", ["opened_at"])
    op.create_index(
        "ix_attempt_silent",
        "attempt",
        ["deadline"],
        sqlite_where=sa.text("state != 'over'"),
        postgresql_where=sa.text("state != 'over'"),
    )
    op.create_index(
        "uq_attempt_agent",
        "attempt",
        ["agent"],
        unique=True,
        sqlite_where=sa.text("state = 'connected'"),
        postgresql_where=sa.text("state = 'connected'"),
    )
    op.create_index(
        "uq_attempt_live",
        "attempt",
        ["address"],
        unique=True,
        sqlite_where=sa.text("state != 'over' AND channel = 'voice'"),
        postgresql_where=sa.text("state != 'over' AND channel = 'voice'"),
    )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["attempt.id"], name=op.f("fk_event_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    op.create_index("ix_event_attempt", "event", ["attempt", "kind", "at"])
    keeping.guard(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
