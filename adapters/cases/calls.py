"""One answered call of a written case: when somebody was there for the person who answered."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.cases.counts import seconds
from adapters.cases.fields import Fields
from compliance.answers import Answered

_CONNECTED = (
    "connect_seconds",
    "connected_seconds",
    "connected_after_s",
    "connect_after_s",
    "connected_s",
    "connect_s",
    "seconds_to_agent",
    "agent_connected_s",
    "agent_connected_after_s",
)
"""From the greeting's end; from the answer where the case says as well when the greeting ended."""
_AFTER_GREETING = (
    "seconds_after_greeting",
    "connect_after_greeting_s",
    "connected_after_greeting_s",
    "agent_after_greeting_s",
    "agent_connected_after_greeting_s",
)
_AFTER_ANSWER = (
    "seconds_after_answer",
    "connect_after_answer_s",
    "connected_after_answer_s",
    "agent_after_answer_s",
    "agent_connected_after_answer_s",
)
_GREETING = ("greeting_end_s", "greeting_ended_s", "greeting_s", "greeting_seconds", "greeting_duration_s")
_MESSAGE = (
    "message_after_s",
    "message_within_s",
    "message_seconds",
    "message_start_s",
    "message_started_s",
    "prerecorded_start_s",
    "prerecorded_after_s",
    "prerecorded_message_after_s",
    "recording_started_s",
    "recording_after_s",
)
_LEFT = ("hung_up_after_s", "hung_up_s", "left_s", "caller_hung_up_s", "person_hung_up_after_s")
_CONSENT = ("consented", "consent", "has_consent", "is_consented")
_NONE = frozenset({"", "none", "no", "false"})
ASKED = (*_CONNECTED, *_AFTER_GREETING, *_AFTER_ANSWER, *_MESSAGE, *_LEFT)
"""A case with one of these keys is of one call."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def call_of(metrics: Fields, *, is_consented: bool) -> Answered:
    """Return the call that these figures are of; `is_consented` unless they say themselves. Raises CaseInvalid."""
    return Answered(
        at=_LONG_AGO,
        campaign="case",
        connected_s=_connected(metrics),
        message_s=seconds(metrics, *_MESSAGE),
        left_s=seconds(metrics, *_LEFT),
        is_consented=_consent(metrics, default=is_consented),
    )


def has_consent(consents: Iterable[Any]) -> bool:
    """Tell whether one of the consents of a case stands."""
    return any(isinstance(one, Mapping) and not one.get("revoked_at") for one in consents)


def _connected(metrics: Fields) -> float | None:
    """Return the seconds from the greeting's end to an agent; who was there before it ended was there at once."""
    greeting, sure = seconds(metrics, *_GREETING), seconds(metrics, *_AFTER_GREETING)
    if sure is not None:
        return sure
    after = seconds(metrics, *_AFTER_ANSWER, *_CONNECTED)
    return after if after is None or greeting is None else max(0.0, after - greeting)


def _consent(metrics: Fields, *, default: bool) -> bool:
    said = metrics.get(*_CONSENT, default=default)
    return said.lower() not in _NONE if isinstance(said, str) else said is True
