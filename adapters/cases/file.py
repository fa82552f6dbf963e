"""A file of written cases: read, answered one by one, and compared with what the file expects."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.cases.answer import Answer
from adapters.cases.checks import answer_check
from adapters.cases.fields import CaseInvalid
from adapters.cases.paces import answer_pace
from adapters.cases.questions import answer_judge
from compliance.rulebook import Law

_ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Law], Answer]] = {
    "judge": answer_judge,
    "check": answer_check,
    "pace": answer_pace,
}


def cases_in(text: str) -> Sequence[Any]:
    """Return the cases of a file: an object with `cases`, a list, or one object per line.

    Raises CaseInvalid with line and column where it is none of these.
    """
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg != "Extra data" or not all(line.lstrip().startswith("{") for line in lines):
            raise CaseInvalid(f"{error.lineno}:{error.colno}: no JSON ({error.msg})") from None
        return [_line(place, line) for place, line in enumerate(lines, start=1)]
    if isinstance(body, dict):
        body = body.get("cases", [body])
    if not isinstance(body, list):
        raise CaseInvalid("1:1: write a list of cases, or an object with the key `cases`")
    return body


def _line(place: int, line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseInvalid(f"{place}:{error.colno}: no JSON ({error.msg})") from None


def answer(case: Any, law: Law) -> Answer:
    """Return the answer to one case. Raises CaseInvalid when it cannot be read."""
    if not isinstance(case, Mapping):
        raise CaseInvalid('the case is not an object; write {"id": …, "kind": …}')
    kind = case.get("kind", "judge")
    if kind not in _ANSWERS:
        raise CaseInvalid(f"kind: {kind!r} is not known; write one of {', '.join(_ANSWERS)}")
    try:
        return _ANSWERS[kind](case, law)
    except (TypeError, AttributeError, KeyError) as error:
        # A value of a kind that no case has, such as a list for a name: said of the case, not as a traceback.
        raise CaseInvalid(f"a value is not of the kind its key wants ({error})") from error


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the case format writes it; reason codes once each, instants in UTC."""
    return {
        "id": answer.id,
        "verdict": answer.verdict,
        "reason_codes": list(dict.fromkeys(reason.code.value for reason in answer.reasons)),
        "rules": list(answer.rules),
        "next_allowed_at": _instant(answer.next_allowed_at),
        "open_from": _instant(answer.open_from),
        "obligations": list(answer.obligations),
        "versions": dict(answer.versions),
        "ignored": list(answer.ignored),
    }


def _instant(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def differences(told: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """Yield where an answer is not what its case expects: verdict, reason codes as a set, next time, rules, duties."""
    if told["verdict"] != expected["verdict"]:
        yield f"verdict {told['verdict']}, expected {expected['verdict']}"
    for key in ("reason_codes", "obligations"):
        if key in expected and set(told[key]) != set(expected[key]):
            yield f"{key} {sorted(told[key])}, expected {sorted(expected[key])}"
    at = expected.get("next_allowed_at")
    if at is not None and told["next_allowed_at"] != at:
        yield f"next_allowed_at {told['next_allowed_at']}, expected {at}"
    missing = sorted(set(expected.get("rules", ())) - set(told["rules"]))
    if missing:
        yield f"rules without {', '.join(missing)}"
