"""The stop switch as the web side turns it: from the board's button, and at the command line's word."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from adapters.web.site import Site
from dialer.events import SwitchTurned
from dialer.reports import Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A turn that is durable: at `committed_at` at the latest. `stopped` is what holds now, None after a resume.

    `is_new` is False when all calls were stopped already.
    """

    committed_at: datetime
    stopped: Stopped | None
    is_new: bool = True


async def turn(site: Site, *, enabled: bool, by: str, reason: str) -> Turned:
    """Turn the switch, and return when that was durable. Nothing is asked before: what is asked later may take long."""
    began = site.clock.now()
    event = SwitchTurned(key=f"switch:{uuid4().hex}", at=began, enabled=enabled, by=by, reason=reason)
    await site.receiver.receive(event)
    committed_at = site.clock.now()
    site.live.nudge()
    stopped = await site.store.read(lambda reports: reports.stopped())
    held = stopped is not None and (stopped.at is None or stopped.at < began)
    return Turned(committed_at=committed_at, stopped=stopped, is_new=not held)


def told(turned: Turned) -> dict[str, object]:
    """Return a turn as JSON values."""
    stopped = turned.stopped
    done: dict[str, object] = {
        "done": "enabled" if stopped is None else "disabled",
        "committed_at": turned.committed_at.isoformat(),
    }
    if stopped is None:
        return done
    if turned.is_new:
        return done | {"hung_up": stopped.hung_up, "unnamed": stopped.unnamed}
    at = stopped.at.isoformat() if stopped.at else None
    return done | {"before": {"at": at, "by": stopped.by, "reason": stopped.reason}}
