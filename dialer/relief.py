"""The plan lets agents go: whoever is ready when their break or the end of their shift has come takes no more calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from compliance.ledger import Kind, Record
from dialer.agents import Agent, AgentState, on_break, release
from dialer.scene import Scene
from dialer.staffing import Due, leaving, staffing
from dialer.stints import roster_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """All agents as they are then, when each of those who are there goes by plan, and when somebody must go next."""

    agents: tuple[Agent, ...]
    leaves: Mapping[str, datetime] = field(default_factory=dict)
    due: datetime | None = None

    def before(self, other: datetime | None) -> datetime | None:
        """Return when the next look is needed at the latest, given when it is needed for other reasons."""
        return min((at for at in (self.due, other) if at), default=None)


def relieve(scene: Scene, agents: Sequence[Agent]) -> Relief:
    """Send those away who are ready though the plan has let them go, and say when the others will go.

    Whoever talks then finishes, and goes afterwards. Whoever says *ready* after that moment stays by their own word,
    until the plan lets them go the next time. Without shifts nobody is ever sent.
    """
    roster = roster_of(scene.rules.settings)
    if not roster.shifts:
        return Relief(agents=tuple(agents))
    dues = staffing(roster, scene.now)
    staying = _staying(scene, agents, dues)
    after = tuple(
        _sent(scene, agent, dues[agent.id])
        if agent.state is AgentState.READY and _is_off(dues.get(agent.id)) and agent.id not in staying
        else agent
        for agent in agents
    )
    leaves = leaving(dues, after, scene.now, staying)
    ready = (leaves[agent.id] for agent in after if agent.state is AgentState.READY and agent.id in leaves)
    return Relief(agents=after, leaves=leaves, due=min((at for at in ready if at > scene.now), default=None))


def _staying(scene: Scene, agents: Sequence[Agent], dues: Mapping[str, Due]) -> frozenset[str]:
    """Return who came back, by their own word, after the plan had let them go."""
    off = {
        agent.id: since
        for agent in agents
        if agent.state is not AgentState.AWAY
        and (due := dues.get(agent.id))
        and (since := due.off_since) is not None
    }
    came = scene.unit.came_back(min(off.values())) if off else {}
    return frozenset(agent for agent, since in off.items() if agent in came and came[agent] >= since)


def _is_off(due: Due | None) -> bool:
    return due is not None and due.off_since is not None


def _sent(scene: Scene, agent: Agent, due: Due) -> Agent:
    """Send one agent away, and put it on the ledger as their own word would be."""
    reason = due.pause.reason if due.pause else ""
    gone = on_break(release(agent, scene.now, AgentState.AWAY), scene.now, reason)
    scene.unit.save_agent(gone, agent.state)
    body = {"agent": agent.id, "from": agent.state.value, "to": gone.state.value, "by": "plan"}
    body |= {"reason": reason} if reason else {}
    scene.unit.record([Record(kind=Kind.AGENT, at=scene.now, body=body)])
    return gone
