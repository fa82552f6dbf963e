"""Whether a person agreed to be approached, whether it is proved, and what a message must show."""

from collections.abc import Sequence

from compliance.contact_rules import ConsentRule, ElementsRule, EvidenceRule
from compliance.finding import NONE, Findings, against, joined
from compliance.jurisdiction import Place
from compliance.question import Question, Reason
from compliance.standing import flaw, given, has_lasted, ties
from compliance.terms import ReasonCode


def judge_consent(question: Question, place: Place) -> Findings:
    """Return what the rules of consent, proof and content say."""
    parts: list[Findings] = []
    for where in place.jurisdictions:
        rules = where.rules
        parts += [_permitted(question, rule, rules.evidence) for rule in rules.consents]
        parts += [_shown(question, rule) for rule in rules.elements]
    return joined(parts) if parts else NONE


def _permitted(question: Question, rule: ConsentRule, evidence: Sequence[EvidenceRule]) -> Findings:
    """Return whether one permission stands, or a tie stands for it.

    A permission taken back bars the tie too: refusing ends what needed no permission (JP-E4).
    """
    found = given(question, rule.consents)
    flaws = {one: flaw(one, question) for one in found}
    stands = [one for one in found if flaws[one] is None]
    proofs = tuple(proof.id for proof in evidence) if found else ()
    needs_proof = rule.evidence or bool(evidence)
    if any(one.evidence for one in stands) or (stands and not needs_proof):
        return Findings(rules=proofs)
    codes = dict.fromkeys(code for code in flaws.values() if code is not None)
    tied = ties(question, rule.relationships)
    if ReasonCode.CONSENT_REVOKED not in codes and any(
        has_lasted(tie, question, rule.relationships) for tie in tied
    ):
        return Findings(rules=proofs, duties=rule.duties)
    if stands:
        lacking = [against(ReasonCode.CONSENT_EVIDENCE_MISSING, proof) for proof in (evidence or (rule,))]
        return Findings(rules=proofs, reasons=tuple(lacking))
    if tied and not codes:
        codes = {ReasonCode.CONSENT_EXPIRED: None}
    return Findings(rules=proofs, reasons=tuple(against(code, rule) for code in codes or {rule.absent: None}))


def _shown(question: Question, rule: ElementsRule) -> Findings:
    """Return whether the message shows all it must."""
    reasons: tuple[Reason, ...] = ()
    if not rule.elements <= question.email_elements:
        reasons = (against(ReasonCode.EMAIL_MISSING_SENDER_INFO, rule),)
    return Findings(reasons=reasons)


def judge_reassignment(question: Question, place: Place) -> Findings:
    """Return what an answer of the Reassigned Numbers Database means; without an answer nothing (US-RND-1)."""
    answer = question.reassignment
    rules = [rule for where in place.jurisdictions for rule in where.rules.reassigned] if answer else []
    if answer is None or not rules:
        return NONE
    ids = tuple(rule.id for rule in rules)
    if answer.answer == "no":
        return Findings(rules=ids, duties=tuple(duty for rule in rules for duty in rule.duties))
    code = ReasonCode.RND_YES if answer.answer == "yes" else ReasonCode.RND_NO_DATA
    return Findings(rules=ids, reasons=tuple(against(code, rule) for rule in rules))
