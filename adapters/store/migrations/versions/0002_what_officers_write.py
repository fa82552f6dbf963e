"""Consents, their end, answers about numbers, lifted entries; whose a line is and where; new kinds of ledger rows."""

import sqlalchemy as sa
from alembic import op

from adapters.store import columns, keeping

revision = "2f1c0d6a4b7e"
down_revision = "bf97583308d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _officers()
    op.add_column("contact", sa.Column("party", sa.Text(), server_default="consumer", nullable=False))
    op.add_column("contact", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("suppression", sa.Column("lifted_at", columns.Instant(), nullable=True))
    for name in ("lifted_by", "approved_by", "lift_reason"):
        op.add_column("suppression", sa.Column(name, sa.Text(), nullable=True))
    _ledger()


def _officers() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("seller", sa.Text(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("obtained_at", columns.Instant(), nullable=False),
        sa.Column("expires_at", columns.Instant(), nullable=True),
        sa.Column("revoked_at", columns.Instant(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["contact.key"], name=op.f("fk_consent_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["person"])
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("seller", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["contact.key"], name=op.f("fk_withdrawal_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_index("ix_withdrawal_person", "withdrawal", ["person"])
    op.create_table(
        "reassignment",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("queried_at", columns.Instant(), nullable=False),
        sa.Column("consent_at", columns.Instant(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reassignment")),
    )


def _ledger() -> None:
    keeping.know_kinds(
        (
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
        )
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
