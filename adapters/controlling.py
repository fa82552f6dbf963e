"""Orders to an installation: given to the process that runs it, or carried out here while none does."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote
from uuid import uuid4

import structlog
from pydantic import TypeAdapter

from adapters.clock import SystemClock
from adapters.configuration import Configuration, Plan
from adapters.environment import keys_of, secret_of
from adapters.remote import NoAnswer, address_of, tell
from adapters.wiring.carriers import hang_up_all
from adapters.wiring.stores import StoreInUse, is_shared, open_store
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
from dialer.orders import HangUp
from dialer.ports import Unit
from dialer.scene import Scene
from dialer.settings import Settings
from dialer.shift import manager_said
from dialer.statements import OfficerSaid, RegistryRead, Word
from dialer.stopping import is_listed, suppress

_log = structlog.get_logger()
_HOLDS_ON = 15.0
"""Real seconds within which calls are ended at the carrier."""
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
class _Written:
    """What was done in the database, and the calls that must end for it."""

    what: str
    calls: tuple[HangUp, ...] = ()


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
    work = partial(_carry_out, configuration=configuration, order=order)
    try:
        done = await store.transact(work, alone=True)  # on a shared database others may be dialling
    finally:
        await store.close()
    if done.calls and is_shared(configuration.settings.database):
        await _end(configuration.settings, done.calls)
    return Done(what=done.what, was_running=False)


async def _end(settings: Settings, calls: Sequence[HangUp]) -> None:
    """End calls that engines of other processes have under way; those that cannot be ended here end when answered."""
    try:
        async with asyncio.timeout(_HOLDS_ON):
            await hang_up_all(settings, keys_of(settings), calls, SystemClock())
    except (DialerError, TimeoutError) as failed:
        _log.error("calls_not_ended", calls=len(calls), reason=str(failed) or "the carrier does not answer")


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


def _carry_out(unit: Unit, *, configuration: Configuration, order: Order) -> _Written:
    """Do here what the engine would do.

    While nothing else can be running, orders to the carrier wait for an installation that runs again: what it finds
    under way then, it asks the carrier about, and what must not go on is ended at the first word.
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
            calls = [order for order in suppress(scene, event).orders if isinstance(order, HangUp)]
            return _Written(what="known" if is_known else "suppressed", calls=tuple(calls))
        case OfficerSaid() as event:
            officer_said(scene, event)
            return _Written(what="recorded")
        case CampaignStarted() | CampaignPaused() | CampaignStopped() as event:
            save_plans(unit, configuration.plans.values(), configuration.settings, scene.now)
            manager_said(scene, event)
            return _Written(what=order.path.rpartition("/")[2])
        case _:
            raise TypeError(f"nobody acts on {type(order.event).__name__}")


def save_plans(unit: Unit, plans: Iterable[Plan], settings: Settings, now: datetime) -> None:
    """Store campaigns as their files have them; in a shared database only new ones: others dial by what is in force."""
    known = {row.id for row in unit.campaigns()} if is_shared(settings.database) else set()
    for plan in plans:
        if plan.campaign.id not in known:
            unit.save_campaign(plan.campaign, plan.version, now)
