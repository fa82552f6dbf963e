"""How far the ledger has come, noted down outside the database; and whether the database still is the one noted."""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import orjson
import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from dialer.errors import DialerError
from dialer.halts import Mark
from dialer.ports import Clock, Reports, Store, Unit
from dialer.reconcile import hold, is_excused, is_held, lost_since, reaches

_log = structlog.get_logger()
_TAIL = 64 * 1024


class CheckpointsUnreadable(DialerError):
    """A file of checkpoints with nothing readable in it: it proves nothing, and it may have proven something."""


class _Line(BaseModel):
    """A checkpoint as written, but for what later releases may add."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    rows: int = Field(ge=1)
    hash: str = Field(min_length=64, max_length=64)


async def checkpoint(store: Store, clock: Clock, places: Sequence[Path]) -> None:
    """Append the ledger's length and head hash to each file, unless the database is not the one noted there.

    Then the file stays as it is, as the witness. Read from the store, the ledger is never behind what is noted.
    """
    if not await is_the_one_noted(store, clock, places):
        return
    head = await store.read(_head)
    if head is None:
        return
    mark = Mark(at=clock.now(), rows=head[0], hash=head[1])
    for place in places:
        try:
            append(place, mark)
        except OSError as failed:  # one place that is full or gone must not keep the other from being written
            _log.error("checkpoint_not_written", place=str(place), reason=failed.strerror)


async def is_the_one_noted(store: Store, clock: Clock, places: Sequence[Path]) -> bool:
    """Tell whether the ledger reaches the newest checkpoint of each place; else the database is held, and says so.

    Raises CheckpointsUnreadable for a file with nothing readable in it.
    """
    for place in places:
        mark = newest(place)
        if (
            mark is None
        ):  # so it is the first time; or a volume that is not mounted, which hides what it knows
            _log.warning("checkpoints_missing", place=str(place))
        elif not await store.transact(partial(_compare, place=place, mark=mark, clock=clock), alone=True):
            _log.error("database_restored", place=str(place), rows=mark.rows, noted_at=mark.at.isoformat())
            return False
    return not await store.transact(lambda unit: is_held(unit, clock.now()))


def _compare(unit: Unit, *, place: Path, mark: Mark, clock: Clock) -> bool:
    if reaches(unit, mark) or is_excused(unit, mark):
        return True
    now = clock.now()
    if not is_held(unit, now):
        hold(unit, mark, now=now, since=lost_since(unit, marks(place)), where=str(place))
    return False


def newest(place: Path) -> Mark | None:
    """Return the last checkpoint of a file that can be read; None when there is no file, or an empty one."""
    try:
        text = _end_of(place)
        found = list(_read(text)) or marks(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as failed:
        raise CheckpointsUnreadable(f"{place} cannot be read: {failed.strerror}") from failed
    if text and not found:
        raise CheckpointsUnreadable(
            f"{place} holds nothing that can be read: restore it from its copy, or move it away "
            "when `dialer audit verify` says that the ledger holds"
        )
    return found[-1] if found else None


def _end_of(place: Path) -> bytes:
    with place.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def marks(place: Path) -> list[Mark]:
    """Return every checkpoint of a file that can be read, in order; a line cut short by a crash is passed over."""
    return list(_read(place.read_bytes()))


def _read(text: bytes) -> Iterator[Mark]:
    for line in text.splitlines():
        try:
            said = _Line.model_validate_json(line)
        except ValidationError:
            continue
        yield Mark(at=said.at, rows=said.rows, hash=said.hash)


def append(place: Path, mark: Mark) -> None:
    """Write one checkpoint at the end of a file, durably, and on a line of its own whatever a crash left there."""
    line = orjson.dumps({"at": mark.at.isoformat(), "rows": mark.rows, "hash": mark.hash})
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _head(reports: Reports) -> tuple[int, str] | None:
    last = reports.ledger_head()
    return (last.seq, last.hash) if last else None
