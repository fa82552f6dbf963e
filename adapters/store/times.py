"""When things happened: a campaign's attempts over time, and how long people waited for an agent."""

from datetime import timedelta

from sqlalchemy import BigInteger, bindparam, case, func, select, type_coerce

from adapters.store.columns import any_of, to_instant
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT
from campaigns.outcome import TALKED
from compliance.terms import Channel
from dialer.reports import Minute

_SLICE = timedelta(minutes=5) // timedelta(microseconds=1)
_SLICES = 200
"""A plot has no more points than that: a long campaign has wider slices."""
_SECOND = 1_000_000

_OPENED = type_coerce(ATTEMPT.c.opened_at, BigInteger)
_WIDTH = bindparam("width", type_=BigInteger)
_SLOT = _OPENED // _WIDTH
_IS_CALL = ATTEMPT.c.channel == Channel.VOICE.value
_MINUTES = Statement(
    select(
        _SLOT.label("slot"),
        func.count().filter(_IS_CALL),
        func.count(case((_IS_CALL, ATTEMPT.c.answered_at))),
        func.count().filter(_IS_CALL, ATTEMPT.c.outcome.in_(any_of(sorted(TALKED)))),
        func.count(case((~_IS_CALL, ATTEMPT.c.placed_at))),
    )
    .where(ATTEMPT.c.campaign == bindparam("campaign"))
    .group_by("slot")
)
_WAITS = Statement(
    select(
        (
            type_coerce(ATTEMPT.c.connected_at, BigInteger) - type_coerce(ATTEMPT.c.answered_at, BigInteger)
        ).label("wait")
    )
    .where(
        ATTEMPT.c.campaign == bindparam("campaign"),
        ATTEMPT.c.connected_at.is_not(None),
        ATTEMPT.c.answered_at.is_not(None),
    )
    .order_by("wait")
)


def minutes_of(run: Runner, campaign: str, first: int | None, last: int | None) -> tuple[Minute, ...]:
    """Return the campaign's attempts in slices of five minutes or a multiple, from the first opened to the last.

    `first` and `last` are when those were opened, in microseconds since 1970; nothing was when they are None.
    """
    if first is None or last is None:
        return ()
    width = _SLICE * -(-(last - first + 1) // (_SLICE * _SLICES))
    counted = {slot: counts for slot, *counts in run.rows(_MINUTES, {"campaign": campaign, "width": width})}
    slices = []
    for slot in range(first // width, last // width + 1):
        attempts, answered, talked, mails = counted.get(slot, (0, 0, 0, 0))
        at = to_instant(slot * width)
        slices.append(Minute(at=at, attempts=attempts, answered=answered, talked=talked, mails=mails))
    return tuple(slices)


def waits_of(run: Runner, campaign: str) -> tuple[float | None, float | None]:
    """Return the median and the 99th percentile of the seconds from answer to agent (nearest rank)."""
    waits = [wait for (wait,) in run.rows(_WAITS, {"campaign": campaign})]
    if not waits:
        return None, None
    return _rank(waits, 50), _rank(waits, 99)


def _rank(waits: list[int], percent: int) -> float:
    return waits[-(-len(waits) * percent // 100) - 1] / _SECOND
