"""What columns and constraints are made of: instants, amounts, words, checks, partial indexes, names."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Dialect, Text, literal_column
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""How indexes and constraints are called."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds from 1970 to `instant`. ValueError when it is naive: then it is no instant."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no zone, so it is no instant")
    return (instant - _EPOCH) // _MICROSECOND


def to_instant(microseconds: int) -> datetime:
    """Return the instant, in UTC, that many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 in UTC: it sorts, and SQL can subtract it, everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return what is stored; ValueError for a naive datetime."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant, in UTC."""
        return None if value is None else to_instant(value)


class Money(TypeDecorator[Decimal]):
    """An exact amount, kept as the text of its decimal digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is stored."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the amount to the last digit given."""
        return None if value is None else Decimal(value)


def fixed(value: str) -> ColumnElement[str]:
    """Return `value` written into the statement itself: a partial index serves no parameter."""
    if not value.replace("_", "").isalnum():
        raise ValueError(f"{value!r} is not one of our words")
    return literal_column(f"'{value}'")


def any_of(values: Iterable[str]) -> list[ColumnElement[str]]:
    """Return words written into the statement itself, for IN."""
    return [fixed(str(value)) for value in values]


def words(**more: Any) -> Any:
    """Return a field of text."""
    return Field(sa_type=Text, **more)


def instant(**more: Any) -> Any:
    """Return a field that holds an instant."""
    return Field(sa_type=Instant, **more)


def one_of(name: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the check that column `name` holds one of an enumeration's words, or nothing."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def partial(condition: ColumnElement[bool]) -> dict[str, Any]:
    """Return the arguments that make an index partial, in every dialect."""
    return {"sqlite_where": condition, "postgresql_where": condition}
