"""Live calls that are held, muted or handed over, and who listens to agents."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select

from adapters.store.columns import to_instant
from adapters.store.line_tables import HANDLING, LISTENING
from adapters.store.part import NOW, Part, pick
from adapters.store.statement import Duplicate, Row, Runner, Statement
from dialer.errors import StaleState
from dialer.handling import Handling
from dialer.listening import Listening, Mode

_COLUMNS = tuple(field.name for field in fields(Handling))
_EARS = tuple(field.name for field in fields(Listening))
_FLAGS = tuple(name for name in _COLUMNS if name.startswith("is_") or name == "after")
_ALL = select(*pick(HANDLING, _COLUMNS))
_ONE = Statement(_ALL.where(HANDLING.c.attempt == bindparam("attempt")))
_EVERY = Statement(_ALL.order_by(HANDLING.c.attempt))
_WITH = Statement(
    _ALL.where(
        or_(HANDLING.c.colleague == bindparam("agent"), HANDLING.c.guest == bindparam("agent"))
    ).order_by(HANDLING.c.attempt)
)
_DUE = Statement(select(HANDLING.c.attempt).where(HANDLING.c.deadline <= NOW).order_by(HANDLING.c.deadline))
_SAVE = Statement(
    lambda insert: (put := insert(HANDLING)).on_conflict_do_update(
        index_elements=[HANDLING.c.attempt],
        set_={name: put.excluded[name] for name in _COLUMNS if name != "attempt"},
    ),
    _COLUMNS,
)
_END = Statement(delete(HANDLING).where(HANDLING.c.attempt == bindparam("attempt")))
_EAR = Statement(
    select(*pick(LISTENING, _EARS)).where(LISTENING.c.supervisor == bindparam("supervisor")).with_for_update()
)
_EARS_OF = Statement(
    select(*pick(LISTENING, _EARS))
    .where(LISTENING.c.attempt == bindparam("attempt"))
    .order_by(LISTENING.c.supervisor)
    .with_for_update()
)
_ALL_EARS = Statement(select(*pick(LISTENING, _EARS)).order_by(LISTENING.c.supervisor))
_SAVE_EAR = Statement(
    lambda insert: (put := insert(LISTENING)).on_conflict_do_update(
        index_elements=[LISTENING.c.supervisor],
        set_={name: put.excluded[name] for name in _EARS if name != "supervisor"},
    ),
    _EARS,
)
_END_EAR = Statement(delete(LISTENING).where(LISTENING.c.supervisor == bindparam("supervisor")))


class LiveCalls(Part):
    """What is done to calls under way."""

    def handling(self, attempt: str) -> Handling | None:
        """Return how a call is handled, None while nothing out of the ordinary was done. Only once it is locked."""
        row = self._run.row(_ONE, {"attempt": attempt})
        return None if row is None else _to_handling(row)

    def handling_with(self, agent: str) -> Handling | None:
        """Return the call that an agent is reserved for, or a guest in, locking nothing."""
        return handling_with(self._run, agent)

    def handlings_due(self, now: datetime) -> tuple[str, ...]:
        """Return the attempts about which word is overdue, locking nothing."""
        return tuple(attempt for (attempt,) in self._run.rows(_DUE, {"now": now}))

    def save_handling(self, handling: Handling) -> None:
        """Write how a call is handled. Raises StaleState when the colleague is reserved for another call."""
        try:
            self._run.change(_SAVE, {name: getattr(handling, name) for name in _COLUMNS})
        except Duplicate as error:
            raise StaleState(f"agent {handling.colleague} is reserved for another call: {error}") from error

    def end_handling(self, attempt: str) -> None:
        """Forget how a call was handled."""
        self._run.change(_END, {"attempt": attempt})

    def listening(self, supervisor: str) -> Listening | None:
        """Return where a supervisor listens, locked until the end of the transaction; None when nowhere."""
        row = self._run.row(_EAR, {"supervisor": supervisor})
        return None if row is None else _to_listening(row)

    def listeners_of(self, attempt: str) -> tuple[Listening, ...]:
        """Return who takes part in a call, locked until the end of the transaction."""
        return tuple(map(_to_listening, self._run.rows(_EARS_OF, {"attempt": attempt})))

    def save_listening(self, listening: Listening) -> None:
        """Write where and how a supervisor listens."""
        values = {name: getattr(listening, name) for name in _EARS}
        self._run.change(_SAVE_EAR, {**values, "mode": listening.mode.value})

    def end_listening(self, supervisor: str) -> None:
        """Forget that a supervisor listened."""
        self._run.change(_END_EAR, {"supervisor": supervisor})


def handling_of(run: Runner, attempt: str) -> Handling | None:
    """Return how a call is handled."""
    row = run.row(_ONE, {"attempt": attempt})
    return None if row is None else _to_handling(row)


def handling_with(run: Runner, agent: str) -> Handling | None:
    """Return the call that an agent is reserved for, or a guest in."""
    row = run.row(_WITH, {"agent": agent})
    return None if row is None else _to_handling(row)


def every_handling(run: Runner) -> tuple[Handling, ...]:
    """Return every call that is held, muted or handed over, by attempt."""
    return tuple(map(_to_handling, run.rows(_EVERY, {})))


def every_listening(run: Runner) -> tuple[Listening, ...]:
    """Return every supervisor who listens or is about to, by id."""
    return tuple(map(_to_listening, run.rows(_ALL_EARS, {})))


def _to_handling(row: Row) -> Handling:
    found: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    found |= {name: bool(found[name]) for name in _FLAGS}
    found["deadline"] = None if found["deadline"] is None else to_instant(found["deadline"])
    return Handling(**found)


def _to_listening(row: Row) -> Listening:
    found: dict[str, Any] = dict(zip(_EARS, row, strict=True))
    found |= {"mode": Mode(found["mode"]), "since": to_instant(found["since"]), "is_in": bool(found["is_in"])}
    return Listening(**found)
