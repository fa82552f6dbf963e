"""A supervisor in a live call: listens, whispers to the agent, or speaks with both; for one call at a time."""

from collections.abc import Iterator
from dataclasses import replace

from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.line_events import Said
from dialer.line_orders import CallListener, EndListener, TuneListener
from dialer.listen_events import (
    ListenAnswered,
    ListenAsked,
    ListenEnded,
    ListenerMoved,
    SupervisorEvent,
)
from dialer.listening import RING, Listening
from dialer.nonce import nonce_for
from dialer.orders import Order
from dialer.scene import Reaction, Scene
from dialer.settings import SupervisorSettings
from dialer.talk import sealed


def supervised(scene: Scene, event: SupervisorEvent) -> Reaction:
    """Act on what a supervisor did, or on where their line is. Raises StaleState for what cannot be done now."""
    match event:
        case ListenAsked():
            return _asked(scene, event)
        case ListenEnded():
            return _ended(scene, event)
        case ListenerMoved():
            return _moved(scene, event)
        case _:
            raise TypeError(f"nobody acts on {type(event).__name__}")


def _asked(scene: Scene, event: ListenAsked) -> Reaction:
    """Call the supervisor's line into the agent's room, or change how one that is there takes part; seal it first."""
    agent = scene.unit.agent(event.agent)
    attempt = scene.unit.attempt(agent.attempt) if agent and agent.attempt else None
    is_live = attempt is not None and attempt.state is AttemptState.CONNECTED
    if agent is None or attempt is None or not is_live or agent.state is not AgentState.TALKING:
        raise StaleState(f"agent {event.agent} speaks with nobody now")
    seat = next((one for one in scene.rules.settings.supervisors if one.id == event.supervisor), None)
    if seat is None:
        raise StaleState(f"the settings name no supervisor {event.supervisor}")
    known = scene.unit.listening(event.supervisor)
    if known and (known.problem or (not known.is_in and scene.now - known.since > RING)):
        known = None  # it could not be called, or nobody picked up
    if known and known.attempt != attempt.id:
        raise StaleState(f"supervisor {event.supervisor} takes part in another call: leave it first")
    if known and not known.is_in:
        raise StaleState(f"the line of supervisor {event.supervisor} rings")
    if not scene.is_new(event, attempt.id) or (known and known.mode is event.mode):
        return Reaction()
    sealed(scene, attempt, agent.id, what="supervised", by=event.supervisor, mode=event.mode.value)
    order = _tuned(scene, event, known, agent) if known else _called(scene, event, seat, attempt, agent)
    return Reaction(orders=(order,))


def _tuned(scene: Scene, event: ListenAsked, known: Listening, agent: Agent) -> Order:
    """Return the order that lets a line that is in the room take part in another way."""
    scene.unit.save_listening(replace(known, mode=event.mode, problem=""))
    return TuneListener(
        id=event.key,
        attempt=known.attempt,
        reference="",
        supervisor=known.supervisor,
        agent=agent.id,
        room=agent.room,
        mode=event.mode,
        nonce=known.nonce,
        leg=known.reference or "",
    )


def _called(
    scene: Scene, event: ListenAsked, seat: SupervisorSettings, attempt: Attempt, agent: Agent
) -> Order:
    """Return the order that calls the supervisor's line."""
    nonce = nonce_for(scene.rules.secret, "listening", event.key)[:16]
    scene.unit.save_listening(
        Listening(
            supervisor=seat.id,
            agent=agent.id,
            attempt=attempt.id,
            mode=event.mode,
            nonce=nonce,
            since=scene.now,
        )
    )
    return CallListener(
        id=event.key,
        attempt=attempt.id,
        reference=attempt.reference or "",
        supervisor=seat.id,
        agent=agent.id,
        room=agent.room,
        mode=event.mode,
        nonce=nonce,
        line=seat.line,
        caller_id=seat.caller_id,
    )


def _ended(scene: Scene, event: ListenEnded) -> Reaction:
    known = scene.unit.listening(event.supervisor)
    attempt = scene.unit.attempt(known.attempt) if known else None
    if known is None or attempt is None or not scene.is_new(event, attempt.id):
        return Reaction()
    return Reaction(orders=tuple(_out(scene, attempt, known, event.key)))


def _moved(scene: Scene, event: ListenerMoved) -> Reaction:
    """Note that the line is in the room, or gone; one that nobody waits for any more is ended."""
    known = scene.unit.listening(event.supervisor)
    attempt = scene.unit.attempt(known.attempt) if known else None
    if not scene.is_new(event, attempt.id if attempt else None):
        return Reaction()
    if known is None or attempt is None or known.nonce != event.nonce or known.problem:
        stray = EndListener(id=event.key, attempt="", reference="", leg=event.reference)
        return Reaction(orders=(stray,) if event.is_in else ())
    if event.is_in:
        scene.unit.save_listening(replace(known, is_in=True, reference=event.reference))
        return Reaction()
    scene.unit.end_listening(known.supervisor)
    sealed(scene, attempt, known.agent, what="supervision_over", by=known.supervisor)
    return Reaction()


def listen_answered(scene: Scene, event: ListenAnswered) -> Reaction:
    """Act on the carrier's word: a line that surely does not come is forgotten, one nobody wants any more ended."""
    attempt = scene.unit.attempt(event.attempt)
    known = scene.unit.listening(event.supervisor)
    if not scene.is_new(event, attempt.id if attempt else None):
        return Reaction()
    if known is None or attempt is None or known.nonce != event.nonce:
        stray = EndListener(id=event.key, attempt=event.attempt, reference="", leg=event.reference)
        return Reaction(orders=(stray,) if event.reference else ())
    if event.said is Said.DONE:
        scene.unit.save_listening(replace(known, reference=known.reference or event.reference or None))
        return Reaction()
    sealed(scene, attempt, known.agent, what="supervision_failed", by=known.supervisor, why=event.detail)
    if event.is_first:  # if it rings after all, it is ended when it comes into the room
        scene.unit.save_listening(replace(known, problem=event.said.value))
        return Reaction()
    # Nobody knows now who hears them: they are put out, and may ask anew.
    return Reaction(orders=tuple(_out(scene, attempt, known, event.key)))


def unsupervised(scene: Scene, attempt: Attempt, name: str) -> tuple[Order, ...]:
    """Put out whoever takes part in a call that is over, or that is another agent's from now on."""
    return tuple(
        order
        for known in scene.unit.listeners_of(attempt.id)
        for order in _out(scene, attempt, known, f"{name}:{known.supervisor}")
    )


def _out(scene: Scene, attempt: Attempt, known: Listening, name: str) -> Iterator[Order]:
    scene.unit.end_listening(known.supervisor)
    sealed(scene, attempt, known.agent, what="supervision_over", by=known.supervisor)
    if known.reference:
        yield EndListener(id=f"{name}:out", attempt=attempt.id, reference="", leg=known.reference)
