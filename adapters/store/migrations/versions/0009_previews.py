"""People shown to agents before the call, and the state of agents who look at one."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns, keeping

revision = "c3a97d51e820"
down_revision = "e2a94c7d5b18"
branch_labels = None
depends_on = None

STATES = ("away", "ready", "previewing", "reserved", "talking", "wrapping")
ENDS = (
    "dialed",
    "skipped",
    "timeout",
    "no_line",
    "refused",
    "busy",
    "suppressed",
    "stopped",
    "campaign",
    "changed",
    "agent",
)


def upgrade() -> None:
    for table in ("agent", "agent_span"):
        keeping.know_words(table, "state", STATES)
    ends = ", ".join(f"'{word}'" for word in ENDS)
    op.create_table(
        "preview",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("deadline", columns.Instant(), nullable=False),
        sa.Column("held_until", columns.Instant(), nullable=False),
        sa.Column("over_at", columns.Instant(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('shown', 'wanted', 'over')", name=op.f("ck_preview_state")),
        sa.CheckConstraint(f"why IN ({ends})", name=op.f("ck_preview_why")),
        sa.CheckConstraint("state <> 'over' OR why IS NOT NULL", name=op.f("ck_preview_ended")),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_preview_agent")),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_preview_campaign")),
        sa.ForeignKeyConstraint(["lead"], ["lead.id"], name=op.f("fk_preview_lead")),
        sa.ForeignKeyConstraint(["contact"], ["contact.key"], name=op.f("fk_preview_contact")),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_preview")),
        sa.UniqueConstraint("id", name=op.f("uq_preview_id")),
    )
    live = sa.text("state != 'over'")
    for name in ("lead", "contact"):
        op.create_index(
            f"uq_preview_{name}", "preview", [name], unique=True, sqlite_where=live, postgresql_where=live
        )


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
