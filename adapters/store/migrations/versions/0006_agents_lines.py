"""Which line of an agent is in their room, and the calls that we make to agents' own telephones."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns

revision = "e4a90c17d6b2"
down_revision = "b58e1f7c2d04"
branch_labels = None
depends_on = None

STATES = "state IN ('opened', 'unsure', 'placed', 'ringing', 'answered', 'joined', 'over')"
ENDINGS = "ending IN ('left', 'unanswered', 'unconfirmed', 'refused', 'not_placed')"


def upgrade() -> None:
    op.add_column("agent", sa.Column("leg", sa.Text(), nullable=True))
    op.create_table(
        "leg",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("caller_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", columns.Instant(), nullable=False),
        sa.Column("deadline", columns.Instant(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("asked", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_leg_state")),
        sa.CheckConstraint(ENDINGS, name=op.f("ck_leg_ending")),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_leg_agent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg")),
    )
    live = sa.text("state != 'over'")
    op.create_index("uq_leg_live", "leg", ["agent"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index("ix_leg_agent", "leg", ["agent", "opened_at"])
    op.create_index("ix_leg_opened", "leg", ["opened_at"])


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
