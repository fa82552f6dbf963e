"""Which encoding a list was saved in: UTF-8, UTF-16 or CP932 (Windows' Shift_JIS)."""

import codecs
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

_CHUNK = 1 << 16
_ENOUGH = 2_000
_STRUCTURE = b",;\t\r\n"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: BinaryIO) -> str:
    """Return Python's name of the encoding of a list, read from its start and left there.

    A mark at the head decides; else every second byte being zero means UTF-16; else UTF-8 when at least half of the
    first 2,000 lines with more than ASCII read as it does, so that a few broken rows do not turn the whole list;
    else CP932.
    """
    file.seek(0)
    sample = file.read(_CHUNK)
    file.seek(0)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    wide = _wide(sample)
    if wide is not None:
        return wide
    good = total = 0
    for line in islice(_beyond_ascii(file), _ENOUGH):
        total += 1
        good += _is_utf8(line)
    file.seek(0)
    return "utf-8" if 2 * good >= total else "cp932"


def _wide(sample: bytes) -> str | None:
    """Tell UTF-16 without a mark: most commas and line ends have a zero beside them, on the same side each."""
    pairs = Counter(zip(sample[::2], sample[1::2], strict=False))
    total = sum(sample.count(mark) for mark in _STRUCTURE)
    little = sum(pairs[mark, 0] for mark in _STRUCTURE)
    big = sum(pairs[0, mark] for mark in _STRUCTURE)
    if 2 * max(little, big) <= total:
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _beyond_ascii(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that hold more than ASCII; a line longer than a chunk comes in pieces."""
    rest = b""
    while chunk := file.read(_CHUNK):
        *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        yield from (line for line in lines if not line.isascii())
        if len(rest) > _CHUNK:
            rest = b""
    if rest and not rest.isascii():
        yield rest


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
