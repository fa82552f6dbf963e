"""Builders for lists: campaigns as a roster sees them, files in any encoding, and a store kept in memory."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from campaigns.campaign import Audience, Campaign, Filter, Seller
from campaigns.rejects import Reject
from campaigns.roster import Candidate, Enrolment, Roster, Skipped, read_row, roster_of
from compliance.ledger import Record
from compliance.question import Suppression
from dialer.ports import Store, Unit

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
COLUMNS: dict[str, str | tuple[str, ...]] = {
    "key": "顧客番号",
    "name": "氏名",
    "language": "言語",
    "phones": ("携帯電話", "自宅電話", "勤務先電話"),
    "email": "メール",
    "mail_consent_at": "メール許諾日",
    "mail_consent_evidence": "メール許諾元",
    "last_purchase": "最終購入日",
    "facts": ("会員ランク",),
}
HEADER = (
    *("顧客番号", "氏名", "言語", "携帯電話", "自宅電話", "勤務先電話", "メール"),
    *("最終購入日", "会員ランク", "メール許諾日", "メール許諾元"),
)


def a_filter(column: str = "最終購入日", **conditions: object) -> Filter:
    """A condition on a column; without any, `older_than` 180 days."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("older_than", "newer_than", "is_", "is_not", "at_least", "at_most")
    )
    wanted: dict[str, Any] = {**conditions} or {"older_than": timedelta(days=180)}
    return Filter.model_construct(column=column, **(nothing | wanted))


def a_campaign(**changes: object) -> Campaign:
    """What a roster reads of a campaign; changes are to its audience, but for `holdout`."""
    holdout = changes.pop("holdout", 0.0)
    audience: dict[str, Any] = {
        "file": "list.csv",
        "region": "JP",
        "columns": COLUMNS,
        "where": (a_filter(),),
        "order": ("newest 最終購入日",),
        "unique_by": "number",
        "language": "ja",
    }
    return Campaign.model_construct(
        id="winback",
        seller=Seller.model_construct(id="minori"),
        audience=Audience.model_construct(**(audience | changes)),
        holdout=holdout,
    )


def a_roster(**changes: object) -> Roster:
    """A roster read on TODAY."""
    return roster_of(a_campaign(**changes), TODAY)


def a_row(**changes: str) -> dict[str, str]:
    """A customer's row in which nothing is wrong."""
    row = dict.fromkeys(HEADER, "")
    row |= {"顧客番号": "C1", "氏名": "佐藤 陽子", "言語": "日本語", "携帯電話": "090-5550-0001"}
    row |= {"最終購入日": "2025/3/1", "会員ランク": "ゴールド"}
    return row | changes


def read(roster: Roster | None = None, /, **changes: str) -> Enrolment | Reject | Skipped:
    """What becomes of a row, on line 2."""
    return read_row(roster or a_roster(), a_row(**changes), 2)


def enrolled(roster: Roster | None = None, /, **changes: str) -> Enrolment:
    """A row that must be kept."""
    found = read(roster, **changes)
    assert isinstance(found, Enrolment), found
    return found


def write_list(path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """Write rows with the usual header."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


def rejects_of(path: Path) -> list[dict[str, str]]:
    """Return the lines of a rejects file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(slots=True)
class MemoryUnit:
    """As much of a transaction as enrolling needs."""

    leads: dict[tuple[str, str], Candidate] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    transactions: int = 0

    def enrol(self, campaign: str, batch: Sequence[Candidate], due: datetime) -> Sequence[bool]:
        """Keep whoever is new."""
        assert due.tzinfo is not None
        known = [(campaign, candidate.unique) in self.leads for candidate in batch]
        for candidate in batch:
            self.leads.setdefault((campaign, candidate.unique), candidate)
        return [not is_known for is_known in known]

    def record(self, records: Iterable[Record]) -> None:
        """Keep what is recorded."""
        self.records.extend(records)

    def suppress(self, suppression: Suppression) -> bool:
        """Keep an entry unless its scope is suppressed."""
        scope = (suppression.number, suppression.email, suppression.person, suppression.channel)
        if scope in {(one.number, one.email, one.person, one.channel) for one in self.suppressions}:
            return False
        self.suppressions.append(suppression)
        return True


class MemoryStore:
    """A store that forgets when the test ends."""

    def __init__(self) -> None:
        """Begin empty."""
        self.unit = MemoryUnit()

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:
        """Do the work on the only unit there is."""
        self.unit.transactions += 1
        return work(cast("Unit", self.unit))

    @property
    def port(self) -> Store:
        """The store as the program's type for it."""
        return cast("Store", self)
