"""What keeps every engine from calling, until when; a new kind of ledger row for it."""

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


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
