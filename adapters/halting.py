"""The emergency stop: told to the installation that runs, and written here when none does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from adapters.clock import SystemClock
from adapters.environment import keys_of, secret_of
from adapters.remote import OrderRefused, address_of, ask
from adapters.wiring.carriers import hang_up_all
from adapters.wiring.stores import StoreInUse, file_of, is_shared, open_store
from compliance.policy import Policy
from compliance.rulebook import packaged_law
from dialer.errors import DialerError
from dialer.events import SwitchTurned
from dialer.orders import HangUp
from dialer.ports import Unit
from dialer.questions import Rules
from dialer.reports import Stopped
from dialer.scene import Scene
from dialer.settings import Settings
from dialer.stopping import turn_switch

PATH = "/control/dialing"
_HOLDS_ON = 15.0
"""Real seconds within which the calls of an installation that does not run are ended at the carrier."""


class NotStopped(DialerError):
    """All calls were not stopped; the text says what holds the database, and how to stop them all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How the switch is to be turned: by whom, and why ("" when they do not say)."""

    enabled: bool
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What became of it: durable at `committed_at`, with so many calls told to end, and so many not named yet.

    `before` is set when all calls were stopped already. `was_running`: an installation did it; else it was written
    into `file` ("": a database that other engines may share), and `why_not` says why the calls it had left were not
    ended at the carrier ("" when they were).
    """

    committed_at: datetime
    was_running: bool
    hung_up: int = 0
    unnamed: int = 0
    before: Stopped | None = None
    file: str = ""
    why_not: str = ""


async def turn(settings: Settings, wish: Turn) -> Turned:
    """Turn the switch, whether an installation runs or not. Raises NotStopped, with what to do, when it was not.

    A running installation comes first, also when another database than its own is named here: its calls are real.
    """
    try:
        return await _told(settings, wish)
    except OrderRefused as refused:
        raise NotStopped(_not_done(refused, wish)) from refused
    except DialerError as failed:  # nothing answers, or there is no secret to show it
        why = failed
    try:
        return await _written(settings, wish)
    except StoreInUse as used:
        raise NotStopped(_what_to_do(used, why, wish)) from why
    except NotStopped:
        raise
    except DialerError as failed:
        raise NotStopped(_not_done(f"{failed}; and {why}.", wish)) from failed


async def _told(settings: Settings, wish: Turn) -> Turned:
    body = {"enabled": wish.enabled, "by": wish.by, "reason": wish.reason}
    said = await ask(address_of(settings), secret_of(settings), PATH, body)
    return _read(said)


def _read(said: Mapping[str, Any]) -> Turned:
    """Return what an installation says of a turn."""
    before = said.get("before")
    return Turned(
        committed_at=datetime.fromisoformat(said["committed_at"]),
        was_running=True,
        hung_up=said.get("hung_up", 0),
        unnamed=said.get("unnamed", 0),
        before=_stopped(before) if before else None,
    )


def _stopped(said: Mapping[str, Any]) -> Stopped:
    at = said.get("at")
    return Stopped(at=datetime.fromisoformat(at) if at else None, by=said["by"], reason=said["reason"])


async def _written(settings: Settings, wish: Turn) -> Turned:
    """Turn the switch in the database, and end at the carrier what an installation that died has left there."""
    file = None if is_shared(settings.database) else file_of(settings.database)
    if not is_shared(settings.database) and (file is None or not file.exists()):
        raise NotStopped(
            f"nothing answers at {address_of(settings)}, and there is no database {file}: nothing was done. "
            "Is this the folder that the installation was started in?"
        )
    clock = SystemClock()
    store = await open_store(settings.database, may_upgrade=True)
    try:
        before = await store.read(lambda reports: reports.stopped())
        orders = await store.transact(
            partial(_turn, settings=settings, wish=wish, now=clock.now()), alone=True
        )
        committed_at = clock.now()
        after = await store.read(lambda reports: reports.stopped())
    finally:
        await store.close()
    return Turned(
        committed_at=committed_at,
        was_running=False,
        hung_up=len(orders),
        unnamed=after.unnamed if after else 0,
        before=None if wish.enabled else before,
        file=str(file or ""),
        why_not=await _ended(settings, orders, clock),
    )


def _turn(unit: Unit, *, settings: Settings, wish: Turn, now: datetime) -> list[HangUp]:
    """Turn the switch, as the engine would. Neither policy nor campaigns are asked: a broken file stops no stop."""
    rules = Rules(law=packaged_law(), policy=Policy(), settings=settings, secret="")
    event = SwitchTurned(
        key=f"cli:{uuid4().hex}", at=now, enabled=wish.enabled, by=wish.by, reason=wish.reason
    )
    reaction = turn_switch(Scene(unit=unit, campaigns={}, rules=rules, now=now), event)
    return [order for order in reaction.orders if isinstance(order, HangUp)]


async def _ended(settings: Settings, orders: list[HangUp], clock: SystemClock) -> str:
    """End calls at the carrier; return why that could not be done, "" when it was or there was nothing to end."""
    if not orders:
        return ""
    try:
        async with asyncio.timeout(_HOLDS_ON):
            await hang_up_all(settings, keys_of(settings), orders, clock)
    except (DialerError, TimeoutError) as failed:
        return str(failed) or "the carrier does not answer"
    return ""


def _what_to_do(used: StoreInUse, why: DialerError, wish: Turn) -> str:
    """Say how to stop all calls when the process that has the database does not take the order."""
    number = used.who.removeprefix("process ")
    kill = f"`kill -9 {number}`" if number.isdecimal() else f"the end of {used.who}"
    said = _not_done(f"{used.who} has the database, and {why}.", wish)
    if wish.enabled:
        return f"{said} Set right what it says, and try again."
    return (
        f"{said} If it is the installation, {kill} ends all dialing at once, and the same command again then ends "
        "the calls it has left at the carrier. Otherwise compare `listen` in dialer.yaml and the secret with what it "
        "was started with, and try again."
    )


def _not_done(why: object, wish: Turn) -> str:
    return f"{why} Dialing is still stopped." if wish.enabled else f"CALLS WERE NOT STOPPED: {why}"
