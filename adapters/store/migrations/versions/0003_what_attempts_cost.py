"""An index by which a campaign's costs are counted without a look at its attempts."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    op.drop_index("ix_attempt_cost", "attempt")
