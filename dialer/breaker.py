"""When a carrier that leaves us in doubt is given no more orders, and how it is tried again without a call."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialer.attempt import Attempt

DOUBTS = 3
"""How many orders in a row may end in doubt: each locks a person's number for a day."""
PAUSE = timedelta(seconds=30)
"""How often a carrier that is left alone is asked whether it hears us."""


@dataclass(slots=True)
class Breaker:
    """Counts doubtful orders. Open, nobody is dialled; a question that is answered closes it, on trial."""

    _doubts: int = 0
    _about: Attempt | None = None
    _ask_at: datetime | None = field(default=None)

    @property
    def is_open(self) -> bool:
        """Whether no call may be ordered."""
        return self._doubts >= DOUBTS

    def doubted(self, attempt: Attempt | None, now: datetime) -> None:
        """Count an order of which nobody knows what became."""
        self._doubts += 1
        self._about = attempt or self._about
        self._ask_at = now + PAUSE

    def answered(self) -> None:
        """Forget the doubts: an order was answered, whatever the answer was."""
        self._doubts, self._about = 0, None

    def question(self, now: datetime) -> Attempt | None:
        """Return the attempt to ask about, as a way to ask anything; None while it is closed or was asked just now."""
        if not self.is_open or self._ask_at is None or now < self._ask_at:
            return None
        self._ask_at = now + PAUSE
        return self._about

    def heard(self) -> None:
        """Order again, on trial: one more doubt, and it is open again."""
        self._doubts = min(self._doubts, DOUBTS - 1)
