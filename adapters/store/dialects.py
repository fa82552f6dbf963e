"""Where databases differ: inserts that meet a row already there, and lists as one parameter."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import NullType, TypeEngine

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""The insert of each database that knows ON CONFLICT; they agree on how it is asked for."""

Building = Callable[[Any], UpdateBase]
"""Makes a statement with the insert it is given."""


def built(building: Building, dialect: Dialect) -> UpdateBase:
    """Return the statement as `dialect` wants it."""
    return building(INSERTS[dialect.name])


class Among(ColumnElement[Any]):
    """Whether a column's value is in a list that is given as one parameter: see `listed`."""

    inherit_cache = False
    # Not Boolean: SQLite has none, and the comparison with 1 that would be written instead keeps indexes from use.
    type: TypeEngine[Any] = NullType()

    def __init__(self, value: ColumnElement[Any], name: str) -> None:
        """Compare `value` with the list in the parameter `name`."""
        self.value, self.list = value, bindparam(name, type_=Text)


def listed(values: Iterable[str]) -> str:
    """Return a list as the parameter that `Among` takes."""
    return orjson.dumps(list(values)).decode()


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    value, among = compiler.process(element.value, **more), compiler.process(element.list, **more)
    return f"{value} IN (SELECT value FROM json_each({among}))"  # noqa: S608 (both are compiled SQL)


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: SQLCompiler, **more: Any) -> str:
    value, among = compiler.process(element.value, **more), compiler.process(element.list, **more)
    return f"{value} IN (SELECT jsonb_array_elements_text(CAST({among} AS jsonb)))"


def is_duplicate(error: Exception) -> bool:
    """Tell whether a driver's integrity error is about a row that is there already (SQLSTATE 23505)."""
    return getattr(error, "sqlstate", None) == "23505" or "UNIQUE constraint" in str(error)
