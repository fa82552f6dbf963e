"""What agents note during a call (duties ticked, opinions, a refusal heard), and why they are away."""

import sqlalchemy as sa
from alembic import op

from adapters.store import keeping

revision = "b58e1f7c2d04"
down_revision = "6d0b7e9c3a15"
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
    "said",
)


def upgrade() -> None:
    keeping.know_kinds(KINDS)
    op.add_column("agent", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a ledger is never deleted: move the database file away instead")
