"""The written cases for Japan, each with the answer the law gives."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from compliance.disclosure import judge_script
from compliance.judge import judge
from compliance.question import Consent, Narrowing, PastContact, Question, Relationship, Subject, Suppression
from compliance.rulebook import packaged_law
from compliance.terms import Channel, Profile, Purpose, Technology

CASES = json.loads((Path(__file__).parent / "cases_jp.json").read_text("utf-8"))["cases"]


def of_kind(kind: str) -> list[Any]:
    """The cases of one kind, each under its id."""
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]


def instant(text: str) -> datetime:
    """An instant as cases write it."""
    return datetime.fromisoformat(text)


def question_of(case: Mapping[str, Any]) -> Question:
    """Read a case as the question it puts."""
    campaign, config, now = case["campaign"], case.get("config", {}), instant(case["now_utc"])
    shown = campaign.get("email_elements", {})
    return Question(
        now=now,
        channel=Channel(case["channel"]),
        subject=Subject(
            person="C-1", number=case["contact"].get("number"), email=case["contact"].get("email")
        ),
        campaign="case",
        purpose=Purpose(campaign["purpose"]),
        technology=Technology(campaign["technology"]),
        seller=campaign["seller"],
        product=campaign["product"],
        profile=Profile(case["pack_profile"]),
        history=tuple(
            PastContact(**{"channel": Channel(case["channel"]), **past, "at": instant(past["at"])})
            for past in case["history"]
        ),
        consents=tuple(
            Consent(**{**given, "obtained_at": instant(given["obtained_at"])}) for given in case["consents"]
        ),
        relationships=tuple(Relationship(**tie) for tie in case["relationships"]),
        suppressions=tuple(
            Suppression(number=raw, reason="refused", source="list", by="import", at=now)
            for raw in case["lists"].get("internal_dnc", {}).get("raw_entries", ())
        ),
        narrowings=(Narrowing(skip_holidays=config.get("skip_holidays")),),
        email_elements=frozenset(name for name, is_shown in shown.items() if is_shown),
        recorded=config.get("record_calls", False),
        dialing_enabled=config.get("dialing_enabled", True),
    )


@pytest.mark.parametrize("case", of_kind("judge"))
def test_a_case_is_judged_as_written(case: Mapping[str, Any]) -> None:
    """Decision, codes, rules, duties and the next time are those the case names."""
    verdict = judge(question_of(case), packaged_law())
    expected = case["expected"]
    assert verdict.decision == expected["verdict"]
    assert list(dict.fromkeys(reason.code for reason in verdict.reasons)) == expected["reason_codes"]
    assert set(expected["rules"]) <= set(verdict.rules)
    assert list(verdict.obligations) == expected.get("obligations", [])
    at = expected.get("next_allowed_at")
    assert verdict.next_allowed_at == (instant(at) if at else None)


@pytest.mark.parametrize("case", of_kind("check"))
def test_a_script_is_checked_as_written(case: Mapping[str, Any]) -> None:
    """A script that leaves out an element, or says it after something else, breaks the rule the case names."""
    rulebook = packaged_law().rulebooks["JP"]
    reasons = judge_script(case["campaign"]["script_elements"], question_of(case), rulebook)
    assert [reason.code for reason in reasons] == case["expected"]["reason_codes"]
    assert [reason.rule for reason in reasons] == case["expected"]["rules"]
