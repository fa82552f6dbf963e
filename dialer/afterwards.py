"""What was done to a live call is undone: at its end, when word is overdue, and when an agent's line is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from dialer.agents import AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.events import AgentAway, AgentLeft
from dialer.handling import Handling
from dialer.handover import bring_back, end, free_colleague, freed_giver
from dialer.holding import mute, wished_again
from dialer.introducing import guest_after_end, guest_overdue
from dialer.orders import Order
from dialer.scene import Reaction, Scene
from dialer.supervising import unsupervised

_AGAIN = timedelta(seconds=5)
"""How soon a line that is still muted after its call is told to be heard again."""


def closed(scene: Scene, before: Attempt, after: Attempt) -> Reaction:
    """Undo what a call leaves behind that an event has ended; nothing for any other event."""
    is_ended = after.state is AttemptState.OVER and before.state is not AttemptState.OVER
    if not is_ended:
        return Reaction()
    done = _closed(scene, after)
    return replace(done, orders=(*done.orders, *unsupervised(scene, after, f"{after.id}:over")))


def _closed(scene: Scene, attempt: Attempt) -> Reaction:
    """Undo what a call leaves behind: a colleague reserved, a guest away from home, a muted line."""
    handling = scene.unit.handling(attempt.id)
    if handling is None or handling.after:
        return Reaction()
    freed = free_colleague(scene, handling) or freed_giver(scene, attempt, handling)
    over = replace(handling, colleague=None, is_held=False)
    if handling.guest:
        return Reaction(orders=guest_after_end(scene, attempt, over), may_plan=freed)
    if not handling.is_muted:
        scene.unit.end_handling(attempt.id)
        return Reaction(may_plan=freed)
    return Reaction(orders=_unmuted(scene, attempt, over), may_plan=freed)


def _unmuted(scene: Scene, attempt: Attempt, handling: Handling) -> tuple[Order, ...]:
    after = replace(
        handling,
        after=True,
        is_muted=False,
        is_back=False,
        moves=handling.moves + 1,
        deadline=scene.now + _AGAIN,
    )
    scene.unit.save_handling(after)
    return mute(scene, attempt, after, f"{attempt.id}:unmute:{after.moves}")


def overdue(scene: Scene) -> tuple[Order, ...]:
    """Return what to order now where word of an earlier order is overdue: the person comes to somebody, or it ends."""
    orders: list[Order] = []
    for name in scene.unit.handlings_due(scene.now):
        attempt = scene.unit.attempt(name)
        handling = scene.unit.handling(name) if attempt else None
        if attempt and handling and handling.deadline and handling.deadline <= scene.now:
            orders.extend(_late(scene, attempt, handling).orders)
    return tuple(orders)


def _late(scene: Scene, attempt: Attempt, handling: Handling) -> Reaction:
    if attempt.state is AttemptState.OVER and not handling.after:
        return _closed(scene, attempt)
    if handling.guest:
        return guest_overdue(scene, attempt, handling)
    if handling.after:
        return Reaction(orders=_unmuted(scene, attempt, handling))
    if not handling.is_moving:
        return wished_again(scene, attempt, handling)
    if handling.colleague:
        return bring_back(scene, attempt, handling, "overdue")
    if (
        handling.giver != attempt.agent
    ):  # taken back, and not there yet: perhaps still with whoever has the call
        freed_giver(scene, attempt, handling)
        return bring_back(scene, attempt, handling, "overdue")
    return Reaction(orders=end(scene, attempt, handling))


def agent_gone(scene: Scene, event: AgentLeft | AgentAway, act: Callable[[], Reaction]) -> Reaction:
    """Do what follows from an agent's going; a person on the way to them is brought back. Calls are locked first.

    A guest talks, so that their line left for a colleague's room moves nothing.
    """
    found = scene.unit.handling_with(event.agent)
    attempt = scene.unit.attempt(found.attempt) if found else None
    done = act()
    handling = scene.unit.handling(attempt.id) if attempt else None
    if attempt is None or handling is None or handling.colleague != event.agent:
        return done
    agent = scene.unit.agent(event.agent)
    if agent is None or agent.state is AgentState.RESERVED or attempt.state is not AttemptState.CONNECTED:
        return done
    back = bring_back(scene, attempt, handling, "colleague_gone")
    return replace(done, orders=(*done.orders, *back.orders))
