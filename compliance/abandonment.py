"""Which share of answered calls was abandoned, as each jurisdiction counts it, and how many more may be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compliance.answers import Answers, Days, Tally
from compliance.binomial import DOUBT, at_most, upper
from compliance.campaign_rules import AbandonmentRule
from compliance.openings import local

ONE_LINE = "one_line_per_agent"
"""The duty of a halted campaign: no more lines than free agents, so that nobody can be abandoned."""


def counts(
    answers: Answers, rules: Iterable[AbandonmentRule], *, campaign: str, centre: str, now: datetime
) -> Iterator[tuple[AbandonmentRule, Tally]]:
    """Yield what each rule counts now, once for each scope it names: the campaign, the centre that dials it."""
    today = local(now, answers.zone).date()
    for rule in rules:
        if "campaign" in rule.per:
            yield rule, counted(answers.days_of(campaign=campaign), rule, today)
        if "centre" in rule.per:
            yield rule, counted(answers.days_of(centre=centre), rule, today)


def counted(days: Days, rule: AbandonmentRule, today: date) -> Tally:
    """Return the counts of the period of `rule` that runs today; days after it are not in it."""
    start = begins(rule, min(days, default=today), today)
    live = abandoned = left = false_machines = machines = 0
    # Plain sums over a month of days: this runs for every rule each second.
    for number in range(start.toordinal(), today.toordinal() + 1):
        one = days.get(date.fromordinal(number))
        if one is not None:
            live += one.live
            abandoned += one.abandoned
            left += one.left
            false_machines += one.false_machines
            machines += one.machines
    return Tally(live=live, abandoned=abandoned, left=left, false_machines=false_machines, machines=machines)


def begins(rule: AbandonmentRule, first: date, today: date) -> date:
    """Return the first date of the period that runs today; runs of successive days start on `first`."""
    match rule.period:
        case "day":
            return today
        case "month":
            return today.replace(day=1)
        case "rolling":
            return today - timedelta(days=rule.length - 1)
        case "successive":
            return first + timedelta(days=max(0, (today - first).days) // rule.length * rule.length)


def terms(found: Tally, rule: AbandonmentRule) -> tuple[int, int]:
    """Return numerator and denominator; where the rule says so, people taken for machines are people abandoned."""
    false = found.false_machines if rule.counts_false_machines else 0
    people = found.live if rule.of == "live_answers" else found.live - found.left
    return found.abandoned + false, people + false


def share(found: Tally, rule: AbandonmentRule) -> float:
    """Return the share abandoned as the rule counts it, 0 where nobody answered."""
    abandoned, base = terms(found, rule)
    return abandoned / base if base else 0.0


def bound(found: Tally, rule: AbandonmentRule) -> float:
    """Return what is held against the limit: the share, or on a small sample its upper bound (POL-5)."""
    return _bound(found, rule, found.live)


def _bound(found: Tally, rule: AbandonmentRule, sample: int) -> float:
    abandoned, base = terms(found, rule)
    return abandoned / base if base and sample >= rule.min_sample else upper(abandoned, base)


def is_over(found: Tally, rule: AbandonmentRule) -> bool:
    """Tell whether predictive dialing must fall back to one line per free agent; the limit itself is kept."""
    return _is_over(found, rule, most=rule.most, sample=found.live)


def _is_over(found: Tally, rule: AbandonmentRule, *, most: float, sample: int) -> bool:
    abandoned, base = terms(found, rule)
    if base == 0 or most <= 0 or abandoned / base > most:
        return True
    # The upper bound lies above `most` where so few would not be surprising if `most` were the true share.
    return sample < rule.min_sample and at_most(abandoned, base, most) > DOUBT


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """How many of the next answered calls may be abandoned under every rule at once.

    `rule` is the strictest, `share` and `bound` are what it counted and what is held against its limit.
    `is_halted` means one line per free agent, `is_warned` that a rule's alert was reached.
    """

    calls: int = 0
    rule: str | None = None
    share: float = 0.0
    bound: float = 1.0
    is_halted: bool = True
    is_warned: bool = False

    @property
    def obligations(self) -> tuple[str, ...]:
        """The duties that follow."""
        return (ONE_LINE,) if self.is_halted else ()


def headroom(found: Iterable[tuple[AbandonmentRule, Tally]], target: float | None = None) -> Headroom:
    """Return what is left for pacing under every rule; a company's `target` share narrows and never widens.

    Nothing depends on what was answered before: dialing is free again as soon as the figures are. Without any rule
    there is no room, because nobody said how to count.
    """
    pairs = list(found)
    if not pairs:
        return Headroom()
    rooms = [_room(rule, one, target) for rule, one in pairs]
    room = min(rooms)
    # Of rules that leave the same room, the one whose share is nearest to its limit is the strictest.
    rule, figures = max(
        (pair for pair, its in zip(pairs, rooms, strict=True) if its == room),
        key=lambda pair: share(pair[1], pair[0]) / pair[0].most,
    )
    return Headroom(
        calls=max(0, room),
        rule=rule.id,
        share=share(figures, rule),
        bound=_bound(figures, rule, figures.live - figures.abandoned),
        is_halted=room < 0,
        is_warned=any(one.warn_at is not None and share(own, one) >= one.warn_at for one, own in pairs),
    )


def _room(rule: AbandonmentRule, found: Tally, target: float | None) -> int:
    """Return how many more people may be abandoned, each of them one more answer; -1 where the limit is passed.

    The sample is of people who were not abandoned: an abandoned call never makes it large enough to give room.
    """
    most = rule.most if target is None else min(rule.most, target)
    abandoned, base = terms(found, rule)
    sample = found.live - found.abandoned
    if _is_over(found, rule, most=most, sample=sample):
        return -1
    # (abandoned + n) / (base + n) <= most; the sliver keeps 3 of 100 at 3 % on the right side of rounding.
    room = int((most * base - abandoned) / (1 - most) + 1e-9)
    while room and _is_over(_abandoning(found, room), rule, most=most, sample=sample):
        room -= 1
    return room


def _abandoning(found: Tally, more: int) -> Tally:
    return found + Tally(live=more, abandoned=more)
