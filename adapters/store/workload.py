"""Who was there in each half hour, what is due and what calls took: counted by the database for the staffing chart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, case, cast, func, select, type_coerce

from adapters.store.columns import Instant, any_of, to_instant, to_microseconds
from adapters.store.conditions import WAITING
from adapters.store.part import NOW, Part
from adapters.store.statement import Runner, Statement
from adapters.store.tables import AGENT, AGENT_SPAN, ATTEMPT, CAMPAIGN, LEAD
from compliance.terms import Channel
from dialer.agents import AgentState
from dialer.need import SLOT, Workload
from dialer.presence import Present
from dialer.view import CampaignState

_SINCE, _UNTIL = (bindparam(name, type_=Instant) for name in ("since", "until"))
_BUSY = [AgentState.TALKING.value, AgentState.WRAPPING.value]
_LEFT_AWAY = Statement(
    select(AGENT_SPAN.c.agent, func.max(AGENT_SPAN.c.until))
    .where(AGENT_SPAN.c.until >= _SINCE, AGENT_SPAN.c.state == AgentState.AWAY.value)
    .group_by(AGENT_SPAN.c.agent)
)
_SPANS = Statement(
    select(AGENT_SPAN.c.state, AGENT_SPAN.c.since, AGENT_SPAN.c.until).where(
        AGENT_SPAN.c.until > _SINCE,
        AGENT_SPAN.c.since < _UNTIL,
        AGENT_SPAN.c.state != AgentState.AWAY.value,
    )
)
_RUNNING = Statement(
    select(AGENT.c.state, AGENT.c.since).where(AGENT.c.state != AgentState.AWAY.value, AGENT.c.since < _UNTIL)
)
_WIDTH, _FIRST = bindparam("width", type_=BigInteger), bindparam("first", type_=BigInteger)
_DUE = type_coerce(LEAD.c.due, BigInteger)
_SLOT = case((LEAD.c.due <= NOW, -1), else_=(_DUE - _FIRST) // _WIDTH)
_LEADS = Statement(
    select(_SLOT.label("slot"), LEAD.c.step, func.count())
    .where(LEAD.c.campaign == bindparam("campaign"), WAITING, LEAD.c.due < _UNTIL)
    .group_by("slot", LEAD.c.step)
)
_STATE = Statement(select(CAMPAIGN.c.state).where(CAMPAIGN.c.id == bindparam("campaign")))
_MINE = ATTEMPT.c.campaign == bindparam("campaign")
_CALLS = Statement(
    select(func.count(), func.count(ATTEMPT.c.connected_at)).where(
        _MINE,
        ATTEMPT.c.channel == Channel.VOICE.value,
        ATTEMPT.c.opened_at >= _SINCE,
        ATTEMPT.c.over_at.is_not(None),
    )
)
_HANDLED = Statement(
    select(
        func.coalesce(
            cast(
                func.sum(
                    type_coerce(AGENT_SPAN.c.until, BigInteger) - type_coerce(AGENT_SPAN.c.since, BigInteger)
                ),
                BigInteger,
            ),
            0,
        )
    )
    .join_from(AGENT_SPAN, ATTEMPT, ATTEMPT.c.id == AGENT_SPAN.c.attempt)
    .where(AGENT_SPAN.c.until > _SINCE, AGENT_SPAN.c.state.in_(any_of(_BUSY)), _MINE)
)
_MICROSECONDS = 1_000_000


class Comings(Part):
    """Who came when."""

    def came_back(self, since: datetime) -> Mapping[str, datetime]:
        """Return, for each agent who stopped being away at or after an instant, when they last did."""
        return {agent: to_instant(until) for agent, until in self._run.rows(_LEFT_AWAY, {"since": since})}


def present(run: Runner, since: datetime, until: datetime) -> tuple[Present, ...]:
    """Return who was there in each half hour of [`since`, `until`), the last one cut short."""
    window = {"since": since, "until": until}
    spans = [
        (state, to_instant(begins), to_instant(ends)) for state, begins, ends in run.rows(_SPANS, window)
    ]
    running = run.rows(_RUNNING, {"until": until})
    spans += [(state, to_instant(begins), until) for state, begins in running]
    found = []
    for place in range(-((since - until) // SLOT)):
        start = since + place * SLOT
        end = min(start + SLOT, until)
        shares = [(state, _shared(begins, ends, start, end)) for state, begins, ends in spans]
        whole = (end - start).total_seconds()
        found.append(
            Present(
                agents=sum(seconds for _, seconds in shares) / whole,
                busy=sum(seconds for state, seconds in shares if state in _BUSY) / whole,
            )
        )
    return tuple(found)


def _shared(begins: datetime, ends: datetime, since: datetime, until: datetime) -> float:
    return max(0.0, (min(ends, until) - max(begins, since)).total_seconds())


def workload(
    run: Runner, campaign: str, steps: Sequence[int], day: tuple[datetime, datetime], now: datetime
) -> Workload:
    """Return what a campaign has to call between two instants, in half hours from the first, and what calls took."""
    since, until = day
    asked = {
        "campaign": campaign,
        "now": now,
        "until": until,
        "first": to_microseconds(since),
        "width": SLOT // timedelta(microseconds=1),
    }
    slots: Counter[int] = Counter()
    for slot, step, count in run.rows(_LEADS, asked):
        slots[slot] += count if step in steps else 0
    mine = {"campaign": campaign, "since": since}
    calls, talks = run.row(_CALLS, mine) or (0, 0)
    return Workload(
        is_running=run.value(_STATE, mine) == CampaignState.RUNNING.value,
        overdue=slots.pop(-1, 0),
        due={since + place * SLOT: count for place, count in slots.items() if count},
        calls=calls,
        talks=talks,
        handled_s=run.value(_HANDLED, mine) / _MICROSECONDS,
    )
