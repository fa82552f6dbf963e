"""How a double is set up."""

from dataclasses import dataclass, field
from pathlib import Path

from adapters.simulator.faults import Faults, Turn
from adapters.simulator.habits import Habits

__all__ = ["DoubleOptions", "Faults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleOptions:
    """One double: whose account it plays, which people it dials, where it keeps its record.

    Either account SID and auth token, or key SID and secret, open it, as at Twilio; webhooks are signed with the
    auth token (twilio.md §1.7). `port` and `smtp_port` 0 mean any free one. `idle_s` is real seconds, 0 for ever.
    `numbers` are those the account may call from, none given means any. `faults` hold until the first turn of `later`.
    """

    state: Path
    account_sid: str
    auth_token: str
    key_sid: str = ""
    key_secret: str = ""
    seed: str = "1"
    calls_per_second: float = 1.0
    host: str = "127.0.0.1"
    port: int = 0
    smtp_port: int = 0
    idle_s: float = 60.0
    faults: Faults = field(default_factory=Faults)
    later: tuple[Turn, ...] = ()
    people: Habits = field(default_factory=Habits)
    numbers: frozenset[str] = frozenset()
