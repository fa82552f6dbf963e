"""When numbers were registered, for those registries that tell: sorted numbers beside days, memory-mapped."""

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

_NUMBER_BYTES, _DAY_BYTES = 8, 4


class Dates:
    """Number -> day of registration."""

    def __init__(self, folder: Path) -> None:
        """Open the two files in `folder`; without them nothing is known. ValueError when they do not fit together."""
        self._maps: list[mmap.mmap] = []
        self._numbers, self._days = (
            self._open(folder / "numbers.bin", "Q"),
            self._open(folder / "days.bin", "I"),
        )
        if len(self._numbers) != len(self._days):
            raise ValueError(f"{folder} has {len(self._numbers)} numbers and {len(self._days)} days")

    def _open(self, path: Path, form: Literal["Q", "I"]) -> "memoryview[int]":
        if not path.exists() or path.stat().st_size == 0:
            return memoryview(array(form))
        with path.open("rb") as file:
            opened = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.append(opened)
        return memoryview(opened).cast(form)

    def get(self, number: int) -> date | None:
        """Return when a number was registered, None where nobody said."""
        place = bisect_left(self._numbers, number)
        if place == len(self._numbers) or self._numbers[place] != number:
            return None
        return date.fromordinal(self._days[place])

    def close(self) -> None:
        """Let go of the files."""
        self._numbers.release()
        self._days.release()
        for opened in self._maps:
            opened.close()


def write_dates(folder: Path, dates: Mapping[int, date]) -> None:
    """Write the two files into `folder`, none where no date is known."""
    if not dates:
        return
    numbers = array("Q", sorted(dates))
    with (folder / "numbers.bin").open("wb") as file:
        numbers.tofile(file)
    with (folder / "days.bin").open("wb") as file:
        array("I", [dates[number].toordinal() for number in numbers]).tofile(file)
