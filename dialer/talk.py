"""What an agent notes during a call, inside its transaction: sealed at once, and a refusal holds at once."""

from dataclasses import replace
from typing import assert_never

from campaigns.campaign import Campaign
from campaigns.outcome import Outcome
from compliance.ledger import Kind, Record
from dialer.attempt import Attempt, AttemptState
from dialer.desk_events import AgentHungUp, DutyTicked, OpinionHeard, RefusalHeard, TalkEvent
from dialer.desks import done_duties, duties_of
from dialer.errors import StaleState
from dialer.orders import HangUp
from dialer.scene import Reaction, Scene
from dialer.settling import settle
from dialer.shift import corrects, free
from dialer.stopping import others_ended

Noted = DutyTicked | OpinionHeard | RefusalHeard | AgentHungUp
_SPOKEN = {AttemptState.CONNECTED, AttemptState.OVER}


def agent_noted(scene: Scene, event: Noted) -> Reaction:
    """Write down what an agent noted. The same word twice is one; raises StaleState for a call that is not theirs."""
    before = of_talk(scene, event)
    match event:
        case DutyTicked():
            _tick(scene, before, event)
        case OpinionHeard():
            if scene.is_new(event, before.id):
                _seal(scene, before, event, what="opinion", category=event.category.value, note=event.note)
        case RefusalHeard():
            return _refuse(scene, before, event)
        case AgentHungUp():
            return _hang_up(scene, before, event)
        case _:
            assert_never(event)
    return Reaction()


def of_talk(scene: Scene, event: TalkEvent) -> Attempt:
    """Return the call of an event, locked before its agent as everybody does. Raises StaleState when not theirs."""
    attempt = scene.unit.attempt(event.attempt)
    if attempt is None or attempt.agent != event.agent:
        raise StaleState(f"attempt {event.attempt} is not with agent {event.agent}")
    if attempt.state not in _SPOKEN or not attempt.connected_at:
        raise StaleState(f"attempt {attempt.id} is {attempt.state.value}: nobody has spoken yet")
    return attempt


def _tick(scene: Scene, attempt: Attempt, event: DutyTicked) -> None:
    if event.duty not in duties_of(scene.unit.permit(attempt.id)):
        raise StaleState(f"attempt {attempt.id} was not permitted with the duty {event.duty}")
    was_done = event.duty in done_duties(scene.unit.said(attempt.id))
    if scene.is_new(event, attempt.id) and was_done is not event.is_done:
        _seal(scene, attempt, event, what="duty", duty=event.duty, is_done=event.is_done)


def _refuse(scene: Scene, before: Attempt, event: RefusalHeard) -> Reaction:
    """Suppress the person everywhere while the talk goes on, so that the agent can say goodbye."""
    campaign = scene.campaigns.get(before.campaign)
    if campaign is None:
        raise StaleState(f"campaign {before.campaign} is not known here")
    if before.outcome is Outcome.OPTED_OUT or not scene.is_new(event, before.id):
        return Reaction()
    if before.disposition is not None and not corrects(before.outcome, Outcome.OPTED_OUT):
        raise StaleState(f"attempt {before.id} is disposed as {before.disposition} already")
    after = replace(
        before,
        outcome=Outcome.OPTED_OUT,
        disposition=_never(campaign) or before.disposition,
        note=event.note or before.note,
    )
    scene.unit.save_attempt(after, before.state)
    _seal(scene, after, event, what="never_again")
    added = settle(scene, after, campaign, was=before.outcome)
    freed = free(scene, scene.unit.agent(event.agent), after)
    return Reaction(orders=others_ended(scene, added, but=after.id), may_plan=freed)


def _never(campaign: Campaign) -> str | None:
    """Return the campaign's own word for never again, if it has one."""
    return next((one.id for one in campaign.dispositions if one.means is Outcome.OPTED_OUT), None)


def _hang_up(scene: Scene, before: Attempt, event: AgentHungUp) -> Reaction:
    """End the call; its end, when it is told, sets the agent to writing up."""
    if before.state is not AttemptState.CONNECTED or not scene.is_new(event, before.id):
        return Reaction()
    # If the end is not told soon, the carrier is asked.
    waiting = replace(before, deadline=scene.now + scene.rules.settings.silence)
    scene.unit.save_attempt(waiting, before.state)
    orders = (HangUp(attempt=before.id, reference=before.reference),) if before.reference else ()
    return Reaction(orders=orders)


def _seal(scene: Scene, attempt: Attempt, event: TalkEvent, **body: object) -> None:
    sealed(scene, attempt, event.agent, **body)


def sealed(scene: Scene, attempt: Attempt, agent: str, **body: object) -> None:
    """Seal onto the ledger what an agent did or said in a call; `body` holds JSON values."""
    row = Record(
        kind=Kind.SAID,
        at=scene.now,
        campaign=attempt.campaign,
        person=attempt.contact,
        attempt=attempt.id,
        body={"agent": agent, **body},
    )
    scene.unit.record([row])
