"""Our copies of registries on disk: each import a folder of its own, named by a manifest that is replaced at once."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.registries.dates import Dates
from adapters.registries.pages import Pages

MANIFEST = "current.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a copy is: of which registry and day, where, how many numbers, from which files, by whom.

    `places` says where in `bits.bin` each page begins, `seals` are the SHA-256 of the copy's files, `sources` those of
    the files read. `area_codes` of None covers all.
    """

    registry: str
    as_of: str
    folder: str
    count: int
    places: Mapping[str, int]
    seals: Mapping[str, str]
    sources: Mapping[str, str]
    imported_at: str
    by: str
    area_codes: tuple[str, ...] | None = None
    bits: str = field(default="bits.bin")

    @property
    def day(self) -> datetime:
        """Return the instant the copy stands for, in UTC."""
        return datetime.fromisoformat(self.as_of).replace(tzinfo=UTC)


def read_manifest(path: Path) -> Manifest:
    """Return a manifest. ValueError when it is torn or not one."""
    try:
        body = json.loads(path.read_text("utf-8"))
        areas = body.get("area_codes")
        return Manifest(**{**body, "area_codes": None if areas is None else tuple(areas)})
    except (json.JSONDecodeError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no manifest: {error}") from error


def publish(root: Path, manifest: Manifest) -> None:
    """Make a copy the one that is asked from now on: durable before it is named, and named in one step."""
    for path in (root / manifest.folder).iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    new = root / f"{MANIFEST}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(root / MANIFEST)
    folder = os.open(root, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def forget_others(root: Path, *keep: str) -> None:
    """Remove the folders of older copies; who still reads one keeps it until letting go."""
    for path in root.iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path)


def seal_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class Copy:
    """One copy, open."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        """Open it. OSError or ValueError when its files are not what the manifest says."""
        folder = root / manifest.folder
        self.manifest = manifest
        self.pages = Pages(folder / manifest.bits, {int(page): at for page, at in manifest.places.items()})
        self.dates = Dates(folder)

    def broken(self, root: Path) -> list[str]:
        """Return the files whose seals do not hold."""
        folder = root / self.manifest.folder
        return [name for name, seal in self.manifest.seals.items() if seal_of(folder / name) != seal]

    def close(self) -> None:
        """Let go of the files."""
        self.pages.close()
        self.dates.close()
