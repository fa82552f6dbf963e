"""What the parts of a transaction share: the runner of its statements, and writes that name what they expect."""

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, update

from adapters.store.columns import Instant
from adapters.store.statement import Duplicate, Params, Runner, Statement
from dialer.errors import StaleState

NOW = bindparam("now", type_=Instant)
"""The instant a statement is asked about."""


class Part:
    """One part of a unit of work."""

    def __init__(self, runner: Runner) -> None:
        """Take the runner of the transaction under way."""
        self._run = runner

    def close(self) -> None:
        """Let go of the cursor, in the thread that used it.

        An error keeps the frames it passed through alive, and a cursor freed with them in another thread would reset
        a statement that this one is running.
        """
        self._run.close()

    def _move(self, statement: Statement, params: Params, what: str) -> None:
        """Change exactly one row, from the state it is expected in. Raises StaleState when somebody was faster."""
        try:
            met = self._run.change(statement, params)
        except Duplicate as error:
            raise StaleState(f"{what}: {error}") from error
        if met != 1:
            raise StaleState(f"{what} is no longer {params['expected']}")


def pick(table: Table, names: tuple[str, ...]) -> list[ColumnElement[Any]]:
    """Return the columns of `names`, in their order."""
    return [table.c[name] for name in names]


def moving(table: Table, names: tuple[str, ...]) -> Statement:
    """Return the update of the columns `names` of the row `is_id`, if its state is still `expected`."""
    where = (table.c.id == bindparam("is_id"), table.c.state == bindparam("expected"))
    return Statement(update(table).where(*where), names)
