"""Which rules of a rulebook bind a question on a day, found once and kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from compliance.campaign_rules import DisclosureRule
from compliance.contact_rules import (
    CapRule,
    ConsentRule,
    CooldownRule,
    ElementsRule,
    EmergencyRule,
    EvidenceRule,
    ListRule,
    ReassignedRule,
    RecordingRule,
    RefusalRule,
    WindowRule,
)
from compliance.question import Question, Saying
from compliance.rulebook import Holidays, Rulebook
from compliance.rules import Rule
from compliance.terms import Channel, Party, Profile, Purpose, Technology

R = TypeVar("R", bound=Rule)

Asked = tuple[Channel, Purpose, Technology, Party, Profile]
"""What of a question decides which rules bind it."""


def asked(question: Question) -> Asked:
    """Return what of `question` decides which rules bind it."""
    return (
        question.channel,
        question.purpose,
        question.technology,
        question.subject.party,
        question.profile,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Selection:
    """The rules of one rulebook that bind, by section.

    `ids` are all that were looked at, those that turned out not to bind the technology or the party among them, and
    the notes they carry out.
    """

    region: str
    holidays: Holidays | None
    windows: tuple[WindowRule, ...]
    caps: tuple[CapRule, ...]
    cooldowns: tuple[CooldownRule, ...]
    refusals: tuple[RefusalRule, ...]
    lists: tuple[ListRule, ...]
    consents: tuple[ConsentRule, ...]
    evidence: tuple[EvidenceRule, ...]
    elements: tuple[ElementsRule, ...]
    reassigned: tuple[ReassignedRule, ...]
    recording: tuple[RecordingRule, ...]
    emergencies: tuple[EmergencyRule, ...]
    sayings: tuple[Saying, ...]
    ids: tuple[str, ...]


_ALWAYS = (
    "windows",
    "caps",
    "cooldowns",
    "refusals",
    "lists",
    "consents",
    "elements",
    "emergencies",
    "disclosures",
)
"""The sections whose rules are applied whatever the question says beside what binds them."""


@lru_cache(maxsize=4096)
def select(rulebook: Rulebook, what: Asked, day: date) -> Selection:
    """Return the rules of `rulebook` that bind what is asked on `day`, on the clocks of the rulebook's own zone."""
    found = {
        name: bound(getattr(rulebook, name), what, day)
        for name in (*_ALWAYS, "evidence", "reassigned", "recording")
    }
    disclosures = found.pop("disclosures")
    looked_at = [rule for name in _ALWAYS for rule in getattr(rulebook, name) if _is_asked(rule, what, day)]
    own = [rulebook.numbers.id] if rulebook.numbers and what[0] is not Channel.EMAIL else []
    return Selection(
        region=rulebook.region,
        holidays=rulebook.holidays,
        sayings=tuple(saying for rule in disclosures for saying in _sayings(rule)),
        ids=tuple(dict.fromkeys([*own, *(id_ for rule in looked_at for id_ in (rule.id, *rule.carries))])),
        **found,
    )


def bound(rules: Iterable[R], what: Asked, day: date) -> tuple[R, ...]:
    """Return those of `rules` that bind what is asked on `day`."""
    return tuple(rule for rule in rules if _binds(rule, what, day))


def _binds(rule: Rule, what: Asked, day: date) -> bool:
    _, _, technology, party, _ = what
    return technology in rule.technologies and party in rule.parties and _is_asked(rule, what, day)


def _is_asked(rule: Rule, what: Asked, day: date) -> bool:
    channel, purpose, _, _, profile = what
    return (
        channel in rule.channels
        and purpose in rule.purposes
        and (rule.profile is Profile.STATUTORY or profile is Profile.RECOMMENDED)
        and rule.valid_from <= day
        and (rule.valid_to is None or day <= rule.valid_to)
    )


def _sayings(rule: object) -> Iterable[Saying]:
    if isinstance(rule, DisclosureRule):
        for element in rule.elements:
            yield Saying(element=element, rule=rule.id, within_s=rule.within_s)


def in_force(rules: Iterable[R], question: Question, day: date) -> tuple[R, ...]:
    """Return those of `rules` that bind `question` on `day`."""
    return bound(rules, asked(question), day)
