"""An index by which a campaign's costs are counted without a look at its attempts; numbers of ours that rest."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns

revision = "7d40c2e9b1a3"
down_revision = "2f1c0d6a4b7e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    costly = sa.text("state != 'over' OR placed_at IS NOT NULL")
    op.create_index(
        "ix_attempt_cost",
        "attempt",
        ["campaign", "channel", "state", "currency", "price", "placed_at"],
        sqlite_where=costly,
        postgresql_where=costly,
    )
    op.create_table(
        "resting",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_resting")),
    )


def downgrade() -> None:
    op.drop_table("resting")
    op.drop_index("ix_attempt_cost", "attempt")
