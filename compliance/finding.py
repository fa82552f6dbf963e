"""What one rule found: a reason to refuse or to wait, or a duty that comes with a yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from compliance.house import HOUSE
from compliance.question import Reason
from compliance.rules import Rule
from compliance.terms import ReasonCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a part of the law found: `reasons` speak against, `duties` come with a yes.

    `rules` were applied beside those that a rulebook binds anyway.
    """

    rules: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    duties: tuple[str, ...] = ()


NONE = Findings()
"""Nothing found."""


def joined(parts: Iterable[Findings]) -> Findings:
    """Return the findings of several parts as one, each rule and duty once."""
    rules: dict[str, None] = {}
    duties: dict[str, None] = {}
    reasons: list[Reason] = []
    for part in parts:
        if part is NONE:
            continue
        rules.update(dict.fromkeys(part.rules))
        duties.update(dict.fromkeys(part.duties))
        reasons += part.reasons
    return Findings(rules=tuple(rules), reasons=tuple(reasons), duties=tuple(duties))


def against(code: ReasonCode, rule: Rule, until: datetime | None = None) -> Reason:
    """Return a rulebook rule's reason against a contact; `until` None means for good."""
    return Reason(code=code, rule=rule.id, citation=rule.citation, until=until)


def house(code: ReasonCode, rule: str, until: datetime | None = None) -> Reason:
    """Return one of our own rules' reason against a contact."""
    return Reason(code=code, rule=rule, citation=HOUSE[rule], until=until)
