"""Asking the registries: every copy we have, always the newest, without a pause while another is being read in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from adapters.registries.copies import MANIFEST, Copy, read_manifest
from compliance.places import region_of
from compliance.question import Listing
from compliance.registry import Registry, registries
from compliance.rulebook import packaged_law

_ANYWHERE = "ZZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What stands on the shelf for one registry: a copy, or why it cannot be read; `mark` tells when it changes."""

    mark: tuple[int, int]
    copy: Copy | None = None
    fault: str | None = None


class Shelf:
    """The copies in a folder. Not for two threads at once: each has a shelf of its own, they share the pages."""

    def __init__(self, folder: Path) -> None:
        """Look at `folder`, one folder below it for each registry; it need not be there."""
        self._folder = folder
        self._held: dict[str, _Held] = {}

    def listings(self, number: str) -> tuple[Listing, ...]:
        """Return what each copy says of a number (E.164), for the registries of its country."""
        country = packaged_law().country_of(region_of(number) or _ANYWHERE)
        if country is None:
            return ()
        asked = (one for one in registries().values() if one.country == country.region)
        return tuple(found for one in asked if (found := self._listing(one, number)) is not None)

    def contains(self, registry: str, numbers: Sequence[str]) -> list[bool]:
        """Tell of each number (E.164) whether a registry has it. LookupError without a copy that can be read."""
        held = self._newest(registry)
        if held is None or held.copy is None:
            raise LookupError(held.fault if held else f"no copy of {registry}")
        return held.copy.pages.among([int(number) for number in numbers])

    def copy(self, registry: str) -> Copy | str | None:
        """Return the newest copy, why it cannot be read, or None where there is none."""
        held = self._newest(registry)
        return None if held is None else held.copy or held.fault

    def _listing(self, registry: Registry, number: str) -> Listing | None:
        held = self._newest(registry.id)
        if held is None:
            return None
        if held.copy is None:
            return Listing(registry=registry.id, fault=held.fault)
        manifest, digits = held.copy.manifest, int(number)
        is_listed = digits in held.copy.pages
        day = held.copy.dates.get(digits) if is_listed else None
        return Listing(
            registry=registry.id,
            as_of=manifest.day,
            is_listed=is_listed,
            registered_at=None if day is None else datetime.combine(day, time(), UTC),
            area_codes=None if manifest.area_codes is None else frozenset(manifest.area_codes),
        )

    def _newest(self, registry: str) -> _Held | None:
        """Return what is held for a registry, opened anew when its manifest was replaced."""
        root = self._folder / registry
        try:
            status = (root / MANIFEST).stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            return _Held(mark=(0, 0), fault=str(error))
        mark, held = (status.st_mtime_ns, status.st_ino), self._held.get(registry)
        if held is None or held.mark != mark:
            if held is not None and held.copy is not None:
                held.copy.close()
            held = self._held[registry] = _opened(root, mark)
        return held


def _opened(root: Path, mark: tuple[int, int]) -> _Held:
    try:
        return _Held(mark=mark, copy=Copy(root, read_manifest(root / MANIFEST)))
    except (OSError, ValueError, KeyError) as error:
        return _Held(mark=mark, fault=str(error))
