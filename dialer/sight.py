"""What pacing remembers of one campaign between looks: calls under way, and what those before them taught."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from compliance.answers import Answers, is_abandoned
from dialer.agents import Agent, AgentState
from dialer.allowance import answered
from dialer.attempt import Attempt, AttemptState
from dialer.brakes import Waits
from dialer.control import Control
from dialer.forecast import Forecast
from dialer.lessons import Abandoned, Lesson, Misjudged, Missed, Reached, Served, Talked, WrappedUp
from dialer.situation import Situation

REFRESH = timedelta(seconds=30)
"""How often the forecast's tables are made anew."""
_AWAITED = timedelta(minutes=5)
"""How long after a call's end its outcome may still be learnt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A fold over what was seen at each look; a process that starts has seen nothing, and begins cautiously.

    `calls` are those not yet learnt from to the end, by id; `writing` is since when agents write up calls of ours.
    """

    forecast: Forecast
    control: Control
    answers: Answers
    calls: Mapping[str, Attempt] = field(default_factory=dict)
    writing: Mapping[str, datetime] = field(default_factory=dict)
    refreshed: datetime | None = None
    waits: Waits = field(default_factory=Waits)
    misses: float = 0.0
    """Which share of those taken for machines are people who were hung up on."""
    owed: float = 0.0
    """People hung up on who are not a whole one yet."""

    def gone(self, live: Collection[str]) -> tuple[str, ...]:
        """Return the calls that are to be looked at singly: those under way before that are not `live` any more."""
        return tuple(name for name in self.calls if name not in live)

    def after(self, calls: Iterable[Attempt], agents: Iterable[Agent], now: datetime) -> "Sight":
        """Return what is known after a look at `calls` (live, and just over) and `agents`."""
        seen = {call.id: call for call in calls}
        writing = _writing(agents, {**self.calls, **seen})
        lessons = [
            lesson
            for call in seen.values()
            for lesson in lessons_of(self.calls.get(call.id), call, self.answers.within_s)
        ]
        lessons.extend(
            WrappedUp(at=now, lasted_s=(now - since).total_seconds())
            for agent, since in self.writing.items()
            if writing.get(agent) != since
        )
        told = self.learned(sorted(lessons, key=lambda lesson: lesson.at))
        kept = {name: call for name, call in seen.items() if not _is_done(call, now)}
        counted = [
            fact
            for name, call in seen.items()
            if (fact := answered(call)) and not _is_counted(self.calls.get(name))
        ]
        known = replace(told, calls=kept, writing=writing, answers=self.answers.plus(counted))
        return known.missing(sum(fact.is_machine for fact in counted), now)

    def missing(self, machines: int, now: datetime) -> "Sight":
        """Return what is known after so many more machines: some of them were people, and count as abandoned."""
        owed = self.owed + machines * self.misses
        whole = int(owed)
        return replace(self.learned(Misjudged(at=now) for _ in range(whole)), owed=owed - whole)

    def learned(self, lessons: Iterable[Lesson]) -> "Sight":
        """Return what is known after these lessons."""
        forecast, control = self.forecast, self.control
        for lesson in lessons:
            forecast, control = forecast.after(lesson), control.after(lesson)
        return replace(self, forecast=forecast, control=control)

    def refreshed_for(self, situation: Situation, now: datetime) -> "Sight":
        """Return the same with tables that are no older than they may be."""
        if self.refreshed is not None and now - self.refreshed < REFRESH:
            return self
        return replace(self, forecast=self.forecast.refreshed(situation), refreshed=now)


def lessons_of(before: Attempt | None, after: Attempt, within_s: float) -> Iterator[Lesson]:
    """Yield what a call taught since it was last looked at; `within_s` is how soon an agent must be there.

    A call that surely never was dialled teaches nothing.
    """
    if after.answered_at and not (before and before.answered_at):
        yield Reached(
            at=after.answered_at, after_s=_lasted(after.opened_at, after.answered_at), odds=after.odds
        )
    was_over = before is not None and before.state is AttemptState.OVER
    if after.state is AttemptState.OVER and after.over_at and not was_over:
        if after.answered_at is None and after.placed_at:
            yield Missed(at=after.over_at, after_s=_lasted(after.opened_at, after.over_at), odds=after.odds)
        if after.connected_at:
            yield Talked(at=after.over_at, lasted_s=_lasted(after.connected_at, after.over_at))
    if not _is_counted(before) and _is_counted(after):
        yield from _judged(after, within_s)


def _judged(call: Attempt, within_s: float) -> Iterator[Lesson]:
    fact = answered(call)
    if fact is not None and not fact.is_machine:
        at = call.connected_at or call.over_at or fact.at
        yield Abandoned(at=at) if is_abandoned(fact, within_s) else Served(at=at)


def _is_counted(call: Attempt | None) -> bool:
    return call is not None and answered(call) is not None


def _is_done(call: Attempt, now: datetime) -> bool:
    """Tell whether nothing more can be learnt of a call."""
    if call.state is not AttemptState.OVER:
        return False
    is_known = call.answered_at is None or call.outcome is not None
    return is_known or (call.over_at is not None and now - call.over_at > _AWAITED)


def _writing(agents: Iterable[Agent], calls: Mapping[str, Attempt]) -> dict[str, datetime]:
    return {
        agent.id: agent.since
        for agent in agents
        if agent.state is AgentState.WRAPPING and agent.attempt in calls
    }


def _lasted(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())
