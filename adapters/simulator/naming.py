"""Names that nothing else has, and instants as Twilio writes them."""

import os
import random
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

# Begun from the machine's own entropy, in each process anew; asking it for every name would cost a system call.
_chance = random.Random()
os.register_at_fork(after_in_child=_chance.seed)


def fresh(prefix: str) -> str:
    """Return a SID: two letters and 32 hex digits that were not used before."""
    return f"{prefix}{_chance.getrandbits(128):032x}"


def fresh_uuid() -> str:
    """Return a UUID as Twilio's idempotency tokens are one."""
    return str(UUID(int=_chance.getrandbits(128), version=4))


def rfc2822(instant: datetime) -> str:
    """Return a UTC instant as Twilio's resources and callbacks have it, to the second."""
    return _written(instant.replace(microsecond=0))


_written = lru_cache(maxsize=4096)(format_datetime)
