"""What the plan says at a desk: the next break, the end of the shift, and how long the break under way may last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.language import Words
from campaigns.campaign import Text
from dialer.agents import Agent, AgentState
from dialer.settings import BreakSettings, Settings
from dialer.staffing import Due, staffing
from dialer.stints import Pause, Roster, roster_of

_NOBODY = Due()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Shifts and the kinds of breaks, by id, as the pages need them."""

    roster: Roster = field(default_factory=Roster)
    kinds: Mapping[str, BreakSettings] = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, Text]:
        """What agents read for each kind of break."""
        return {name: kind.label for name, kind in self.kinds.items()}

    def due_of(self, agent: str, now: datetime) -> Due:
        """Return what the plan says of an agent; nothing of somebody who works no shift."""
        return _dues(self.roster, now.replace(microsecond=0)).get(agent, _NOBODY)

    def is_due(self, agent: str, now: datetime) -> bool:
        """Tell whether an agent should be at work; whoever works no shift always may."""
        return self.due_of(agent, now).off_since is None

    def limit_of(self, agent: Agent, now: datetime) -> timedelta | None:
        """Return how long the break that an agent is on may last: by its kind, else as long as it is planned."""
        if agent.state is not AgentState.AWAY or not agent.reason:
            return None
        kind, pause = self.kinds.get(agent.reason), self.due_of(agent.id, now).pause
        if kind and kind.limit is not None:
            return kind.limit
        return pause.ends - pause.begins if pause and pause.reason == agent.reason else None

    def label(self, reason: str, language: str) -> str:
        """Return what a break is called; one that the settings no longer name stands for itself."""
        kind = self.kinds.get(reason)
        return kind.label.in_(language) if kind else reason


def planning_of(settings: Settings) -> Planning:
    """Return what the settings plan."""
    return Planning(roster=roster_of(settings), kinds={kind.id: kind for kind in settings.breaks})


# Desks ask ten times a second; a plan changes at whole minutes.
@lru_cache(maxsize=4)
def _dues(roster: Roster, second: datetime) -> Mapping[str, Due]:
    return staffing(roster, second) if roster.shifts else {}


def plan_say(planning: Planning, agent: str, now: datetime, words: Words, zone: ZoneInfo) -> str:
    """Return what comes next for an agent by plan, in a sentence or two; "" where nothing is planned."""
    due = planning.due_of(agent, now)
    if due.stint is None:
        if due.comes_at is None:
            return ""
        day, time = figures.day(due.comes_at, zone, words.language), figures.time(due.comes_at, zone)
        return words("plan.next_shift", at=f"{day} {time}")
    said = [words("plan.ends", at=figures.time(due.stint.ends, zone))]
    if due.pause:
        said.insert(0, _pause(planning, "plan.now", due.pause, words, zone))
    if due.next_pause:
        said.insert(-1, _pause(planning, "plan.next", due.next_pause, words, zone))
    return " · ".join(said)


def _pause(planning: Planning, key: str, pause: Pause, words: Words, zone: ZoneInfo) -> str:
    return words(
        key,
        label=planning.label(pause.reason, words.language),
        since=figures.time(pause.begins, zone),
        until=figures.time(pause.ends, zone),
    )


def limit_s(planning: Planning, agent: Agent, now: datetime, factor: float) -> float | None:
    """Return the limit of the break under way, in the real seconds that the page counts; None without one."""
    limit = planning.limit_of(agent, now)
    return None if limit is None else round(limit.total_seconds() / factor, 1)
