"""Who serves a campaign's calls in one language, and which calls are on their way to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

import numpy as np

from campaigns.campaign import Campaign
from dialer.agents import Agent, AgentState, is_free, suits
from dialer.attempt import Attempt, AttemptState
from dialer.pacing import ratio_left
from dialer.situation import NONE, Seconds, Situation

_ON_THEIR_WAY = frozenset(
    {AttemptState.OPENED, AttemptState.UNSURE, AttemptState.PLACED, AttemptState.RINGING}
)
_FORGOTTEN = timedelta(seconds=90)
"""A call of which nobody knows is no longer waited for after that: it would have rung out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """All agents, and every call that was opened without one (`calls`), whichever campaign it is of.

    `leaves` is when agents go by plan, of those of whom that is known.
    `coming` is the mean chance of the people who are called next, by campaign and language, as far as it is known.
    """

    agents: tuple[Agent, ...]
    calls: tuple[Attempt, ...]
    campaigns: Mapping[str, Campaign]
    now: datetime
    leaves: Mapping[str, datetime] = field(default_factory=dict)
    coming: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def serving(self, campaign: Campaign) -> list[Agent]:
        """Return the agents who can take a call of the campaign in any of its languages."""
        return [
            agent
            for agent in self.agents
            if any(suits(agent, language, campaign.teams) for language in campaign.languages)
        ]

    def situation(
        self,
        campaign: Campaign,
        language: str,
        *,
        patience: timedelta,
        per_agent: float = 1.0,
        lines: int = 0,
        room: int = 0,
    ) -> Situation:
        """Return the floor as the campaign's people who speak `language` would find it.

        Every call that one of these agents may have to take is on its way to them; whoever has waited longer than
        `patience` hears the notice and waits no more. No more calls are on their way than `per_agent` for each who is
        not away.
        """
        serving = [agent for agent in self.agents if suits(agent, language, campaign.teams)]
        calls = [call for call in self.calls if self._may_reach(call, serving)]
        ringing = [
            call for call in calls if call.state in _ON_THEIR_WAY and self.now - call.opened_at < _FORGOTTEN
        ]
        waiting = [
            call
            for call in calls
            if call.state is AttemptState.ANSWERED
            and call.agent is None
            and call.answered_at
            and self.now - call.answered_at <= patience
        ]
        ready, writing = [one for one in serving if is_free(one)], _in(serving, AgentState.WRAPPING)
        talking = [agent for agent in _in(serving, AgentState.TALKING) if agent.attempt]
        joining = [agent for agent in _in(serving, AgentState.RESERVED) if self._is_joining(agent)]
        crowd = len(serving) - len(_in(serving, AgentState.AWAY))
        most = int(per_agent * crowd) - len(ringing)
        return Situation(
            idle=len(ready),
            waiting=len(waiting),
            talking=self._ages([*(agent.since for agent in talking), *(agent.since for agent in joining)]),
            wrapping=self._ages([agent.since for agent in writing]),
            # Whoever has not said by then what came of the call is away, and takes no other.
            wrapping_leaving=_seconds([self._stops_writing(agent) - self.now for agent in writing]),
            idle_leaving=self._leaving(ready),
            talking_leaving=self._leaving([*talking, *joining]),
            ringing=self._ages([call.opened_at for call in ringing]),
            odds=_odds([call.odds for call in ringing]),
            next_odds=self.coming.get((campaign.id, language)),
            lines=max(0, min(lines, most)),
            room=room,
            ratio=ratio_left(campaign.pacing, free=len(ready) - len(waiting), on_their_way=len(ringing)),
        )

    def _stops_writing(self, agent: Agent) -> datetime:
        deadline = agent.deadline or self.now
        return min(deadline, self.leaves.get(agent.id, deadline))

    def _leaving(self, agents: Sequence[Agent]) -> Seconds:
        """Return after how many seconds each of these goes by plan; nothing where there is no plan."""
        if not self.leaves:
            return NONE
        known = [self.leaves.get(agent.id) for agent in agents]
        return np.array([inf if at is None else max(0.0, (at - self.now).total_seconds()) for at in known])

    def _may_reach(self, call: Attempt, agents: Iterable[Agent]) -> bool:
        teams = self.campaigns[call.campaign].teams if call.campaign in self.campaigns else ()
        return any(suits(agent, call.language, teams) for agent in agents)

    def _is_joining(self, agent: Agent) -> bool:
        """Tell whether an agent was given a call that was answered: they are as good as talking."""
        return any(call.id == agent.attempt and call.state is AttemptState.ANSWERED for call in self.calls)

    def _ages(self, since: Sequence[datetime]) -> Seconds:
        return _seconds([self.now - at for at in since])


def _in(agents: Iterable[Agent], state: AgentState) -> list[Agent]:
    return [agent for agent in agents if agent.state is state]


def _seconds(spans: Sequence[timedelta]) -> Seconds:
    if not spans:
        return NONE
    return np.array([max(0.0, span.total_seconds()) for span in spans])


def _odds(given: Sequence[float | None]) -> Seconds:
    """Return the chance of each call; one that was given none is taken for one like the others."""
    known = [one for one in given if one is not None]
    if not known:
        return NONE
    mean = sum(known) / len(known)
    return np.array([mean if one is None else one for one in given])
