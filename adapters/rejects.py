"""The file that lists what of a list was refused, safe to open in a spreadsheet."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Self

from campaigns.rejects import Reject

# Full-width forms too: spreadsheets read them as formulas in Japan. The apostrophe itself, so that our importer, which
# takes exactly one off, gives back what was written.
_DANGEROUS = frozenset("=+-@\t\r\n\0'＝＋－＠")
_HEADER = ("line", "column", "value", "code", "reason", "理由")


def escaped(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: an apostrophe goes before whatever could be one."""
    cell = cell.replace("\0", "␀")
    return f"'{cell}" if cell[:1] in _DANGEROUS else cell


class RejectsFile:
    """An open CSV file of rejects, in UTF-8 with the mark that Excel wants.

    It holds personal data, so nobody else may read it.
    """

    def __init__(self, path: Path) -> None:
        """Begin the file anew, and the folders above it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self.path, self.count = path, 0
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(_HEADER)

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def write(self, reject: Reject) -> None:
        """Add a line: where, the cell as it stands, the code, and why in both languages."""
        cells = (reject.column, reject.value, reject.code, reject.reason("en"), reject.reason("ja"))
        self._writer.writerow((reject.line, *map(escaped, cells)))
        self.count += 1
