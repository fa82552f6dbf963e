"""How long a simulated agent waits before they try again what did not work."""

from adapters.clock import SystemClock

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 3.0  # real seconds between clicks on a page that does not answer


class Pauses:
    """Growing pauses in real seconds: an agent waits for a page, not for the campaign's clock."""

    def __init__(self, clock: SystemClock) -> None:
        """Begin with the shortest."""
        self._clock, self._seconds = clock, _FIRST_PAUSE_S

    async def next(self) -> None:
        """Wait, and next time longer."""
        await self._clock.wait(self._seconds * self._clock.factor)
        self._seconds = min(self._seconds * 1.6, _LONGEST_PAUSE_S)
