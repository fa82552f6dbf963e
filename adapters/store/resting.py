"""Numbers of ours that are not shown for a while."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from adapters.store.columns import to_instant
from adapters.store.part import NOW, Part
from adapters.store.statement import Runner, Statement, names_of
from adapters.store.tables import RESTING
from dialer.callers import Rest
from dialer.reports import CallersLine

_REST = Statement(
    lambda insert: (put := insert(RESTING)).on_conflict_do_update(
        index_elements=[RESTING.c.number], set_={"until": put.excluded.until, "why": put.excluded.why}
    ),
    names_of(RESTING),
)
_RESTING = Statement(
    select(RESTING.c.number, RESTING.c.until, RESTING.c.why)
    .where(RESTING.c.until > NOW)
    .order_by(RESTING.c.number)
)


class Resting(Part):
    """Which numbers rest."""

    def rest(self, rest: Rest) -> None:
        """Keep a number from being shown until an instant; the newest word counts."""
        self._run.change(_REST, {"number": rest.number, "until": rest.until, "why": rest.why})

    def resting(self, now: datetime) -> Sequence[Rest]:
        """Return the numbers that rest now."""
        return rests_of(self._run, now)


def rests_of(run: Runner, now: datetime) -> Sequence[Rest]:
    """Return the numbers of ours that rest now."""
    return [
        Rest(number=number, until=to_instant(until), why=why)
        for number, until, why in run.rows(_RESTING, {"now": now})
    ]


def callers_line(run: Runner, written: Mapping[str, Any], now: datetime) -> CallersLine | None:
    """Return how many numbers of a campaign (as it is stored) rest, None when none does."""
    entries = written.get("caller_ids", [])
    numbers = {
        number for entry in entries for number in (entry["numbers"] if isinstance(entry, dict) else [entry])
    }
    ends = [rest.until for rest in rests_of(run, now) if rest.number in numbers]
    return CallersLine(resting=len(ends), numbers=len(numbers), until=min(ends)) if ends else None
