"""Whether Twilio signed a request: over the configured address, with one of the account's tokens, in constant time."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from multidict import MultiDict
from twilio.request_validator import RequestValidator

from adapters.twilio.errors import CarrierMisconfigured

_PORTS: Final = {"http": 80, "https": 443}


class Signatures:
    """Checks signatures over `root`, an address without a slash at its end. `tokens` are several in a rotation.

    Twilio's own `validate` is not used: it compares letter by letter, stops at the first token that fits, and raises
    for what strangers send. Its sum is the same (`compute_signature`).
    """

    def __init__(self, *, root: str, tokens: Sequence[str]) -> None:
        """Raise CarrierMisconfigured without a token: then no callback can be believed."""
        if not tokens or not all(tokens):
            raise CarrierMisconfigured(
                "carrier: without the account's auth token no callback can be believed"
            )
        self._roots = _with_and_without_port(root)
        self._validators = tuple(RequestValidator(token) for token in tokens)

    def is_genuine(self, path: str, form: MultiDict[str], signature: str) -> bool:
        """Tell whether `signature` is Twilio's for this path and query, as they stood in the request line.

        Every token and both ways to write the port are tried until one fits. A body that is no form is
        signed by its hash in the query, and `form` is empty then.
        """
        given = signature.encode(errors="replace")
        try:
            return any(
                hmac.compare_digest(validator.compute_signature(root + path, form).encode(), given)
                for validator in self._validators
                for root in self._roots
            )
        except UnicodeEncodeError:  # a lone surrogate, which no honest client sends
            return False


def is_hash_of(body: bytes, given: Sequence[str]) -> bool:
    """Tell, in constant time, whether the one `bodySHA256` of a query is that of the body."""
    expected = hashlib.sha256(body).hexdigest().encode()
    return len(given) == 1 and hmac.compare_digest(expected, given[0].encode(errors="replace"))


def _with_and_without_port(root: str) -> tuple[str, ...]:
    """Return both ways to write an address: Twilio signs now with the port and now without."""
    parts = urlsplit(root)
    bare = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
    port = parts.port or _PORTS[parts.scheme]
    ways = (f"{bare}:{port}", bare) if parts.port else (bare, f"{bare}:{port}")
    return tuple(parts._replace(netloc=netloc).geturl() for netloc in ways)
