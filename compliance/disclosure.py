"""Whether a script says what it must, before it sells."""

from collections.abc import Sequence

from compliance.campaign_rules import DisclosureRule
from compliance.finding import against
from compliance.question import Question, Reason
from compliance.rulebook import Rulebook
from compliance.selection import in_force
from compliance.terms import ReasonCode

ELEMENTS = frozenset({"company_name", "caller_name", "product_type", "solicitation_purpose"})
"""What the laws want said; said early, none of them counts as selling, whichever of them a rule asks for."""


def missing_disclosures(says: Sequence[str], rule: DisclosureRule) -> tuple[str, ...]:
    """Return the elements that a script does not say, or says too late, in the order of the rule.

    `says` are the script's elements in their order. Nothing but greetings may come before the last required one: a
    survey that turns into a sale has said its purpose too late (JP-D1).
    """
    early: list[str] = []
    for element in says:
        if element not in ELEMENTS and element not in rule.elements and element not in rule.greetings:
            break
        early.append(element)
    return tuple(element for element in rule.elements if element not in early)


def judge_script(says: Sequence[str], question: Question, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Return the rules that a script breaks for what is asked, none when it says all it must.

    `question` says channel, purpose and profile; its subject plays no part. A caller that needs the elements
    themselves asks `missing_disclosures`.
    """
    rules = in_force(rulebook.disclosures, question, question.now.date())
    return tuple(
        against(ReasonCode.SCRIPT_DISCLOSURE_MISSING, rule)
        for rule in rules
        if missing_disclosures(says, rule)
    )
