"""How often at most: attempts of the past counted on local calendars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from compliance.finding import Findings
from compliance.hours import MIDNIGHT
from compliance.house import HOUSE
from compliance.openings import local
from compliance.question import Narrowing, PastContact, Question, Reason
from compliance.rulebook import Rulebook
from compliance.rules import Period, in_force
from compliance.terms import ReasonCode

ATTEMPTED = "attempted"
_NARROWED = "POL-7"
_CODES = {
    "day": ReasonCode.ATTEMPT_CAP_DAY,
    "week": ReasonCode.ATTEMPT_CAP_WEEK,
    "campaign": ReasonCode.ATTEMPT_CAP_CAMPAIGN,
}
_LENGTH = {"day": timedelta(days=1), "week": timedelta(days=7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `most` attempts per period, and the rule that says so."""

    rule: str
    citation: str
    period: Period
    most: int


def judge_caps(question: Question, rulebook: Rulebook, day: date, zones: Sequence[str]) -> Findings:
    """Return the caps that are reached, on the clocks of any of `zones`; until when, for those that time lifts.

    Attempts count on the channel that is asked for, whoever's campaign they were; only a campaign's own cap looks at
    its campaign alone. A cap of 0 never lifts.
    """
    caps = [*_of_law(question, rulebook, day), *_of_narrowings(question.narrowings)]
    past = [
        found for found in question.history if found.event == ATTEMPTED and found.channel is question.channel
    ]
    reasons = (_reached(cap, past, question, zones) for cap in caps)
    return Findings(
        rules=tuple(dict.fromkeys(cap.rule for cap in caps)),
        reasons=tuple(reason for reason in reasons if reason is not None),
    )


def _of_law(question: Question, rulebook: Rulebook, day: date) -> Iterator[Cap]:
    for rule in in_force(rulebook.caps, question, day):
        for period, most in rule.limits.items():
            yield Cap(rule=rule.id, citation=rule.citation, period=period, most=most)


def _of_narrowings(narrowings: Sequence[Narrowing]) -> Iterator[Cap]:
    """Yield the strictest cap of each period that company and campaign set."""
    periods: tuple[tuple[Period, list[int | None]], ...] = (
        ("day", [narrowing.per_day for narrowing in narrowings]),
        ("week", [narrowing.per_week for narrowing in narrowings]),
        ("campaign", [narrowing.per_campaign for narrowing in narrowings]),
    )
    for period, figures in periods:
        set_ones = [figure for figure in figures if figure is not None]
        if set_ones:
            yield Cap(rule=_NARROWED, citation=HOUSE[_NARROWED], period=period, most=min(set_ones))


def _reached(
    cap: Cap, past: Sequence[PastContact], question: Question, zones: Sequence[str]
) -> Reason | None:
    """Return the reason when a cap is reached, with the last of the zones' ends of the period."""
    if cap.period == "campaign":
        count = sum(found.campaign == question.campaign for found in past)
        return _reason(cap, None) if count >= cap.most else None
    if cap.most == 0:
        return _reason(cap, None)
    if len(past) < cap.most:
        return None
    ends = [end for zone in zones if (end := _end_of_period(cap, past, question.now, zone)) is not None]
    return _reason(cap, max(ends)) if ends else None


def _end_of_period(cap: Cap, past: Sequence[PastContact], now: datetime, zone: str) -> datetime | None:
    """Return when the current period of a reached cap ends in `zone`, in UTC; None when the cap is not reached."""
    today = local(now, zone).date()
    first = today - timedelta(days=today.weekday()) if cap.period == "week" else today
    start, end = _midnight(first, zone), _midnight(first + _LENGTH[cap.period], zone)
    return end if sum(start <= found.at < end for found in past) >= cap.most else None


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: str) -> datetime:
    """Return the instant at which a local date begins, in UTC."""
    return datetime.combine(day, MIDNIGHT, ZoneInfo(zone)).astimezone(UTC)


def _reason(cap: Cap, until: datetime | None) -> Reason:
    return Reason(code=_CODES[cap.period], rule=cap.rule, citation=cap.citation, until=until)
