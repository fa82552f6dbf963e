"""How many answered calls were left without an agent, as each jurisdiction counts them, and how many more may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import Literal
from zoneinfo import ZoneInfo

from compliance.campaign_rules import AbandonmentRule

_Z95 = 1.6448536269514722
"""The one-sided 95 % point of the normal distribution."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answered call, as a fact: `connected_s` is from the greeting's end to an agent (None: none came).

    `is_machine` is what detection said, `is_false_machine` that it was wrong. `left_s` is when the person hung up,
    `message_s` when a consented recording began.
    """

    at: datetime
    campaign: str
    connected_s: float | None = None
    left_s: float | None = None
    message_s: float | None = None
    is_machine: bool = False
    is_false_machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one rule counted: people who answered, those abandoned, people taken for machines."""

    live: int = 0
    abandoned: int = 0
    false_machines: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            live=self.live + other.live,
            abandoned=self.abandoned + other.abandoned,
            false_machines=self.false_machines + other.false_machines,
        )


def is_abandoned(call: Answered, within_s: float) -> bool:
    """Tell whether a person answered and had neither agent nor consented message in time; who left earlier was not."""
    if call.is_machine:
        return False
    served = [at for at in (call.connected_s, call.message_s) if at is not None]
    if served and min(served) <= within_s:
        return False
    return call.left_s is None or call.left_s > within_s


def tally(calls: Iterable[Answered], within_s: float) -> Tally:
    """Return the counts of these calls. Machines are in no term, but for people taken for one."""
    total = Tally()
    for call in calls:
        is_person = not call.is_machine
        total += Tally(
            live=int(is_person),
            abandoned=int(is_abandoned(call, within_s)),
            false_machines=int(call.is_machine and call.is_false_machine),
        )
    return total


Scope = Literal["campaign", "centre"]


def counted(
    calls: Sequence[Answered], rule: AbandonmentRule, *, campaign: str, scope: Scope, now: datetime, zone: str
) -> list[Answered]:
    """Return the calls that a rule counts now: of the campaign or the whole centre, in the period that runs.

    `zone` says whose calendar days and months. A run of successive days starts with the campaign's first call.
    """
    own = [call for call in calls if call.at <= now and (scope == "centre" or call.campaign == campaign)]
    start = _start(own, rule, now, ZoneInfo(zone))
    return [call for call in own if start <= call.at]


def _start(own: Sequence[Answered], rule: AbandonmentRule, now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    length = timedelta(days=rule.days or 1)
    match rule.period:
        case "day":
            return _midnight(today, zone)
        case "month":
            return _midnight(today.replace(day=1), zone)
        case "rolling":
            return now - length
        case "successive":
            first = min((call.at for call in own), default=now)
            return first + (now - first) // length * length


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def share(found: Tally, rule: AbandonmentRule) -> float:
    """Return the share abandoned as the rule counts it, 0 where nobody answered."""
    abandoned, base = _terms(found, rule)
    return abandoned / base if base else 0.0


def bound(found: Tally, rule: AbandonmentRule) -> float:
    """Return what is held against the limit: the share, or its upper 95 % bound on a small sample (POL-5).

    The bound is Wilson's (1927), without correction for continuity.
    """
    abandoned, base = _terms(found, rule)
    if base == 0:
        return 1.0
    if found.live >= rule.min_sample:
        return abandoned / base
    return wilson(abandoned, base)


def wilson(hits: int, tries: int) -> float:
    """Return the upper end of the one-sided 95 % Wilson interval of a share."""
    part, square = hits / tries, _Z95 * _Z95
    middle = part + square / (2 * tries)
    spread = _Z95 * sqrt((part * (1 - part) + square / (4 * tries)) / tries)
    return (middle + spread) / (1 + square / tries)


def _terms(found: Tally, rule: AbandonmentRule) -> tuple[int, int]:
    """Return numerator and denominator: falsely detected machines are people who were left, where the rule says so."""
    false = found.false_machines if rule.counts_false_machines else 0
    return found.abandoned + false, found.live + false


def is_over(found: Tally, rule: AbandonmentRule) -> bool:
    """Tell whether predictive dialing must fall back to one line per free agent."""
    return bound(found, rule) > rule.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """How many of the next answered calls may be abandoned under every rule at once; `rule` is the strictest."""

    calls: int
    rule: str | None = None
    is_halted: bool = False


def headroom(counts: Iterable[tuple[AbandonmentRule, Tally]], target: float | None = None) -> Headroom:
    """Return what is left for pacing under every rule; a company's `target` share may only narrow.

    0 with `is_halted` means one line per free agent. Without any rule there is no room: nobody said how to count.
    """
    rooms = [(_room(rule, found, target), rule.id, is_over(found, rule)) for rule, found in counts]
    if not rooms:
        return Headroom(calls=0, is_halted=True)
    calls, rule, _ = min(rooms)
    is_halted = any(over for _, _, over in rooms)
    return Headroom(calls=0 if is_halted else calls, rule=rule, is_halted=is_halted)


def _room(rule: AbandonmentRule, found: Tally, target: float | None) -> int:
    """Return how many more people may be abandoned, each of them answered too, before the limit is passed."""
    most = rule.most if target is None else min(rule.most, target)
    abandoned, base = _terms(found, rule)
    # (abandoned + n) / (base + n) <= most; the sliver keeps 3 of 100 at 3 % on the right side of rounding.
    return max(0, int((most * base - abandoned) / (1 - most) + 1e-9))
