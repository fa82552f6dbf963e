"""Written cases of the kind `pace`: what do these figures mean for predictive dialing or mailing?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from adapters.cases.answer import Answer
from adapters.cases.calls import ASKED, call_of, has_consent
from adapters.cases.counts import part, with_percent
from adapters.cases.fields import CaseInvalid, Fields
from adapters.cases.figures import ABANDONED, RATE, Group, groups_in, has_any, parts_of
from adapters.cases.words import PURPOSES, TECHNOLOGIES
from compliance.abandonment import is_over, share
from compliance.answers import WITHIN_S, Answered, is_abandoned
from compliance.campaign_rules import AbandonmentRule, ConnectRule, MailRule, NoticeRule
from compliance.complaints import complaints
from compliance.finding import against, house
from compliance.question import Reason
from compliance.rulebook import EVERYWHERE, Law, Rulebook
from compliance.rules import Rule
from compliance.selection import Asked, bound
from compliance.terms import Channel, Party, Profile, ReasonCode, Technology

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
_COMPLAINT_RATE = ("complaint_rate", "spam_rate", "spam_complaint_rate", "complaint_share")
_COMPLAINTS = ("complaints", "spam_complaints", "complaints_count")
_MAILS = ("delivered", "delivered_mails", "sent", "mails", "mails_sent", "messages", "emails", "emails_sent")
_MAIL = (*_COMPLAINTS, *with_percent(_COMPLAINT_RATE))
_POLICY = "POL-5"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the figures mean, and the rules that were looked at."""

    verdict: str
    rules: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    duties: tuple[str, ...] = ()


def answer_pace(case: Mapping[str, Any], law: Law) -> Answer:
    """Return what the figures of one case mean. Raises CaseInvalid when they cannot be."""
    fields = Fields(case)
    fields.skip(TOLD)
    name, books = fields.text("id"), books_in_play(fields, law)
    found = _found(fields, case, _rules(fields, books))
    return Answer(
        id=name,
        verdict=found.verdict,
        reasons=found.reasons,
        rules=tuple(dict.fromkeys((*(reason.rule for reason in found.reasons), *found.rules))),
        obligations=found.duties,
        versions=law.versions_of(books),
        ignored=fields.ignored(),
    )


def books_in_play(fields: Fields, law: Law) -> tuple[Rulebook, ...]:
    """Return the rulebooks of the regions a case names, everywhere's among them. Raises CaseInvalid for one unknown."""
    found: dict[Rulebook, None] = {}
    named = fields.get("jurisdictions") or (EVERYWHERE,)
    for region in [named] if isinstance(named, str) else named:
        books = (law.rulebooks[EVERYWHERE],) if region == EVERYWHERE else law.governing(str(region))
        if not books:
            raise CaseInvalid(
                f"jurisdictions: no rulebook for {region!r}; known: {', '.join(sorted(law.rulebooks))}"
            )
        found.update(dict.fromkeys(books))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The rules of all rulebooks in play that bind the case.

    `is_counted` says that some rulebook limits abandoned calls, be it for another purpose.
    """

    abandonment: tuple[AbandonmentRule, ...]
    connects: tuple[ConnectRule, ...]
    notices: tuple[NoticeRule, ...]
    mails: tuple[MailRule, ...]
    is_counted: bool


def _rules(fields: Fields, books: tuple[Rulebook, ...]) -> _Rules:
    at = fields.instant("now_utc")
    if at is None:
        raise CaseInvalid("now_utc: an instant is needed")
    what, day = _asked(fields), at.date()
    by_mail = (Channel.EMAIL, *what[1:])
    return _Rules(
        abandonment=tuple(rule for book in books for rule in bound(book.abandonment, what, day)),
        connects=tuple(rule for book in books for rule in bound(book.connects, what, day)),
        notices=tuple(rule for book in books for rule in bound(book.notices, what, day)),
        mails=tuple(rule for book in books for rule in bound(book.mails, by_mail, day)),
        is_counted=any(book.abandonment for book in books),
    )


def _asked(fields: Fields) -> Asked:
    campaign = fields.below("campaign")
    campaign.skip(("seller", "product", "id"))
    return (
        fields.word("channel", {one.value: one for one in Channel}, default="voice"),
        campaign.word("purpose", PURPOSES, default="sales"),
        campaign.word("technology", TECHNOLOGIES, default="predictive"),
        Party.CONSUMER,
        fields.word("pack_profile", {one.value: one for one in Profile}, default="statutory"),
    )


def _found(fields: Fields, case: Mapping[str, Any], rules: _Rules) -> _Found:
    metrics, body = fields.below("metrics"), case.get("metrics") or {}
    if has_any(body, _MAIL):
        return _complaints(parts_of(metrics, body), rules)
    if has_any(body, ASKED) and not has_any(body, (*ABANDONED, *with_percent(RATE))):
        recorded = _asked(fields)[2] in {Technology.PRERECORDED, Technology.AI_VOICE}
        is_consented = recorded or has_consent(case.get("consents") or ())
        return _one_call(call_of(metrics, is_consented=is_consented), rules)
    groups = groups_in(metrics, body)
    if rules.abandonment:
        return _shares(groups, rules.abandonment)
    if rules.is_counted:
        return _Found(verdict="ALLOW", rules=(_POLICY,))
    return _Found(verdict="HALT_PREDICTIVE", reasons=(house(ReasonCode.PACK_MISSING, "POL-3"),))


def _one_call(call: Answered, rules: _Rules) -> _Found:
    """Judge one call: was an agent, or a message the person agreed to, there in time?"""
    late: list[Reason] = [
        against(ReasonCode.CONNECT_OVER_2S, rule)
        for rule in rules.connects
        if is_abandoned(call, rule.within)
    ]
    if not rules.connects and is_abandoned(call, WITHIN_S):
        late = [against(ReasonCode.CONNECT_OVER_2S, rule) for rule in rules.abandonment]
        late = late or [house(ReasonCode.CONNECT_OVER_2S, _POLICY)]
    return _Found(
        verdict="COUNT_ABANDONED" if late else "COUNT_CONNECTED",
        rules=_ids((*rules.connects, *rules.abandonment, *rules.notices)),
        reasons=tuple(late),
    )


def _complaints(parts: Iterable[Fields], rules: _Rules) -> _Found:
    """Judge the worst share of mail complained of; a company that sends through two providers has two."""
    shares = [share for one in parts if (share := _complained(one)) is not None]
    if not shares:
        raise CaseInvalid(
            "metrics.complaint_rate: write which share of the mails delivered was complained of"
        )
    reasons = complaints(max(shares), rules.mails)
    if all(rule.most_complaints is None for rule in rules.mails):
        reasons = (house(ReasonCode.PACK_MISSING, "POL-3"),)
    verdict = "HALT_EMAIL" if reasons else "ALLOW"
    return _Found(verdict=verdict, rules=_ids(rules.mails), reasons=reasons)


def _complained(metrics: Fields) -> float | None:
    """Return the share of mail complained of, None where nothing is told of it. Raises CaseInvalid."""
    metrics.get("period", "window")
    rate, told = part(metrics, *_COMPLAINT_RATE), metrics.number(*_COMPLAINTS)
    mails = metrics.number(*_MAILS)
    if rate is not None or told is None:
        return rate
    if not mails or not 0 <= told <= mails:
        raise CaseInvalid(f"{metrics.place('delivered')}: complaints are a part of the mails delivered")
    return told / mails


def _shares(groups: tuple[Group, ...], rules: tuple[AbandonmentRule, ...]) -> _Found:
    """Judge the share abandoned in every group of figures: campaigns, periods, or all as one."""
    judged = [
        *_pairs(groups, rules),
        *_pairs(_sums(groups), [rule for rule in rules if "centre" in rule.per]),
    ]
    over = [(group, rule) for group, rule in judged if is_over(group.figures.under(rule), rule)]
    if over:
        verdict, duties = "HALT_PREDICTIVE", tuple(_halts(groups, {group.campaign for group, _ in over}))
    else:
        is_unsafe = any(not rule.is_safe_harbour for rule in rules)
        verdict = "ALLOW_WITH" if is_unsafe else "ALLOW"
        duties = ("warn_no_safe_harbour",) if is_unsafe else ()
    return _Found(verdict=verdict, rules=(*_ids(rules), _POLICY), reasons=_against(over), duties=duties)


def _halts(groups: Iterable[Group], halted: set[str]) -> Iterator[str]:
    """Yield which campaigns halt and which go on; all of them halt where what is over is no campaign's own."""
    for name in dict.fromkeys(group.campaign for group in groups if group.campaign):
        yield f"{'continue' if halted.isdisjoint({name, ''}) else 'halt'}={name}"


def _pairs(
    groups: Iterable[Group], rules: Sequence[AbandonmentRule]
) -> Iterator[tuple[Group, AbandonmentRule]]:
    """Yield each group with the rules it is held against; with all of them where no group is for any."""
    groups = list(groups)
    meant = [(group, rule) for group in groups for rule in rules if group.is_for(rule)]
    yield from meant or ((group, rule) for group in groups for rule in rules)


def _sums(groups: Iterable[Group]) -> Iterator[Group]:
    """Yield what the campaigns make together, in each period told: the centre that dials them all."""
    together: dict[frozenset[str], list[Group]] = {}
    for group in groups:
        if group.campaign and group.scope is None:
            together.setdefault(group.periods, []).append(group)
    for periods, found in together.items():
        if len(found) > 1:
            yield Group(figures=reduce(add, (one.figures for one in found)), periods=periods, scope="centre")


def _against(over: Iterable[tuple[Group, AbandonmentRule]]) -> tuple[Reason, ...]:
    """Return a reason for each rule, and one more where too few answered to prove a share that is within its limit."""
    over = list(over)
    reasons = {rule.id: against(ReasonCode.ABANDON_RATE, rule) for _, rule in over}
    if any(share(group.figures.under(rule), rule) <= rule.most for group, rule in over):
        reasons[_POLICY] = house(ReasonCode.ABANDON_RATE, _POLICY)
    return tuple(reasons.values())


def _ids(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(id_ for rule in rules for id_ in (rule.id, *rule.carries))
