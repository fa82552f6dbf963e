"""PostgreSQL through asyncpg, for plain functions: they run in a greenlet that waits wherever the driver does."""

from collections.abc import Awaitable, Iterator, Sequence
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Dialect, make_url
from sqlalchemy.util import await_only

from adapters.store.statement import Row

T = TypeVar("T")
DIALECT: Dialect = make_url("postgresql+asyncpg://").get_dialect()()
_ASKS = ("SELECT", "(SELECT")


class Unreset(asyncpg.Connection):  # type: ignore[misc]  # it has no types
    """A connection that is handed on as it is: no transaction leaves anything behind in its session."""

    def get_reset_query(self) -> str:
        """Return nothing to run."""
        return ""


class Session:
    """A connection inside a transaction."""

    dialect = DIALECT
    refused: type[Exception] = asyncpg.IntegrityConstraintViolationError

    def __init__(self, connection: Unreset) -> None:
        """Take a connection with a transaction begun; use it inside `greenlet_spawn` only."""
        self._connection = connection

    def cursor(self) -> "Cursor":
        """Return a cursor for statements whose answers are short."""
        return Cursor(self._connection)

    def streaming(self) -> "Stream":
        """Return a cursor that never holds a long answer whole."""
        return Stream(self._connection)


class Cursor:
    """Runs one statement after another; the rows of the last are held whole."""

    def __init__(self, connection: Unreset) -> None:
        """Take a connection inside a transaction."""
        self._connection = connection
        self._rows: Iterator[Row] = iter(())
        self.rowcount = 0

    def execute(self, text: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        if text.startswith(_ASKS):
            self._rows = iter(_wait(self._connection.fetch(text, *values)))
        else:
            count = _wait(self._connection.execute(text, *values)).rpartition(" ")[2]
            self.rowcount = int(count)

    def executemany(self, text: str, many: Sequence[Sequence[Any]]) -> None:
        """Run a change once for each set of values."""
        _wait(self._connection.executemany(text, many))

    def fetchall(self) -> list[Row]:
        """Return the rows that are left."""
        return list(self._rows)

    def fetchone(self) -> Row | None:
        """Return the next row."""
        return next(self._rows, None)

    def fetchmany(self, size: int) -> list[Row]:
        """Return the next rows."""
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def close(self) -> None:
        """Let go."""
        self._rows = iter(())


class Stream(Cursor):
    """Runs one statement, whose rows come page by page."""

    _served: Any = None

    def execute(self, text: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        self._served = _wait(self._connection.cursor(text, *values))

    def fetchmany(self, size: int) -> list[Row]:
        """Return the next rows."""
        return [] if self._served is None else _wait(self._served.fetch(size))


def _wait(answer: Awaitable[T]) -> T:
    found: T = await_only(answer)
    return found
