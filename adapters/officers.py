"""What an officer writes down: permissions and their end, answers about numbers, entries lifted by two people."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import orjson
import typer

from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.controlling import give, say
from adapters.wiring.stores import read_only
from compliance.numbers import Number, read_number
from compliance.question import Consent, Reassignment
from compliance.replay import plain
from compliance.terms import Channel
from dialer.errors import DialerError
from dialer.statements import ConsentGiven, ConsentTakenBack, NumbersAsked, SuppressionLifted, Word

_HOME = "JP"
_BATCH = 500
_ANSWERS = {"yes": "yes", "no": "no", "no_data": "no_data", "nodata": "no_data", "no data": "no_data"}
T = TypeVar("T")


class ListRefused(DialerError):
    """A list with lines that cannot be read: nothing was changed. The text names file, line and remedy."""


def consent_of(row: Mapping[str, str | None]) -> Consent:
    """Return a consent as people write it. ValueError for what is none.

    It has `type`, `seller`, `obtained`, `evidence`, and perhaps `expires`, `shown`, `number`, `channels` (with spaces
    between them).
    """
    evidence, number, expires = row["evidence"], row.get("number"), row.get("expires")
    if not (evidence or "").strip():
        raise ValueError("evidence is empty: say how the consent is proved")
    read = read_number(number, _HOME) if number else None
    if number and not isinstance(read, Number):
        raise ValueError(f"{number!r} is no telephone number")
    return Consent(
        type=row["type"] or "",
        seller=row["seller"] or "",
        obtained_at=_day(row["obtained"] or ""),
        channels=frozenset(map(Channel, (row.get("channels") or "").split())),
        number=read.e164 if isinstance(read, Number) else None,
        evidence=evidence,
        shown=row.get("shown") or None,
        expires_at=_day(expires) if expires else None,
    )


def _day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), UTC)


def give_consent(configuration: Configuration, whom: str, consent: Consent, *, by: str) -> None:
    """Have a permission written down."""
    _say(configuration, ConsentGiven(given=((whom, consent),)), by)


def take_back(configuration: Configuration, whom: str, *, seller: str | None, reason: str, by: str) -> None:
    """Have it written down that somebody took every permission back."""
    _say(configuration, ConsentTakenBack(whom=whom, seller=seller, reason=reason), by)


def lift(configuration: Configuration, whom: str, *, reason: str, by: str, approved_by: str) -> None:
    """Have every do-not-contact entry about somebody lifted."""
    _say(configuration, SuppressionLifted(whom=whom, reason=reason, approved_by=approved_by), by)


def _say(configuration: Configuration, word: Word, by: str) -> None:
    done = asyncio.run(give(configuration, say(word, by=by)))
    typer.echo(done.what + (" by the running installation" if done.was_running else ""))


def print_consents(configuration: Configuration, whom: str) -> None:
    """Print what somebody agreed to, and when they took it back. Raises DialerError for nobody."""
    database, now = configuration.settings.database, SystemClock().now()
    dues = asyncio.run(
        read_only(
            database,
            lambda reports: [reports.known_of(person, now) for person in reports.story(whom).contacts],
        )
    )
    if not dues:
        raise DialerError(f"nobody is known as {whom}")
    for due in dues:
        for consent in due.contact.consents:
            typer.echo(orjson.dumps({"person": due.contact.key, **plain(consent)}))
        for past in due.history:
            if past.event == "consent_revoked":
                typer.echo(
                    orjson.dumps({"person": due.contact.key, "revoked_at": past.at, "seller": past.seller})
                )


def import_consents(configuration: Configuration, file: Path, *, by: str) -> None:
    """Write down the permissions of a CSV: all of them or none."""
    found = _rows(file, _consent_row, ("whom", "type", "seller", "obtained", "evidence"))
    asyncio.run(give(configuration, say(ConsentGiven(given=tuple(found)), by=by)))
    typer.echo(f"{len(found)} consents recorded")


def _consent_row(row: Mapping[str, str]) -> tuple[str, Consent]:
    return row["whom"], consent_of(row)


def import_answers(configuration: Configuration, file: Path, *, asked: datetime, by: str) -> None:
    """Write down the answers of a CSV: all of them or none."""
    at = asked.replace(tzinfo=UTC)
    found = _rows(file, lambda row: _answer_row(row, at), ("number", "answer"))
    for start in range(0, len(found), _BATCH):
        word = NumbersAsked(answers=dict(found[start : start + _BATCH]), source=file.name)
        asyncio.run(give(configuration, say(word, by=by)))
    typer.echo(f"{len(found)} answers recorded")


def _answer_row(row: Mapping[str, str], asked: datetime) -> tuple[str, Reassignment]:
    read, said = read_number(row["number"], "US"), row["answer"].strip().lower()
    if not isinstance(read, Number):
        raise ValueError(f"{row['number']!r} is no telephone number")  # noqa: TRY004 (what the rows' reader takes)
    if said not in _ANSWERS:
        raise ValueError(f"{row['answer']!r} is no answer: write yes, no or no_data")
    day = row.get("consent_date") or ""
    consent = _day(day) if day else None
    answer: Any = _ANSWERS[said]
    return read.e164, Reassignment(answer=answer, queried_at=asked, consent_at=consent)


def _rows(file: Path, read: Callable[[Mapping[str, str]], T], needed: Sequence[str]) -> list[T]:
    """Return every row of a CSV as read. Raises ListRefused with every line that cannot be."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        lacking = [name for name in needed if name not in (reader.fieldnames or ())]
        if lacking:
            raise ListRefused(f"{file}:1: no column {', '.join(lacking)}; nothing was changed")
        found, bad = list[T](), list[str]()
        for place, row in _numbered(reader):
            try:
                found.append(read(row))
            except (ValueError, KeyError) as problem:
                bad.append(f"{file}:{place}: {problem}")
    if bad:
        raise ListRefused("\n".join([*bad[:20], "nothing was changed: mend these lines and try again"]))
    return found


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in reader:
        yield reader.line_num, {name: value or "" for name, value in row.items() if name}
