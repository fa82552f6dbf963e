"""Verdicts in sentences."""

import pytest

from compliance.explain import explain
from compliance.judge import judge
from compliance.question import Reason, Verdict
from compliance.rulebook import packaged_law
from compliance.sentences import DECISIONS, DUTIES, REASONS
from compliance.terms import Decision, ReasonCode
from tests.compliance.builders import a_question, past, tokyo


def test_every_word_of_the_law_has_a_sentence() -> None:
    """Each decision, reason code and duty of the rulebooks, in both languages, none like another."""
    assert set(DECISIONS) == set(Decision)
    assert set(REASONS) == set(ReasonCode)
    for book in packaged_law().rulebooks.values():
        duties = {duty for rule in book.recording for duty in rule.duties}
        duties |= {duty for rule in book.consents for duty in rule.duties}
        assert duties <= set(DUTIES)
    for wordings in (DECISIONS, REASONS, DUTIES):
        for language in range(2):
            texts = [pair[language] for pair in wordings.values()]
            assert all(texts)
            assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("code", list(ReasonCode))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_any_reason_can_be_told(code: ReasonCode, language: str) -> None:
    """Rule and citation are in the sentence."""
    verdict = Verdict(decision=Decision.DENY, reasons=(Reason(code=code, rule="T-1", citation="somewhere"),))
    sentences = explain(verdict, language)
    assert "T-1" in sentences[1]
    assert "somewhere" in sentences[1]


def test_a_wait_is_told_on_the_persons_clock() -> None:
    """Both languages say until when, in Tokyo time, and from when on."""
    verdict = judge(a_question(now=tokyo(2026, 11, 24, 20, 30)), packaged_law())
    assert explain(verdict, "en")[:3] == [
        "Not now.",
        (
            "JP-H2: outside calling hours, until Wed 25 Nov 2026 09:00 (Asia/Tokyo) "
            "(house policy, narrower than JP-H1 (社内基準))."
        ),
        "Allowed again from Wed 25 Nov 2026 09:00 (Asia/Tokyo).",
    ]
    japanese = explain(verdict, "ja")
    assert japanese[0] == "今は連絡できません。"
    assert japanese[2] == "2026年11月25日(水) 09:00 から連絡できます。"
    assert "tzdata 2026f" in japanese[3]


def test_duties_and_refusals_are_told() -> None:
    """A yes with duties names each; a refusal names the act."""
    recorded = judge(a_question(recorded=True), packaged_law())
    assert len(explain(recorded, "en")) == 8
    refused = judge(a_question(history=(past("refused", tokyo(2026, 1, 1), seller="S1"),)), packaged_law())
    assert any("第17条" in sentence for sentence in explain(refused, "ja"))
