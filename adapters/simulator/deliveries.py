"""The double's own record of the webhooks that arrived: delivered, and answered with 2xx."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from adapters.simulator.journal import Journal, stamp


class Deliveries:
    """`callbacks.jsonl`: one line for each webhook that was answered with 2xx, in the order of the answers.

    A doubled callback has two lines, one that was dropped, refused or never answered has none.
    """

    def __init__(self, state: Path) -> None:
        """Open the record in this folder."""
        self._lines = Journal(state / "callbacks.jsonl")

    def note(
        self, url: str, fields: Mapping[str, str], status: int, at: datetime, *, took_ms: float = 0.0
    ) -> None:
        """Write that a webhook was answered with this HTTP status, after so many real milliseconds."""
        sequence = fields.get("SequenceNumber")
        self._lines.append(
            {
                "at": stamp(at),
                "url": url,
                "sid": fields.get("CallSid") or fields.get("ConferenceSid", ""),
                "event": event_of(fields),
                "sequence": None if sequence is None else int(sequence),
                "status": status,
                "took_ms": round(took_ms, 2),
            }
        )

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


_MARKS = {
    "ErrorUrl": "fallback",
    "DialCallStatus": "action",
    "Digits": "gather",
}


def event_of(fields: Mapping[str, str]) -> str:
    """Return which webhook these fields belong to.

    A call's status callback is its `CallStatus` (`initiated`, `in-progress`, `no-answer`), a room's its
    `StatusCallbackEvent`, a recording's `recording-…`. The others: `answer`, `fallback`, `gather`, `action`, `amd`,
    and `join` for an agent's leg.
    """
    if "StatusCallbackEvent" in fields:
        return fields["StatusCallbackEvent"]
    if "RecordingStatus" in fields:
        return f"recording-{fields['RecordingStatus']}"
    if "CallbackSource" in fields:
        return fields["CallStatus"]
    for mark, event in _MARKS.items():
        if mark in fields:
            return event
    if fields.get("Direction") == "inbound":
        return "join"
    return "answer" if "CallStatus" in fields else "amd"
