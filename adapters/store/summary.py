"""How a campaign stands: counted by the database, few statements, cheap enough for once a second."""

from datetime import datetime

import orjson
from sqlalchemy import BindParameter, bindparam, func, select

from adapters.store.columns import any_of, to_instant
from adapters.store.conditions import RARE
from adapters.store.costs import budget_line
from adapters.store.counts import listed_of, tried_of
from adapters.store.occupancy import floor_of, line_of, occupancy_of
from adapters.store.paced import pace_line
from adapters.store.refusing import refused_by
from adapters.store.resting import callers_line
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import (
    ATTEMPT,
    CAMPAIGN,
    CAMPAIGN_VERSION,
    EVENT,
    LEDGER,
    REFUSAL,
    SUPPRESSION,
)
from adapters.store.tallies import people_of
from adapters.store.times import minutes_of, waits_of
from campaigns.dialing import Pacing
from campaigns.outcome import LeadState
from compliance.ledger import Kind
from compliance.terms import Channel
from dialer.reports import RefusalLine, Summary

_MINE: BindParameter[str] = bindparam("campaign")
_CAMPAIGN = Statement(
    select(CAMPAIGN.c.state, CAMPAIGN_VERSION.c.body)
    .join_from(
        CAMPAIGN,
        CAMPAIGN_VERSION,
        (CAMPAIGN_VERSION.c.campaign == CAMPAIGN.c.id) & (CAMPAIGN_VERSION.c.version == CAMPAIGN.c.version),
    )
    .where(CAMPAIGN.c.id == _MINE)
)
_WORDS_TO_MAIL = Statement(
    select(EVENT.c.kind, func.count(EVENT.c.attempt.distinct()))
    .join_from(ATTEMPT, EVENT, EVENT.c.attempt == ATTEMPT.c.id)
    .where(
        ATTEMPT.c.campaign == _MINE,
        ATTEMPT.c.channel == Channel.EMAIL.value,
        EVENT.c.kind.in_(any_of(["MailAnswered", "MailUnsubscribed"])),
    )
    .group_by(EVENT.c.kind)
)
_LISTS = Statement(
    select(LEDGER.c.body)
    .where(LEDGER.c.kind == Kind.LISTED.value, RARE, LEDGER.c.campaign == _MINE)
    .order_by(LEDGER.c.seq)
)
_REFUSALS = Statement(
    select(REFUSAL.c.rule, REFUSAL.c.code, REFUSAL.c.citation, REFUSAL.c.count)
    .where(REFUSAL.c.campaign == _MINE)
    .order_by(REFUSAL.c.count.desc(), REFUSAL.c.rule, REFUSAL.c.code)
)
_SUPPRESSIONS = Statement(select(func.count()).select_from(SUPPRESSION))
_ROWS = Statement(select(func.max(LEDGER.c.seq)))
_LAST_EVENT = Statement(
    select(EVENT.c.at)
    .where(select(ATTEMPT.c.id).where(ATTEMPT.c.id == EVENT.c.attempt, ATTEMPT.c.campaign == _MINE).exists())
    .order_by(EVENT.c.id.desc())
    .limit(1)
)


def summarise(run: Runner, campaign: str, now: datetime, factor: float) -> Summary:
    """Return how a campaign stands. Hold-outs are counted apart. Raises KeyError when there is no such campaign.

    Who was abandoned is counted as the law does, agents who came too late among them, of the calls that a person
    answered and that are over; waits are in seconds of the wall's clock, `factor` times as slow. Occupancy is the
    agents' talking and wrapping up, of their
    time logged in, from the campaign's first attempt until now or the end of its list; agents may serve others too.
    """
    mine = {"campaign": campaign}
    found = run.row(_CAMPAIGN, mine)
    if found is None:
        raise KeyError(campaign)
    listed, tried, floor = listed_of(run, campaign), tried_of(run, campaign), floor_of(run)
    ended = to_instant(tried.over) if listed.are_all_done and tried.over else None
    mails: dict[str, int] = dict(run.rows(_WORDS_TO_MAIL, mine))
    p50, p99 = waits_of(run, campaign)
    written = orjson.loads(found[1])
    people = people_of(run, campaign, Pacing.model_validate(written.get("pacing", {})), now, factor)
    return Summary(
        campaign=campaign,
        title=written["title"],
        state=found[0],
        now=now,
        mode=written["pacing"]["mode"],
        enrolled=sum(listed.states.values()),
        rejected=_rejected(run, campaign),
        waiting=listed.states.get(LeadState.WAITING.value, 0),
        trying=listed.states.get(LeadState.TRYING.value, 0),
        done=listed.states.get(LeadState.DONE.value, 0),
        held_out=listed.held_out,
        endings=listed.endings,
        calls=tried.calls,
        live=tried.live,
        answered=tried.answered,
        outcomes=tried.outcomes,
        refusals=tuple(_refusal(row) for row in run.rows(_REFUSALS, mine)),
        mails_sent=tried.mails_sent,
        mails_answered=mails.get("MailAnswered", 0),
        mails_unsubscribed=mails.get("MailUnsubscribed", 0),
        mails_bounced=tried.mails_bounced,
        abandoned=tried.abandoned if people is None else people.abandoned,
        abandoned_share=tried.abandoned_share if people is None else people.abandoned / max(1, people.live),
        occupancy=occupancy_of(run, [agent for agent, _ in floor], tried.first, ended or now),
        talk_s=tried.talk_s,
        suppressions=run.value(_SUPPRESSIONS, {}),
        connect_p50_s=None if p50 is None else p50 / factor,
        connect_p99_s=None if p99 is None else p99 / factor,
        list_ends_at=ended,
        last_event_at=_instant(run.value(_LAST_EVENT, mine)),
        ledger_rows=run.value(_ROWS, {}) or 0,
        budget=budget_line(run, campaign, written),
        callers=callers_line(run, written, now),
        refused=refused_by(run, campaign, found[0], tried.last),
        pace=pace_line(run, campaign),
        agents=tuple(line_of(agent, name, now) for agent, name in floor),
        minutes=minutes_of(run, campaign, tried.first, tried.last),
    )


def _refusal(row: Row) -> RefusalLine:
    rule, code, citation, count = row
    return RefusalLine(rule=rule, code=code, citation=citation, count=count)


def _rejected(run: Runner, campaign: str) -> int:
    """Return how many rows of the campaign's lists were rejected; of a list read again, the last reading counts."""
    lists = {}
    for (text,) in run.rows(_LISTS, {"campaign": campaign}):
        body = orjson.loads(text)
        lists[body.get("list")] = int(body.get("rejected", 0))
    return sum(lists.values())


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else to_instant(microseconds)
