"""What an engine remembers of the ledger, so that a database that lost its end while it runs is noticed."""

from datetime import datetime

from dialer.halts import Mark
from dialer.ports import Unit
from dialer.reconcile import hold, is_excused, is_held, lost_since, reaches

_HERE = "an engine's memory"


class Witness:
    """Holds the furthest head of the ledger that this process saw committed.

    A standby that took over without the newest rows, or a copy put back under a running engine, has another ledger. No
    order goes out before the ledger's head with its permit in it is remembered: so a lost call is always noticed.
    """

    def __init__(self) -> None:
        """Begin without a memory."""
        self._seen: Mark | None = None
        self.is_lost = False

    def look(self, unit: Unit, now: datetime) -> Mark | None:
        """Compare, and hold the database when it is not the one remembered; return what is to be remembered.

        To be used inside a transaction, which may not come to its commit: so the head is remembered after it.
        """
        if is_held(unit, now):
            return None
        seen = self._seen
        if seen is not None and not reaches(unit, seen):
            if not is_excused(unit, seen):
                hold(unit, seen, now=now, since=lost_since(unit), where=_HERE)
                return None
            self._seen = None
        return unit.head()

    def remember(self, head: Mark | None, now: datetime) -> None:
        """Keep a head that was seen committed, unless a later one is remembered; None: the database is held."""
        self.is_lost = head is None
        if head is not None and (self._seen is None or head.rows >= self._seen.rows):
            self._seen = Mark(at=now, rows=head.rows, hash=head.hash)
