"""Whether a person agreed to be approached, whether it is proved, and what a message must show."""

from datetime import date

from compliance.finding import Findings, against, joined
from compliance.question import Consent, Question, Reason
from compliance.rulebook import Rulebook
from compliance.rules import ConsentRule, ElementsRule, EvidenceRule, in_force
from compliance.terms import ReasonCode


def judge_consent(question: Question, rulebook: Rulebook, day: date) -> Findings:
    """Return what the rules of consent, proof and content say; `day` is the local date they must be in force on."""
    evidence = in_force(rulebook.evidence, question, day)
    consents = [_permitted(question, rule, evidence) for rule in in_force(rulebook.consents, question, day)]
    elements = [_shown(question, rule) for rule in in_force(rulebook.elements, question, day)]
    return joined([*consents, *elements])


def _permitted(question: Question, rule: ConsentRule, evidence: list[EvidenceRule]) -> Findings:
    """Return whether one permission stands, or a relationship stands for it.

    A permission taken back bars the relationship too: refusing ends what needed no permission (JP-E4).
    """
    given = [
        found
        for found in question.consents
        if found.type == rule.consent and found.obtained_at <= question.now
    ]
    standing = [found for found in given if _flaw(found, question) is None]
    rules = (rule.id, *(proof.id for proof in evidence)) if given else (rule.id,)
    if any(found.evidence for found in standing) or (standing and not evidence):
        return Findings(rules=rules)
    flaws = [flaw for found in given if (flaw := _flaw(found, question)) is not None]
    if ReasonCode.CONSENT_REVOKED not in flaws and _is_related(question, rule):
        return Findings(rules=rules, duties=rule.duties)
    if standing:
        lacking = [against(ReasonCode.CONSENT_EVIDENCE_MISSING, proof) for proof in evidence]
        return Findings(rules=rules, reasons=tuple(lacking))
    codes = dict.fromkeys(flaws) or {rule.absent: None}
    return Findings(rules=rules, reasons=tuple(against(code, rule) for code in codes))


def _flaw(consent: Consent, question: Question) -> ReasonCode | None:
    """Return why a permission does not stand at the moment of asking."""
    if consent.seller != question.seller:
        return ReasonCode.CONSENT_SCOPE
    if consent.revoked_at is not None and consent.revoked_at <= question.now:
        return ReasonCode.CONSENT_REVOKED
    if consent.expires_at is not None and consent.expires_at <= question.now:
        return ReasonCode.CONSENT_EXPIRED
    return None


def _is_related(question: Question, rule: ConsentRule) -> bool:
    return any(
        tie.type in rule.relationships
        and tie.seller == question.seller
        and (tie.at is None or tie.at <= question.now)
        for tie in question.relationships
    )


def _shown(question: Question, rule: ElementsRule) -> Findings:
    """Return whether the message shows all it must."""
    reasons: tuple[Reason, ...] = ()
    if not rule.elements <= question.email_elements:
        reasons = (against(ReasonCode.EMAIL_MISSING_SENDER_INFO, rule),)
    return Findings(rules=(rule.id,), reasons=reasons)
