"""What keeps every engine from calling; when a call left the queue; agents' calls without a key of their own."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns, keeping

revision = "6d0b7e9c3a15"
down_revision = "7d40c2e9b1a3"
branch_labels = None
depends_on = None

KINDS = (
    "listed",
    "enrolled",
    "permitted",
    "refused",
    "unsure",
    "concluded",
    "suppressed",
    "ignored",
    "campaign",
    "agent",
    "switch",
    "consented",
    "revoked",
    "released",
    "halted",
)


def upgrade() -> None:
    op.create_table(
        "halt",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", columns.Instant(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_halt")),
    )
    op.add_column("attempt", sa.Column("dialed_at", columns.Instant(), nullable=True))
    keeping.know_kinds(KINDS)
    op.drop_index("uq_agent_attempt", "agent")
    has_call = sa.text("attempt IS NOT NULL")
    op.create_index(
        "uq_agent_attempt",
        "agent",
        ["attempt"],
        unique=True,
        sqlite_where=has_call,
        postgresql_where=has_call,
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
