"""What is only ever added: events, do-not-contact entries, the sealed ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, column, func, insert, or_, select

from adapters.store.columns import Instant
from adapters.store.mapping import (
    ENTRY_COLUMNS,
    SUPPRESSION_COLUMNS,
    entry_to_row,
    suppression_to_row,
    to_json,
)
from adapters.store.part import Part
from adapters.store.statement import Runner, Statement, names_of
from adapters.store.tables import EVENT, LEDGER, REFUSAL, SUPPRESSION
from compliance.ledger import GENESIS, Kind, LedgerEntry, Record, seal
from compliance.question import Suppression

_EVENT = Statement(lambda insert: insert(EVENT).on_conflict_do_nothing(), names_of(EVENT))
_EXPIRES = bindparam("expires_at", type_=Instant)
_COVERED = Statement(
    select(func.count()).where(
        SUPPRESSION.c.scope == bindparam("scope"),
        SUPPRESSION.c.lifted_at.is_(None),
        or_(SUPPRESSION.c.expires_at.is_(None), SUPPRESSION.c.expires_at >= _EXPIRES),
    )
)
_SUPPRESS = Statement(insert(SUPPRESSION), (*SUPPRESSION_COLUMNS, "mailbox", "scope"))
_ENDS_WITH = (LEDGER.c.seq, LEDGER.c.hash)
_HEAD_FUNCTION = func.ledger_head().table_valued(*(column(one.name, one.type) for one in _ENDS_WITH))
HEADS = {
    "sqlite": Statement(select(*_ENDS_WITH).order_by(LEDGER.c.seq.desc()).limit(1)),
    # Waits for whoever seals at the same time, and sees what they sealed (migration 0004).
    "postgresql": Statement(select(_HEAD_FUNCTION.c.seq, _HEAD_FUNCTION.c.hash)),
}
"""How the last entry's number and hash are found, per database; nobody else can seal until the commit."""
_SEAL = Statement(insert(LEDGER), ENTRY_COLUMNS)
_COUNT = Statement(
    lambda insert: (counted := insert(REFUSAL)).on_conflict_do_update(
        index_elements=[REFUSAL.c.campaign, REFUSAL.c.rule, REFUSAL.c.code],
        set_={"count": REFUSAL.c.count + counted.excluded.count, "citation": counted.excluded.citation},
    ),
    names_of(REFUSAL),
)


class Records(Part):
    """What officers read."""

    def __init__(self, runner: Runner) -> None:
        """Take the runner; records are sealed when the work is done."""
        super().__init__(runner)
        self._records: list[Record] = []

    def remember(
        self, key: str, attempt: str | None, kind: str, at: datetime, body: Mapping[str, object]
    ) -> bool:
        """Store an event; False when one with this key is there already."""
        row = {"key": key, "attempt": attempt, "kind": kind, "at": at, "body": to_json(body)}
        return self._run.change(_EVENT, row) == 1

    def suppress(self, suppression: Suppression) -> bool:
        """Add a do-not-contact entry; False when the same scope is suppressed already, for as long or longer."""
        row = suppression_to_row(suppression)
        if self._run.value(_COVERED, row):
            return False
        self._run.change(_SUPPRESS, row)
        return True

    def record(self, records: Iterable[Record]) -> None:
        """Seal records onto the ledger, in order, at the end of the transaction.

        Then, because whoever seals holds the ledger's head until the commit: it is the last thing that a transaction
        takes, so it is held shortly, and nobody who holds it waits for anybody.
        """
        self._records += records

    def seal(self) -> None:
        """Write what was recorded, and count what was refused under which rule."""
        records, self._records = self._records, []
        if not records:
            return
        self._run.change_all(_SEAL, map(entry_to_row, self._sealed(records)))
        refusals = Counter(refusal for record in records for refusal in _refusals(record))
        if refusals:
            self._run.change_all(
                _COUNT, ({**dict(refusal), "count": refusals[refusal]} for refusal in sorted(refusals))
            )

    def _sealed(self, records: Iterable[Record]) -> Iterator[LedgerEntry]:
        seq, last = self._run.row(HEADS[self._run.dialect.name], {}) or (0, GENESIS)
        for record in records:
            entry = seal(record, seq + 1, last)
            seq, last = entry.seq, entry.hash
            yield entry


def _refusals(record: Record) -> list[tuple[tuple[str, str], ...]]:
    """Return one row of REFUSAL, but for the count, for each reason of a refused record."""
    reasons: Any = record.body.get("reasons", ()) if record.kind is Kind.REFUSED else ()
    return [
        (
            ("campaign", record.campaign or ""),
            ("rule", reason["rule"]),
            ("code", reason["code"]),
            ("citation", reason["citation"]),
        )
        for reason in reasons
    ]
