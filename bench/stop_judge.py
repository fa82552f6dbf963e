"""Holds what a carrier wrote down of its calls against the instants at which everything was stopped."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.faults.floor import expected_talk_s

SWITCH, BOARD, PAUSE = "switch", "board", "pause"
TALKING = "in-progress"
LIMIT = timedelta(seconds=1)
ROUNDED = 1.1
"""Seconds by which the record's whole seconds of a talk may differ from what was drawn, and what a turn takes."""
LONG_BEFORE = timedelta(seconds=2)
"""A talk begun so long before a stop is one that the installation has heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One turn: how, when it was durable, and when it began to be taken back."""

    how: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One call in the carrier's record. `talk` is when a conversation began and how long it was; None without."""

    number: str
    created: datetime
    rang: datetime | None = None
    ended: datetime | None = None
    status: str = ""
    talk: tuple[datetime, float] | None = None
    drawn_s: float = 0.0


@dataclass(slots=True)
class Verdict:
    """What the record says of all turns: seconds until calls were ended, and whatever must not be."""

    ends: list[float] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    latest_create: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def p99(self) -> float:
        """The time within which 99 in 100 of the waiting calls were ended."""
        return sorted(self.ends)[int(0.99 * (len(self.ends) - 1))]


def lives(
    creates: Sequence[Mapping[str, Any]], rings: Sequence[Mapping[str, Any]], talking: set[str]
) -> list[Life]:
    """Put the carrier's record together, call by call; `talking` are those answered and not over."""
    ends = {line["sid"]: line for line in creates if line["event"] == "end"}
    starts = {line["call_sid"]: line["at"] for line in rings if line["event"] == "ring_start"}
    talks = {line["call_sid"]: line for line in rings if line["event"] == "ring_end" and line["talked_to"]}
    nth, found = Counter[str](), list[Life]()
    for line in creates:
        if line["event"] != "create":
            continue
        nth[line["to"]] += 1
        sid, end, talk = line["sid"], ends.get(line["sid"]), talks.get(line["sid"])
        found.append(
            Life(
                number=line["to"],
                created=line["at"],
                rang=starts.get(sid),
                ended=end["at"] if end else None,
                status=end["status"] if end else TALKING if sid in talking else "",
                talk=(talk["at"] - timedelta(seconds=talk["talk_s"]), talk["talk_s"]) if talk else None,
                drawn_s=expected_talk_s(line["to"], line["at"], nth[line["to"]]),
            )
        )
    return found


def judge(stops: Iterable[Stop], calls: Sequence[Life], mails: Sequence[datetime]) -> Verdict:
    """Hold the record against every turn."""
    verdict = Verdict()
    for stop in stops:
        _judge_creates(verdict, stop, calls)
        if stop.how == PAUSE:
            verdict.wrong += [
                f"cut off by a pause: {c}" for c in _live(stop, calls) if _ended_in(stop, c, "canceled")
            ]
            continue
        late = [at for at in mails if stop.at + LIMIT < at < stop.until]
        verdict.wrong += [f"mail {at} after {stop}" for at in late]
        for call in calls:
            if call.created < stop.until and not (call.ended and call.ended <= stop.at):
                _judge_call(verdict, stop, call)
    return verdict


def _judge_creates(verdict: Verdict, stop: Stop, calls: Sequence[Life]) -> None:
    """No order to dial is accepted, and no phone begins to ring, later than a second after the commit."""
    for call in calls:
        if stop.at < call.created < stop.until:
            verdict.met["created within the second"] += 1
            verdict.latest_create = max(verdict.latest_create, (call.created - stop.at).total_seconds())
            if call.created > stop.at + LIMIT:
                verdict.wrong.append(f"dialled late: {call} after {stop}")
        if stop.how != PAUSE and call.rang and stop.at + LIMIT < call.rang < stop.until:
            verdict.wrong.append(f"rang late: {call} after {stop}")


def _judge_call(verdict: Verdict, stop: Stop, call: Life) -> None:
    """A call under way is a conversation, which nobody cuts off, or it ends within a second."""
    if call.talk and call.talk[0] < stop.at - LONG_BEFORE:
        verdict.met["conversations"] += 1
        if call.talk[1] < call.drawn_s - ROUNDED:
            verdict.wrong.append(f"conversation cut off: {call} by {stop}")
        return
    if call.talk and call.talk[0] < stop.at + timedelta(seconds=ROUNDED):
        verdict.met["talks just begun"] += 1  # either is right, as the installation had heard of it or not
        return
    if call.ended is None and call.status == TALKING:
        verdict.met["conversations"] += 1
        return
    began = max(stop.at, call.created)
    verdict.met["ringing" if call.rang and call.rang <= began else "queued or set up"] += 1
    if call.ended:
        verdict.ends.append((call.ended - began).total_seconds())
    if call.ended is None or call.ended > began + LIMIT:
        verdict.wrong.append(f"ended late: {call} after {stop}")


def _live(stop: Stop, calls: Sequence[Life]) -> list[Life]:
    return [call for call in calls if call.created < stop.at and not (call.ended and call.ended <= stop.at)]


def _ended_in(stop: Stop, call: Life, status: str) -> bool:
    return bool(call.ended and call.ended < stop.until and call.status == status)
