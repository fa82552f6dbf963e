"""Who acts on which event."""

from dialer.afterwards import agent_gone
from dialer.desk_events import (
    AgentHungUp,
    DutyTicked,
    OpinionHeard,
    PreviewAccepted,
    PreviewSkipped,
    RefusalHeard,
)
from dialer.events import (
    AgentAway,
    AgentDisposed,
    AgentEvent,
    AgentJoined,
    AgentLeft,
    AgentReady,
    AttemptEvent,
    CampaignPaused,
    CampaignStarted,
    CampaignStopped,
    ContactSuppressed,
    Event,
    SwitchTurned,
)
from dialer.halts import halt_after
from dialer.leg_events import LegEvent
from dialer.line_events import (
    CallMoved,
    GuestArrived,
    HoldTurned,
    IntroductionEnded,
    LineAnswered,
    MuteTurned,
    TransferAsked,
)
from dialer.line_presence import agent_left, guest_moved, line_moved
from dialer.lines import line_pressed, line_told
from dialer.listen_events import ListenAnswered, SupervisorEvent
from dialer.officer import officer_said
from dialer.previewing import agent_decided
from dialer.reaction import react
from dialer.scene import Reaction, Scene
from dialer.shift import agent_disposed, agent_said, manager_said
from dialer.statements import OfficerSaid
from dialer.stopping import suppress, turn_switch
from dialer.talk import agent_noted

ALONE = (ContactSuppressed, SwitchTurned, OfficerSaid, CampaignStarted, CampaignPaused, CampaignStopped)
"""What must not cross any other transaction: whoever is told that it holds may rely on it from then on."""


def answer(scene: Scene, event: Event) -> Reaction:
    """Store an event, act on it inside its transaction, and return what is to be done once that is durable.

    Raises StaleState when an agent or manager asks for what the present state does not allow.
    """
    if pause := halt_after(event, scene.now):
        scene.unit.halt(pause)
    match event:
        case AgentEvent():
            return _from_agent(scene, event)
        case CampaignStarted() | CampaignPaused() | CampaignStopped():
            return manager_said(scene, event)
        case ContactSuppressed():
            return suppress(scene, event)
        case SwitchTurned():
            return turn_switch(scene, event)
        case OfficerSaid():
            return officer_said(scene, event)
        case CallMoved() | LineAnswered() | ListenAnswered() | SupervisorEvent():
            return line_told(scene, event)
        case AttemptEvent():
            return react(scene, event)
        case _:
            raise TypeError(f"nobody acts on {type(event).__name__}")


def _from_agent(scene: Scene, event: AgentEvent) -> Reaction:
    match event:
        case AgentReady():
            return agent_said(scene, event)
        case AgentAway():
            return agent_gone(scene, event, lambda: agent_said(scene, event))
        case AgentLeft():
            return agent_gone(scene, event, lambda: agent_left(scene, event))
        case AgentDisposed():
            return agent_disposed(scene, event)
        case PreviewAccepted() | PreviewSkipped():
            return agent_decided(scene, event)
        case DutyTicked() | OpinionHeard() | RefusalHeard() | AgentHungUp():
            return agent_noted(scene, event)
        case AgentJoined() | LegEvent():
            return line_moved(scene, event)
        case GuestArrived():
            return guest_moved(scene, event, lambda: line_pressed(scene, event))
        case HoldTurned() | MuteTurned() | TransferAsked() | IntroductionEnded():
            return line_pressed(scene, event)
        case _:
            raise TypeError(f"nobody acts on {type(event).__name__}")
