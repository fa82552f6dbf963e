"""The written cases of every country, through the same door as `dialer verdict`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.wiring.cases import CaseInvalid, answer, answer_to_json, cases_in, differences
from compliance.rulebook import packaged_law

FILE = Path(__file__).parent / "cases.json"
CASES = cases_in(FILE.read_text("utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_case_is_answered_as_written(case: Mapping[str, Any]) -> None:
    """Verdict, reason codes, duties, the next time and the rules are those the case names, and every key is read."""
    told = answer_to_json(answer(case, packaged_law()))
    assert list(differences(told, case["expected"])) == []
    assert told["ignored"] == []


def test_the_next_time_is_told_both_ways() -> None:
    """On Sunday the cap of France has ended and the hours have not begun: that is why there are two times."""
    case = next(case for case in CASES if case["id"] == "FR-009")
    told = answer_to_json(answer(case, packaged_law()))
    assert told["next_allowed_at"] == "2026-11-29T10:00:00Z"
    assert told["open_from"] == "2026-11-30T09:00:00Z"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"now_utc": "yesterday"}, "now_utc"),
        ({"now_utc": "2026-11-24T02:00:00"}, "offset"),
        ({"campaign": {"purpose": "sales", "technology": "hypnosis", "seller": "S1"}}, "campaign.technology"),
        ({"history": [{"at": "2026-11-24T02:00:00Z", "event": "sneezed"}]}, "history[0].event"),
        ({"config": {"dialing_enabled": "no"}}, "config.dialing_enabled"),
        ({"lists": {"us_rnd": {"answer": "perhaps"}}}, "lists.us_rnd.answer"),
        ({"kind": "guess"}, "kind"),
        ({"contact": {"number": "+819012345678", "line_type": ["mobile"]}}, "not of the kind"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_with_its_place(changed: dict[str, Any], said: str) -> None:
    """A word nobody knows is never taken for silence."""
    with pytest.raises(CaseInvalid, match=said.replace("[", r"\[").replace("]", r"\]")):
        answer({**CASES[0], **changed}, packaged_law())


def test_files_come_in_three_forms() -> None:
    """An object with cases, a list, or one case a line."""
    lines = "\n".join(json.dumps(case) for case in CASES[:2])
    assert cases_in(json.dumps(CASES[:2])) == cases_in(lines) == CASES[:2]
    with pytest.raises(CaseInvalid, match="1:2"):
        cases_in("[}")


def the_case(kind: str, **changed: Any) -> Mapping[str, Any]:
    """The file's first case of a kind, with other facts."""
    return {**next(case for case in CASES if case["kind"] == kind), **changed}


@pytest.mark.parametrize(
    ("region", "campaign", "code"),
    [
        ("US", {"ring_seconds": 12}, "RING_TOO_SHORT"),
        ("US", {"ring_seconds": 15}, None),
        ("DE", {"ring_seconds": 41}, "RING_TIME_RANGE"),
        ("FR", {"caller_id": "+33612345678"}, "CALLER_ID_RANGE"),
        ("FR", {"caller_id": "+33162345678"}, None),
        ("ES", {"caller_id": "+34612345678"}, "CALLER_ID_RANGE"),
        ("US", {"technology": "predictive", "safe_harbour_message": None}, "SAFE_HARBOUR_MESSAGE_MISSING"),
        (
            "US",
            {"technology": "predictive", "safe_harbour_message": ["seller", "phone"]},
            "SAFE_HARBOUR_MESSAGE_MISSING",
        ),
        ("US", {"technology": "predictive", "amd": "sync"}, "CONNECT_OVER_2S"),
        ("US", {"unsub_link_valid_days": 29}, "UNSUB_TTL_TOO_SHORT"),
        ("CA", {"unsub_link_valid_days": 45}, "UNSUB_TTL_TOO_SHORT"),
        ("CA", {"unsub_link_valid_days": 60}, None),
        ("US", {"email_elements": {"postal_address": False}}, "EMAIL_MISSING_SENDER_INFO"),
    ],
)
def test_a_campaign_is_checked_by_the_country(
    region: str, campaign: dict[str, Any], code: str | None
) -> None:
    """Ringing, numbers shown, the message for nobody's calls, detection that waits, mail."""
    channel = "email" if {"unsub_link_valid_days", "email_elements"} & set(campaign) else "voice"
    plain = {"purpose": "sales", "technology": "progressive", "seller": "S1", "product": "P1"}
    case = the_case(
        "check", jurisdictions=[region], channel=channel, campaign={**plain, **campaign}, contact={}
    )
    told = answer_to_json(answer(case, packaged_law()))
    assert told["reason_codes"] == ([code] if code else [])
    assert told["verdict"] == ("CONFIG_ERROR" if code else "ALLOW")
    assert told["ignored"] == []


@pytest.mark.parametrize(
    "config",
    [
        {"disable_rules": ["US-DNC-1"]},
        {"internal_dnc": False},
        {"enforce_hours": False},
        {"ignore_dnc": True},
    ],
)
def test_no_rule_is_switched_off(config: dict[str, Any]) -> None:
    """Whatever the switch is called (POL-7)."""
    case = the_case("check", jurisdictions=["*"], config=config, campaign={**CASES[0]["campaign"]})
    assert answer_to_json(answer(case, packaged_law()))["reason_codes"] == ["RULE_NOT_DISABLEABLE"]


@pytest.mark.parametrize(
    ("region", "metrics", "verdict", "duties"),
    [
        ("US", {"connect_seconds": 2.0}, "COUNT_CONNECTED", []),
        ("US", {"connect_seconds": 2.4}, "COUNT_ABANDONED", []),
        ("US", {"live_answers": 1000, "abandoned": 30}, "ALLOW", []),
        ("US", {"live_answers": 20, "abandoned": 0}, "HALT_PREDICTIVE", []),
        ("GB", {"abandoned": 29, "live_connected": 971, "amd_false_positives": 5}, "HALT_PREDICTIVE", []),
        ("*", {"complaints": 3, "delivered": 1000}, "HALT_EMAIL", []),
        ("*", {"complaints": 2, "delivered": 1000}, "ALLOW", []),
    ],
)
def test_figures_mean_what_each_law_says(
    region: str, metrics: dict[str, Any], verdict: str, duties: list[str]
) -> None:
    """One call, one campaign, one day of mail."""
    channel = "email" if region == "*" else "voice"
    told = answer_to_json(
        answer(the_case("pace", jurisdictions=[region], channel=channel, metrics=metrics), packaged_law())
    )
    assert (told["verdict"], told["obligations"]) == (verdict, duties)


def test_impossible_figures_are_refused() -> None:
    """More left than answered is a slip of the pen."""
    with pytest.raises(CaseInvalid, match="abandoned"):
        answer(the_case("pace", metrics={"live_answers": 3, "abandoned": 4}), packaged_law())
