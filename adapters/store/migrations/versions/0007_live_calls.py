"""Live calls that are held, muted or handed over, and the supervisors who listen to them."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns

revision = "e2a94c7d5b18"
down_revision = "e4a90c17d6b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handling",
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("colleague", sa.Text(), nullable=True),
        sa.Column("giver", sa.Text(), nullable=True),
        sa.Column("guest", sa.Text(), nullable=True),
        sa.Column("is_warm", sa.Boolean(), nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("deadline", columns.Instant(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("after", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_handling_agent")),
        sa.ForeignKeyConstraint(["attempt"], ["attempt.id"], name=op.f("fk_handling_attempt")),
        sa.ForeignKeyConstraint(["colleague"], ["agent.id"], name=op.f("fk_handling_colleague")),
        sa.ForeignKeyConstraint(["giver"], ["agent.id"], name=op.f("fk_handling_giver")),
        sa.ForeignKeyConstraint(["guest"], ["agent.id"], name=op.f("fk_handling_guest")),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_handling")),
    )
    op.create_index("ix_handling_deadline", "handling", ["deadline"])
    reserved = sa.text("colleague IS NOT NULL")
    op.create_index(
        "uq_handling_colleague",
        "handling",
        ["colleague"],
        unique=True,
        sqlite_where=reserved,
        postgresql_where=reserved,
    )
    op.create_table(
        "listening",
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("since", columns.Instant(), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("mode IN ('listen', 'whisper', 'barge')", name=op.f("ck_listening_mode")),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_listening_agent")),
        sa.ForeignKeyConstraint(["attempt"], ["attempt.id"], name=op.f("fk_listening_attempt")),
        sa.PrimaryKeyConstraint("supervisor", name=op.f("pk_listening")),
    )
    op.create_index("ix_listening_attempt", "listening", ["attempt"])


def downgrade() -> None:
    op.drop_table("listening")
    op.drop_table("handling")
