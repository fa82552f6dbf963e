"""Attempts that have fallen silent, set apart inside the planner's transaction: they are asked about after it."""

from datetime import datetime

from dialer.attempt import Attempt
from dialer.ports import Unit
from dialer.reaction import let_go
from dialer.recovery import postpone
from dialer.settings import Settings

AT_ONCE = 50
"""How many are asked about after one look; the others are after the next."""


def postponed(unit: Unit, settings: Settings, now: datetime) -> tuple[Attempt, ...]:
    """Return the attempts to ask about, each due to be asked about again later, its agent free meanwhile."""
    silent = tuple(unit.silent(now, AT_ONCE))
    for attempt in silent:
        unit.save_attempt(postpone(attempt, settings, now), attempt.state)
        let_go(unit, attempt, now)
    return silent
