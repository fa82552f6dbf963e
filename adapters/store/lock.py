"""One process at a time: a lock on a file next to the database, let go by the system however the process ends."""

import fcntl
import os
from pathlib import Path

from adapters.store.errors import StoreInUse


class Lock:
    """The right to write a database file."""

    def __init__(self, database: Path) -> None:
        """Take the right. Raises StoreInUse, with the number of the process that has it, when it is taken."""
        self._file = Path(f"{database}.lock").open("a+", encoding="ascii")  # noqa: SIM115 (held until `release`)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._holder()
            self._file.close()
            raise StoreInUse(database, holder) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def _holder(self) -> str:
        self._file.seek(0)
        number = self._file.read().strip()
        return f"process {number}" if number else "another process"

    def release(self) -> None:
        """Give the right back; the file stays, so that nobody locks one that is being removed."""
        self._file.close()
