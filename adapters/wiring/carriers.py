"""The carrier, for whoever must end calls while no installation runs, or compare with its list of calls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.clock import SystemClock
from adapters.environment import Keys
from adapters.twilio.carrier import Credentials, TwilioCarrier
from adapters.twilio.history import PastCall
from dialer.orders import HangUp
from dialer.settings import Settings

__all__ = ["PastCall", "calls_since", "hang_up_all"]


async def hang_up_all(settings: Settings, keys: Keys, orders: Sequence[HangUp], clock: SystemClock) -> None:
    """Tell the carrier to end every one of these calls; failures are logged, as the engine's are."""
    async with _carrier(settings, keys, clock) as carrier:
        await asyncio.gather(*(carrier.hang_up(order) for order in orders))


async def calls_since(
    settings: Settings, keys: Keys, instant: datetime, clock: SystemClock
) -> Sequence[PastCall]:
    """Return every call that the account made since an instant. Raises CarrierSilent when it could not be asked."""
    async with _carrier(settings, keys, clock) as carrier:
        return await carrier.made_since(instant)


@asynccontextmanager
async def _carrier(settings: Settings, keys: Keys, clock: SystemClock) -> AsyncIterator[TwilioCarrier]:
    carrier = TwilioCarrier(
        settings.carrier,
        Credentials(key_sid=keys.key_sid, key_secret=keys.key_secret),
        public_url=settings.public_url,
        clock=clock,
    )
    try:
        yield carrier
    finally:
        await carrier.close()
