"""A database that came back from a backup is compared with the carrier's list of calls, and released."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.checkpoints import is_the_one_noted
from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.controlling import give, say
from adapters.environment import keys_of
from adapters.folders import checkpoint_places
from adapters.wiring.carriers import PastCall, calls_since
from adapters.wiring.stores import StoreInUse, is_shared, open_store, read_only
from compliance.numbers import Number, read_number
from dialer.errors import CarrierSilent, DialerError
from dialer.halts import RESTORED, in_force
from dialer.ports import Reports
from dialer.statements import CallsLost, DatabaseReleased

T = TypeVar("T")
MARGIN = timedelta(days=1)
"""How much earlier than the last thing known the carrier is asked: clocks differ, and calls wait in queues."""
_LOOK_UP, _WRITE = 5000, 200
_REGION = "ZZ"
"""No country: the carrier writes numbers with theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the carrier has and the database does not.

    `lost_since` is the last instant until which the database is known to be whole, None when nobody can know;
    `asked_since` how far back the carrier was asked. `missing` are its calls that the database does not know,
    `numbers` whom they were to, as far as they are telephone numbers. `is_held`: it waits to be released.
    """

    lost_since: datetime | None
    asked_since: datetime
    calls: int
    missing: tuple[PastCall, ...]
    numbers: tuple[str, ...]
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Who releases the database, and until when nobody is called whom only the carrier remembers."""

    by: str
    until: datetime


async def compare(configuration: Configuration, since: datetime | None = None) -> Comparison:
    """Ask the carrier for its calls `since` an instant, by default a day before anything can be lost.

    Raises DialerError, with what to do, when the carrier or the database cannot be asked: then nothing is known.
    """
    settings, clock = configuration.settings, SystemClock()
    await _looked_at(configuration, clock)
    lost_since, is_held = await read_only(settings.database, lambda reports: _standing(reports, clock.now()))
    begin = since or (lost_since - MARGIN if lost_since else None)
    if begin is None:
        raise DialerError("the database is empty: say from when on the carrier is to be asked, with --since")
    try:
        calls = await calls_since(settings, keys_of(settings), begin, clock)
    except CarrierSilent as silent:
        raise DialerError(
            f"the carrier cannot be asked ({silent}): nothing is known, and nothing was released"
        ) from silent
    missing = await _missing(settings.database, calls)
    return Comparison(
        lost_since=lost_since,
        asked_since=begin,
        calls=len(calls),
        missing=missing,
        numbers=tuple(sorted({number for call in missing if (number := _number(call.to))})),
        is_held=is_held,
    )


async def release(configuration: Configuration, found: Comparison, word: Release) -> bool:
    """Have the numbers spared, batch by batch, then the database released; return whether a running one did it.

    Each batch is a transaction of its own, and the release comes last: cut off anywhere, the same again mends it.
    Raises DialerError when the database is not held.
    """
    for numbers in _batches(found.numbers, _WRITE):
        await give(configuration, say(CallsLost(numbers=tuple(numbers), until=word.until), by=word.by))
    reason = (
        f"{len(found.missing)} calls to {len(found.numbers)} numbers since {found.asked_since.isoformat()}"
    )
    return (await give(configuration, say(DatabaseReleased(reason=reason), by=word.by))).was_running


async def _looked_at(configuration: Configuration, clock: SystemClock) -> None:
    """Have the database compared with its checkpoints; a process that has it to itself has done so."""
    settings = configuration.settings
    try:
        store = await open_store(settings.database, may_upgrade=not is_shared(settings.database))
    except StoreInUse:
        return
    try:
        await is_the_one_noted(store, clock, checkpoint_places(settings))
    finally:
        await store.close()


def _standing(reports: Reports, now: datetime) -> tuple[datetime | None, bool]:
    """Return how far back something may be lost, and whether the database waits to be released."""
    is_held = any(halt.name == RESTORED for halt in in_force(reports.halts(), now))
    last, head = reports.restoration(), reports.ledger_head()
    if is_held and last:
        return last.since, is_held
    return (datetime.fromisoformat(head.at) if head else None), is_held


async def _missing(url: str, calls: Sequence[PastCall]) -> tuple[PastCall, ...]:
    """Return the calls that no attempt of ours is."""
    found: list[PastCall] = []
    for some in _batches(calls, _LOOK_UP):
        names = [call.reference for call in some]
        known = await read_only(url, _asking(names))
        found += [call for call in some if call.reference not in known]
    return tuple(found)


def _asking(references: Sequence[str]) -> Callable[[Reports], frozenset[str]]:
    return lambda reports: reports.known_calls(references)


def _batches(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _number(text: str) -> str | None:
    number = read_number(text, _REGION)
    return number.e164 if isinstance(number, Number) else None
