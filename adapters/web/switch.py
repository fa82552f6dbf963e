"""The stop switch as the web side turns it: from the board's button, and at the command line's word."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from adapters.web.site import Site
from dialer.events import SwitchTurned


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A turn that is durable: ordered at `began`, committed at `committed_at` at the latest."""

    began: datetime
    committed_at: datetime


async def turn(site: Site, *, enabled: bool, by: str, reason: str) -> Turned:
    """Turn the switch, and return when that was durable. Nothing is read first: that may take long, or fail."""
    began = site.clock.now()
    event = SwitchTurned(key=f"switch:{uuid4().hex}", at=began, enabled=enabled, by=by, reason=reason)
    await site.receiver.receive(event)
    committed_at = site.clock.now()
    site.live.nudge()
    return Turned(began=began, committed_at=committed_at)


async def told(site: Site, turned: Turned) -> dict[str, object]:
    """Return a turn, with what the ledger has of the stop that holds now, as JSON values."""
    stopped = await site.store.read(lambda reports: reports.stopped())
    committed = {"committed_at": turned.committed_at.isoformat()}
    if stopped is None:
        return {"done": "enabled", **committed}
    if stopped.at is not None and stopped.at >= turned.began:
        return {"done": "disabled", **committed, "hung_up": stopped.hung_up, "unnamed": stopped.unnamed}
    at = stopped.at.isoformat() if stopped.at else None
    before = {"at": at, "by": stopped.by, "reason": stopped.reason}
    return {"done": "disabled", **committed, "before": before}
