"""The agent who goes along with a person they hand over: comes, introduces, leaves, or takes the person back."""

from dataclasses import replace

from dialer.agents import Agent, AgentState, release
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.handling import PATIENCE, Handling
from dialer.handover import move, send
from dialer.line_events import GuestArrived, IntroductionEnded, LineAnswered, Said
from dialer.orders import Order
from dialer.scene import Reaction, Scene
from dialer.talk import sealed


def introduced(scene: Scene, event: IntroductionEnded) -> Reaction:
    """Send the guest home, for good or to have the person back. Raises StaleState for who is no guest there."""
    attempt = scene.unit.attempt(event.attempt)
    handling = scene.unit.handling(event.attempt) if attempt else None
    guest = scene.unit.agent(event.agent)
    if attempt is None or handling is None or guest is None or handling.guest != event.agent:
        raise StaleState(f"agent {event.agent} is no guest of attempt {event.attempt}")
    if not scene.is_new(event, attempt.id):
        return Reaction()
    if handling.is_back:
        return Reaction()
    after = replace(
        handling,
        is_back=event.is_taken_back,
        giver=event.agent if event.is_taken_back else None,
        moves=handling.moves + 1,
        deadline=scene.now + PATIENCE,
        problem="",
    )
    scene.unit.save_handling(after)
    sealed(scene, attempt, event.agent, what="take_back" if event.is_taken_back else "introduced")
    return Reaction(orders=(_home(scene, attempt, after, guest),))


def guest_arrived(scene: Scene, event: GuestArrived) -> Reaction:
    """Note where the guest's line is; at home the guest is free, or gets the person back."""
    found = scene.unit.handling_with(event.agent)
    attempt = scene.unit.attempt(found.attempt) if found else None
    handling = scene.unit.handling(attempt.id) if attempt else None
    if not scene.is_new(event, attempt.id if attempt else None):
        return Reaction()
    guest = scene.unit.agent(event.agent)
    is_awaited = handling is not None and handling.guest == event.agent and handling.moves == event.trip
    if attempt is None or handling is None or guest is None or not is_awaited:
        scene.ignore(event, attempt, "is not expected there")
        return Reaction()
    if not event.is_home:
        scene.unit.save_handling(replace(handling, deadline=None))
        return Reaction()
    if handling.is_back and attempt.state is AttemptState.CONNECTED:
        after = replace(handling, guest=None, moves=handling.moves + 1, deadline=scene.now + PATIENCE)
        scene.unit.save_handling(after)
        return Reaction(orders=(move(scene, attempt, after, guest.room),))
    return without_guest(scene, attempt, handling, AgentState.READY)


def without_guest(scene: Scene, attempt: Attempt, handling: Handling, state: AgentState) -> Reaction:
    """Let the guest go, into `state`; the person stays with whoever has the call."""
    guest = scene.unit.agent(handling.guest) if handling.guest else None
    is_free = guest is not None and guest.attempt is None and guest.state is AgentState.TALKING
    if guest and is_free:
        scene.unit.save_agent(release(guest, scene.now, state), guest.state)
    if handling.after:
        scene.unit.end_handling(attempt.id)
    else:
        plain = replace(handling, guest=None, giver=None, is_back=False, is_warm=False, deadline=None)
        scene.unit.save_handling(plain)
    return Reaction(may_plan=is_free and state is AgentState.READY)


def visit_answered(scene: Scene, event: LineAnswered) -> Reaction:
    """Act on the carrier's word to an order to move the guest: who surely did not come along is free again.

    Whose line is gone takes no call. Who was to go home and was refused is tried again when word is overdue.
    """
    attempt = scene.unit.attempt(event.attempt)
    if attempt is None or not scene.is_new(event, event.attempt):
        return Reaction()
    handling = scene.unit.handling(attempt.id)
    if handling is None or not handling.guest or handling.moves != event.move:
        return Reaction()
    if event.said is Said.GONE:
        sealed(scene, attempt, handling.guest, what="introduction_failed", why=event.detail)
        return without_guest(scene, attempt, handling, AgentState.AWAY)
    if (
        event.said is Said.REFUSED and not event.is_on
    ):  # not on the way home: still in their own room, that is
        sealed(scene, attempt, handling.guest, what="introduction_failed", why=event.detail)
        return without_guest(scene, attempt, handling, AgentState.READY)
    return Reaction()


def guest_overdue(scene: Scene, attempt: Attempt, handling: Handling) -> Reaction:
    """Send a guest home of whose line nothing was heard: they take no call before they say that they are there."""
    guest = scene.unit.agent(handling.guest or "")
    after = replace(handling, moves=handling.moves + 1)
    orders: tuple[Order, ...] = (_home(scene, attempt, after, guest),) if guest else ()
    sealed(scene, attempt, handling.guest or "", what="introduction_failed", why="overdue")
    done = without_guest(scene, attempt, after, AgentState.AWAY)
    return replace(done, orders=orders)


def guest_after_end(scene: Scene, attempt: Attempt, handling: Handling) -> tuple[Order, ...]:
    """Send the guest home from a call that is over; they are free once they are there."""
    guest = scene.unit.agent(handling.guest or "")
    if guest is None:
        scene.unit.end_handling(attempt.id)
        return ()
    after = replace(
        handling, after=True, is_back=False, moves=handling.moves + 1, deadline=scene.now + PATIENCE
    )
    scene.unit.save_handling(after)
    return (_home(scene, attempt, after, guest),)


def _home(scene: Scene, attempt: Attempt, handling: Handling, guest: Agent) -> Order:
    host = scene.unit.agent(attempt.agent or "")
    return send(attempt, handling, guest, host.room if host else guest.room, is_home=True)
