"""How many calls a second go through the whole path: intent, POST, answer, four callbacks, outcome.

    python -m bench.calls                        # SQLite, one process
    python -m bench.calls --postgres             # PostgreSQL, one process
    python -m bench.calls --postgres --engines 2

Campaigns without agents play a short message to people who all pick up, so that nothing but the program sets the
pace; it is offered more than it can take (--rate). The double, which is the carrier and the people, runs on the same
machine. Beside the figure stand, from the same run: a bare loop of the same POSTs to the same double, and the
database's own commits of one small row. Prints the figures and writes JSON.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import httpx

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from adapters.simulator.habits import Habits
from bench import kill_judge
from bench.killing_ground import (
    CAMPAIGN,
    SID,
    TOKEN,
    TOKYO,
    Ground,
    Program,
    configuration_of,
    free_port,
    furnish,
    lines_of,
    morning,
    start_double,
    wait_for_double,
)
from campaigns.answers import Broadcast
from campaigns.speech import Spoken
from compliance.terms import Technology
from tests.support.postgres import new_database

WARM_S = 12.0
"""Real seconds at the beginning that are not counted: no call of theirs is over yet."""
COOL_S = 2.0
"""Real seconds at the end that are not counted."""
LINES = 16
WANTED = {"SQLite": 60.0, "PostgreSQL": 100.0}
ANSWER_P99_MS = 25.0
EVERYBODY_ANSWERS = Habits(
    answers=10, machines=0, busy=0, failed=0, gone=0, ring_s=1, presses_9=0, presses_1=0
)


def configuration_for(ground: Ground, rate: float, campaigns: int) -> Configuration:
    """Return a configuration whose campaigns play a message of two seconds, at `rate` calls a second in all."""
    configuration = configuration_of(ground)
    plan = configuration.plans[CAMPAIGN]
    message = Spoken(ja="みどり園です。拒否は9を。", en="Midorien calling. Press 9 to stop.")
    pacing = plan.campaign.pacing.model_copy(
        update={
            "mode": Technology.PRERECORDED,
            "max_lines": 5000,
            "calls_per_second": rate,  # each may start all that the account allows
            "machine_detection": "off",
        }
    )
    campaign = plan.campaign.model_copy(
        update={
            "pacing": pacing,
            "broadcast": Broadcast(message=message, options={"9": "opt_out"}),
            "recording": plan.campaign.recording.model_copy(update={"record": False}),
        }
    )
    names = [CAMPAIGN, *(f"{CAMPAIGN}-{place}" for place in range(2, campaigns + 1))]
    plans = {name: replace(plan, campaign=campaign.model_copy(update={"id": name})) for name in names}
    carrier = configuration.settings.carrier.model_copy(
        update={
            "calls_per_second": rate / 0.9,
            "read_timeout": timedelta(seconds=10),
            "accept_limit": timedelta(minutes=1),
        }
    )
    settings = configuration.settings.model_copy(
        update={"carrier": carrier, "silence": timedelta(seconds=60), "agents": ()}
    )
    return replace(configuration, settings=settings, plans=plans)


def run(ground: Ground, configuration: Configuration, engines: int, seconds: float) -> dict[str, Any]:
    """Dial for so many seconds, and return what came through."""
    clock = morning(configuration, SystemClock().now().astimezone(TOKYO).date(), factor=1.0)
    furnish(ground, configuration, clock)
    clock = AcceleratedClock(start=clock.start, anchor=SystemClock().now() + timedelta(seconds=3), factor=1.0)
    double = start_double(ground, clock, people=EVERYBODY_ANSWERS)
    programs = []
    try:
        wait_for_double(ground, double)
        bare = asyncio.run(bare_posts(ground, 1500))
        programs = [Program(ground, configuration, clock) for _ in range(engines)]
        for program in programs:
            if not program.wait_until_ready():
                raise RuntimeError(f"a program did not start: see {ground.folder}/program.log")
        programs[0].dies_within(seconds)
        return {"bare POSTs per second": round(bare), **counted(ground, clock, seconds)}
    finally:
        for program in programs:
            program.kill()
        double.kill()
        double.join()


def counted(ground: Ground, clock: AcceleratedClock, seconds: float) -> dict[str, Any]:
    """Return the calls that were concluded in the middle of the run, by the database and by the double."""
    database, record = kill_judge.copied(ground), ground.folder / "double"
    now = clock.now()
    since, until = now - timedelta(seconds=seconds - WARM_S), now - timedelta(seconds=COOL_S)
    ended = [
        row[0]
        for row in database.execute(
            "SELECT over_at FROM attempt WHERE outcome = 'sent' AND over_at IS NOT NULL"
        )
    ]
    concluded = sum(micro(since) <= at <= micro(until) for at in ended)
    dropped = database.execute("SELECT count(*) FROM attempt WHERE outcome = 'not_placed'").fetchone()[0]
    answers = sorted(
        float(str(line["took_ms"]))
        for line in lines_of(record / "callbacks.jsonl")
        if line["event"] == "answer" and since <= datetime.fromisoformat(str(line["at"])) <= until
    )
    return {
        "calls per second": round(concluded / (seconds - WARM_S - COOL_S), 1),
        "calls concluded": len(ended),
        "intents dropped unused": dropped,
        "answer to TwiML, p50 ms": at_share(answers, 0.5),
        "answer to TwiML, p99 ms": at_share(answers, 0.99),
    }


def at_share(values: list[float], share: float) -> float | None:
    """Return the value below which that share of sorted values lies."""
    return round(values[min(len(values) - 1, int(len(values) * share))], 1) if values else None


def micro(at: datetime) -> int:
    """Return microseconds since 1970, as the store keeps instants."""
    return round(at.timestamp() * 1_000_000)


async def bare_posts(ground: Ground, count: int) -> float:
    """Return how many creates a second the same client brings through, with nothing around them."""
    numbers = iter(range(count))
    url = f"{ground.double}/2010-04-01/Accounts/{SID}/Calls.json"
    async with httpx.AsyncClient(auth=(SID, TOKEN), limits=httpx.Limits(max_connections=LINES)) as client:

        async def line() -> None:
            for number in numbers:
                form = {
                    "To": f"+8180{10000000 + number}",
                    "From": "+81542559999",
                    "Twiml": "<Response><Hangup/></Response>",
                    "Timeout": "25",
                }
                (await client.post(url, data=form)).raise_for_status()

        begun = perf_counter()
        await asyncio.gather(*(line() for _ in range(LINES)))
        return count / (perf_counter() - begun)


def bare_commits(ground: Ground, seconds: float = 2.0) -> float:
    """Return how many commits of one small row a second the database makes, one after another."""
    if ground.database.startswith("sqlite"):
        return _sqlite_commits(ground.folder / "bare.db", seconds)
    return asyncio.run(_postgres_commits(ground.database, seconds))


def _sqlite_commits(path: Path, seconds: float) -> float:
    with sqlite3.connect(path, isolation_level=None) as there:
        there.execute("PRAGMA journal_mode=WAL")
        there.execute("PRAGMA synchronous=FULL")
        there.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, body TEXT)")
        begun, count = perf_counter(), 0
        while perf_counter() - begun < seconds:
            there.execute("INSERT INTO one (body) VALUES ('x')")
            count += 1
        return count / (perf_counter() - begun)


async def _postgres_commits(url: str, seconds: float) -> float:
    there = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await there.execute("CREATE TABLE bare (id serial PRIMARY KEY, body text)")
        begun, count = perf_counter(), 0
        while perf_counter() - begun < seconds:
            await there.execute("INSERT INTO bare (body) VALUES ('x')")
            count += 1
        return count / (perf_counter() - begun)
    finally:
        await there.close()


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--engines", type=int, default=1)
    parser.add_argument("--rate", type=float, default=160.0, help="calls a second that are offered")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.engines > 1 and not asked.postgres:
        parser.error("SQLite has one process: add --postgres")
    folder = Path(tempfile.mkdtemp(prefix="dialer-calls-"))
    url = new_database() if asked.postgres else f"sqlite:///{folder / 'dialer.db'}"
    if url is None:
        raise SystemExit("there is no PostgreSQL on this machine")
    people = int(asked.rate * (asked.seconds + 10) / asked.engines)
    ground = Ground(
        folder=folder, database=url, port=free_port(), double_port=free_port(), people=people, seed="1"
    )
    configuration = configuration_for(ground, asked.rate, asked.engines)
    name = "PostgreSQL" if asked.postgres else "SQLite"
    figures: dict[str, Any] = {"database": name, "engines": asked.engines, "offered per second": asked.rate}
    figures |= run(ground, configuration, asked.engines, asked.seconds)
    figures["bare commits per second"] = round(bare_commits(ground))
    rate = figures["calls per second"]
    figures["ratio to bare POSTs"] = round(rate / figures["bare POSTs per second"], 3)
    figures["ratio to bare commits"] = round(rate / figures["bare commits per second"], 3)
    figures["wanted"] = {"calls per second": WANTED[name], "answer to TwiML, p99 ms": ANSWER_P99_MS}
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
