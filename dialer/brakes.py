"""A manager's brakes on predictive dialling: the ramp of a beginning, and waits that are short enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import log

from campaigns.dialing import Pacing
from dialer.agents import Agent, AgentState, is_free
from dialer.control import Control
from dialer.pace import Bound, Pace

_RECENT = 0.05
"""The weight of the last wait in the mean: about the last twenty count."""
_STEEP = 3
"""The power by which risk falls as waits fall below what is good enough."""
_LEAST = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long agents waited for their calls lately; `since` when each of those who wait now began."""

    since: Mapping[str, datetime] = field(default_factory=dict)
    mean_s: float | None = None

    def after(self, agents: Iterable[Agent]) -> "Waits":
        """Return the waits after a look at the agents; whoever went away waited for nothing."""
        seen = {agent.id: agent for agent in agents}
        ended = [
            (seen[name].since - since).total_seconds()
            for name, since in self.since.items()
            if name in seen and seen[name].state in {AgentState.RESERVED, AgentState.TALKING}
        ]
        mean = self.mean_s
        for waited in ended:
            mean = waited if mean is None else mean + _RECENT * (waited - mean)
        ready = {name: agent.since for name, agent in seen.items() if is_free(agent)}
        return Waits(since=ready, mean_s=mean)

    def lately_s(self, now: datetime) -> float | None:
        """Return how long a wait is at present, in seconds; those that last longer already count for themselves."""
        if self.mean_s is None:
            return None
        lasting = [(now - since).total_seconds() for since in self.since.values()]
        return max(self.mean_s, sum(lasting) / len(lasting)) if lasting else self.mean_s


def lines_per_agent(pacing: Pacing, begun: datetime | None, now: datetime) -> float:
    """Return how many calls may be on their way for each agent: one at the beginning, all after the ramp."""
    if not pacing.ramp or begun is None or now - begun >= pacing.ramp:
        return pacing.max_lines_per_agent
    return 1.0 + (pacing.max_lines_per_agent - 1.0) * max(0.0, (now - begun) / pacing.ramp)


def eased(control: Control, pacing: Pacing, waits: Waits, now: datetime) -> Control:
    """Return the control with less risk allowed where agents wait less than the manager finds good enough."""
    waited = waits.lately_s(now)
    if not pacing.wait_target or waited is None:
        return control
    part = waited / pacing.wait_target.total_seconds()
    if part >= 1.0:
        return control
    return replace(control, level=control.level + log(max(_LEAST, part**_STEEP)))


def explained(found: Pace, *, is_eased: bool, is_crowded: bool, is_ramping: bool) -> Pace:
    """Return the pace with the brake named that kept it from being larger."""
    if is_eased and found.bound is Bound.RISK:
        return replace(found, bound=Bound.WAIT)
    if is_crowded and found.bound is Bound.LINES:
        return replace(found, bound=Bound.RAMP if is_ramping else Bound.CROWD)
    return found
