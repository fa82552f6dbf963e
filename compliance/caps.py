"""How often at most: attempts of the past counted on local calendars or over elapsed time, from events alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from compliance.contact_rules import CapRule
from compliance.fields import read_duration
from compliance.finding import NONE, Findings
from compliance.hours import MIDNIGHT
from compliance.house import HOUSE
from compliance.jurisdiction import Place
from compliance.openings import clocks_of, local
from compliance.question import Narrowing, PastContact, Question, Reason
from compliance.selection import Selection
from compliance.standing import is_exempt
from compliance.terms import Channel, ReasonCode

ATTEMPTED = "attempted"
_NARROWED = "POL-7"
_CODES = {
    "day": ReasonCode.ATTEMPT_CAP_DAY,
    "week": ReasonCode.ATTEMPT_CAP_WEEK,
    "campaign": ReasonCode.ATTEMPT_CAP_CAMPAIGN,
}
_LENGTH = {"day": timedelta(days=1), "week": timedelta(days=7)}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `most` attempts per period, and the rule that says so; `elapsed` is set where no calendar counts."""

    rule: str
    citation: str
    period: str
    most: int
    zones: tuple[str, ...]
    same: frozenset[str] = frozenset()
    counts: frozenset[Channel] = frozenset()
    elapsed: timedelta | None = None


def judge_caps(question: Question, place: Place) -> Findings:
    """Return the caps that are reached, on the clocks of any of their zones; until when, for those that time lifts.

    Attempts count on the channel that is asked for unless the rule names others, whoever's campaign they were unless
    the rule says which belong together; only a campaign's own cap looks at its campaign alone. A cap of 0 never lifts.
    """
    law = [
        cap
        for where in place.jurisdictions
        for rule, caps in _caps(where.rules, where.zones)
        if not is_exempt(rule.exempt, question)
        for cap in caps
    ]
    own = list(_of_narrowings(question.narrowings, place.zones))
    caps = (*law, *own)
    if not caps:
        return NONE
    past = [found for found in question.history if found.event == ATTEMPTED]
    reasons = (_reached(cap, _counted(cap, past, question), question) for cap in caps)
    rules = ((_NARROWED,) if own else ()) + (("TZ-4",) if any(cap.elapsed for cap in law) else ())
    return Findings(rules=rules, reasons=tuple(reason for reason in reasons if reason is not None))


@lru_cache(maxsize=1024)
def _caps(rules: Selection, zones: tuple[str, ...]) -> tuple[tuple[CapRule, tuple[Cap, ...]], ...]:
    return tuple((rule, tuple(_of_rule(rule, zones))) for rule in rules.caps)


def _of_rule(rule: CapRule, zones: tuple[str, ...]) -> Iterator[Cap]:
    for period, most in rule.limits.items():
        yield Cap(
            rule=rule.id,
            citation=rule.citation,
            period=period,
            most=most,
            zones=zones,
            same=frozenset(rule.same),
            counts=rule.counts,
            elapsed=None if period in _CODES else read_duration(period),
        )


def _of_narrowings(narrowings: Sequence[Narrowing], zones: tuple[str, ...]) -> Iterator[Cap]:
    """Yield the strictest cap of each period that company and campaign set."""
    periods = (
        ("day", [narrowing.per_day for narrowing in narrowings]),
        ("week", [narrowing.per_week for narrowing in narrowings]),
        ("campaign", [narrowing.per_campaign for narrowing in narrowings]),
    )
    for period, figures in periods:
        set_ones = [figure for figure in figures if figure is not None]
        if set_ones:
            most = min(set_ones)
            yield Cap(rule=_NARROWED, citation=HOUSE[_NARROWED], period=period, most=most, zones=zones)


def _counted(cap: Cap, past: Sequence[PastContact], question: Question) -> list[PastContact]:
    """Return the attempts that a cap counts; what was not noted down of one may be the same."""
    return [
        found
        for found in past
        if (found.channel in cap.counts if cap.counts else found.channel is question.channel)
        and ("number" not in cap.same or found.number in {None, question.subject.number})
        and ("seller" not in cap.same or found.seller in {None, question.seller})
        and ("product" not in cap.same or found.product in {None, question.product})
    ]


def _reached(cap: Cap, past: Sequence[PastContact], question: Question) -> Reason | None:
    """Return the reason when a cap is reached, with the last of the zones' ends of the period."""
    if cap.period == "campaign":
        count = sum(found.campaign == question.campaign for found in past)
        return _reason(cap, None) if count >= cap.most else None
    if cap.most == 0:
        return _reason(cap, None)
    if len(past) < cap.most:
        return None
    if cap.elapsed is not None:
        times = sorted(found.at for found in past if question.now < found.at + cap.elapsed)
        return _reason(cap, times[-cap.most] + cap.elapsed) if len(times) >= cap.most else None
    ends = [end for zone in cap.zones if (end := _end_of_period(cap, past, question.now, zone)) is not None]
    return _reason(cap, max(ends)) if ends else None


def _end_of_period(cap: Cap, past: Sequence[PastContact], now: datetime, zone: str) -> datetime | None:
    """Return when the current period of a reached cap ends in `zone`, in UTC; None when the cap is not reached."""
    today = local(now, zone).date()
    first = today - timedelta(days=today.weekday()) if cap.period == "week" else today
    start, end = midnight(first, zone), midnight(first + _LENGTH[cap.period], zone)
    return end if sum(start <= found.at < end for found in past) >= cap.most else None


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """Return the instant at which a local date begins, in UTC."""
    return datetime.combine(day, MIDNIGHT, clocks_of(zone)).astimezone(UTC)


def _reason(cap: Cap, until: datetime | None) -> Reason:
    code = _CODES.get(cap.period)
    if code is None:
        is_short = cap.elapsed is not None and cap.elapsed <= _DAY
        code = ReasonCode.ATTEMPT_CAP_24H if is_short else ReasonCode.ATTEMPT_CAP_30D
    ends = None if until is None else until.astimezone(UTC)
    return Reason(code=code, rule=cap.rule, citation=cap.citation, until=ends)
