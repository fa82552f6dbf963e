"""A list is read onto a campaign: streamed, in batches, each person once, every refusal written down."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.firsts import FirstLines
from adapters.rejects import RejectsFile
from adapters.rows import ListFile, Row
from campaigns.campaign import Campaign
from campaigns.rejects import Reject, RejectCode
from campaigns.roster import Enrolment, Roster, Skipped, read_row, roster_of
from compliance.ledger import Kind, Record
from compliance.places import zone_of_region
from compliance.problem import DocumentInvalid, Problem, wording
from dialer.ports import Store, Unit

Progress = Callable[[int, int], None]
"""Told how many bytes of the list are done, of how many."""

_BATCH = 500  # people enrolled in one transaction: some ten milliseconds, so that calls under way do not wait
_BY = {
    "number": {"en": "number", "ja": "電話番号"},
    "email": {"en": "e-mail address", "ja": "メールアドレス"},
    "key": {"en": "customer", "ja": "顧客番号"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became of a list: `rows` is the sum of new, known, duplicates, filtered and rejected.

    `known` were on the campaign's list before, `duplicates` stand twice in the file, `warnings` are cells left aside
    in rows that were kept. Rejects, duplicates and warnings are listed in `rejects_file`.
    """

    rows: int
    new: int
    known: int
    duplicates: int
    filtered: int
    rejected: int
    warnings: int
    rejects_file: Path
    sha256: str
    encoding: str


@dataclass(slots=True, kw_only=True)
class _Tally:
    """The counts while they grow."""

    rows: int = 0
    new: int = 0
    known: int = 0
    duplicates: int = 0
    filtered: int = 0
    rejected: int = 0
    warnings: int = 0


@dataclass(slots=True, kw_only=True)
class _Sorter:
    """Takes rows one by one: counts them, writes rejects down, and keeps who is to be enrolled."""

    roster: Roster
    rejects: RejectsFile
    tally: _Tally = field(default_factory=_Tally)
    firsts: FirstLines = field(default_factory=FirstLines)
    batch: list[Enrolment] = field(default_factory=list)

    def take(self, found: Row | Reject) -> None:
        """Sort one row."""
        self.tally.rows += 1
        read = found if isinstance(found, Reject) else read_row(self.roster, found.cells, found.line)
        match read:
            case Skipped():
                self.tally.filtered += 1
            case Reject():
                self.tally.rejected += 1
                self.rejects.write(read)
            case Enrolment():
                self._keep(read)

    def _keep(self, read: Enrolment) -> None:
        duplicate = self._duplicate(read)
        if duplicate is not None:
            self.tally.duplicates += 1
            self.rejects.write(duplicate)
            return
        for warning in read.warnings:
            self.tally.warnings += 1
            self.rejects.write(warning)
        self.batch.append(read)

    def _duplicate(self, read: Enrolment) -> Reject | None:
        """Return the reject of a person who stands in the file already, by their key or by what is unique."""
        key, unique, line = read.candidate.contact.key, read.candidate.unique, read.line
        first = self.firsts.first(f"key:{key}", line)
        if first is not None:
            said: dict[str, object] = {"first": first}
            code = RejectCode.DUPLICATE_KEY
            return Reject(line=line, column=self.roster.key, value=key, code=code, said=said)
        if unique == f"key:{key}":
            return None
        first = self.firsts.first(unique, line)
        if first is None:
            return None
        by, _, value = unique.partition(":")
        column = self.roster.email if by == "email" else self.roster.phones[0][0]
        said = {"first": first, "by": _BY[by]}
        return Reject(line=line, column=column, value=value, code=RejectCode.DUPLICATE_UNIQUE, said=said)


async def enrol(
    store: Store,
    campaign: Campaign,
    path: Path,
    *,
    now: datetime,
    rejects_path: Path,
    progress: Progress | None = None,
) -> Enrolled:
    """Put the people of a list on a campaign, and return what became of each row.

    Streams: memory does not grow with the rows but by some 25 bytes each. Whoever is enrolled is on the ledger with
    the line that named them, in the same transaction; the list itself follows at the end, with its digest. Reading
    the same list again, or on after an interruption, enrols nobody twice. Raises DocumentInvalid when the file cannot
    be opened, has no usable header, or lacks a column that the campaign names.
    """
    roster = roster_of(campaign, now.astimezone(ZoneInfo(zone_of_region(campaign.audience.region))).date())
    with ListFile(path) as file, RejectsFile(rejects_path) as rejects:
        _require_columns(roster, file)
        sorter = _Sorter(roster=roster, rejects=rejects)
        for found in file:
            sorter.take(found)
            if len(sorter.batch) == _BATCH:
                await _enrol_batch(store, sorter, now, path.name)
                _tell(progress, file)
        await _enrol_batch(store, sorter, now, path.name)
        _tell(progress, file)
        enrolled = _enrolled(sorter, file)
    listed = _listed(enrolled, campaign.id, path.name, now)
    await store.transact(lambda unit: unit.record([listed]))
    return enrolled


def _require_columns(roster: Roster, file: ListFile) -> None:
    """Refuse a list that lacks a column the campaign names: every row would be read wrongly."""
    missing = sorted(roster.columns - set(file.header))
    if not missing:
        return
    has = ", ".join(filter(None, file.header))
    remedy = wording(
        f"Add it, or correct audience in the campaign; the list has: {has}",
        f"列を追加するか、キャンペーンの audience を直してください。リストの列: {has}",
    )
    raise DocumentInvalid(
        Problem(
            file=str(file.path),
            line=1,
            column=1,
            what=wording(f"The column {column} is missing", f"列「{column}」がありません"),
            remedy=remedy,
        )
        for column in missing
    )


async def _enrol_batch(store: Store, sorter: _Sorter, now: datetime, name: str) -> None:
    """Enrol those who wait in the sorter, in one transaction, and count who is new."""
    batch, campaign = tuple(sorter.batch), sorter.roster.campaign.id
    sorter.batch.clear()
    if batch:
        new = await store.transact(lambda unit: _enrol_in(unit, batch, (campaign, name), now))
        sorter.tally.new += new
        sorter.tally.known += len(batch) - new


def _enrol_in(unit: Unit, batch: Sequence[Enrolment], on: tuple[str, str], now: datetime) -> int:
    """Enrol a batch `on` (campaign, name of the list) and record each who is new; return how many."""
    campaign, name = on
    is_new = unit.enrol(campaign, [read.candidate for read in batch], now)
    new = [read for read, new in zip(batch, is_new, strict=True) if new]
    unit.record(_enrolments(new, campaign, name, now))
    return len(new)


def _enrolments(new: Iterable[Enrolment], campaign: str, name: str, now: datetime) -> Iterable[Record]:
    for read in new:
        body = {"list": name, "line": read.line, "holdout": read.candidate.holdout}
        person = read.candidate.contact.key
        yield Record(kind=Kind.ENROLLED, at=now, campaign=campaign, person=person, body=body)


def _tell(progress: Progress | None, file: ListFile) -> None:
    if progress is not None:
        progress(file.done, file.size)


def _enrolled(sorter: _Sorter, file: ListFile) -> Enrolled:
    tally = sorter.tally
    return Enrolled(
        rows=tally.rows,
        new=tally.new,
        known=tally.known,
        duplicates=tally.duplicates,
        filtered=tally.filtered,
        rejected=tally.rejected,
        warnings=tally.warnings,
        rejects_file=sorter.rejects.path,
        sha256=file.sha256,
        encoding=file.encoding,
    )


def _listed(enrolled: Enrolled, campaign: str, name: str, now: datetime) -> Record:
    """Return the record of a list that was read: which file to the last byte, and what became of its rows."""
    body = {
        "list": name,
        "sha256": enrolled.sha256,
        "encoding": enrolled.encoding,
        "rows": enrolled.rows,
        "new": enrolled.new,
        "known": enrolled.known,
        "duplicates": enrolled.duplicates,
        "filtered": enrolled.filtered,
        "rejected": enrolled.rejected,
        "warnings": enrolled.warnings,
    }
    return Record(kind=Kind.LISTED, at=now, campaign=campaign, body=body)
