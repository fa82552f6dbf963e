"""The unguessable part of a callback's address, derived from the installation's secret."""

import hashlib
import hmac


def nonce_for(secret: str, purpose: str, name: str) -> str:
    """Return 32 hex digits that only a holder of `secret` can make for this purpose and name."""
    return hmac.new(secret.encode(), f"{purpose}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]


def is_genuine(secret: str, purpose: str, name: str, nonce: str) -> bool:
    """Tell, in constant time, whether `nonce` is the one for this purpose and name."""
    # As bytes: what a stranger sends may hold more than ASCII, which texts could not be compared with.
    return hmac.compare_digest(nonce_for(secret, purpose, name).encode(), nonce.encode(errors="replace"))
