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
