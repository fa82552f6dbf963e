"""A registry's file is read: all of it or nothing, into a copy of its own that is asked from the next look-up on."""

import io
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from adapters.registries.copies import (
    MANIFEST,
    Copy,
    Manifest,
    forget_others,
    publish,
    read_manifest,
    seal_of,
)
from adapters.registries.dates import write_dates
from adapters.registries.pages import Builder
from compliance.registry import Line, LineInvalid, Registry, read_lines
from dialer.errors import DialerError

_TOLD = 20
"""How many bad lines are told at once."""


class ImportRefused(DialerError):
    """Files that were not read in: nothing has changed. The text says which lines, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What to read: files of one registry, of which day, for which area codes (None: all), as changes or in full."""

    registry: Registry
    files: Sequence[Path]
    as_of: date
    by: str
    is_change: bool = False
    area_codes: tuple[str, ...] | None = None
    skips_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of it: the copy that is in force now, lines read and lines left out."""

    manifest: Manifest
    lines: int
    bad: tuple[str, ...]

    @property
    def body(self) -> Mapping[str, object]:
        """Return it for the ledger."""
        said = self.manifest
        return {
            "registry": said.registry,
            "as_of": said.as_of,
            "count": said.count,
            "area_codes": said.area_codes,
            "sources": dict(said.sources),
            "seals": dict(said.seals),
            "by": said.by,
            "lines": self.lines,
            "bad": len(self.bad),
        }


def take_in(folder: Path, intake: Intake, now: datetime) -> Taken:
    """Read the files into a new copy below `folder` and put it in force. Raises ImportRefused; then nothing changed."""
    root = folder / intake.registry.id
    old = _older(root, intake, now)
    root.mkdir(parents=True, exist_ok=True)
    name = f"{intake.as_of.isoformat()}-{now.astimezone(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    new = root / name
    new.mkdir()
    try:
        count, places, lines, bad = _written(new, root, intake, old)
        manifest = Manifest(
            registry=intake.registry.id,
            as_of=intake.as_of.isoformat(),
            folder=name,
            count=count,
            places={str(page): place for page, place in places.items()},
            seals={path.name: seal_of(path) for path in sorted(new.iterdir())},
            sources={path.name: seal_of(path) for path in intake.files},
            imported_at=now.isoformat(),
            by=intake.by,
            area_codes=old.area_codes if old else intake.area_codes,
        )
        Copy(root, manifest).close()
        publish(root, manifest)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    forget_others(root, name, *([old.folder] if old else []))
    return Taken(manifest=manifest, lines=lines, bad=tuple(bad))


def _older(root: Path, intake: Intake, now: datetime) -> Manifest | None:
    """Return the copy that changes are laid on. Raises ImportRefused where the day or the copy does not fit."""
    if intake.as_of > now.date():
        raise ImportRefused(f"{intake.as_of} is still to come; give the day the list was made")
    if not intake.is_change:
        return None
    try:
        old = read_manifest(root / MANIFEST)
    except (OSError, ValueError) as error:
        raise ImportRefused(
            f"there is no full copy to lay changes on ({error}); import a full list first"
        ) from error
    age = intake.as_of - old.day.date()
    if not timedelta(0) <= age <= timedelta(days=intake.registry.max_age_days):
        raise ImportRefused(
            f"our copy is of {old.as_of}: changes of {intake.as_of} do not follow it within "
            f"{intake.registry.max_age_days} days; import a full list"
        )
    return old


def _written(
    new: Path, root: Path, intake: Intake, old: Manifest | None
) -> tuple[int, dict[int, int], int, list[str]]:
    """Write the copy's files; return how many numbers it holds, where its pages begin, lines read, bad lines."""
    bits, dates, lines, bad = new / "bits.bin", dict[int, date](), 0, list[str]()
    if old is not None:
        for path in (root / old.folder).iterdir():
            shutil.copyfile(path, new / path.name)
    places = None if old is None else {int(page): place for page, place in old.places.items()}
    with Builder(bits, places) as builder:
        for at, line in _lines(intake):
            lines += 1
            if isinstance(line, LineInvalid):
                bad.append(f"{at}: {line}")
                _stop_at_too_many(bad, intake)
            elif not builder.put(line.number, is_added=line.is_added):
                bad.append(f"{at}: +{line.number} is no number of the plan; check the line")
            elif line.registered is not None:
                dates[line.number] = line.registered
    if bad and not intake.skips_bad:
        raise ImportRefused("\n".join([*bad[:_TOLD], _REMEDY]))
    if old is None and not builder.count:
        raise ImportRefused(
            f"{', '.join(map(str, intake.files))}: no number in it; an empty list would deny nobody"
        )
    if old is None:
        write_dates(new, dates)
    return builder.count + (old.count if old else 0), builder.places, lines, bad


def _lines(intake: Intake) -> Iterator[tuple[str, Line | LineInvalid]]:
    """Yield every line of every file, with where it stands."""
    for path in intake.files:
        with _text_of(path) as text:
            for place, line in read_lines(text, intake.registry, is_change=intake.is_change):
                yield f"{path}:{place}", line


_REMEDY = "nothing was changed: mend these lines, or leave them out with --skip-bad"


def _stop_at_too_many(bad: list[str], intake: Intake) -> None:
    if len(bad) >= _TOLD and not intake.skips_bad:
        raise ImportRefused("\n".join([*bad[:_TOLD], f"… and perhaps more; {_REMEDY}"]))


@contextmanager
def _text_of(path: Path) -> Iterator[TextIO]:
    """Open a list, or the first file in a zip archive. Raises ImportRefused when it cannot be read."""
    with ExitStack() as stack:
        try:
            if zipfile.is_zipfile(path):
                archive = stack.enter_context(zipfile.ZipFile(path))
                raw = stack.enter_context(archive.open(archive.namelist()[0]))
                text: TextIO = io.TextIOWrapper(raw, "utf-8", errors="replace")
            else:
                text = stack.enter_context(path.open(encoding="utf-8", errors="replace"))
        except (OSError, zipfile.BadZipFile, IndexError) as error:
            raise ImportRefused(f"{path} cannot be read: {error}") from error
        yield text
