"""The rest a mail server is given after a loss: nobody knocks for a while, then one asks whether it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from adapters.mail.line import Lost, LostAfterDot, Refused, SenderRefused, Unwanted
from dialer.ports import Clock

FIRST_REST_S: Final = 5.0
"""Seconds of rest after a first loss: long enough for a restart, short enough not to be noticed on a list."""

LONGEST_REST_S: Final = 60.0
"""Seconds of rest while losses go on; each one doubles the rest up to here."""

LOSSES: Final = (Lost, LostAfterDot)
_WORDS: Final = (Refused, SenderRefused, Unwanted)


class Resting(Exception):
    """Not now: the server is left alone, or one message is finding out whether it is back."""


class Rest:
    """When messages may go, given how the last ones fared. Times are seconds of the clock's `monotonic`."""

    def __init__(self, clock: Clock, losses: tuple[type[Exception], ...] = LOSSES) -> None:
        """Begin awake; `losses` are the ends of a turn after which there is a rest."""
        self._clock, self._losses = clock, losses
        self._length = self._until = 0.0
        self._is_probing = False

    def check(self) -> None:
        """Raise Resting unless a message may go now."""
        if self._length and (self._is_probing or self._clock.monotonic() < self._until):
            raise Resting

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one message go, and learn from how it ends. Raises Resting.

        A word from the server, be it no, ends the rest. A turn that was broken off (a cancelled task) tells nothing.
        """
        self.check()
        is_probe = self._is_probing = self._length > 0
        try:
            yield
            self._length = 0.0
        except self._losses:
            self._lose(is_probe=is_probe)
            raise
        except _WORDS:
            self._length = 0.0
            raise
        finally:
            if is_probe:
                self._is_probing = False

    def _lose(self, *, is_probe: bool) -> None:
        """Rest, longer after a failed probe; messages under way when the first one failed tell nothing new."""
        if is_probe or not self._length:
            self._length = min(2 * self._length or FIRST_REST_S, LONGEST_REST_S)
            self._until = self._clock.monotonic() + self._length
