"""The sealed record: each entry carries the hash of the one before, so that no change goes unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

GENESIS = "0" * 64
"""The hash before the first entry."""


class Kind(StrEnum):
    """What an entry records."""

    LISTED = "listed"
    ENROLLED = "enrolled"
    PERMITTED = "permitted"
    REFUSED = "refused"
    UNSURE = "unsure"
    CONCLUDED = "concluded"
    SUPPRESSED = "suppressed"
    IGNORED = "ignored"
    CAMPAIGN = "campaign"
    AGENT = "agent"
    SWITCH = "switch"
    CONSENTED = "consented"
    REVOKED = "revoked"
    RELEASED = "released"
    HALTED = "halted"
    SAID = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing to be recorded. `body` holds JSON values only."""

    kind: Kind
    at: datetime
    campaign: str | None = None
    person: str | None = None
    attempt: str | None = None
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One sealed row, exactly as stored: `body` is canonical JSON text, `at` is ISO 8601 in UTC, hashes are hex."""

    seq: int
    at: str
    kind: str
    campaign: str | None
    person: str | None
    attempt: str | None
    body: str
    previous: str
    hash: str


def seal(record: Record, seq: int, previous: str) -> LedgerEntry:
    """Return the entry that records `record` as number `seq` after the entry with hash `previous`."""
    at = record.at.astimezone(UTC).isoformat(timespec="microseconds")
    body = json.dumps(record.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    entry = LedgerEntry(
        seq=seq,
        at=at,
        kind=record.kind.value,
        campaign=record.campaign,
        person=record.person,
        attempt=record.attempt,
        body=body,
        previous=previous,
        hash="",
    )
    return _with_hash(entry)


def _digest(entry: LedgerEntry) -> str:
    parts = [
        entry.previous,
        entry.seq,
        entry.at,
        entry.kind,
        entry.campaign,
        entry.person,
        entry.attempt,
        entry.body,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _with_hash(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, hash=_digest(entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where the chain breaks: the row's number, and what is wrong with it."""

    seq: int
    problem: str


def verify(
    entries: Iterable[LedgerEntry], checkpoint: tuple[int, str] | None = None
) -> tuple[int, str, Fault | None]:
    """Return (rows that hold, hash of the last of them, the first fault or None).

    `checkpoint` is a sequence number and its hash as noted down elsewhere: with it a tail cut off and a chain
    written anew are found as well, which no chain can show of itself.
    """
    previous, count = GENESIS, 0
    for entry in entries:
        problem = _problem(entry, count + 1, previous, checkpoint)
        if problem is not None:
            return count, previous, problem
        previous, count = entry.hash, count + 1
    if checkpoint is not None and count < checkpoint[0]:
        return count, previous, Fault(seq=count + 1, problem="missing")
    return count, previous, None


def verify_tail(entries: Iterable[LedgerEntry], after: int) -> Fault | None:
    """Return the first fault among the rows after number `after`; what the first of them follows is believed."""
    count, previous = after, GENESIS if after == 0 else None
    for entry in entries:
        problem = _problem(entry, count + 1, previous or entry.previous, None)
        if problem is not None:
            return problem
        previous, count = entry.hash, count + 1
    return None


def _problem(
    entry: LedgerEntry, expected: int, previous: str, checkpoint: tuple[int, str] | None
) -> Fault | None:
    """Return what is wrong with the entry that should be number `expected`."""
    if entry.seq > expected:
        return Fault(seq=expected, problem="missing")
    if entry.seq < expected:
        return Fault(seq=entry.seq, problem="is out of place")
    if entry.previous != previous:
        return Fault(seq=entry.seq, problem="does not follow the row before")
    if entry.hash != _digest(entry):
        return Fault(seq=entry.seq, problem="was changed after it was written")
    if checkpoint is not None and entry.seq == checkpoint[0] and entry.hash != checkpoint[1]:
        return Fault(seq=entry.seq, problem="is not the row that was noted down")
    return None
