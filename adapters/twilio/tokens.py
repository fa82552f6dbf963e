"""The account's auth tokens, taken up while we run when they are replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from multidict import MultiDict

from adapters.twilio.errors import CarrierMisconfigured
from adapters.twilio.signature import Signatures
from dialer.errors import DialerError
from dialer.ports import Clock

_log = structlog.get_logger(__name__)

READ_EVERY_S: Final = 10.0
"""A signature that fits no token has them read again, at most this often: strangers must not wear out the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSource:
    """Where the tokens are read: `read` returns them as they are now, `stamp` what differs once they may have changed.

    `read` raises DialerError, OSError or ValueError when there are none.
    """

    read: Callable[[], Sequence[str]]
    stamp: Callable[[], object] = lambda: None


class FreshSignatures:
    """Checks signatures with the newest tokens there are. While none can be read, the last ones hold."""

    def __init__(self, *, root: str, source: TokenSource, clock: Clock) -> None:
        """Read the tokens. Raises CarrierMisconfigured when there is none."""
        self._root, self._source, self._clock = root, source, clock
        self._stamp = source.stamp()
        self._signatures = Signatures(root=root, tokens=source.read())
        self._next_read = float("-inf")

    def is_genuine(self, path: str, form: MultiDict[str], signature: str) -> bool:
        """Tell whether a signature is Twilio's, as `Signatures` does."""
        stamp = self._source.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            self._read_again()
        if self._signatures.is_genuine(path, form, signature):
            return True
        now = self._clock.monotonic()
        if now < self._next_read:
            return False
        self._next_read = now + READ_EVERY_S
        return self._read_again() and self._signatures.is_genuine(path, form, signature)

    def _read_again(self) -> bool:
        """Take up the tokens as they are now; False when there are none to be had."""
        try:
            self._signatures = Signatures(root=self._root, tokens=self._source.read())
        except (DialerError, CarrierMisconfigured, OSError, ValueError) as failure:
            _log.error("webhook_tokens_unreadable", reason=type(failure).__name__)
            return False
        return True
