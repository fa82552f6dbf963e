"""Questions and verdicts as JSON values, so that the ledger keeps what was judged on and anyone can judge it again."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from pydantic import TypeAdapter

from compliance.question import Question, Reason, Verdict

_QUESTION = TypeAdapter(Question)


def question_to_json(question: Question) -> dict[str, Any]:
    """Return the question as JSON values, the same for equal questions: sets are sorted, what is None is left out."""
    body: dict[str, Any] = plain(question)
    return body


def plain(value: Any) -> Any:
    """Return one of our values as JSON values: dataclasses as objects without what is None, sets sorted."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return str(value)
        case Mapping():
            return {str(key): plain(value[key]) for key in sorted(value)}
        case AbstractSet():
            return sorted(map(plain, value))
        case tuple():
            return [plain(one) for one in value]
        case _:
            named = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: plain(one) for name, one in named if one is not None}


def question_from_json(body: Mapping[str, object]) -> Question:
    """Return the question that `question_to_json` wrote. ValueError when it is none."""
    return _QUESTION.validate_python(dict(body))


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON values; instants are ISO 8601 in UTC, what is None is left out."""
    body = {
        "decision": verdict.decision.value,
        "reasons": [_reason_to_json(reason) for reason in verdict.reasons],
        "rules": list(verdict.rules),
        "obligations": list(verdict.obligations),
        "sayings": [plain(saying) for saying in verdict.sayings],
        "next_allowed_at": _instant(verdict.next_allowed_at),
        "lifted_at": _instant(verdict.lifted_at),
        "zones": list(verdict.zones),
        "regions": list(verdict.regions),
        "versions": dict(verdict.versions),
    }
    return {key: value for key, value in body.items() if value is not None}


def _reason_to_json(reason: Reason) -> dict[str, str]:
    body = {"code": reason.code.value, "rule": reason.rule, "citation": reason.citation}
    until = _instant(reason.until)
    return body if until is None else {**body, "until": until}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
