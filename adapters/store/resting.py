"""Numbers of ours that are not shown for a while."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from adapters.store.columns import to_instant
from adapters.store.part import NOW, Part
from adapters.store.statement import Statement, names_of
from adapters.store.tables import RESTING
from dialer.callers import Rest

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
        return [
            Rest(number=number, until=to_instant(until), why=why)
            for number, until, why in self._run.rows(_RESTING, {"now": now})
        ]
