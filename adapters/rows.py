"""A list's rows, streamed: whatever one line has wrong with it costs that line and no other."""

import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.encodings import encoding_of
from adapters.files import unopened
from campaigns.cells import tidy
from campaigns.rejects import Reject, RejectCode
from compliance.problem import DocumentInvalid, Problem, Wording, wording

_LONGEST_LINE = 1 << 16
_LONGEST_RECORD = 200
_SHOWN = 200
_UNREADABLE = "\ufffd"
_DELIMITERS = (",", "\t", ";")
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp932": "Shift_JIS (CP932)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its line (the header's is usually 1) and its cells by tidy column name."""

    line: int
    cells: dict[str, str]


class _Counted(io.RawIOBase):
    """A file that knows how much of it was read, and the digest of that."""

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file, self.done, self.digest = file, 0, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        count = self._file.readinto(buffer) or 0
        self.digest.update(buffer[:count])
        self.done += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class ListFile:
    """An open list. Iterate once for Rows and Rejects, in order of lines; blank lines are passed over.

    `header` has the tidy column names ("" for a column without one), `encoding` Python's name of it, `size` the
    file's bytes. A cell's one leading apostrophe, which spreadsheets and our own exports put before +81…, is taken off.
    """

    def __init__(self, path: Path) -> None:
        """Open the list and read its header. Raises DocumentInvalid when it has no usable one."""
        self.path = path
        try:
            file = path.open("rb", buffering=0)
        except OSError as error:
            raise unopened(path, error) from error
        self._raw = _Counted(file)
        try:
            self.size = path.stat().st_size
            self.encoding = encoding_of(file)
            self._text = io.TextIOWrapper(
                io.BufferedReader(self._raw, 1 << 17), self.encoding, errors="replace"
            )
            self._waiting: deque[str] = deque()
            self._line = 0
            self.delimiter, self.header = self._read_header()
        except BaseException:
            file.close()
            raise

    @property
    def done(self) -> int:
        """How many bytes were read so far."""
        return self._raw.done

    @property
    def sha256(self) -> str:
        """The digest, in hex, of what was read so far: of the whole file once iteration has ended."""
        return self._raw.digest.hexdigest()

    def __enter__(self) -> Self:
        """Return the list itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._text.close()

    def __iter__(self) -> Iterator[Row | Reject]:
        """Yield what each line says, or what is wrong with it."""
        while (text := self._next()) is not None:
            line = self._line
            if text and not text.isspace():
                found = self._record(line, text)
                if found is not None:
                    yield found

    def _next(self) -> str | None:
        """Return the next line without its end, None after the last. One that is too long is cut there."""
        if self._waiting:
            self._line += 1
            return self._waiting.popleft()
        text = self._text.readline(_LONGEST_LINE + 1)
        if not text:
            return None
        self._line += 1
        if text.endswith("\n"):
            return text[:-1]
        # Too long, or the last line: what follows is read and thrown away, never held.
        piece = text
        while len(text) > _LONGEST_LINE and piece and not piece.endswith("\n"):
            piece = self._text.readline(_LONGEST_LINE)
        return text

    def _record(self, line: int, text: str) -> Row | Reject | None:
        if len(text) > _LONGEST_LINE:
            return _whole(line, text, RejectCode.LINE_TOO_LONG, limit=_LONGEST_LINE)
        cells = text.split(self.delimiter) if '"' not in text else self._quoted(text)
        if cells is None:
            return _whole(line, text, RejectCode.QUOTE_UNCLOSED)
        if not any(cells):
            return None
        if len(cells) != len(self.header):
            return _whole(line, text, RejectCode.CELL_COUNT, found=len(cells), wanted=len(self.header))
        return self._spoilt(line, cells) or Row(line=line, cells=self._named(cells))

    def _quoted(self, text: str) -> list[str] | None:
        """Return the cells of a line with quotation marks, taking in the lines that a cell of it goes on over.

        None when no cell ends where it should. A line that by itself is a whole row is never taken in: the mark
        before it was not closed, and everything after it would be lost.
        """
        cells = _split(text, self.delimiter)
        if cells is not None:
            return cells
        taken, length, marks = [text], len(text), text.count('"')
        while len(taken) < _LONGEST_RECORD and (more := self._next()) is not None:
            taken.append(more)
            length, marks = length + len(more), marks + more.count('"')
            if length > _LONGEST_LINE or self._is_row(more):
                break
            if marks % 2 == 0:
                cells = _split("\n".join(taken), self.delimiter)
                break
        if cells is None or len(cells) != len(self.header):
            self._waiting.extendleft(reversed(taken[1:]))
            self._line -= len(taken) - 1
            return None
        return cells

    def _is_row(self, text: str) -> bool:
        return '"' not in text and text.count(self.delimiter) == len(self.header) - 1 > 1

    def _spoilt(self, line: int, cells: Sequence[str]) -> Reject | None:
        """Return what is wrong with the characters of a row: bytes that were no text, or zeros."""
        for column, cell in zip(self.header, cells, strict=True):
            if _UNREADABLE in cell:
                said = {"encoding": _NAMES.get(self.encoding, "UTF-16")}
                code = RejectCode.CHARACTERS_UNREADABLE
                return Reject(line=line, column=column, value=cell[:_SHOWN], code=code, said=said)
            if "\0" in cell:
                code = RejectCode.CONTROL_CHARACTER
                return Reject(line=line, column=column, value=cell[:_SHOWN], code=code)
        return None

    def _named(self, cells: Sequence[str]) -> dict[str, str]:
        named = zip(self.header, cells, strict=True)
        return {column: cell[1:] if cell[:1] == "'" else cell for column, cell in named if column}

    def _read_header(self) -> tuple[str, tuple[str, ...]]:
        text = self._next()
        while text is not None and not text.strip():
            text = self._next()
        if text is None:
            remedy = wording("Give it a header line and rows", "見出し行とデータ行を書いてください")
            raise self._invalid(1, wording("The list is empty", "リストが空です"), remedy)
        delimiter = max(_DELIMITERS, key=text.count)
        cells = _split(text.replace("\0", ""), delimiter)
        if cells is None or len(text) > _LONGEST_LINE:
            what = wording("The header line is broken", "見出し行が壊れています")
            remedy = wording("Close its quotation marks", "引用符を正しく閉じてください")
            raise self._invalid(1, what, remedy)
        header = tuple(map(tidy, cells))
        for place, name in enumerate(header):
            if name and name in header[:place]:
                what = wording(f"The column {name} is there twice", f"列「{name}」が重複しています")
                remedy = wording("Rename one, or take it away", "どちらかの名前を変えるか、削除してください")
                raise self._invalid(len(delimiter.join(cells[:place])) + 2, what, remedy)
        return delimiter, header

    def _invalid(self, column: int, what: Wording, remedy: Wording) -> DocumentInvalid:
        line = max(1, self._line)
        return DocumentInvalid(
            [Problem(file=str(self.path), line=line, column=column, what=what, remedy=remedy)]
        )


def _split(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one record, None when a quotation mark is out of place or still open."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _whole(line: int, text: str, code: RejectCode, **said: object) -> Reject:
    """Return the reject of a whole line, of which the beginning is shown."""
    return Reject(line=line, column="", value=text[:_SHOWN], code=code, said=said)
