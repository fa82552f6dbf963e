"""What is printed of a turn of the stop switch: when it was durable, and what became of the calls under way."""

from collections.abc import Iterator
from datetime import datetime

from adapters.halting import Turned
from dialer.reports import Stopped


def stopped(done: Turned) -> Iterator[str]:
    """Yield the lines of a stop."""
    yield f"all dialing is stopped, until `dialer resume` ({_where(done)})"
    if done.before:
        yield f"it was stopped already, {standing(done.before)}"
        return
    yield f"committed at {_clock(done.committed_at)}"
    if done.why_not:
        yield (
            f"{done.hung_up} queued or ringing calls could NOT be ended at the carrier: {done.why_not}. "
            "They end at the carrier's own limit, or when the installation runs again"
        )
    else:
        yield f"{done.hung_up} queued or ringing calls were told to end"
    if done.unnamed:
        yield f"{done.unnamed} more that the carrier has not named yet end as soon as it does"


def resumed(done: Turned) -> Iterator[str]:
    """Yield the lines of a resume."""
    yield f"dialing is allowed again ({_where(done)})"
    yield f"committed at {_clock(done.committed_at)}"


def standing(stop: Stopped) -> str:
    """Return since when, by whom and why all calls are stopped, as far as the ledger knows."""
    if stop.at is None:
        return "nobody knows since when or by whom: the ledger does not say"
    why = f": {stop.reason}" if stop.reason else ""
    return f"since {_clock(stop.at)} by {stop.by}{why}"


def _clock(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _where(done: Turned) -> str:
    if done.was_running:
        return "in the running installation"
    if not done.file:
        return "nothing answers here: written into the database, it holds for every engine at once"
    return f"nothing runs: written into {done.file}, it holds from the next start on"
