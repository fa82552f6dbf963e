"""Orders to an installation: given to the process that runs it, or carried out here while none does."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote
from uuid import uuid4

from pydantic import TypeAdapter

from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.environment import secret_of
from adapters.remote import NoAnswer, address_of, tell
from adapters.wiring.stores import StoreInUse, open_store
from compliance.question import Suppression
from dialer.errors import DialerError
from dialer.events import (
    CampaignEvent,
    CampaignPaused,
    CampaignStarted,
    CampaignStopped,
    ContactSuppressed,
)
from dialer.officer import officer_said
from dialer.ports import Unit
from dialer.scene import Scene
from dialer.settings import Settings
from dialer.shift import manager_said
from dialer.statements import OfficerSaid, RegistryRead, Word
from dialer.stopping import is_listed, suppress

WORD: TypeAdapter[Word] = TypeAdapter(Word)
"""How an officer's word goes to the running installation."""
CAMPAIGN_ACTIONS: Mapping[str, type[CampaignEvent]] = {
    "start": CampaignStarted,
    "pause": CampaignPaused,
    "stop": CampaignStopped,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an order: what was done, and whether a running installation did it."""

    what: str
    was_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order, both ways: where a running installation takes it, and what it means here."""

    path: str
    body: Mapping[str, object]
    event: ContactSuppressed | CampaignEvent | OfficerSaid


def never_again(entry: Suppression) -> Order:
    """Return the order to contact somebody never again."""
    whom = {name: value for name in ("number", "email", "person") if (value := getattr(entry, name))}
    return Order(
        path="/control/suppress",
        body={**whom, "reason": entry.reason, "by": entry.by},
        event=ContactSuppressed(key=_key(), at=entry.at, suppression=entry),
    )


def move(campaign: str, action: str, *, by: str, reason: str = "") -> Order:
    """Return the order to start, pause or stop a campaign, and why."""
    event = CAMPAIGN_ACTIONS[action]
    return Order(
        path=f"/control/campaigns/{quote(campaign, safe='')}/{action}",
        body={"by": by, "reason": reason},
        event=event(key=_key(), at=SystemClock().now(), campaign=campaign, by=by, reason=reason),
    )


def say(word: Word, *, by: str) -> Order:
    """Return the order to take an officer's word down."""
    return Order(
        path="/control/officer",
        body={"by": by, "word": WORD.dump_python(word, mode="json")},
        event=OfficerSaid(key=_key(), at=SystemClock().now(), by=by, word=word),
    )


def registry_read(facts: Mapping[str, object], *, by: str) -> Order:
    """Return the order to record that a registry's list was read in."""
    return say(RegistryRead(facts=facts), by=by)


def _key() -> str:
    return f"cli:{uuid4().hex}"


async def give(configuration: Configuration, order: Order) -> Done:
    """Have an order carried out. Raises DialerError, with what to do, when that is not possible."""
    try:
        store = await open_store(configuration.settings.database, may_upgrade=True)
    except StoreInUse as used:
        return Done(what=await _told(configuration.settings, order, used), was_running=True)
    try:
        what = await store.transact(partial(_carry_out, configuration=configuration, order=order))
    finally:
        await store.close()
    return Done(what=what, was_running=False)


async def _told(settings: Settings, order: Order, used: StoreInUse) -> str:
    """Give the order to the process that has the database."""
    try:
        secret = secret_of(settings)
    except DialerError as missing:
        raise DialerError(
            f"{used.who} has the database, so the order must go to it, and {missing}: "
            "set it to what that process was started with"
        ) from missing
    try:
        return await tell(address_of(settings), secret, order.path, order.body)
    except NoAnswer as silent:
        raise NoAnswer(
            f"{used.who} has the database, and {silent}: nothing was done. If it is `dialer run`, "
            "compare `listen` in dialer.yaml with what it was started with; if it is another command, "
            "wait for its end or stop it, and try again"
        ) from silent


def _carry_out(unit: Unit, *, configuration: Configuration, order: Order) -> str:
    """Do here what the engine would do; orders to the carrier are given when the installation runs again.

    What it finds under way then, it asks the carrier about, and what must not go on is ended at the first word.
    """
    scene = Scene(
        unit=unit,
        campaigns=configuration.campaigns,
        rules=configuration.rules(secret=""),  # nothing that leaves the house is made here
        now=order.event.at,
    )
    match order.event:
        case ContactSuppressed() as event:
            is_known = is_listed(unit, event.suppression)
            suppress(scene, event)
            return "known" if is_known else "suppressed"
        case OfficerSaid() as event:
            officer_said(scene, event)
            return "recorded"
        case CampaignStarted() | CampaignPaused() | CampaignStopped() as event:
            for plan in configuration.plans.values():
                unit.save_campaign(plan.campaign, plan.version, scene.now)
            manager_said(scene, event)
            return order.path.rpartition("/")[2]
        case _:
            raise TypeError(f"nobody acts on {type(order.event).__name__}")
