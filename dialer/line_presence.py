"""An agent's line comes into their room and goes, and what becomes of our calls to it, inside the transaction."""

from collections.abc import Callable

from dialer.agents import Agent, AgentState
from dialer.events import AgentAway, AgentJoined, AgentLeft
from dialer.leg_events import LegAnswered, LegEnded, LegEvent, LegKeyed, LegPlaced, LegRinging
from dialer.legs import Leg, LegState, advance, call_of, is_wanted, joined, left_key, out, stay_of
from dialer.line_events import GuestArrived
from dialer.orders import EnterRoom, HangUp, Instruction, Invite, Release
from dialer.scene import Reaction, Scene
from dialer.shift import held, move, moves_to

_REACHING = (LegPlaced, LegRinging, LegAnswered)


def line_moved(scene: Scene, event: AgentJoined | LegEvent) -> Reaction:
    """Act on an agent's line that comes into its room, or on its way there."""
    return leg_moved(scene, event) if isinstance(event, LegEvent) else agent_joined(scene, event)


def agent_joined(scene: Scene, event: AgentJoined) -> Reaction:
    """Write that an agent's line is in their room; an older one of theirs is ended: nobody sits there twice.

    Word that it is gone again may come first. Then it is gone.
    """
    agent = held(scene, event.agent)
    if not scene.is_new(event):
        return Reaction()
    if agent is None or scene.unit.has_heard(left_key(event.reference)):
        scene.ignore(event, None, "the line has left already" if agent else "no such agent")
        return Reaction()
    scene.unit.set_leg(agent.id, event.reference, agent.leg)
    called = _called(scene, agent.id, event.reference)
    if called:
        scene.unit.save_leg(joined(called), called.state)
    old = call_of(agent.leg or event.reference)
    is_second = old != call_of(event.reference)
    older = (HangUp(attempt=f"line of {agent.id}", reference=old),) if is_second else ()
    return Reaction(orders=older, may_plan=agent.state is AgentState.READY)


def guest_moved(scene: Scene, event: GuestArrived, act: Callable[[], Reaction]) -> Reaction:
    """Do what follows from a guest's moving; a line that is home again is in its room for another stay."""
    is_first, stay = not scene.unit.has_heard(event.key), stay_of(event.reference, event.trip)
    reaction = act()
    agent = held(scene, event.agent)
    is_back = event.is_home and is_first and event.reference
    if is_back and agent and not scene.unit.has_heard(left_key(stay)):
        scene.unit.set_leg(agent.id, stay, agent.leg)
    return reaction


def agent_left(scene: Scene, event: AgentLeft) -> Reaction:
    """Take an agent whose line is gone off the floor: nobody may be put into an empty room.

    A line leaves once. That it did while a call was theirs moves nothing then: the call's own events decide, and what
    is to be written up stays theirs. No call comes to them until a line of theirs is back. The same news told again
    hours later, and news of a line that another has replaced, change nothing.
    """
    agent = held(scene, event.agent)
    if not scene.is_new(event):
        return Reaction()
    if agent is None:
        scene.ignore(event, None, "no such agent")
        return Reaction()
    if called := _called(scene, agent.id, event.reference):
        scene.unit.save_leg(out(called, scene.rules.settings.silence, scene.now), called.state)
    return _line_gone(scene, agent, event)


def leg_moved(scene: Scene, event: LegEvent) -> Reaction:
    """Store and act on what happened to a call of ours to an agent."""
    before = scene.unit.leg(event.leg)
    if before is None or before.agent != event.agent:
        scene.ignore(event, None, "no such call to an agent")
        return Reaction(instruction=Release())
    if _is_stray(before, event):
        scene.ignore(event, None, "names another call")
        return Reaction(orders=_ended(before, event), instruction=Release())
    agent, silence = held(scene, event.agent), scene.rules.settings.silence
    if not scene.is_new(event):
        return Reaction(instruction=_instruction(before, agent, event))
    after = advance(before, event, silence, scene.now)
    if after is None:
        is_late = before.state is LegState.OVER and isinstance(event, _REACHING)
        orders = _ended(before, event) if is_late else ()
        return Reaction(orders=orders, instruction=_instruction(before, agent, event))
    scene.unit.save_leg(after, before.state)
    if after.state is not LegState.OVER or agent is None:
        return Reaction(instruction=_instruction(after, agent, event))
    return _line_gone(scene, agent, event, before.reference)


def _line_gone(scene: Scene, agent: Agent, event: AgentLeft | LegEvent, known: str | None = None) -> Reaction:
    """Let an agent be without this line, and away unless a call is theirs."""
    gone = event.reference if isinstance(event, AgentLeft) else known
    stay = agent.leg if isinstance(event, AgentLeft) or not agent.leg else call_of(agent.leg)
    if stay not in {None, gone}:
        scene.ignore(event, None, "another line is in the room")
        return Reaction()
    if agent.leg:
        scene.unit.set_leg(agent.id, None, agent.leg)
    state = moves_to(scene, agent, AgentAway)
    if state is None or agent.state is AgentState.WRAPPING:
        scene.ignore(event, None, f"agent is {agent.state.value}")
        return Reaction()
    move(scene, agent, state, agent.reason or "")
    return Reaction()


def _is_stray(leg: Leg, event: LegEvent) -> bool:
    """Tell whether an event is about another call than the one that an order of ours made: one is enough."""
    told = getattr(event, "reference", None)
    return leg.reference is not None and told is not None and told != leg.reference


def _ended(leg: Leg, event: LegEvent) -> tuple[HangUp, ...]:
    told = None if isinstance(event, LegEnded) else getattr(event, "reference", None)
    return (HangUp(attempt=f"line {leg.id}", reference=told),) if told else ()


def _called(scene: Scene, agent: str, reference: str) -> Leg | None:
    """Return the call of ours that an agent's line is, None when they called in themselves."""
    return next(
        (leg for leg in scene.unit.live_legs() if leg.agent == agent and leg.reference == call_of(reference)),
        None,
    )


def _instruction(leg: Leg, agent: Agent | None, event: LegEvent) -> Instruction | None:
    """Return what whoever picked up is to hear: to press a key, then the room; nobody else's telephone gets in."""
    if not isinstance(event, LegAnswered | LegKeyed):
        return None
    if agent is None or not is_wanted(leg, agent) or leg.reference != event.reference:
        return Release()
    if isinstance(event, LegKeyed) and leg.state is LegState.ANSWERED:
        return EnterRoom(room=agent.room)
    return Invite(name=agent.name, language="ja" if agent.languages[:1] == ("ja",) else "en")
