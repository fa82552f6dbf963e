"""An agent on the floor: states, and what each event does to them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.campaign import Team
from dialer.events import AgentAway, AgentEvent, AgentReady


class AgentState(StrEnum):
    """away ⇄ ready → reserved → talking → wrapping → ready; ready → previewing → reserved, or ready again."""

    AWAY = "away"
    READY = "ready"
    PREVIEWING = "previewing"
    RESERVED = "reserved"
    TALKING = "talking"
    WRAPPING = "wrapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One agent: `room` is their conference, `since` when the state began, `deadline` when wrap-up must end.

    `reason` is why they are away, as far as they said. `leg` is the carrier's reference of their own line while it is
    in their room, None while they could hear nobody.
    """

    id: str
    name: str
    room: str
    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()
    state: AgentState = AgentState.AWAY
    since: datetime
    attempt: str | None = None
    deadline: datetime | None = None
    reason: str | None = None
    leg: str | None = None


AGENT: dict[tuple[AgentState, type[AgentEvent]], AgentState] = {
    (AgentState.AWAY, AgentReady): AgentState.READY,
    (AgentState.READY, AgentReady): AgentState.READY,
    (AgentState.WRAPPING, AgentReady): AgentState.READY,
    (AgentState.READY, AgentAway): AgentState.AWAY,
    (AgentState.PREVIEWING, AgentAway): AgentState.AWAY,
    (AgentState.AWAY, AgentAway): AgentState.AWAY,
    (AgentState.WRAPPING, AgentAway): AgentState.AWAY,
    # Their line is gone: whoever answers the call on its way goes to somebody else, or hears the notice.
    (AgentState.RESERVED, AgentAway): AgentState.AWAY,
}
"""What an agent's own word does to them. A pair that is not here is refused: a call is theirs."""


def look_at(agent: Agent, now: datetime, deadline: datetime) -> Agent:
    """Return the ready agent, looking at a person until `deadline`."""
    return replace(agent, state=AgentState.PREVIEWING, since=now, attempt=None, deadline=deadline)


def is_free(agent: Agent) -> bool:
    """Tell whether a call may be given to an agent: they are ready, and their line is really in their room."""
    return agent.state is AgentState.READY and agent.leg is not None


def reserve(agent: Agent, attempt: str, now: datetime) -> Agent:
    """Return the agent, ready or looking at the person, promised to an attempt."""
    return replace(agent, state=AgentState.RESERVED, since=now, attempt=attempt, deadline=None)


def talk(agent: Agent, now: datetime) -> Agent:
    """Return the agent, connected to the person they were reserved for."""
    return replace(agent, state=AgentState.TALKING, since=now)


def wrap_up(agent: Agent, now: datetime, limit: timedelta) -> Agent:
    """Return the agent, writing up a call that is over; `limit` is how long that may take."""
    return replace(agent, state=AgentState.WRAPPING, since=now, deadline=now + limit)


def release(agent: Agent, now: datetime, state: AgentState = AgentState.READY) -> Agent:
    """Return the agent, free of any attempt."""
    since = agent.since if agent.state is state else now
    return replace(agent, state=state, since=since, attempt=None, deadline=None, reason=None)


def on_break(agent: Agent, now: datetime, reason: str) -> Agent:
    """Return the agent, away for a reason; another reason begins anew."""
    since = agent.since if agent.reason == (reason or None) else now
    return replace(agent, since=since, reason=reason or None)


def suits(agent: Agent, language: str, teams: tuple[Team, ...]) -> bool:
    """Tell whether the agent speaks `language` and has all that one of the campaign's teams asks."""
    if language not in agent.languages:
        return False
    return not teams or any(
        set(team.skills) <= set(agent.skills) and (not team.languages or language in team.languages)
        for team in teams
    )
