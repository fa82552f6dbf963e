"""Questions and verdicts as JSON values, so that the ledger keeps what was judged on and anyone can judge it again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from compliance.question import Narrowing, Question, Reason, Verdict

_QUESTION = TypeAdapter(Question)


def question_to_json(question: Question) -> dict[str, Any]:
    """Return the question as JSON values, the same for equal questions: sets are sorted, what is None is left out."""
    narrowings = tuple(_plain(narrowing) for narrowing in question.narrowings)
    body: dict[str, Any] = _QUESTION.dump_python(
        replace(question, narrowings=narrowings), mode="json", exclude_none=True
    )
    body["email_elements"] = sorted(question.email_elements)
    for shown, narrowing in zip(body["narrowings"], question.narrowings, strict=True):
        shown["closed_dates"] = sorted(day.isoformat() for day in narrowing.closed_dates)
    return body


def _plain(narrowing: Narrowing) -> Narrowing:
    """Return the same narrowing with a mapping that can be written."""
    return replace(narrowing, hours=None if narrowing.hours is None else dict(narrowing.hours))


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
        "next_allowed_at": _instant(verdict.next_allowed_at),
        "zones": list(verdict.zones),
        "versions": dict(verdict.versions),
    }
    return {key: value for key, value in body.items() if value is not None}


def _reason_to_json(reason: Reason) -> dict[str, str]:
    body = {"code": reason.code.value, "rule": reason.rule, "citation": reason.citation}
    until = _instant(reason.until)
    return body if until is None else {**body, "until": until}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
