"""What an agent's page shows of their line: where it is, or why it is not."""

from collections.abc import Mapping

from adapters.web.language import Words
from dialer.agents import AgentState
from dialer.desks import Desk
from dialer.legs import LegEnding, LegState


def own_line_of(desk: Desk, words: Words) -> Mapping[str, str]:
    """Return what the page shows of the line: where it is (`own_room`), in words (`own_say`)."""
    where = _where(desk)
    return {"own_room": where, "own_say": words(f"desk.line_{where}")}


def _where(desk: Desk) -> str:
    """Return `on` while the line is in the room, else how far our call to the agent has come, or why it ended."""
    leg, agent = desk.leg, desk.agent
    if agent.leg:
        return "on"
    if leg and leg.state in {LegState.OPENED, LegState.UNSURE, LegState.PLACED}:
        return "calling"
    if leg and leg.state in {LegState.RINGING, LegState.ANSWERED}:
        return leg.state.value
    if leg and leg.ending and agent.state is AgentState.AWAY and not agent.reason:
        return "off" if leg.ending is LegEnding.LEFT else leg.ending.value
    return "off"
