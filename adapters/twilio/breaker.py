"""When to stop ordering calls of an account, and when to look whether it answers again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

LIMIT: Final = 5
"""So many creates in a row without a clear answer open the breaker."""
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=10)
_DOUBLINGS: Final = 5
_SOON_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What stands between us and an account in trouble.

    Open while `why` says something: then no call is ordered. A look at the account (never a call) may be taken from
    `until` on; None while it is open means that only a person can tell whether all is well.
    """

    why: str | None = None
    until: datetime | None = None
    failures: int = 0
    pauses: int = 0


def succeeded(breaker: Breaker) -> Breaker:
    """Return the breaker after a create with a clear answer; an open one stays so, for that order is an old one."""
    return breaker if breaker.why else Breaker()


def failed(breaker: Breaker, now: datetime, why: str, *, at_least: timedelta = timedelta(0)) -> Breaker:
    """Return the breaker after a create that was not taken or is in doubt; it opens at the LIMIT-th in a row."""
    if breaker.why:
        return breaker
    counted = replace(breaker, failures=breaker.failures + 1)
    if counted.failures < LIMIT:
        return counted
    return tripped(counted, now, f"{counted.failures} creates in a row failed: {why}", at_least=at_least)


def tripped(breaker: Breaker, now: datetime, why: str, *, at_least: timedelta = timedelta(0)) -> Breaker:
    """Return the breaker open, for the next pause and for `at_least` as long as the carrier asked for."""
    if breaker.why:
        return breaker
    until = now + max(pause_after(breaker.pauses), at_least)
    return replace(breaker, why=why, until=until, pauses=breaker.pauses + 1)


def jammed(breaker: Breaker, why: str) -> Breaker:
    """Return the breaker open for good: what happened is not cured by an account that answers."""
    return replace(breaker, why=why, until=None)


def may_probe(breaker: Breaker, now: datetime) -> bool:
    """Tell whether the account may be looked at."""
    return breaker.why is not None and breaker.until is not None and now >= breaker.until


def probing(breaker: Breaker, now: datetime) -> Breaker:
    """Return the breaker while somebody looks: nobody else does before another pause is over."""
    return replace(breaker, until=now + pause_after(breaker.pauses))


def refuted(breaker: Breaker, now: datetime, why: str) -> Breaker:
    """Return the breaker after a look that found no good: open for twice as long."""
    if breaker.until is None:
        return breaker
    return replace(breaker, why=why, until=now + pause_after(breaker.pauses), pauses=breaker.pauses + 1)


def mended(breaker: Breaker) -> Breaker:
    """Return the breaker after a look that found all well: closed on trial.

    That a list can be read proves little about creates: the next one that fails opens it again, for longer. Only a
    create with a clear answer makes it forget.
    """
    if breaker.until is None:
        return breaker
    return Breaker(failures=LIMIT - 1, pauses=breaker.pauses)


def left_s(breaker: Breaker, now: datetime) -> float:
    """Return the seconds until an order has a chance, a second at least: it is judged anew by then."""
    if breaker.why is None:
        return _SOON_S
    if breaker.until is None:
        return LONGEST_PAUSE.total_seconds()
    return max((breaker.until - now).total_seconds(), _SOON_S)


def pause_after(pauses: int) -> timedelta:
    """Return how long to leave an account alone that was left alone so many times before."""
    return min(FIRST_PAUSE * (1 << min(pauses, _DOUBLINGS)), LONGEST_PAUSE)
