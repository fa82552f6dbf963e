"""The agents of a rehearsal: they look at people, take calls, write for a while and say what happened."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from adapters.clock import VirtualClock
from adapters.simulator.calendar import Calendar
from adapters.simulator.people import Population
from campaigns.outcome import Outcome
from dialer.agents import Agent
from dialer.desk_events import PreviewAccepted, PreviewSkipped
from dialer.errors import StaleState
from dialer.events import AgentDisposed, AgentReady
from dialer.ports import Receiver
from dialer.previews import Preview
from dialer.staffing import staffing
from dialer.stints import Roster

NO_SHIFTS = Roster()
"""Everybody is there from the beginning to the end."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A disposition on the agent's page: its id, and the outcome it means."""

    id: str
    means: Outcome


_NEAREST: Mapping[Outcome, tuple[Outcome, ...]] = {
    Outcome.SOLD: (Outcome.INTERESTED, Outcome.CALLBACK),
    Outcome.INTERESTED: (Outcome.CALLBACK, Outcome.NOT_INTERESTED),
    Outcome.CALLBACK: (Outcome.INTERESTED, Outcome.NOT_INTERESTED),
    Outcome.NOT_INTERESTED: (Outcome.REFUSED,),
    Outcome.REFUSED: (Outcome.OPTED_OUT, Outcome.NOT_INTERESTED),
    Outcome.OPTED_OUT: (Outcome.REFUSED, Outcome.NOT_INTERESTED),
    Outcome.WRONG_NUMBER: (Outcome.OPTED_OUT, Outcome.NOT_INTERESTED),
    Outcome.MACHINE: (Outcome.NOT_INTERESTED,),
}


def choose(says: Outcome, choices: Sequence[Choice]) -> Choice:
    """Return the disposition an agent picks for what was said: its own, else the nearest, else the first."""
    for wanted in (says, *_NEAREST.get(says, ())):
        for choice in choices:
            if choice.means is wanted:
                return choice
    return choices[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A call an agent had: whom, on which try, and what was said."""

    attempt: str
    number: str
    nth: int
    says: Outcome


class SimulatedAgents:
    """Everybody on the floor, by the room they sit in."""

    def __init__(
        self,
        clock: VirtualClock,
        population: Population,
        calendar: Calendar,
        *,
        agents: Sequence[Agent],
        choices: Sequence[Choice],
        roster: Roster = NO_SHIFTS,
    ) -> None:
        """Take the agents, the dispositions of the campaign they work for, and who works when."""
        self._clock, self._population, self._calendar = clock, population, calendar
        self._roster = roster
        self._by_room, self._choices = {agent.room: agent.id for agent in agents}, tuple(choices)
        self._seen: set[str] = set()

    def start(self, at: datetime) -> None:
        """Let everybody press *ready*, one after the other within the minute after `at`, or by their shifts.

        Whoever works by shifts comes when each begins and after each planned break. That they go when it is time is
        the engine's doing, as it is on the real floor.
        """
        for place, agent in enumerate(self._by_room.values()):
            late = timedelta(seconds=place % 60)
            for comes in self._comings(agent, at):
                self._calendar.add(comes + late, partial(self._press_ready, agent))

    def _comings(self, agent: str, at: datetime) -> list[datetime]:
        """Return when an agent sits down, from `at` on, within a day."""
        if agent not in self._roster.agents:
            return [at]
        stints = [stint for stint in self._roster.stints(at, at + _DAY) if stint.agent == agent]
        backs = [pause.ends for stint in stints for pause in stint.pauses if pause.ends < stint.ends]
        come = sorted({*backs, *(max(at, stint.begins) for stint in stints)})
        return [one for one in come if one >= at and self._is_due(agent, one)]

    def _is_due(self, agent: str, at: datetime) -> bool:
        due = staffing(self._roster, at).get(agent)
        return due is None or due.is_due

    def hung_up(self, room: str, talk: Talk) -> None:
        """Let the agent of this room write for a while and then say what happened."""
        agent = self._by_room.get(room)
        if agent is not None:
            at = self._clock.now() + timedelta(seconds=self._population.wrap_s(agent, talk.attempt))
            self._calendar.add(at, partial(self._dispose, agent, talk))

    def sees(self, preview: Preview, reasons: Sequence[str]) -> None:
        """Let the agent look at a person for a while, and then dial or, for one of these reasons, skip."""
        if preview.id in self._seen:
            return
        self._seen.add(preview.id)
        looks_s, skips = self._population.look(preview.contact, preview.id)
        at = max(self._clock.now(), preview.shown_at + timedelta(seconds=looks_s))
        reason = reasons[len(self._seen) % len(reasons)] if skips else None
        self._calendar.add(at, partial(self._decide, preview, reason))

    async def _decide(self, preview: Preview, reason: str | None, receiver: Receiver) -> None:
        """Tell the receiver what the agent pressed; who looked for too long was sent away, and says they are back."""
        now, agent = self._clock.now(), preview.agent
        key = f"desk:{agent}:{preview.id}:decided"
        said = (
            PreviewAccepted(key=key, at=now, agent=agent, preview=preview.id)
            if reason is None
            else PreviewSkipped(key=key, at=now, agent=agent, preview=preview.id, reason=reason)
        )
        try:
            await receiver.receive(said)
        except StaleState:
            await self._press_ready(agent, receiver)

    async def _press_ready(self, agent: str, receiver: Receiver) -> None:
        """Tell the receiver that the agent takes calls; that they have one already is no news to them."""
        now = self._clock.now()
        with suppress(StaleState):
            await receiver.receive(
                AgentReady(key=f"desk:{agent}:ready:{now.isoformat()}", at=now, agent=agent)
            )

    async def _dispose(self, agent: str, talk: Talk, receiver: Receiver) -> None:
        """Tell the receiver what the agent picked, and press *ready*: they may have been sent away for writing long."""
        choice, now = choose(talk.says, self._choices), self._clock.now()
        wants_call = choice.means is Outcome.CALLBACK
        said = AgentDisposed(
            key=f"desk:{agent}:{talk.attempt}:disposed",
            at=now,
            agent=agent,
            attempt=talk.attempt,
            disposition=choice.id,
            callback_at=self._population.callback_at(talk.number, talk.nth, now) if wants_call else None,
        )
        with suppress(StaleState):
            await receiver.receive(said)
        if self._is_due(agent, now):  # else they go on their break, or home
            await self._press_ready(agent, receiver)
