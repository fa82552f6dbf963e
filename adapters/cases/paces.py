"""Written cases of the kind `pace`: what do these figures mean for predictive dialing or mailing?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.cases.answer import Answer
from adapters.cases.fields import CaseInvalid, Fields
from adapters.cases.words import PURPOSES, TECHNOLOGIES
from compliance.abandonment import Answered, Tally, is_abandoned, is_over
from compliance.campaign_rules import AbandonmentRule, ConnectRule, MailRule
from compliance.finding import against
from compliance.question import Reason
from compliance.rulebook import EVERYWHERE, Law, Rulebook
from compliance.rules import Rule
from compliance.selection import bound
from compliance.terms import Channel, Party, Profile, ReasonCode

TOLD = (
    "kind",
    "title",
    "area",
    "note",
    "expected",
    "contact",
    "history",
    "consents",
    "relationships",
    "lists",
)
"""Keys that every case has, whatever it asks."""
_CONNECTED = (
    "connect_seconds",
    "connected_after_s",
    "connect_s",
    "seconds_to_agent",
    "seconds_after_greeting",
    "connect_after_greeting_s",
    "agent_connected_after_s",
    "connected_seconds",
)
_MESSAGE = (
    "message_after_s",
    "message_seconds",
    "message_start_s",
    "prerecorded_start_s",
    "recording_started_s",
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_LIVE = ("live_answers", "live", "answers_live", "answered_live")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The rules of all rulebooks in play that bind the case."""

    abandonment: tuple[AbandonmentRule, ...]
    connects: tuple[ConnectRule, ...]
    mails: tuple[MailRule, ...]


def answer_pace(case: Mapping[str, Any], law: Law) -> Answer:
    """Return what the figures of one case mean. Raises CaseInvalid when they cannot be."""
    fields = Fields(case)
    fields.skip(TOLD)
    name, metrics = fields.text("id"), fields.below("metrics")
    books = books_in_play(fields, law)
    found = _found(metrics, _rules(fields, books))
    looked_at = (id_ for rule in found.rules for id_ in (rule.id, *rule.carries))
    return Answer(
        id=name,
        verdict=found.verdict,
        reasons=found.reasons,
        rules=tuple(dict.fromkeys((*(reason.rule for reason in found.reasons), *looked_at, "POL-5"))),
        obligations=found.duties,
        versions=law.versions_of(books),
        ignored=fields.ignored(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the figures mean, and the rules that said so."""

    verdict: str
    rules: tuple[Rule, ...]
    reasons: tuple[Reason, ...] = ()
    duties: tuple[str, ...] = ()


def _found(metrics: Fields, rules: _Rules) -> _Found:
    if _is_asked(metrics, _CONNECTED + _MESSAGE):
        return _one_call(metrics, rules)
    if _is_asked(metrics, ("complaint_rate", "complaints", "spam_complaints", "spam_rate")):
        return _complaints(metrics, rules)
    return _shares(metrics, rules)


def books_in_play(fields: Fields, law: Law) -> tuple[Rulebook, ...]:
    """Return the rulebooks of the regions a case names, everywhere's among them. Raises CaseInvalid for one unknown."""
    found: dict[Rulebook, None] = {}
    for region in fields.get("jurisdictions", default=()):
        books = (law.rulebooks[EVERYWHERE],) if region == EVERYWHERE else law.governing(str(region))
        if not books:
            raise CaseInvalid(
                f"jurisdictions: no rulebook for {region!r}; known: {', '.join(sorted(law.rulebooks))}"
            )
        found.update(dict.fromkeys(books))
    return tuple(found)


def _rules(fields: Fields, books: tuple[Rulebook, ...]) -> _Rules:
    campaign, now = fields.below("campaign"), fields.instant("now_utc")
    if now is None:
        raise CaseInvalid("now_utc: an instant is needed")
    purpose = campaign.word("purpose", PURPOSES, default="sales")
    technology = campaign.word("technology", TECHNOLOGIES, default="predictive")
    channel = fields.word("channel", {one.value: one for one in Channel}, default="voice")
    profile = fields.word("pack_profile", {one.value: one for one in Profile}, default="statutory")
    what = (channel, purpose, technology, Party.CONSUMER, profile)
    campaign.get("seller")
    campaign.get("product")
    return _Rules(
        abandonment=tuple(rule for book in books for rule in bound(book.abandonment, what, now.date())),
        connects=tuple(rule for book in books for rule in bound(book.connects, what, now.date())),
        mails=tuple(rule for book in books for rule in bound(book.mails, what, now.date())),
    )


def _is_asked(metrics: Fields, names: tuple[str, ...]) -> bool:
    return any(name in metrics for name in names)


def _one_call(metrics: Fields, rules: _Rules) -> _Found:
    """Judge one call: was an agent, or a message the person agreed to, there in time?"""
    call = Answered(
        at=_LONG_AGO,
        campaign="case",
        connected_s=metrics.number(*_CONNECTED),
        message_s=metrics.number(*_MESSAGE),
        left_s=metrics.number("hung_up_after_s", "left_s", "caller_hung_up_s"),
    )
    metrics.get("consented", "consent")
    late = tuple(
        against(ReasonCode.CONNECT_OVER_2S, rule)
        for rule in rules.connects
        if is_abandoned(call, rule.within)
    )
    verdict = "COUNT_ABANDONED" if late else "COUNT_CONNECTED"
    return _Found(verdict=verdict, rules=rules.connects, reasons=late)


def _complaints(metrics: Fields, rules: _Rules) -> _Found:
    rate = metrics.number("complaint_rate", "spam_rate")
    if rate is None:
        complaints = metrics.number("complaints", "spam_complaints") or 0
        sent = metrics.number("delivered", "sent", "mails", "messages")
        if not sent or complaints > sent or complaints < 0:
            raise CaseInvalid(f"{metrics.place('delivered')}: complaints are a part of the mails delivered")
        rate = complaints / sent
    over = tuple(
        against(ReasonCode.EMAIL_COMPLAINT_RATE, rule)
        for rule in rules.mails
        if rule.most_complaints is not None and rate >= rule.most_complaints
    )
    return _Found(verdict="HALT_EMAIL" if over else "ALLOW", rules=rules.mails, reasons=over)


def _shares(metrics: Fields, rules: _Rules) -> _Found:
    """Judge the share abandoned in every group of figures: campaigns, periods, or all as one."""
    found = dict(_groups(metrics))
    over = {
        group: [rule for rule in rules.abandonment if is_over(figures, rule)]
        for group, figures in found.items()
    }
    reasons = {rule.id: against(ReasonCode.ABANDON_RATE, rule) for broken in over.values() for rule in broken}
    told = tuple(f"{'halt' if over[group] else 'continue'}={group}" for group in found if group)
    if reasons:
        return _Found(
            verdict="HALT_PREDICTIVE", rules=rules.abandonment, reasons=tuple(reasons.values()), duties=told
        )
    if any(not rule.is_safe_harbour for rule in rules.abandonment):
        duties = (*told, "warn_no_safe_harbour")
        return _Found(verdict="ALLOW_WITH", rules=rules.abandonment, duties=duties)
    return _Found(verdict="ALLOW", rules=rules.abandonment)


def _groups(metrics: Fields) -> Iterator[tuple[str, Tally]]:
    nested = [name for name in metrics if isinstance(metrics.get(name), Mapping)]
    for name in nested:
        yield name, _tally(metrics.below(name))
    if not nested:
        yield "", _tally(metrics)


def _tally(metrics: Fields) -> Tally:
    """Return the counts, however the case writes the people who answered. Raises CaseInvalid for impossible ones."""
    metrics.get("period")
    abandoned = _count(metrics, "abandoned", "abandoned_calls")
    connected, live = metrics.number("live_connected", "connected"), metrics.number(*_LIVE)
    if live is None and connected is not None:
        live = connected + abandoned
    if live is None:
        live = _count(metrics, "answers_total", "answers") - _count(metrics, "machine_answers", "machines")
    if not 0 <= abandoned <= live:
        raise CaseInvalid(f"{metrics.place('abandoned')}: between 0 and the people who answered, {live:g}")
    return Tally(live=int(live), abandoned=int(abandoned), false_machines=int(_false_machines(metrics)))


def _false_machines(metrics: Fields) -> float:
    said = metrics.number("amd_false_positives", "false_positives", "amd_false_positives_estimate")
    if said is not None:
        return said
    rate = metrics.number("amd_false_positive_rate", "false_positive_rate")
    machines = metrics.number("machine_answers", "machines", "amd_machines", "machine_detected")
    return 0 if rate is None or machines is None else rate * machines


def _count(metrics: Fields, *names: str) -> float:
    value = metrics.number(*names)
    if value is None:
        return 0
    if value < 0:
        raise CaseInvalid(f"{metrics.place(names[0])}: a count is not negative")
    return value
