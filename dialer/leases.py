"""Who plans which campaign: engines share them out by leases, and take over what one of them lets lie."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

TTL = timedelta(seconds=10)
"""How long a lease holds without being renewed, by the database's own clock; an engine renews each second."""
_ENGINE, _CAMPAIGN = "engine:", "campaign:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A right that one engine has. `fence` grows with each new owner; `is_over` by the database's own clock."""

    name: str
    owner: str
    fence: int
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an engine holds from now on, and what it leaves to the others; names of leases."""

    take: tuple[str, ...]
    leave: tuple[str, ...]

    @property
    def campaigns(self) -> frozenset[str]:
        """The campaigns that this engine plans."""
        return frozenset(name.removeprefix(_CAMPAIGN) for name in self.take if name.startswith(_CAMPAIGN))


def shared_out(campaigns: Iterable[str], leases: Sequence[Lease], owner: str) -> Claim:
    """Return what `owner` takes and leaves, so that each live engine comes to have as many campaigns as the next.

    Never what another's lease still covers. An engine is alive while its own lease, taken here too, is not over.
    """
    names = sorted((f"{_CAMPAIGN}{campaign}" for campaign in campaigns), key=_lot)
    held = {lease.name: lease.owner for lease in leases if not lease.is_over}
    engines = {name for name in held if name.startswith(_ENGINE)} | {f"{_ENGINE}{owner}"}
    share = math.ceil(len(names) / len(engines))
    mine = [name for name in names if held.get(name) == owner]
    free = [name for name in names if name not in held]
    kept = mine[:share]
    taken = (*kept, *free[: share - len(kept)])
    return Claim(take=(f"{_ENGINE}{owner}", *taken), leave=tuple(mine[share:]))


def is_alone(leases: Iterable[Lease], owner: str) -> bool:
    """Tell whether no other engine is alive."""
    return not any(
        lease.name.startswith(_ENGINE) and lease.owner != owner and not lease.is_over for lease in leases
    )


def _lot(name: str) -> str:
    """Return what campaigns are sorted by: nobody's first letters are favoured."""
    return sha256(name.encode()).hexdigest()
