"""A set of telephone numbers as bits on pages, one page for each ten million numbers of a plan, in one flat file."""

import mmap
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

_RANGE = 10_000_000
"""How many numbers share a page: those of one North American area code, or seven digits of any other plan."""
_NORTH_AMERICA = range(1_000, 2_000)
_SKIPPED = 2_000_000
"""No exchange of North America begins with 0 or 1: its pages begin at this number."""
_PAGES_IN_MEMORY = 128
"""About 160 MB while a list is read, whatever the order of its lines."""
PAGE_BYTES = _RANGE // 8
_SHORT_BYTES = (_RANGE - _SKIPPED) // 8


def page_of(number: int) -> tuple[int, int]:
    """Return the page of a number (digits of E.164) and its bit there; a bit below 0 is of no valid number."""
    page, rest = divmod(number, _RANGE)
    return page, rest - _SKIPPED if page in _NORTH_AMERICA else rest


def size_of(page: int) -> int:
    """Return the bytes of a page."""
    return _SHORT_BYTES if page in _NORTH_AMERICA else PAGE_BYTES


class Pages:
    """The set, read through a memory map: opening reads nothing, a look-up touches one byte."""

    def __init__(self, path: Path, places: Mapping[int, int]) -> None:
        """Open `path`; `places` says at which byte each page begins. OSError or ValueError when it cannot be."""
        self._places = dict(places)
        size = path.stat().st_size
        ends = [place + size_of(page) for page, place in places.items()]
        if max(ends, default=0) != size:
            raise ValueError(f"{path} has {size} bytes instead of {max(ends, default=0)}")
        with path.open("rb") as file:
            self._bits = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def __contains__(self, number: int) -> bool:
        """Tell whether a number is in the set."""
        page, bit = page_of(number)
        place = self._places.get(page)
        return place is not None and bit >= 0 and bool(self._bits[place + (bit >> 3)] >> (bit & 7) & 1)

    def among(self, numbers: Sequence[int]) -> list[bool]:
        """Tell of each number whether it is in the set: as `in`, for many at once."""
        bits, places, short = self._bits, self._places, _NORTH_AMERICA
        found = []
        for number in numbers:
            page = number // _RANGE
            place = places.get(page)
            bit = number - page * _RANGE - (_SKIPPED if page in short else 0)
            found.append(place is not None and bit >= 0 and bits[place + (bit >> 3)] >> (bit & 7) & 1 == 1)
        return found

    def touch(self) -> int:
        """Read one byte of every page of memory, so that all of the set is there; return their sum."""
        return sum(self._bits[:: mmap.PAGESIZE])

    def close(self) -> None:
        """Let go of the file."""
        if isinstance(self._bits, mmap.mmap):
            self._bits.close()


class Builder:
    """A set being written to a file that is not there yet, or that is a copy of an older one."""

    def __init__(self, path: Path, places: Mapping[int, int] | None = None) -> None:
        """Write to `path`, going on with `places` where it is a copy."""
        self.places = dict(places or {})
        self._file = path.open("r+b" if places is not None else "w+b", buffering=0)
        self._end = path.stat().st_size
        self._pages: OrderedDict[int, bytearray] = OrderedDict()
        self.count = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left and let go of the file."""
        for page, bits in self._pages.items():
            self._write(page, bits)
        self._file.close()

    def put(self, number: int, *, is_added: bool = True) -> bool:
        """Put a number into the set, or take it out; False for one that the plan cannot hold."""
        page, bit = page_of(number)
        if bit < 0:
            return False
        bits = self._pages.get(page) or self._turn_to(page)
        mask, place = 1 << (bit & 7), bit >> 3
        if bool(bits[place] & mask) is not is_added:
            bits[place] ^= mask
            self.count += 1 if is_added else -1
        return True

    def page(self, number: int) -> bytearray:
        """Return the bits of a number's page, to be written at once; `count` does not see what is changed there."""
        page, _ = page_of(number)
        return self._pages.get(page) or self._turn_to(page)

    def _turn_to(self, page: int) -> bytearray:
        """Return a page in memory; of those there, the one turned to first goes back to the file."""
        if len(self._pages) >= _PAGES_IN_MEMORY:
            self._write(*self._pages.popitem(last=False))
        place = self.places.get(page)
        if place is None:
            self.places[page] = self._end
            self._end += size_of(page)
            bits = bytearray(size_of(page))
        else:
            self._file.seek(place)
            bits = bytearray(self._file.read(size_of(page)))
        self._pages[page] = bits
        return bits

    def _write(self, page: int, bits: bytearray) -> None:
        place = self.places[page]
        self._file.seek(place)
        self._file.write(bits)
