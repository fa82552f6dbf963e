"""The double's own record of what rang; the engine never reads it.

python -m adapters.simulator.rings var/double

checks it: every line as it was written, none missing in between, none cut off at the end that the calls tell of. Exit
status 1 when something is wrong.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.simulator.journal import Journal, stamp
from adapters.simulator.seals import Seal, key_in, main


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Whose phone rings for which call."""

    sid: str
    to: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RingEnd:
    """How a call ended whose phone had rung; `talk_s` are seconds in a room with the agent `talked_to`."""

    ended: str
    talked_to: str | None = None
    answered_by: str | None = None
    talk_s: int = 0


class RingBook:
    """`rings.jsonl`: one line as each ring starts and exactly one as that call ends, each sealed to the one before."""

    def __init__(self, state: Path) -> None:
        """Open the book in this folder; rings of an earlier run that never ended are still open."""
        self._lines = Journal(state / "rings.jsonl")
        self._seal = Seal(key_in(state), str(self._lines.past[-1].get("mac", "")) if self._lines.past else "")
        self._open: dict[str, Ring] = {}
        for line in self._lines.past:
            sid = str(line["call_sid"])
            if line["event"] == "ring_start":
                self._open[sid] = Ring(sid=sid, to=str(line["to"]), sender=str(line["from"]))
            else:
                self._open.pop(sid, None)

    def start(self, ring: Ring, at: datetime) -> None:
        """Write that the phone begins to ring."""
        self._open[ring.sid] = ring
        self._append("ring_start", ring, at)

    def end(self, sid: str, ending: RingEnd, at: datetime) -> None:
        """Write how the call ended, if its phone ever rang and that is not written yet."""
        ring = self._open.pop(sid, None)
        if ring is not None:
            extra = {"ended": ending.ended, "talked_to": ending.talked_to, "answered_by": ending.answered_by}
            self._append("ring_end", ring, at, {**extra, "talk_s": ending.talk_s})

    def end_all(self, ended: str, at: datetime) -> None:
        """Write the end of every ring that has none: those of an earlier run whose call nobody knows any more."""
        for sid in tuple(self._open):
            self.end(sid, RingEnd(ended=ended), at)

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()

    def _append(
        self, event: str, ring: Ring, at: datetime, extra: Mapping[str, object] | None = None
    ) -> None:
        """Write one line."""
        line = {"event": event, "at": stamp(at), "call_sid": ring.sid, "to": ring.to, "from": ring.sender}
        self._lines.append(self._seal.sealed({**line, **(extra or {})}))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/double")))
