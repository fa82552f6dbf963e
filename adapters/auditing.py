"""What an officer asks of the ledger as a whole: does it hold, and all of it please."""

import asyncio
import contextlib
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson
import typer

from adapters.checkpoints import marks
from adapters.rejects import escaped
from adapters.wiring.stores import read_only
from compliance.ledger import LedgerEntry, verify

_COLUMNS = ("seq", "at", "kind", "campaign", "person", "attempt", "body", "previous", "hash")


def verify_ledger(url: str, checkpoints: Path | None) -> int:
    """Check the chain and, where checkpoints are given, that it still reaches each of them. 0 when all holds."""
    noted = _marks(checkpoints)
    count, head, fault = asyncio.run(
        read_only(url, lambda reports: verify(_watched(reports.ledger(), noted)))
    )
    if fault:
        typer.echo(
            f"BROKEN: ledger row {fault.seq} {fault.problem}; the {count} rows before it hold", err=True
        )
        return 1
    lost = [rows for rows in noted if rows > count]
    wrong = [rows for rows, (_, met) in noted.items() if rows <= count and not met]
    if lost or wrong:
        rows = min([*lost, *wrong])
        what = "was cut short: it no longer reaches" if lost else "was written anew: it contradicts"
        typer.echo(f"BROKEN: the ledger {what} the checkpoint at row {rows}", err=True)
        return 1
    typer.echo(f"{count} rows hold; head {head}" + (f"; {len(noted)} checkpoints met" if noted else ""))
    return 0


def _marks(path: Path | None) -> dict[int, tuple[str, list[bool]]]:
    """Return the checkpoints: row number -> (hash, [whether met])."""
    return {mark.rows: (mark.hash, []) for mark in (marks(path) if path else [])}


def _watched(
    entries: Iterable[LedgerEntry], noted: Mapping[int, tuple[str, list[bool]]]
) -> Iterator[LedgerEntry]:
    """Pass the entries on, noting which checkpoints they meet."""
    for entry in entries:
        if (mark := noted.get(entry.seq)) and mark[0] == entry.hash:
            mark[1].append(True)
        yield entry


def export(url: str, form: str) -> None:
    """Write every entry to standard output. A spreadsheet must not take a cell for a formula: see `escaped`."""
    write = _as_jsonl if form == "jsonl" else _as_csv
    with contextlib.suppress(BrokenPipeError):
        asyncio.run(read_only(url, lambda reports: write(reports.ledger())))


def _as_jsonl(entries: Iterable[LedgerEntry]) -> None:
    for entry in entries:
        row = {name: getattr(entry, name) for name in _COLUMNS}
        sys.stdout.buffer.write(orjson.dumps(row) + b"\n")


def _as_csv(entries: Iterable[LedgerEntry]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([escaped(str(getattr(entry, name) or "")) for name in _COLUMNS])
