"""What must stop at once, inside its transaction: one person's calls, or all of them."""

from collections.abc import Iterable, Iterator, Sequence

from campaigns.contact import Contact, Phone
from compliance.ledger import Kind, Record
from compliance.question import Suppression
from dialer.attempt import Attempt, AttemptState
from dialer.barring import QUEUED, hang_up, is_barred, is_meant, is_stoppable, may_ring_late
from dialer.conclusion import suppressed
from dialer.events import ContactSuppressed, SwitchTurned
from dialer.orders import HangUp, Order
from dialer.ports import Unit
from dialer.scene import Reaction, Scene
from dialer.view import CampaignState

_SWITCH = {True: "enabled", False: "disabled"}


def suppress(scene: Scene, event: ContactSuppressed) -> Reaction:
    """Write and seal a do-not-contact entry, and end every call it covers in which nobody speaks yet (POL-4).

    A call that the carrier has not named yet is ended as soon as it does (`dialer.reaction.react`).
    """
    entry = event.suppression
    if not scene.is_new(event):
        return Reaction()
    if scene.unit.suppress(entry):
        scene.unit.record([suppressed(entry)])
    return _ended(attempt for attempt in _stoppable(scene) if _covers(scene, entry, attempt))


def others_ended(scene: Scene, entries: Sequence[Suppression], *, but: str) -> tuple[Order, ...]:
    """Return the orders that end the calls of other attempts than `but` which new entries cover: a refusal counts for
    every number and campaign at once. None of a call in which somebody speaks.
    """
    if not entries:
        return ()
    return _ended(
        attempt
        for attempt in _stoppable(scene)
        if attempt.id != but and any(_covers(scene, entry, attempt) for entry in entries)
    ).orders


def turn_switch(scene: Scene, event: SwitchTurned) -> Reaction:
    """Turn the global stop switch and seal who did; off, it ends every call in which nobody speaks yet (POL-6)."""
    was = scene.unit.is_dialing_enabled()
    if not scene.is_new(event):
        return Reaction()
    waiting = [] if event.enabled else list(_stoppable(scene))
    if was is not event.enabled:
        scene.unit.set_dialing(enabled=event.enabled)
        scene.unit.record([Record(kind=Kind.SWITCH, at=scene.now, body=_body(event, waiting, was=was))])
    return Reaction(may_plan=True) if event.enabled else _ended(waiting)


def _body(event: SwitchTurned, waiting: Sequence[Attempt], *, was: bool) -> dict[str, object]:
    """Return what the ledger keeps; of a stop also how many calls end at once, and how many when they are named."""
    body: dict[str, object] = {"from": _SWITCH[was], "to": _SWITCH[event.enabled], "by": event.by}
    if event.reason:
        body["reason"] = event.reason
    if event.enabled:
        return body
    named = sum(1 for attempt in waiting if attempt.reference)
    return body | {"hung_up": named, "unnamed": len(waiting) - named}


def expiring(scene: Scene) -> tuple[HangUp, ...]:
    """Return the orders that end calls still in the carrier's queue which could ring past their hours.

    They are given with each look until the calls have ended: a carrier that did not hear the first hears the next.
    """

    def is_expiring(attempt: Attempt) -> bool:
        campaign = scene.campaigns.get(attempt.campaign)
        contact = scene.unit.contact(attempt.contact)
        return campaign is not None and may_ring_late(
            attempt, campaign, contact, now=scene.now, rules=scene.rules
        )

    return tuple(
        order
        for attempt in scene.unit.queued(scene.now - QUEUED)
        if is_expiring(attempt)
        for order in hang_up(attempt)
    )


def may_go_out(scene: Scene, attempt: str) -> bool:
    """Tell whether an attempt just opened may still be ordered: no stop, no pause, no refusal has come since."""
    standing = scene.unit.standing(attempt)
    if standing is None or standing.state is not AttemptState.OPENED or not standing.is_enabled:
        return False
    if standing.campaign is not CampaignState.RUNNING:
        return False
    if not standing.is_named:
        return True
    found = scene.unit.attempt(attempt)
    campaign = scene.campaigns.get(found.campaign) if found else None
    return (
        found is not None
        and campaign is not None
        and not is_barred(scene.unit, found, campaign, now=scene.now, rules=scene.rules)
    )


def is_listed(unit: Unit, entry: Suppression) -> bool:
    """Tell whether the same number, mailbox or person is suppressed already, in the widest sense and for good."""
    whom = Contact(
        key=entry.person or "",
        name="",
        language="ja",
        phones=(Phone(number=entry.number),) if entry.number else (),
        email=entry.email,
    )
    return any(
        (known.channel, known.seller, known.product, known.expires_at) == (None, None, None, None)
        for known in unit.suppressions_of(whom)
    )


def _stoppable(scene: Scene) -> Iterator[Attempt]:
    return (attempt for attempt in scene.unit.live_attempts() if is_stoppable(attempt))


def _covers(scene: Scene, entry: Suppression, attempt: Attempt) -> bool:
    campaign = scene.campaigns.get(attempt.campaign)
    return campaign is not None and is_meant(
        entry, scene.unit, attempt, campaign, now=scene.now, rules=scene.rules
    )


def _ended(attempts: Iterable[Attempt]) -> Reaction:
    return Reaction(orders=tuple(order for attempt in attempts for order in hang_up(attempt)))
