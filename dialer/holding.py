"""Hold and mute: an agent's word about a live call, inside its transaction, and what the carrier says to it."""

from dataclasses import replace

from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.handling import PATIENCE, Handling
from dialer.line_events import HoldTurned, LineAnswered, MuteTurned, Said, What
from dialer.line_orders import HoldPerson, LineWork, MuteAgent
from dialer.scene import Reaction, Scene
from dialer.talk import of_talk, sealed


def turned(scene: Scene, event: HoldTurned | MuteTurned) -> Reaction:
    """Hold or mute, or undo it. The same word twice is one; raises StaleState when nobody is on the line."""
    attempt = of_talk(scene, event)
    handling = handling_of(scene, attempt)
    if attempt.state is not AttemptState.CONNECTED:
        raise StaleState(f"attempt {attempt.id} is {attempt.state.value}: nobody is on the line")
    if handling.is_moving or handling.guest:
        raise StaleState(f"attempt {attempt.id} is being handed over")
    if not scene.is_new(event, attempt.id):
        return Reaction()
    is_hold = isinstance(event, HoldTurned)
    if event.is_on is (handling.is_held if is_hold else handling.is_muted):
        return Reaction()
    after = replace(handling, problem="", deadline=scene.now + PATIENCE)
    after = replace(after, is_held=event.is_on) if is_hold else replace(after, is_muted=event.is_on)
    scene.unit.save_handling(after)
    sealed(scene, attempt, event.agent, what="hold" if is_hold else "mute", is_on=event.is_on)
    order = hold(scene, attempt, after, event.key) if is_hold else mute(scene, attempt, after, event.key)
    return Reaction(orders=order)


def handling_of(scene: Scene, attempt: Attempt) -> Handling:
    """Return how a call that is locked is handled: plainly, as long as nobody did anything to it."""
    return scene.unit.handling(attempt.id) or Handling(attempt=attempt.id, agent=attempt.agent or "")


def hold(scene: Scene, attempt: Attempt, handling: Handling, name: str) -> tuple[LineWork, ...]:
    """Return the order that makes the line be as `handling` says; `name` tells this order from every other."""
    agent, campaign = scene.unit.agent(attempt.agent or ""), scene.campaigns.get(attempt.campaign)
    if agent is None or not attempt.reference:
        return ()
    return (
        HoldPerson(
            id=name,
            attempt=attempt.id,
            reference=attempt.reference,
            room=agent.room,
            is_on=handling.is_held,
            nonce=attempt.nonce,
            language=attempt.language,
            music=campaign.hold_music if campaign else None,
        ),
    )


def mute(scene: Scene, attempt: Attempt, handling: Handling, name: str) -> tuple[LineWork, ...]:
    """Return the order that makes the agent's line be as `handling` says."""
    agent = scene.unit.agent(handling.agent)
    if agent is None:
        return ()
    return (
        MuteAgent(
            id=name,
            attempt=attempt.id,
            reference=attempt.reference or "",
            agent=agent.id,
            room=agent.room,
            is_on=handling.is_muted,
        ),
    )


def told(scene: Scene, event: LineAnswered) -> Reaction:
    """Set right what is shown when an order could not be carried out; what was wished since is ordered once more."""
    attempt = scene.unit.attempt(event.attempt)
    if attempt is None or not scene.is_new(event, event.attempt):
        return Reaction()
    handling = scene.unit.handling(attempt.id)
    if handling is None:
        return Reaction()
    if handling.after:
        return _told_after(scene, handling, event)
    is_hold = event.what is What.HOLD
    is_on = handling.is_held if is_hold else handling.is_muted
    if event.said is Said.DONE:
        if is_on is event.is_on:
            scene.unit.save_handling(_heard(handling))
            return Reaction()
        again = hold if is_hold else mute
        return Reaction(orders=again(scene, attempt, handling, f"{event.key}:again"))
    if is_on is not event.is_on:
        return Reaction()  # something else was ordered since, and is answered by itself
    undone = replace(handling, is_held=not is_on) if is_hold else replace(handling, is_muted=not is_on)
    scene.unit.save_handling(_heard(undone).with_problem(event.what.value))
    agent = attempt.agent or ""
    sealed(scene, attempt, agent, what=f"{event.what.value}_failed", is_on=event.is_on, why=event.detail)
    return Reaction()


def _heard(handling: Handling) -> Handling:
    """Return the same with no word awaited any more, unless about a leg on its way."""
    return handling if handling.is_moving or handling.guest else replace(handling, deadline=None)


def wished_again(scene: Scene, attempt: Attempt, handling: Handling) -> Reaction:
    """Order hold and mute as they are wished: the order, or word of it, was lost, and to do it twice does no harm."""
    scene.unit.save_handling(replace(handling, deadline=scene.now + PATIENCE))
    name = f"{attempt.id}:again:{scene.now.isoformat()}"
    orders = (
        *hold(scene, attempt, handling, f"{name}:hold"),
        *mute(scene, attempt, handling, f"{name}:mute"),
    )
    return Reaction(orders=orders)


def _told_after(scene: Scene, handling: Handling, event: LineAnswered) -> Reaction:
    """Forget a call that is over once its agent's line is heard again; until then that is ordered again and again."""
    if event.what is What.MUTE and not event.is_on and event.said in {Said.DONE, Said.GONE}:
        scene.unit.end_handling(handling.attempt)
    return Reaction()
