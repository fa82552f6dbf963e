"""A database that came back from a backup: how it is noticed, what it may have lost, and how it is released.

Whoever notes down how far the ledger has come, in a file or in memory, has a `Mark`. A ledger that no longer reaches
it, or has another row there, is not the one that was noted: then nobody is contacted until a person releases it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from compliance.question import Suppression
from compliance.terms import Channel
from dialer.conclusion import suppressed
from dialer.halts import RESTORED, Halt, Mark, in_force, sealed
from dialer.ports import Unit

OUTCOME_LOST = "called after the backup was made, outcome lost"
"""Why somebody is left in peace for a while whom only the carrier remembers."""
SOURCE = "reconcile"


def is_held(unit: Unit, now: datetime) -> bool:
    """Tell whether the database waits to be released."""
    return any(halt.name == RESTORED for halt in in_force(unit.halts(), now))


def reaches(unit: Unit, mark: Mark) -> bool:
    """Tell whether the ledger is the one noted down, or a continuation of it."""
    return unit.hash_of(mark.rows) == mark.hash


def is_excused(unit: Unit, mark: Mark) -> bool:
    """Tell whether the database was released after the mark was made: what is missing was asked of the carrier."""
    last = unit.restoration()
    return last is not None and last.is_lifted and mark.at <= last.at


def hold(unit: Unit, mark: Mark, *, now: datetime, since: datetime | None, where: str) -> None:
    """Keep every engine from contacting anybody, and seal why; `where` says in what the mark was kept."""
    head = unit.head()
    has = f"{head.rows} rows, the last of {_clock(head.at)}" if head else "no rows"
    had = f"{mark.rows} rows at {_clock(mark.at)}"
    reason = f"the ledger is not the one noted down in {where}: it has {has}, and had {had}"
    halt = Halt(name=RESTORED, since=now, until=None, reason=reason)
    unit.halt(halt)
    facts: dict[str, object] = {
        "has": head.rows if head else 0,
        "had": mark.rows,
        "noted_at": mark.at.isoformat(),
        "since": since.isoformat() if since else None,
    }
    unit.record([sealed(halt, by=where, facts=facts)])


def lost_since(unit: Unit, marks: Sequence[Mark] = ()) -> datetime | None:
    """Return how far back something may be lost: what was noted (oldest first) at or before then is all there.

    The ledger's own end alone does not tell: somebody may have written to it after it came back.
    """
    head = unit.head()
    if head is None:
        return min((mark.at for mark in marks), default=None)
    met = (mark.at for mark in reversed(marks) if unit.hash_of(mark.rows) == mark.hash)
    return min(next(met, head.at), head.at)


def spare(unit: Unit, numbers: Iterable[str], *, until: datetime, by: str, now: datetime) -> int:
    """Call none of these numbers until an instant, and seal it; return how many were not listed for so long before."""
    entries = [
        Suppression(
            number=number,
            channel=Channel.VOICE,
            reason=OUTCOME_LOST,
            source=SOURCE,
            by=by,
            at=now,
            expires_at=until,
        )
        for number in numbers
    ]
    added = [entry for entry in entries if unit.suppress(entry)]
    unit.record([suppressed(entry) for entry in added])
    return len(added)


def release(unit: Unit, *, by: str, reason: str, now: datetime) -> bool:
    """Let engines contact people again, and seal who said so; False when the database was not held."""
    if not is_held(unit, now):
        return False
    unit.lift_halt(RESTORED)
    halt = Halt(name=RESTORED, since=now, until=None, reason=reason)
    unit.record([sealed(halt, by=by, lifted=True)])
    return True


def _clock(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
