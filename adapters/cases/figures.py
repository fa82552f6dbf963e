"""What a written case counts: the groups of figures it tells, each for a campaign, a period or a centre."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from adapters.cases.counts import count, key_of, part, with_percent
from adapters.cases.fields import CaseInvalid, Fields
from compliance.answers import Tally
from compliance.campaign_rules import AbandonmentRule

ABANDONED = ("abandoned", "abandoned_calls", "abandons", "abandoned_live", "live_abandoned")
RATE = ("abandonment_rate", "abandon_rate", "abandoned_rate", "abandoned_share", "rate")
_LIVE = ("live_answers", "answers_live", "answered_live", "live_answered", "human_answers", "people")
_BARE = ("live", "live_calls")
"""Live answers; where a rule's base is abandoned and live, those beside the abandoned."""
_CONNECTED = ("live_connected", "connected", "connected_live", "connected_calls", "live_to_agent")
_ANSWERS = ("answers_total", "answers", "answered", "answered_total", "total_answers", "answered_calls")
_MACHINES = ("machine_answers", "machines", "amd_machines", "machine_detected", "answering_machines")
_FALSE = (
    "amd_false_positives",
    "false_positives",
    "amd_false_positives_estimate",
    "amd_fp",
    "false_machines",
)
_FALSE_RATE = ("amd_false_positive_rate", "false_positive_rate", "amd_fp_rate", "amd_error_rate")
_LEFT = ("hung_up_early", "hung_up_before_limit", "early_hangups", "caller_hangups", "hung_up_within_2s")
_TO_MACHINES = (
    "estimated_machines",
    "machine_estimate",
    "estimated_machines_abandoned",
    "abandoned_to_machines",
    "abandoned_machines_estimate",
    "machines_among_abandoned",
)
_FIGURES = (*ABANDONED, *with_percent(RATE), *_LIVE, *_BARE, *_CONNECTED, *_ANSWERS)
_NO_TERM = (
    "busy",
    "no_answer",
    "no_answers",
    "dialed",
    "dialled",
    "calls",
    "attempts",
    "failed",
    "invalid",
    "ring_no_answer",
    "campaign_days",
    "campaign_age_days",
    "days",
    "amd",
    "note",
    "agents",
)
"""Told, and in neither numerator nor denominator."""
_SAMPLE = 1_000_000
"""The base of a share told without one: large enough to be taken for what it says."""

_BOTH = frozenset({"successive", "rolling"})
_PERIODS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("successive", "successive_30d", "successive_30_days", "current_30d", "fixed_30d", "this_period"),
        frozenset({"successive"}),
    ),
    **dict.fromkeys(
        (
            "rolling",
            "rolling_30d",
            "rolling_30_days",
            "last_30d",
            "last_30_days",
            "trailing_30d",
            "any_30_days",
        ),
        frozenset({"rolling"}),
    ),
    **dict.fromkeys(("30d", "30_days", "thirty_days"), _BOTH),
    **dict.fromkeys(("day", "24h", "today", "daily", "1d", "local_day", "calendar_day"), frozenset({"day"})),
    **dict.fromkeys(("month", "calendar_month", "this_month", "monthly"), frozenset({"month"})),
}
"""A case's period -> those of rules that it is for."""
_SCOPES: Mapping[str, str] = {
    "campaign": "campaign",
    "per_campaign": "campaign",
    **dict.fromkeys(("centre", "center", "call_centre", "call_center", "per_centre", "per_center"), "centre"),
}
_WRAPPERS = frozenset({"campaigns", "by_campaign", "periods", "by_period", "scopes", "by_scope", "figures"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of one group. `is_beside` says that the people told as live are those beside the abandoned ones.

    `left` hung up before anybody could be there; `to_machines` is an estimate of the abandoned that were machines.
    """

    live: int
    abandoned: int
    left: int = 0
    false_machines: int = 0
    to_machines: int = 0
    is_beside: bool = False

    def under(self, rule: AbandonmentRule) -> Tally:
        """Return the counts as `rule` reads them: it may know estimates of detection's mistakes, both ways (UK-AB2)."""
        more = self.abandoned if self.is_beside and rule.of == "abandoned_and_live" else 0
        less = self.to_machines if rule.counts_false_machines else 0
        return Tally(
            live=self.live + more - less,
            abandoned=self.abandoned - less,
            left=self.left,
            false_machines=self.false_machines,
        )

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(
            live=self.live + other.live,
            abandoned=self.abandoned + other.abandoned,
            left=self.left + other.left,
            false_machines=self.false_machines + other.false_machines,
            to_machines=self.to_machines + other.to_machines,
            is_beside=self.is_beside or other.is_beside,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Figures, and what they are of: a campaign of this name ("": the only one), a period, a scope (none: any)."""

    figures: Figures
    campaign: str = ""
    periods: frozenset[str] = field(default_factory=frozenset)
    scope: str | None = None

    def is_for(self, rule: AbandonmentRule) -> bool:
        """Tell whether the rule counts over such a period and scope."""
        return (not self.periods or rule.period in self.periods) and (
            self.scope is None or self.scope in rule.per
        )


def groups_in(metrics: Fields, body: Mapping[str, Any]) -> tuple[Group, ...]:
    """Return every group of figures, however deep. Raises CaseInvalid for impossible figures, and for none."""
    found = tuple(_groups(metrics, body, Group(figures=Figures(live=0, abandoned=0))))
    if not found:
        raise CaseInvalid(
            f"{metrics.place('abandoned')}: write how many answered and how many were abandoned"
        )
    return found


def has_any(body: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Tell whether one of these keys is there, here or in any group below."""
    return not body.keys().isdisjoint(names) or any(
        has_any(below, names) for _, found in _nested(body) for below in found
    )


def parts_of(metrics: Fields, body: Mapping[str, Any]) -> Iterator[Fields]:
    """Yield the figures themselves and every group below them."""
    yield metrics
    for name, found in _nested(body):
        for one, own in zip(_below(metrics, name, body), found, strict=True):
            yield from parts_of(one, own)


def _nested(body: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield name, [value]
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            yield name, value


def _below(metrics: Fields, name: str, body: Mapping[str, Any]) -> Iterable[Fields]:
    return [metrics.below(name)] if isinstance(body[name], Mapping) else metrics.each(name)


def _groups(metrics: Fields, body: Mapping[str, Any], what: Group) -> Iterator[Group]:
    period = metrics.get("period", "window")
    if isinstance(period, str):
        what = replace(what, periods=_PERIODS.get(period.lower(), what.periods))
    if not body.keys().isdisjoint(_FIGURES):
        yield replace(what, figures=_figures(metrics))
    for name, found in _nested(body):
        for below, own in zip(_below(metrics, name, body), found, strict=True):
            title = below.get("id", "name", "campaign", default=name)
            yield from _groups(below, own, _named(str(title), what))


def _named(name: str, what: Group) -> Group:
    """Return what a key says of the group below it; a word that is neither period nor scope names a campaign."""
    word = name.lower()
    if word in _PERIODS:
        return replace(what, periods=_PERIODS[word])
    if word in _SCOPES:
        return replace(what, scope=_SCOPES[word])
    return what if word in _WRAPPERS else replace(what, campaign=name)


def _figures(metrics: Fields) -> Figures:
    metrics.skip(_NO_TERM)
    said = count(metrics, *ABANDONED)
    live, is_beside = _live(metrics, said or 0)
    rate = part(metrics, *RATE)
    if said is None and rate is not None:
        # A share told without its base is taken for what it says.
        live = _SAMPLE if live is None else live
        said = ceil(round(rate * live, 6))
    if said is None or live is None:
        raise CaseInvalid(
            f"{metrics.place('abandoned')}: write how many answered and how many were abandoned"
        )
    if said > live and not is_beside:
        raise CaseInvalid(f"{metrics.place('abandoned')}: {said} is more than the {live} people who answered")
    to_machines = count(metrics, *_TO_MACHINES) or 0
    if to_machines > said:
        raise CaseInvalid(
            f"{metrics.place(key_of(metrics, *_TO_MACHINES))}: {to_machines} is more than the {said} abandoned"
        )
    return Figures(
        live=live,
        abandoned=said,
        left=_left(metrics, live - said),
        false_machines=_false_machines(metrics, live),
        to_machines=to_machines,
        is_beside=is_beside,
    )


def _live(metrics: Fields, abandoned: int) -> tuple[int | None, bool]:
    """Return how many people answered, and whether that leaves out the abandoned; None where nothing says so."""
    live, bare = count(metrics, *_LIVE), count(metrics, *_BARE)
    connected, answers = count(metrics, *_CONNECTED), count(metrics, *_ANSWERS)
    machines = count(metrics, *_MACHINES) or 0
    if live is None and bare is None and connected is not None:
        live = connected + abandoned
    if live is None and bare is None and answers is not None:
        if machines > answers:
            raise CaseInvalid(
                f"{metrics.place(key_of(metrics, *_MACHINES))}: {machines} is more than the {answers} answers"
            )
        live = answers - machines
    return (bare, True) if live is None and bare is not None else (live, False)


def _left(metrics: Fields, others: int) -> int:
    left = count(metrics, *_LEFT) or 0
    if left > max(0, others):
        raise CaseInvalid(
            f"{metrics.place(key_of(metrics, *_LEFT))}: {left} is more than those who were not abandoned"
        )
    return left


def _false_machines(metrics: Fields, live: int) -> int:
    """Return how many people were taken for machines; a share is of the machines, of the people where none are told."""
    said, share = count(metrics, *_FALSE), part(metrics, *_FALSE_RATE)
    accuracy = part(metrics, "amd_accuracy", "detection_accuracy")
    if said is not None:
        return said
    if share is None:
        share = None if accuracy is None else 1 - accuracy
    machines = count(metrics, *_MACHINES)
    return 0 if share is None else ceil(round(share * (live if machines is None else machines), 6))
