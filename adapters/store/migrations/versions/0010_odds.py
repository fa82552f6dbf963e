"""What was known of a person before each call, the chance given to it, and an index by which calls are learnt from."""

import sqlalchemy as sa
from alembic import op

revision = "c41d9e6a7b52"
down_revision = "c3a97d51e820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("odds", sa.Double(), nullable=True))
    op.add_column("attempt", sa.Column("traits", sa.Text(), nullable=True))
    taught = sa.text("traits IS NOT NULL AND over_at IS NOT NULL")
    op.create_index("ix_attempt_taught", "attempt", ["over_at"], sqlite_where=taught, postgresql_where=taught)


def downgrade() -> None:
    op.drop_index("ix_attempt_taught", "attempt")
    op.drop_column("attempt", "traits")
    op.drop_column("attempt", "odds")
