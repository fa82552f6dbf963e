"""What one transaction can see of the ledger itself: a part of `dialer.ports.Unit`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dialer.halts import Mark, Restoration


class Sealing(Protocol):
    """The end of the ledger, and what it says of a database that came back."""

    def head(self) -> Mark | None:
        """Return how far the ledger has come, as committed; None while it is empty."""
        ...

    def hash_of(self, row: int) -> str | None:
        """Return the hash of a row, None when the ledger does not reach it."""
        ...

    def said(self, attempt: str) -> Sequence[Mapping[str, Any]]:
        """Return the bodies of what the agent noted during a call, oldest first."""
        ...

    def restoration(self) -> Restoration | None:
        """Return the last word on a database that came back from a backup; None when there was none."""
        ...
