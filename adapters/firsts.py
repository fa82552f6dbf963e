"""Which line a word first stood on, for lists of any length, in a few bytes a word."""

from array import array
from hashlib import blake2b

_SLOTS = 1 << 12


class FirstLines:
    """An open-addressed table from a word's 64-bit hash to the line it was first seen on: 12 bytes a slot.

    Two words with one hash would be taken for the same: one chance in some ten million in a list of a million.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._count = 0
        self._hashes, self._lines = array("Q", bytes(8 * _SLOTS)), array("I", bytes(4 * _SLOTS))

    def first(self, word: str, line: int) -> int | None:
        """Return the line on which `word` was seen before; when it was not, keep `line` (from 1) and return None."""
        if 2 * self._count >= len(self._hashes):
            self._grow()
        mark = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        slot = self._slot(mark)
        if self._lines[slot]:
            return self._lines[slot]
        self._hashes[slot], self._lines[slot] = mark, line
        self._count += 1
        return None

    def _slot(self, mark: int) -> int:
        """Return where `mark` is, or the free slot where it belongs; a line of 0 means free."""
        last = len(self._hashes) - 1
        slot = mark & last
        while self._lines[slot] and self._hashes[slot] != mark:
            slot = slot + 1 & last
        return slot

    def _grow(self) -> None:
        hashes, lines = self._hashes, self._lines
        slots = 2 * len(hashes)
        self._hashes, self._lines = array("Q", bytes(8 * slots)), array("I", bytes(4 * slots))
        for mark, line in zip(hashes, lines, strict=True):
            if line:
                slot = self._slot(mark)
                self._hashes[slot], self._lines[slot] = mark, line
