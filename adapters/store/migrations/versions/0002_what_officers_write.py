"""Consents, their end, answers about numbers, lifted entries; whose a line is and where; new kinds of ledger rows."""

# ruff: noqa: E501 (the lists of words in the checks are as long as they are)

import sqlalchemy as sa
from alembic import op

from adapters.store import columns

revision = "2f1c0d6a4b7e"
down_revision = "bf97583308d9"
branch_labels = None
depends_on = None

# As in the first migration, by which the ledger stays append-only.
LEDGER_IS_KEPT = """
CREATE TRIGGER ledger_{name} BEFORE {change} ON ledger {when}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
INTO_THE_PAST = "WHEN NEW.seq <= (SELECT max(seq) FROM ledger)"
MOVED = """
INSERT INTO ledger (seq, at, kind, campaign, person, attempt, body, previous, hash)
SELECT seq, at, kind, campaign, person, attempt, body, previous, hash FROM ledger_before ORDER BY seq
"""


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
    """Move the ledger, row by row as it is, to a table that knows the new kinds."""
    for name in ("update", "delete", "insert"):
        op.execute(sa.text(f"DROP TRIGGER ledger_{name}"))
    for name in ("person", "attempt", "rare"):
        op.drop_index(f"ix_ledger_{name}", "ledger")
    op.rename_table("ledger", "ledger_before")
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
            "kind IN ('listed', 'enrolled', 'permitted', 'refused', 'unsure', 'concluded', 'suppressed', 'ignored', 'campaign', 'agent', 'switch', 'consented', 'revoked', 'released')",
            name=op.f("ck_ledger_kind"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    op.execute(sa.text(MOVED))
    op.drop_table("ledger_before")
    op.create_index("ix_ledger_attempt", "ledger", ["attempt"])
    op.create_index("ix_ledger_person", "ledger", ["person"])
    rare = sa.text("kind IN ('listed', 'suppressed')")
    op.create_index("ix_ledger_rare", "ledger", ["kind"], sqlite_where=rare, postgresql_where=rare)
    for change in ("UPDATE", "DELETE", "INSERT"):
        when = INTO_THE_PAST if change == "INSERT" else ""
        op.execute(sa.text(LEDGER_IS_KEPT.format(change=change, name=change.lower(), when=when)))


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
