"""The carrier, for whoever must end calls while no installation runs."""

import asyncio
from collections.abc import Sequence

from adapters.clock import SystemClock
from adapters.environment import Keys
from adapters.twilio.carrier import Credentials, TwilioCarrier
from dialer.orders import HangUp
from dialer.settings import Settings


async def hang_up_all(settings: Settings, keys: Keys, orders: Sequence[HangUp], clock: SystemClock) -> None:
    """Tell the carrier to end every one of these calls; failures are logged, as the engine's are."""
    carrier = TwilioCarrier(
        settings.carrier,
        Credentials(key_sid=keys.key_sid, key_secret=keys.key_secret),
        public_url=settings.public_url,
        clock=clock,
    )
    try:
        await asyncio.gather(*(carrier.hang_up(order) for order in orders))
    finally:
        await carrier.close()
