"""A live call goes from one agent to another: nobody is left alone, and nobody is taken who is not free."""

from dataclasses import replace

from dialer.agents import Agent, AgentState, release, reserve, suits, talk
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState
from dialer.handling import PATIENCE, Handling
from dialer.holding import handling_of, mute
from dialer.line_events import CallMoved, LineAnswered, Said, TransferAsked
from dialer.line_orders import MovePerson, SendAgent
from dialer.orders import HangUp, Order
from dialer.scene import Reaction, Scene
from dialer.supervising import unsupervised
from dialer.talk import of_talk, sealed


class NobodyFree(StaleState):
    """Nobody who could take the person is ready."""


def transfer(scene: Scene, event: TransferAsked) -> Reaction:
    """Reserve a colleague by the update that answered calls use as well, and send the person to their room.

    The call stays the agent's until the person is there. Raises NobodyFree, and StaleState when there is nobody on
    the line, or what came of the call is said already.
    """
    attempt = of_talk(scene, event)
    handling = handling_of(scene, attempt)
    if attempt.state is not AttemptState.CONNECTED or attempt.outcome or not attempt.reference:
        raise StaleState(f"attempt {attempt.id} is {attempt.state.value}: there is nothing to hand over")
    if not scene.is_new(event, attempt.id):
        return Reaction()
    if handling.is_moving or handling.guest:
        raise StaleState(f"attempt {attempt.id} is being handed over")
    colleague = _taken(scene, attempt, event)
    if colleague is None:
        raise NobodyFree(f"nobody is free for attempt {attempt.id}")
    # Reserved for no attempt of their own: until the person is there, the call is with one agent, who has it.
    waiting = replace(reserve(colleague, attempt.id, scene.now), attempt=None)
    scene.unit.save_agent(waiting, AgentState.READY)
    unmuted = replace(handling, is_muted=False)
    after = replace(
        unmuted,
        colleague=colleague.id,
        giver=event.agent,
        is_warm=event.is_warm,
        moves=handling.moves + 1,
        deadline=scene.now + PATIENCE,
        problem="",
    )
    scene.unit.save_handling(after)
    how = {"to": colleague.id, "team": event.team, "is_warm": event.is_warm}
    sealed(scene, attempt, event.agent, what="transfer", **how)
    heard = mute(scene, attempt, unmuted, f"{event.key}:unmute") if handling.is_muted else ()
    return Reaction(orders=(*heard, move(scene, attempt, after, colleague.room)))


def _taken(scene: Scene, attempt: Attempt, event: TransferAsked) -> Agent | None:
    """Return the colleague asked for, or whoever of the team has been ready longest, taken for this transaction."""
    campaign = scene.campaigns.get(attempt.campaign)
    teams = tuple(team for team in campaign.teams if team.id == event.team) if campaign else ()
    if event.team and not teams:
        raise StaleState(f"campaign {attempt.campaign} has no team {event.team}")
    wanted = teams if event.team or event.colleague else (campaign.teams if campaign else ())
    for one in sorted(scene.unit.agents(), key=lambda agent: agent.since):
        is_meant = one.id != event.agent and event.colleague in {"", one.id}
        is_free = is_meant and one.state is AgentState.READY and suits(one, attempt.language, wanted)
        taken = scene.unit.ready_agent(one.id) if is_free else None
        if taken:
            return taken
    return None


def move(scene: Scene, attempt: Attempt, handling: Handling, room: str) -> MovePerson:
    """Return the order that brings the person's leg into a room."""
    campaign = scene.campaigns.get(attempt.campaign)
    return MovePerson(
        id=f"{attempt.id}:move:{handling.moves}",
        attempt=attempt.id,
        reference=attempt.reference or "",
        nonce=attempt.nonce,
        room=room,
        move=handling.moves,
        music=campaign.hold_music if campaign else None,
    )


def send(
    attempt: Attempt, handling: Handling, guest: Agent, room: str, *, is_home: bool = False
) -> SendAgent:
    """Return the order that brings an agent's leg into a colleague's room, or home."""
    return SendAgent(
        id=f"{attempt.id}:send:{handling.moves}",
        attempt=attempt.id,
        reference=attempt.reference or "",
        agent=guest.id,
        home=guest.room,
        room=room,
        trip=handling.moves,
        is_home=is_home,
    )


def moved(scene: Scene, event: CallMoved) -> Reaction:
    """Give the call to whoever's room the person is in now; word of an earlier order changes nothing."""
    attempt = scene.unit.attempt(event.attempt)
    if not scene.is_new(event, attempt.id if attempt else None):
        return Reaction()
    handling = scene.unit.handling(attempt.id) if attempt else None
    is_awaited = (
        attempt is not None
        and handling is not None
        and handling.is_moving
        and event.move == handling.moves
        and event.reference == attempt.reference
        and attempt.state is AttemptState.CONNECTED
    )
    if attempt is None or handling is None or not is_awaited:
        scene.ignore(event, attempt, "is not on its way there")
        return Reaction()
    return _returned(scene, attempt, handling) if handling.is_back else _arrived(scene, attempt, handling)


def _arrived(scene: Scene, attempt: Attempt, handling: Handling) -> Reaction:
    """Let the colleague have the person; whoever gave them is free, or goes along to introduce them."""
    colleague = scene.unit.agent(handling.colleague or "")
    giver = scene.unit.agent(handling.giver or "")
    if colleague is None or colleague.state is not AgentState.RESERVED or colleague.attempt:
        return bring_back(scene, attempt, handling, "colleague_gone")
    is_warm = handling.is_warm and giver is not None and giver.attempt == attempt.id
    orders: tuple[Order, ...] = ()
    plain = Handling(attempt=attempt.id, agent=colleague.id, moves=handling.moves)
    if giver and giver.attempt == attempt.id:
        orders = _let_go(scene, attempt, handling, giver)
    scene.unit.save_attempt(replace(attempt, agent=colleague.id), attempt.state)
    scene.unit.save_agent(replace(talk(colleague, scene.now), attempt=attempt.id), colleague.state)
    if giver and is_warm:
        plain = replace(
            plain, guest=giver.id, moves=handling.moves + 1, deadline=scene.now + PATIENCE, is_warm=True
        )
        orders = (*orders, send(attempt, plain, giver, colleague.room))
    scene.unit.save_handling(plain)
    sealed(scene, attempt, handling.giver or "", what="transferred", to=colleague.id)
    alone = unsupervised(scene, attempt, f"{attempt.id}:moved:{handling.moves}")
    return Reaction(orders=(*orders, *alone), may_plan=not is_warm)


def _let_go(scene: Scene, attempt: Attempt, handling: Handling, giver: Agent) -> tuple[Order, ...]:
    """Free the agent who gave the person away; one whom nobody would hear takes no call until that is set right."""
    if handling.is_warm:
        scene.unit.save_agent(replace(giver, attempt=None), giver.state)
        return ()
    free = AgentState.AWAY if handling.is_muted else AgentState.READY
    scene.unit.save_agent(release(giver, scene.now, free), giver.state)
    if not handling.is_muted:
        return ()
    return mute(scene, attempt, replace(handling, is_muted=False), f"{attempt.id}:unmute:{handling.moves}")


def _returned(scene: Scene, attempt: Attempt, handling: Handling) -> Reaction:
    """Note that the person is with whoever gave them away; one who was taken back is theirs again."""
    giver = scene.unit.agent(handling.giver or "")
    plain = _plain(attempt, handling)
    if giver is None or giver.id == attempt.agent:
        scene.unit.save_handling(plain.with_problem("transfer"))
        return Reaction()
    colleague = scene.unit.agent(attempt.agent or "")
    if colleague and colleague.attempt == attempt.id:
        scene.unit.save_agent(release(colleague, scene.now), colleague.state)
    scene.unit.save_attempt(replace(attempt, agent=giver.id), attempt.state)
    scene.unit.save_agent(replace(talk(giver, scene.now), attempt=attempt.id), giver.state)
    scene.unit.save_handling(replace(plain, agent=giver.id))
    sealed(scene, attempt, giver.id, what="taken_back")
    alone = unsupervised(scene, attempt, f"{attempt.id}:moved:{handling.moves}")
    return Reaction(orders=alone, may_plan=True)


def bring_back(scene: Scene, attempt: Attempt, handling: Handling, why: str) -> Reaction:
    """Order the person's leg, wherever it is, to whoever has the call; the colleague is free again."""
    home = scene.unit.agent(attempt.agent or "")
    freed = free_colleague(scene, handling)
    after = replace(
        handling,
        colleague=None,
        giver=attempt.agent,
        guest=None,
        is_back=True,
        moves=handling.moves + 1,
        deadline=scene.now + PATIENCE,
    )
    scene.unit.save_handling(after)
    sealed(scene, attempt, attempt.agent or "", what="transfer_failed", why=why)
    orders = (move(scene, attempt, after, home.room),) if home else end(scene, attempt, after)
    return Reaction(orders=orders, may_plan=freed)


def free_colleague(scene: Scene, handling: Handling) -> bool:
    """Let the colleague go who was reserved for the person; tell whether there was one."""
    colleague = scene.unit.agent(handling.colleague) if handling.colleague else None
    if colleague is None or colleague.state is not AgentState.RESERVED or colleague.attempt:
        return False
    scene.unit.save_agent(release(colleague, scene.now), colleague.state)
    return True


def end(scene: Scene, attempt: Attempt, handling: Handling) -> tuple[Order, ...]:
    """End a call that cannot be brought to anybody: silence with nobody is worse. Its end is asked about."""
    scene.unit.save_handling(replace(handling, deadline=None))
    waiting = replace(attempt, deadline=scene.now + scene.rules.settings.silence)
    scene.unit.save_attempt(waiting, attempt.state)
    return (HangUp(attempt=attempt.id, reference=attempt.reference),) if attempt.reference else ()


def move_answered(scene: Scene, event: LineAnswered) -> Reaction:
    """Act on the carrier's word to an order to move the person: what was refused is over, the rest is awaited."""
    attempt = scene.unit.attempt(event.attempt)
    if attempt is None or not scene.is_new(event, event.attempt):
        return Reaction()
    handling = scene.unit.handling(attempt.id)
    is_awaited = handling and handling.is_moving and handling.moves == event.move and not handling.after
    if handling is None or not is_awaited or event.said in {Said.DONE, Said.UNSURE}:
        return Reaction()
    if event.said is Said.GONE:  # no such leg any more: then the call is over, and we have yet to hear so
        attempt = replace(attempt, deadline=scene.now)
        scene.unit.save_attempt(attempt, attempt.state)
    if handling.is_back and handling.giver == attempt.agent:
        return Reaction(orders=end(scene, attempt, handling))
    freed = free_colleague(scene, handling) or freed_giver(scene, attempt, handling)
    # Who was on hold and never left their room is on hold still.
    still = replace(_plain(attempt, handling), is_held=handling.is_held and not handling.is_back)
    scene.unit.save_handling(still.with_problem("transfer"))
    sealed(scene, attempt, attempt.agent or "", what="transfer_failed", why=event.detail)
    return Reaction(may_plan=freed)


def _plain(attempt: Attempt, handling: Handling) -> Handling:
    """Return the call as it is once nothing is on its way any more."""
    is_muted = handling.is_muted and handling.agent == attempt.agent
    return Handling(attempt=attempt.id, agent=attempt.agent or "", moves=handling.moves, is_muted=is_muted)


def freed_giver(scene: Scene, attempt: Attempt, handling: Handling) -> bool:
    """Let an agent go who wanted the person back and does not get them; tell whether there was one."""
    giver = scene.unit.agent(handling.giver) if handling.giver and not handling.guest else None
    if giver is None or giver.id == attempt.agent or giver.attempt or giver.state is not AgentState.TALKING:
        return False
    scene.unit.save_agent(release(giver, scene.now), giver.state)
    return True
