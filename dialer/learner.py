"""What one engine goes by when it chooses whom to call, and how it learns: from the record, a little at each look."""

from datetime import datetime

from dialer.foresight import LEARNT_FROM
from dialer.ports import Store
from dialer.queue import Seen


class Learner:
    """Keeps what was `seen` so far; it is replaced whole, after a commit."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seen = Seen()

    async def learn(self, store: Store, now: datetime) -> None:
        """Learn who answers when from the calls that are over: asks the record now and then, and takes some at once."""
        known = self.seen.foresight
        if known.is_hungry(now):
            known = known.told(await store.read(lambda reports: reports.tried(known.since, LEARNT_FROM)), now)
        self.seen = self.seen.learned(known.learned())
