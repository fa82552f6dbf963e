"""Alembic asks here which connection to use and which tables there should be."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from adapters.store.columns import Instant, Money
from adapters.store.tables import METADATA


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types by name, and SQLModel's text as text."""
    if kind == "type" and isinstance(item, Instant | Money):
        autogen.imports.add("from adapters.store import columns")
        return f"columns.{type(item).__name__}()"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_item=render,
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
