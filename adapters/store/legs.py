"""Whose line is in their room, and the calls that we make to agents."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from adapters.store.columns import Instant, to_instant
from adapters.store.conditions import RUNNING
from adapters.store.part import Part, moving, pick
from adapters.store.statement import Duplicate, Row, Runner, Statement
from adapters.store.tables import AGENT, EVENT, LEG
from dialer.errors import StaleState
from dialer.legs import Leg, LegEnding, LegState

LEG_COLUMNS = tuple(field.name for field in fields(Leg))
_SHOWN = 20
_CHANGED = ("state", "deadline", "reference", "ending", "asked")

_SIT = Statement(
    update(AGENT).where(
        AGENT.c.id == bindparam("is_id"), AGENT.c.leg.is_not_distinct_from(bindparam("expected"))
    ),
    ("leg",),
)
_HEARD = Statement(select(EVENT.c.id).where(EVENT.c.key == bindparam("key")))
_OPEN = Statement(insert(LEG), LEG_COLUMNS)
_MOVE = moving(LEG, _CHANGED)
_ONE = Statement(select(*pick(LEG, LEG_COLUMNS)).where(LEG.c.id == bindparam("id")).with_for_update())
_LIVE = Statement(select(*pick(LEG, LEG_COLUMNS)).where(RUNNING).select_from(LEG).order_by(LEG.c.agent))
_OF = Statement(
    select(*pick(LEG, LEG_COLUMNS))
    .where(LEG.c.agent == bindparam("agent"))
    .order_by(LEG.c.opened_at.desc(), LEG.c.id.desc())
    .limit(bindparam("limit"))
)
_COUNT = Statement(select(func.count()).select_from(LEG).where(LEG.c.agent == bindparam("agent")))
_SINCE = Statement(
    select(func.count()).select_from(LEG).where(LEG.c.opened_at >= bindparam("at", type_=Instant))
)


class Legs(Part):
    """Agents' lines."""

    def set_leg(self, agent: str, leg: str | None, expected: str | None) -> None:
        """Say which line of an agent is in their room; StaleState when it was another than expected."""
        self._move(_SIT, {"is_id": agent, "leg": leg, "expected": expected}, f"line of {agent}")

    def has_heard(self, key: str) -> bool:
        """Tell whether an event of this key is stored."""
        return self._run.row(_HEARD, {"key": key}) is not None

    def open_leg(self, leg: Leg) -> None:
        """Insert a call to an agent; StaleState when one to them is under way."""
        try:
            self._run.change(_OPEN, leg_to_row(leg))
        except Duplicate as known:
            raise StaleState(f"agent {leg.agent} is being called: {known}") from known

    def save_leg(self, leg: Leg, expected: LegState) -> None:
        """Write what became of a call to an agent. Raises StaleState when its state is not the one expected."""
        row = leg_to_row(leg)
        change = {"is_id": leg.id, "expected": expected.value, **{name: row[name] for name in _CHANGED}}
        self._move(_MOVE, change, f"line {leg.id}")

    def leg(self, leg: str) -> Leg | None:
        """Return one call to an agent."""
        row = self._run.row(_ONE, {"id": leg})
        return None if row is None else to_leg(row)

    def live_legs(self) -> Sequence[Leg]:
        """Return the calls to agents that are not over, by agent."""
        return [to_leg(row) for row in self._run.rows(_LIVE, {})]

    def legs_of(self, agent: str) -> Sequence[Leg]:
        """Return the newest calls to an agent, a few, the newest first."""
        return legs_of(self._run, agent, _SHOWN)

    def count_legs(self, agent: str) -> int:
        """Count the calls ever made to an agent."""
        return int(self._run.value(_COUNT, {"agent": agent}) or 0)

    def legs_opened_since(self, at: datetime) -> int:
        """Count the calls to agents opened at or after `at`."""
        return int(self._run.value(_SINCE, {"at": at}) or 0)


def legs_of(run: Runner, agent: str, limit: int) -> Sequence[Leg]:
    """Return the newest calls to an agent, the newest first."""
    return [to_leg(row) for row in run.rows(_OF, {"agent": agent, "limit": limit})]


def leg_to_row(leg: Leg) -> dict[str, Any]:
    """Return a leg's columns."""
    return {name: getattr(leg, name) for name in LEG_COLUMNS}


def to_leg(row: Row) -> Leg:
    """Return the leg of a row of LEG_COLUMNS."""
    found: dict[str, Any] = dict(zip(LEG_COLUMNS, row, strict=True))
    found["state"] = LegState(found["state"])
    found["opened_at"] = to_instant(found["opened_at"])
    found["deadline"] = None if found["deadline"] is None else to_instant(found["deadline"])
    found["ending"] = None if found["ending"] is None else LegEnding(found["ending"])
    return Leg(**found)
