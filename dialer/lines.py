"""Who acts on which event about the lines of a live call."""

from typing import assert_never

from dialer.handover import move_answered, moved, transfer
from dialer.holding import told, turned
from dialer.introducing import guest_arrived, introduced, visit_answered
from dialer.line_events import (
    CallMoved,
    GuestArrived,
    HoldTurned,
    IntroductionEnded,
    LineAnswered,
    MuteTurned,
    TransferAsked,
    What,
)
from dialer.listen_events import ListenAnswered, SupervisorEvent
from dialer.scene import Reaction, Scene
from dialer.supervising import listen_answered, supervised


def line_pressed(
    scene: Scene, event: HoldTurned | MuteTurned | TransferAsked | IntroductionEnded | GuestArrived
) -> Reaction:
    """Act on what an agent does to a live call. Raises StaleState for what cannot be done now."""
    match event:
        case HoldTurned() | MuteTurned():
            return turned(scene, event)
        case TransferAsked():
            return transfer(scene, event)
        case IntroductionEnded():
            return introduced(scene, event)
        case GuestArrived():
            return guest_arrived(scene, event)
        case _:
            assert_never(event)


def line_told(scene: Scene, event: CallMoved | LineAnswered | ListenAnswered | SupervisorEvent) -> Reaction:
    """Act on what the carrier says of a live call's legs, and on what a supervisor does."""
    match event:
        case CallMoved():
            return moved(scene, event)
        case LineAnswered():
            return _answered(scene, event)
        case ListenAnswered():
            return listen_answered(scene, event)
        case _:
            return supervised(scene, event)


def _answered(scene: Scene, event: LineAnswered) -> Reaction:
    match event.what:
        case What.HOLD | What.MUTE:
            return told(scene, event)
        case What.MOVE:
            return move_answered(scene, event)
        case What.VISIT:
            return visit_answered(scene, event)
