"""How many who answered were served, left or abandoned: counted by the database, as `compliance.answers` counts."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, and_, bindparam, func, not_, or_, select, type_coerce

from adapters.store.columns import Instant, any_of, to_instant
from adapters.store.statement import Runner, Statement
from adapters.store.tables import ATTEMPT
from campaigns.dialing import Pacing
from campaigns.outcome import Outcome
from compliance.answers import Tally
from compliance.terms import Channel
from dialer.attempt import AttemptState
from dialer.events import AnsweredBy

_ANSWERED, _CONNECTED, _OVER = (
    type_coerce(ATTEMPT.c[name], BigInteger) for name in ("answered_at", "connected_at", "over_at")
)
_WITHIN = bindparam("within", type_=BigInteger)
_HEARD, _OUTCOME = func.coalesce(ATTEMPT.c.answered_by, ""), func.coalesce(ATTEMPT.c.outcome, "")
_IS_MACHINE = or_(
    _HEARD.in_(any_of([AnsweredBy.MACHINE.value, AnsweredBy.FAX.value])),
    _OUTCOME.in_(any_of([Outcome.MACHINE.value])),
)
_IS_SERVED = and_(_CONNECTED.is_not(None), _CONNECTED - _ANSWERED <= _WITHIN)
_IS_LEFT = and_(_OVER.is_not(None), _OVER - _ANSWERED <= _WITHIN)
# Who talks still is counted by whoever watches the call to its end (`dialer.sight`), and must not be twice.
_IS_OVER = and_(ATTEMPT.c.state == AttemptState.OVER.value, ATTEMPT.c.outcome.is_not(None))
_MINE = and_(ATTEMPT.c.campaign == bindparam("campaign"), ATTEMPT.c.channel == Channel.VOICE.value)
_TALLY = Statement(
    select(
        func.count().filter(not_(_IS_MACHINE)),
        func.count().filter(and_(not_(_IS_MACHINE), not_(_IS_SERVED), not_(_IS_LEFT))),
        func.count().filter(and_(not_(_IS_MACHINE), not_(_IS_SERVED), _IS_LEFT)),
        func.count().filter(_IS_MACHINE),
    ).where(
        _MINE,
        ATTEMPT.c.opened_at >= bindparam("since", type_=Instant),
        ATTEMPT.c.opened_at < bindparam("until", type_=Instant),
        _ANSWERED.is_not(None),
        _IS_OVER,
    )
)
_FIRST = Statement(select(func.min(ATTEMPT.c.opened_at)).where(_MINE))


def tally(run: Runner, campaign: str, since: datetime, until: datetime, within_s: float) -> Tally:
    """Return how calls opened in [`since`, `until`) and over were answered, and served within so many seconds."""
    within = timedelta(seconds=within_s) // timedelta(microseconds=1)
    row = run.row(_TALLY, {"campaign": campaign, "since": since, "until": until, "within": within})
    live, abandoned, left, machines = row or (0, 0, 0, 0)
    return Tally(live=live, abandoned=abandoned, left=left, machines=machines)


def people_of(run: Runner, campaign: str, pacing: Pacing, now: datetime, factor: float) -> Tally | None:
    """Return how all who answered a campaign were served, under a clock `factor` times as fast as the carrier's.

    None where nobody is to be served: a message is played.
    """
    first = None if pacing.is_agentless else first_call(run, campaign)
    within_s = pacing.abandonment.threshold.total_seconds() * factor
    return None if first is None else tally(run, campaign, first, now, within_s)


def first_call(run: Runner, campaign: str) -> datetime | None:
    """Return when a campaign's first call was opened; None when it has made none."""
    found = run.value(_FIRST, {"campaign": campaign})
    return None if found is None else to_instant(found)
