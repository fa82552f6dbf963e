"""Shifts as tests want them: sound, ordinary, and changed where the test says."""

from datetime import date, datetime, timedelta

from campaigns.parts import Text
from dialer.settings import BreakSettings
from dialer.shifts import PlannedBreak, Shift, Span
from dialer.stints import Roster

AGENTS = ("aoki", "baba", "chiba")
BREAKS = (
    BreakSettings(id="lunch", label=Text(ja="昼休み", en="Lunch"), limit=timedelta(hours=1)),
    BreakSettings(id="rest", label=Text(en="Rest")),
)


def at(text: str) -> datetime:
    """Return the instant that is written."""
    return datetime.fromisoformat(text)


def a_shift(
    *,
    agents: tuple[str, ...] = ("aoki",),
    days: tuple[int, ...] = (0, 1, 2, 3, 4),
    dates: tuple[date, ...] = (),
    but_not: tuple[date, ...] = (),
    hours: tuple[int, int] = (570, 1080),
    breaks: tuple[tuple[int, int], ...] = (),
) -> Shift:
    """Return a shift from 09:30 to 18:00 on weekdays; breaks as (minute it begins, minutes it lasts), all lunch."""
    return Shift(
        agents=agents,
        days=frozenset(days),
        dates=dates,
        but_not=but_not,
        hours=Span(begins=hours[0], ends=hours[1]),
        breaks=tuple(
            PlannedBreak(reason="lunch", at=minute % 1440, lasts=timedelta(minutes=length))
            for minute, length in breaks
        ),
    )


def a_roster(*, agents: tuple[str, ...] = ("aoki",), zone: str = "Asia/Tokyo") -> Roster:
    """Return a roster of one shift with lunch from 12:00 to 13:00."""
    return Roster(zone=zone, shifts=(a_shift(agents=agents, breaks=((720, 60),)),))
