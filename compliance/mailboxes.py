"""An e-mail address as people write it, and as everything else here knows it."""

import re
import unicodedata
from functools import lru_cache

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# Japanese carriers once handed out addresses with dots in a row or before the @; they still take mail.
_LOCAL_LOOSE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LOOSE_DOMAINS = ("docomo.ne.jp", "ezweb.ne.jp", "au.com")
_LONGEST, _LONGEST_LOCAL = 254, 64


@lru_cache(maxsize=1 << 13)
def read_email(text: str) -> str | None:
    """Return the address with its domain in lower case and in ASCII, or None when mail could not be sent there.

    Lengths are those of RFC 5321 (64 before the @, 254 in all); quoted local parts and bare hosts are refused.
    """
    address = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    host = _ascii(domain.lower())
    if not at or host is None or not _is_local(local, host):
        return None
    address = f"{local}@{host}"
    return address if len(address) <= _LONGEST else None


def _is_local(local: str, host: str) -> bool:
    pattern = _LOCAL_LOOSE if host in _LOOSE_DOMAINS else _LOCAL
    return len(local) <= _LONGEST_LOCAL and pattern.fullmatch(local) is not None


def _ascii(domain: str) -> str | None:
    """Return a domain of at least two labels in ASCII (日本語.jp becomes xn--…), or None."""
    try:
        host = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = host.split(".")
    is_sound = all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return host if is_sound and len(labels) > 1 else None
