"""What calls cost: the carrier says so some time after their end, when it is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from dialer.attempt import Attempt
from dialer.errors import CarrierSilent, StaleState
from dialer.events import CallPriced
from dialer.ports import Carrier, Clock, Receiver, Store

_log = structlog.get_logger()

AT_ONCE: Final = 200
"""So many calls are asked about in one run, at most."""
EARLIEST: Final = timedelta(minutes=2)
LATEST: Final = timedelta(days=7)
"""How long after its end a call is asked about: what has no price after a week will have none."""
FIRST_PAUSE: Final = timedelta(minutes=10)
LONGEST_PAUSE: Final = timedelta(hours=4)
_DOUBLINGS: Final = 5


class Pricing:
    """Asks for the prices of calls, run after run. Nothing waits for it, and it decides about no call."""

    def __init__(self, store: Store, carrier: Carrier, receiver: Receiver, *, clock: Clock) -> None:
        """Take where calls are kept, whom to ask, and who is told. Times are the campaign's."""
        self._store, self._carrier, self._receiver, self._clock = store, carrier, receiver, clock
        self._after: datetime | None = None
        self._silences, self._not_before = 0, clock.now()

    async def run(self) -> None:
        """Ask about the next calls, oldest first, unless a carrier that did not answer is left alone for now."""
        now = self._clock.now()
        if now < self._not_before:
            return
        try:
            found = await self._next(now)
            for attempt in found:
                await self._ask(attempt)
        except CarrierSilent as silence:
            pause = min(FIRST_PAUSE * (2 << min(self._silences, _DOUBLINGS)), LONGEST_PAUSE)
            self._silences, self._not_before = self._silences + 1, now + pause
            _log.warning("prices_not_told", reason=str(silence), until=self._not_before)
        else:
            # The next run goes on from here: calls that never get a price must not stand before all others.
            last = found[-1].over_at if len(found) == AT_ONCE else None
            self._silences, self._after = 0, last + timedelta(microseconds=1) if last else None

    async def _next(self, now: datetime) -> Sequence[Attempt]:
        """Return the next calls without a price; from the oldest on when the run before came to the last of them."""
        since, until = max(self._after or now - LATEST, now - LATEST), now - EARLIEST
        return await self._store.read(lambda reports: reports.unpriced(since, until, AT_ONCE))

    async def _ask(self, attempt: Attempt) -> None:
        """Ask about one call, and tell what it cost. Raises CarrierSilent."""
        reference = attempt.reference or ""
        told = await self._carrier.price(reference)
        if told is None:
            return
        price, currency = told
        event = CallPriced(
            key=f"{reference}:priced",
            at=self._clock.now(),
            attempt=attempt.id,
            reference=reference,
            price=price,
            currency=currency,
        )
        try:
            await self._receiver.receive(event)
        except StaleState as stale:  # of a campaign that this installation no longer knows
            _log.warning("price_not_taken", attempt=attempt.id, reason=str(stale))
