"""Whether an hour may be promised to a person: the question that permitted this call, asked of that hour. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from compliance.judge import judge
from compliance.question import Question, Verdict
from compliance.replay import question_from_json
from compliance.rulebook import Law
from dialer.barring import PROMPT
from dialer.view import Due


def question_again(permit: Mapping[str, Any], due: Due, at: datetime) -> Question:
    """Return what was asked before this call, asked of the instant `at`, with what is known of the person by now.

    Copies of registries are taken to be as fresh then as they were for this call: newer ones will have come.
    """
    asked = question_from_json(permit["facts"])
    later = at - asked.now
    answer = asked.reassignment
    return replace(
        asked,
        now=at,
        history=due.history,
        suppressions=due.suppressions,
        consents=due.contact.consents,
        listings=tuple(replace(one, as_of=one.as_of + later) if one.as_of else one for one in asked.listings),
        reassignment=replace(answer, queried_at=answer.queried_at + later) if answer else None,
    )


def judge_promise(
    permit: Mapping[str, Any], due: Due, at: datetime, *, ring_limit: timedelta, law: Law
) -> Verdict:
    """Return whether the person may be called at `at` (aware), and the phone ring as long as it may."""
    question = question_again(permit, due, at)
    verdict = judge(question, law)
    if not verdict.is_allowed:
        return verdict
    # No call is opened that could ring past the hours (dialer/plan.py): so none is promised then.
    last = judge(replace(question, now=at + ring_limit + PROMPT), law)
    return verdict if last.is_allowed else last
