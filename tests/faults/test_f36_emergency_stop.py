"""F36: the stop switch and a campaign's pause, turned at random instants, judged by the carrier's own record."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from adapters.remote import ask
from adapters.web.auth import page_token
from tests.faults.floor import CALLS, Floor, expected_talk_s, floor
from tests.journeys.test_control import CLOCK, SECRETS

pytestmark = pytest.mark.timeout(400)  # two minutes of calls in real time, on a slow machine

SECRET = SECRETS["DIALER_SECRET"]
SWITCH, BOARD, PAUSE = "switch", "board", "pause"
TURNS = (SWITCH,) * 16 + (BOARD,) * 6 + (PAUSE,) * 5
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


async def turn(how: str, floor: Floor, *, back: bool) -> datetime:
    """Stop, or take it back, the way that is asked for; return when it was durable, at the latest."""
    said: Mapping[str, Any]
    if how == PAUSE:
        action = "start" if back else "pause"
        await ask(floor.url, SECRET, f"/control/campaigns/{CALLS}/{action}", {"by": "f36"})
        return CLOCK.now()
    if how == SWITCH:
        said = await ask(floor.url, SECRET, "/control/dialing", {"enabled": back, "by": "f36"})
    else:
        form = {"page": "/", "token": page_token(SECRET, "/"), "by": "f36", "reason": "drill"}
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            path = f"{floor.url}/calls/{'resume' if back else 'stop'}"
            answer = await client.post(path, data=form, headers={"Accept": "application/json"})
        said = answer.raise_for_status().json()
    return datetime.fromisoformat(said["committed_at"])


async def turned_at_random(floor: Floor, seed: str) -> list[Stop]:
    """Turn and take back, with a seeded pause before each and a little over a second between.

    Some pauses are so short that orders to dial are on their way: the carrier thinks for a while before it takes one.
    """
    chance, stops = Random(seed), list[Stop]()
    await floor.double.post("/double/faults", {"hold_before_accept_s": 0.4})
    for how in chance.sample(TURNS, len(TURNS)):
        await CLOCK.wait(chance.uniform(0, chance.choice((0.5, 4.5, 4.5))))
        at = await turn(how, floor, back=False)
        await CLOCK.wait(1.35)
        stops.append(Stop(how=how, at=at, until=CLOCK.now()))
        await turn(how, floor, back=True)
    return stops


async def test_nothing_goes_out_a_second_after_a_stop(tmp_path: Path) -> None:
    """Whichever way it is turned: no order to dial, no ring, no mail; waiting calls end; conversations go on."""
    async with floor(tmp_path) as running:
        stops = await turned_at_random(running, "f36")
        talking = await running.in_progress()
        calls = lives(running.book("calls.jsonl"), running.book("rings.jsonl"), talking)
        mails = [line["at"] for line in running.book("mails.jsonl") if line["event"] == "received"]
    verdict = judge(stops, calls, mails)
    print(  # noqa: T201 - the figures that this fault is measured by
        f"\nF36: {len(stops)} turns, {len(calls)} calls, {len(mails)} mails; {dict(verdict.met)}; "
        f"{len(verdict.ends)} waiting calls ended, p99 {verdict.p99():.3f} s, longest {max(verdict.ends):.3f} s; "
        f"latest create {verdict.latest_create:.3f} s after the commit"
    )
    assert verdict.wrong == []
    # The turns met all there is to meet, or the judgement says nothing.
    assert verdict.met["conversations"] >= 20
    assert verdict.met["ringing"] >= 40
    assert verdict.met["queued or set up"] >= 20
    assert verdict.met["created within the second"] >= 3
    assert len(mails) >= 40


AT = datetime.fromisoformat("2026-11-24T03:00:00+00:00")


def later(seconds: float) -> datetime:
    """An instant after the commit."""
    return AT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("how", "call", "mail", "wrong"),
    [
        (SWITCH, Life(number="n", created=later(-3), ended=later(0.4), status="canceled"), later(0.9), ""),
        (SWITCH, Life(number="n", created=later(1.1), ended=later(1.2)), later(-1), "dialled late"),
        (PAUSE, Life(number="n", created=later(1.1), ended=later(9)), later(1.2), "dialled late"),
        (SWITCH, Life(number="n", created=later(-3), rang=later(1.2), status=TALKING), AT, "rang late"),
        (SWITCH, Life(number="n", created=later(-3), ended=later(1.1)), AT, "ended late"),
        (SWITCH, Life(number="n", created=later(-3)), AT, "ended late"),
        (SWITCH, Life(number="n", created=later(-3), status=TALKING), AT, ""),
        (SWITCH, Life(number="n", created=later(-3), ended=later(0.1)), later(1.2), "mail"),
        (PAUSE, Life(number="n", created=later(-3), ended=later(0.1), status="canceled"), AT, "cut off"),
        (
            SWITCH,
            Life(number="n", created=AT, ended=later(0.3), talk=(later(-5), 5), drawn_s=20),
            AT,
            "conversation cut off",
        ),
        (SWITCH, Life(number="n", created=AT, ended=later(9), talk=(later(-5), 14), drawn_s=14.4), AT, ""),
    ],
)
def test_the_judge_sees_what_must_not_be(how: str, call: Life, mail: datetime, wrong: str) -> None:
    """Each way to break the promise is found when it is planted, and nothing is when nothing is wrong."""
    verdict = judge([Stop(how=how, at=AT, until=later(1.4))], [call], [mail])
    assert len(verdict.wrong) == bool(wrong), verdict.wrong
    assert all(line.startswith(wrong) for line in verdict.wrong)
