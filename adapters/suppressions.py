"""A do-not-contact list is read into the store: in force batch by batch, every refusal written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.rejects import RejectsFile
from adapters.rows import ListFile
from campaigns.rejects import Reject
from campaigns.suppressions import Blocklist, Entry, columns_of, read_suppression
from compliance.ledger import Kind, Record
from compliance.problem import DocumentInvalid, Problem, wording
from compliance.question import Suppression
from dialer.ports import Store, Unit

_BATCH = (
    500  # rows in force at once: well under a second, so that no call slips past a list that is being read
)
_REGION = "JP"  # where a number without a country code is from, unless the list has a column that says


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What became of a do-not-contact list: entries that are `new` or were `known`, rows `rejected`."""

    rows: int
    new: int
    known: int
    rejected: int
    warnings: int
    rejects_file: Path


async def import_suppressions(
    store: Store, path: Path, *, now: datetime, by: str, source: str, rejects_path: Path
) -> Suppressed:
    """Suppress everybody on a list; `by` is who ordered it, `source` where the list is from.

    A row may name a number, an e-mail address, a customer, or several of them: each becomes an entry of its own.
    Raises DocumentInvalid when the file cannot be opened or none of its columns names anybody.
    """
    rows = new = known = rejected = warnings = 0
    with ListFile(path) as file, RejectsFile(rejects_path) as rejects:
        blocklist = _blocklist(file, now, by, source)
        batch: list[Entry] = []
        for found in file:
            rows += 1
            read = (
                found if isinstance(found, Reject) else read_suppression(blocklist, found.cells, found.line)
            )
            for said in (read,) if isinstance(read, Reject) else read.warnings:
                rejects.write(said)
            if isinstance(read, Reject):
                rejected += 1
                continue
            warnings += len(read.warnings)
            batch.append(read)
            if len(batch) == _BATCH:
                new, known = _sum((new, known), await _suppress_batch(store, batch, path.name, now))
                batch = []
        new, known = _sum((new, known), await _suppress_batch(store, batch, path.name, now))
        body = {
            "list": path.name,
            "sha256": file.sha256,
            "encoding": file.encoding,
            "source": source,
            "by": by,
        }
    counts = {"rows": rows, "new": new, "known": known, "rejected": rejected, "warnings": warnings}
    listed = Record(kind=Kind.LISTED, at=now, body={**body, **counts})
    await store.transact(lambda unit: unit.record([listed]))
    return Suppressed(rejects_file=rejects.path, **counts)


def _blocklist(file: ListFile, now: datetime, by: str, source: str) -> Blocklist:
    try:
        columns = columns_of(filter(None, file.header))
    except ValueError as error:
        what = wording("No column names anybody", "対象者を示す列がありません")
        remedy = wording(str(error), "電話番号・メール・顧客番号のいずれかの列が必要です")
        problem = Problem(file=str(file.path), line=1, column=1, what=what, remedy=remedy)
        raise DocumentInvalid([problem]) from error
    return Blocklist(columns=columns, region=_REGION, now=now, by=by, source=source)


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


async def _suppress_batch(store: Store, batch: Sequence[Entry], name: str, now: datetime) -> tuple[int, int]:
    """Suppress in one transaction; return how many entries are new and how many were there."""
    if not batch:
        return 0, 0
    return await store.transact(lambda unit: _suppress_in(unit, batch, name, now), alone=True)


def _suppress_in(unit: Unit, batch: Sequence[Entry], name: str, now: datetime) -> tuple[int, int]:
    found = [(entry.line, one) for entry in batch for one in entry.suppressions]
    new = [(line, one) for line, one in found if unit.suppress(one)]
    unit.record(_records(new, name, now))
    return len(new), len(found) - len(new)


def _records(new: Iterable[tuple[int, Suppression]], name: str, now: datetime) -> Iterable[Record]:
    """Yield a record for each entry: by line of the list, which holds the numbers: they need not stand here again."""
    for line, one in new:
        kind = "number" if one.number else "email" if one.email else "person"
        channel = one.channel.value if one.channel else None
        body = {
            "list": name,
            "line": line,
            "of": kind,
            "reason": one.reason,
            "source": one.source,
            "by": one.by,
        }
        yield Record(kind=Kind.SUPPRESSED, at=now, person=one.person, body={**body, "channel": channel})
