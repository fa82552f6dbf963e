"""Stop the process that dials (SIGSTOP), let another take over, let it go on (SIGCONT), and judge the carrier's record.

    python -m bench.freeze

PostgreSQL, two processes. Prints what was found as JSON; exit status 1 when a promise was broken.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from adapters.clock import AcceleratedClock, SystemClock
from bench import kill_judge
from bench.judge_rings import attempt_of
from bench.killing_ground import (
    CAMPAIGN,
    FACTOR,
    TOKYO,
    Ground,
    Program,
    configuration_of,
    free_port,
    furnish,
    lines_of,
    live_calls,
    morning,
    seat,
    start_double,
    told,
    wait_for_double,
)
from dialer.settings import Settings
from tests.support.postgres import new_database

BUSY_S, AWAKE_S, PATIENCE_S, SETTLED_S = 1.5, 2.0, 20.0, 60.0
CARRIER_S = 1.0
"""How long after the order was posted the double may take to write it down, in real seconds."""
_HOLDER = (
    "SELECT owner FROM lease WHERE name = $1 AND until > extract(epoch FROM clock_timestamp()) * 1000000"
)
_LEFT = """
SELECT attempt.*, agent.state AS agent_state, agent.attempt AS agent_attempt FROM attempt
LEFT JOIN agent ON agent.id = attempt.agent WHERE outcome IS NULL
"""
_OPENED = "SELECT id, opened_at FROM attempt"


def main() -> int:
    """Run, judge, print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    database = new_database()
    if database is None:
        raise SystemExit("there is no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="dialer-freeze-"))
    ground = Ground(
        folder=folder,
        database=database,
        port=free_port(),
        double_port=free_port(),
        people=600,
        seed="1",
    )
    figures, is_kept = _play(ground)
    print(json.dumps(figures, ensure_ascii=False))
    if is_kept:
        shutil.rmtree(folder)
    else:
        print(f"What is needed to see why is in {folder}", file=sys.stderr)
    return int(not is_kept)


def _play(ground: Ground) -> tuple[dict[str, Any], bool]:
    configuration = configuration_of(ground)
    clock = morning(configuration, SystemClock().now().astimezone(TOKYO).date())
    furnish(ground, configuration, clock)
    double, programs = start_double(ground, clock), dict[int, Program]()
    try:
        wait_for_double(ground, double)
        for _ in range(2):
            program = Program(ground, configuration, clock)
            program.wait_until_ready()
            programs[program.process.pid or 0] = program
        seat(ground, configuration)
        told(ground, "/double/faults", {"hold_before_accept_s": 0.2})
        figures = _freeze(ground, programs, clock)
        _settle(ground, list(programs.values()))
    finally:
        for program in programs.values():
            program.kill()
        double.kill()
        double.join()
    judged, is_kept = kill_judge.judged(ground)
    late = _late(ground)
    if not is_kept:
        figures["left open"] = [str(dict(row)) for row in asyncio.run(_fetched(ground.database, _LEFT))]
    figures |= {"orders later than allowed": len(late), "examples of late ones": late[:3]} | judged
    return figures, is_kept and not late


def _freeze(ground: Ground, programs: dict[int, Program], clock: AcceleratedClock) -> dict[str, Any]:
    """Stop whoever holds the campaign until another one has it and dials; let it go on."""
    real = SystemClock()
    first = _wait_for_other(ground, 0, programs)[0]
    programs[first].dies_within(BUSY_S)
    os.kill(first, signal.SIGSTOP)
    stopped = clock.now()
    second, taken_s = _wait_for_other(ground, first, programs)
    began = real.monotonic()
    while not (
        created := _created_since(ground, stopped + timedelta(seconds=FACTOR * (taken_s + CARRIER_S)))
    ):
        if real.monotonic() - began > PATIENCE_S:
            break
        programs[second].dies_within(0.1)
    os.kill(first, signal.SIGCONT)
    programs[first].dies_within(AWAKE_S)
    return {
        "taken over after, s": round(taken_s, 1),
        "orders by the other while it was stopped": len(created),
    }


def _wait_for_other(ground: Ground, than: int, programs: dict[int, Program]) -> tuple[int, float]:
    """Wait until another process than that one holds the campaign; return its number and the real seconds."""
    real = SystemClock()
    began = real.monotonic()
    while real.monotonic() - began < PATIENCE_S:
        owner = asyncio.run(_fetched(ground.database, _HOLDER, f"campaign:{CAMPAIGN}"))
        pid = int(owner[0]["owner"].split(":")[1]) if owner else 0
        if pid not in {0, than}:
            return pid, real.monotonic() - began
        next(iter(programs.values())).process.join(0.1)
    raise RuntimeError("nobody took the campaign over")


def _created_since(ground: Ground, since: datetime) -> list[Any]:
    lines: Any = lines_of(ground.folder / "double" / "calls.jsonl")
    return [one for one in lines if one["event"] == "create" and datetime.fromisoformat(one["at"]) > since]


def _settle(ground: Ground, programs: list[Program]) -> None:
    told(ground, "/double/faults", {})
    for second in range(int(SETTLED_S)):
        if second < 2:  # the one that woke may have lost its connections, and the word with them
            for program in programs:
                program.end_the_day()
        programs[0].dies_within(1.0)
        if not live_calls(ground) and not kill_judge.open_attempts(ground):
            break
    for program in programs:
        program.stop()


def _late(ground: Ground) -> list[str]:
    """Return the orders that the carrier took longer after their verdict than an intent may be old."""
    allowed = Settings().intent_age + timedelta(seconds=CARRIER_S)
    rows = asyncio.run(_fetched(ground.database, _OPENED))
    opened = {row["id"]: row["opened_at"] for row in rows}
    lines: Any = lines_of(ground.folder / "double" / "calls.jsonl")
    ages = {
        attempt_of(one): datetime.fromisoformat(one["at"]).timestamp() - opened[attempt_of(one)] / 1_000_000
        for one in lines
        if one["event"] == "create"
    }
    return [
        f"{name}: {age / FACTOR:.1f} s"
        for name, age in ages.items()
        if age / FACTOR > allowed.total_seconds()
    ]


async def _fetched(url: str, statement: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
