"""What the record tells of calls that are over, as a protocol."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from compliance.answers import Tally
from dialer.attempt import Attempt
from dialer.foresight import Tried


class Counting(Protocol):
    """Part of what reports can be read."""

    def first_call(self, campaign: str) -> datetime | None:
        """Return when a campaign's first call was opened; None when it has made none."""
        ...

    def tally(self, campaign: str, since: datetime, until: datetime, within_s: float) -> Tally:
        """Return how calls opened in [`since`, `until`) and over were answered, and served within so many seconds."""
        ...

    def unpriced(self, since: datetime, until: datetime, limit: int) -> Sequence[Attempt]:
        """Return calls that somebody answered, that have no price, and that were over between two instants.

        Both count; those over first come first, `limit` at most.
        """
        ...

    def known_calls(self, references: Sequence[str]) -> frozenset[str]:
        """Return those of the carrier's references that are of attempts of ours."""
        ...

    def tried(self, since: datetime | None, limit: int) -> Sequence[Tried]:
        """Return the calls that were over at or after `since` (None: ever), the last so many, latest first.

        Those that say nothing of people, since no phone rang, are left out.
        """
        ...
