"""The ledger's end, what it says of a database that came back, and which of the carrier's calls are ours."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import bindparam, select

from adapters.store.dialects import Among, listed
from adapters.store.part import Part
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT, LEDGER
from compliance.ledger import Kind
from dialer.halts import Mark, Restoration, restoration

_HEAD = Statement(select(LEDGER.c.at, LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1))
_HASH = Statement(select(LEDGER.c.hash).where(LEDGER.c.seq == bindparam("row")))
# Read backwards, and only when a database is in doubt.
_HALTS = Statement(
    select(LEDGER.c.at, LEDGER.c.body)
    .where(LEDGER.c.kind == Kind.HALTED.value)
    .order_by(LEDGER.c.seq.desc())
    .limit(100)
)
_KNOWN = Statement(select(ATTEMPT.c.reference).where(Among(ATTEMPT.c.reference, "references")))


class Heads(Part):
    """The end of the ledger, and what it says of a database that came back."""

    def head(self) -> Mark | None:
        """Return how far the ledger has come, as committed; None while it is empty."""
        row = self._run.row(_HEAD, {})
        return None if row is None else Mark(at=datetime.fromisoformat(row[0]), rows=row[1], hash=row[2])

    def hash_of(self, row: int) -> str | None:
        """Return the hash of a row, None when the ledger does not reach it."""
        found: str | None = self._run.value(_HASH, {"row": row})
        return found

    def restoration(self) -> Restoration | None:
        """Return the last word on a database that came back from a backup; None when there was none."""
        return restored(self._run)


def restored(run: Runner) -> Restoration | None:
    """Return the last word on a database that came back from a backup; None when there was none."""
    rows = run.rows(_HALTS, {})
    words = (restoration(datetime.fromisoformat(at), orjson.loads(body)) for at, body in rows)
    return next((word for word in words if word), None)


def known_calls(run: Runner, references: Sequence[str]) -> frozenset[str]:
    """Return those of the carrier's references that are of attempts of ours."""
    rows = run.rows(_KNOWN, {"references": listed(references)})
    return frozenset(reference for (reference,) in rows)
