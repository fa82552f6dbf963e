"""Who is due when, by the plan: their stint, their planned break, and when they will go next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialer.agents import Agent, AgentState
from dialer.stints import Pause, Roster, Stint

_BACK, _AHEAD = timedelta(days=2), timedelta(days=8)
"""How far stints are looked for: whoever is still there two days after theirs is there by their own will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What the plan says of one agent at one instant.

    `stint` and `pause` are those running. `next_pause` is the next one of the running stint; `leaves_at` when the
    agent goes next by plan, of those who are due now or were told to go (another stint may begin then). `off_since` is
    when the plan let them go, None while they are due and before their first stint; `comes_at` when they are due again,
    None while they are.
    """

    stint: Stint | None = None
    pause: Pause | None = None
    next_pause: Pause | None = None
    leaves_at: datetime | None = None
    off_since: datetime | None = None
    comes_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        """Whether the agent should be at work now."""
        return self.stint is not None and self.pause is None


def staffing(roster: Roster, now: datetime) -> dict[str, Due]:
    """Return what the plan says of each agent who works any shift; of the others it says nothing. Pure."""
    return {agent: _due(stints, now) for agent, stints in roster.by_agent(now - _BACK, now + _AHEAD).items()}


def _due(stints: Sequence[Stint], now: datetime) -> Due:
    stint = next((one for one in stints if one.begins <= now < one.ends), None)
    comes_at = next((one.begins for one in stints if one.begins > now), None)
    if stint is None:
        over = [one.ends for one in stints if one.ends <= now]
        return Due(off_since=max(over, default=None), comes_at=comes_at)
    pause = next((one for one in stint.pauses if one.begins <= now < one.ends), None)
    coming = next((one for one in stint.pauses if one.begins > now), None)
    leaves_at = coming.begins if coming else stint.ends
    if pause is None:
        return Due(stint=stint, next_pause=coming, leaves_at=leaves_at)
    back = pause.ends if pause.ends < stint.ends else comes_at
    return Due(
        stint=stint,
        pause=pause,
        next_pause=coming,
        leaves_at=leaves_at,
        off_since=pause.begins,
        comes_at=back,
    )


def leaving(
    dues: Mapping[str, Due], agents: Iterable[Agent], now: datetime, staying: Collection[str] = ()
) -> dict[str, datetime]:
    """Return when each agent who is there goes by plan; whoever is not named stays as far as anybody knows.

    Whom the plan has let go goes now, after the call that is theirs; `staying` are those who said *ready* since then:
    they stay until the plan lets them go the next time.
    """
    found: dict[str, datetime] = {}
    for agent in agents:
        due = dues.get(agent.id)
        if due is None or agent.state is AgentState.AWAY:
            continue
        if due.off_since is not None and agent.id not in staying:
            found[agent.id] = now
        elif due.leaves_at is not None:
            found[agent.id] = due.leaves_at
    return found
