"""The stop switch and a campaign's pause, turned at random instants while a whole floor is on the telephone.

python -m bench.stop [--times 27] [--seed f36] [--json var/bench/stop.json]

An installation and its carrier run as processes of their own, in real time (27 turns take two minutes), and the
carrier's own record is the judge: within a second of the commit no order to dial is accepted any more, no phone begins
to ring and no mail arrives; waiting calls end; conversations go on. A pause cuts nobody off.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from adapters.remote import ask
from adapters.web.auth import page_token
from bench.stop_judge import BOARD, PAUSE, SWITCH, Stop, Verdict, judge, lives
from tests.faults.floor import CALLS, Floor, floor
from tests.journeys.test_control import CLOCK, SECRETS

SECRET = SECRETS["DIALER_SECRET"]
MIX = (SWITCH,) * 16 + (BOARD,) * 6 + (PAUSE,) * 5
ENOUGH = {
    "conversations": 20,
    "ringing": 40,
    "queued or set up": 20,
    "created within the second": 3,
    "mails": 40,
}
"""What so many turns as there are in MIX must have met, or the judgement says nothing."""


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


async def turned_at_random(floor: Floor, turns: Sequence[str], seed: str) -> list[Stop]:
    """Turn and take back, in any order, with a seeded pause before each and a little over a second between.

    Some pauses are so short that orders to dial are on their way: the carrier thinks for a while before it takes one.
    """
    chance, stops = Random(seed), list[Stop]()
    await floor.double.post("/double/faults", {"hold_before_accept_s": 0.4})
    for how in chance.sample(turns, len(turns)):
        await CLOCK.wait(chance.uniform(0, chance.choice((0.5, 4.5, 4.5))))
        at = await turn(how, floor, back=False)
        await CLOCK.wait(1.35)
        stops.append(Stop(how=how, at=at, until=CLOCK.now()))
        await turn(how, floor, back=True)
    return stops


async def run(folder: Path, turns: Sequence[str], seed: str) -> Verdict:
    """Open a floor, turn so many times, and return what the carrier's record says of it."""
    async with floor(folder) as running:
        stops = await turned_at_random(running, turns, seed)
        talking = await running.in_progress()
        calls = lives(running.book("calls.jsonl"), running.book("rings.jsonl"), talking)
        mails = [line["at"] for line in running.book("mails.jsonl") if line["event"] == "received"]
    verdict = judge(stops, calls, mails)
    verdict.met["mails"] = len(mails)
    return verdict


def turns_of(times: int) -> Sequence[str]:
    """Return so many turns, mixed as in MIX."""
    return [MIX[place * len(MIX) // times] for place in range(times)]


def missed(verdict: Verdict, times: int) -> list[str]:
    """Return what so many turns should have met and did not."""
    return [what for what, least in ENOUGH.items() if verdict.met[what] < least * times / len(MIX)]


def figures(verdict: Verdict, times: int) -> dict[str, Any]:
    """Return what this is measured by."""
    return {
        "turns": times,
        "met": dict(verdict.met),
        "waiting_calls_ended": len(verdict.ends),
        "ended_p99_s": round(verdict.p99(), 3) if verdict.ends else None,
        "ended_longest_s": round(max(verdict.ends), 3) if verdict.ends else None,
        "latest_create_s": round(verdict.latest_create, 3),
        "wrong": verdict.wrong,
        "missed": missed(verdict, times),
        "is_met": not verdict.wrong and not missed(verdict, times),
    }


def main() -> None:
    """Run, print, and end with 1 when a promise was broken or too little was met to tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=len(MIX))
    parser.add_argument("--seed", default="f36")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    turns = turns_of(options.times)
    with tempfile.TemporaryDirectory() as name:
        found = figures(asyncio.run(run(Path(name), turns, options.seed)), len(turns))
    print(json.dumps(found, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found), "utf-8")
    sys.exit(0 if found["is_met"] else 1)


if __name__ == "__main__":
    main()
