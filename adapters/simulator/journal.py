"""Files of JSON lines that survive a kill: appended whole, flushed, a torn last line cut off."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

import orjson


class Journal:
    """A file of JSON lines: each is appended in one write and flushed; a torn last line is cut off on opening."""

    def __init__(self, path: Path) -> None:
        """Open for appending; `past` holds the lines that were there before."""
        self.past = tuple(_whole_lines(path))
        self._file: IO[bytes] = path.open("ab")

    def append(self, line: Mapping[str, object]) -> None:
        """Write one line; dataclasses in it become objects."""
        text = orjson.dumps(line)
        if not text.isascii():  # some readers take more for the end of a line than we do
            text = json.dumps(orjson.loads(text)).encode()
        self._file.write(text + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _whole_lines(path: Path) -> Iterator[dict[str, object]]:
    """Yield the lines of a file that were written to their end, and cut off what a crash left of another."""
    if not path.exists():
        return
    written = path.read_bytes()
    whole, _, torn = written.rpartition(b"\n")
    if torn:
        path.write_bytes(whole + b"\n" if whole else b"")
    yield from (json.loads(line) for line in whole.splitlines())


def stamp(instant: datetime) -> str:
    """Return a UTC instant as ISO 8601 with milliseconds and Z."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
