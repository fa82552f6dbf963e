"""What the double's record says of a bench of kills: nothing here asks the program whether it was right."""

import asyncio
import sqlite3
from collections import Counter
from itertools import pairwise
from typing import Any

import asyncpg

from bench import judge_rings
from bench.killing_ground import Ground, lines_of

TABLES = ("attempt", "contact_phone", "suppression", "event")
_COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position"
)
_UNDER_WAY = "SELECT count(*) FROM attempt WHERE (state <> 'over' OR outcome IS NULL) AND channel = 'voice'"
# What an acknowledged callback must have left in the event table, by what it told.
_KEYS = {
    "queued": "placed",
    "initiated": "dialed",
    "ringing": "ringing",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no-answer",
    "failed": "failed",
    "canceled": "canceled",
    "answer": "answered",
    "amd": "screened",
    "participant-join": "connected",
}


def open_attempts(ground: Ground) -> int:
    """Return how many calls are not over."""
    return int(copied(ground).execute(_UNDER_WAY).fetchone()[0])


def judged(ground: Ground) -> tuple[dict[str, Any], bool]:
    """Return the figures, and whether every promise was kept."""
    record = ground.folder / "double"
    rings, calls = lines_of(record / "rings.jsonl"), lines_of(record / "calls.jsonl")
    starts: Any = [ring for ring in rings if ring["event"] == "ring_start"]
    creates: Any = [call for call in calls if call["event"] == "create"]
    database, told = copied(ground), lines_of(record / "callbacks.jsonl")
    broken = {
        "double dials (an attempt accepted or rung twice)": judge_rings.ordered_twice(creates, starts),
        "a number rung while it was live": judge_rings.rung_twice(rings),  # type: ignore[arg-type]
        "a number rung more often than permitted in a day": judge_rings.rung_too_often(starts),
        "rings outside hours": judge_rings.outside_hours(starts),
        "rings to a number suppressed or refused before": judge_rings.suppressed(starts, database),
        "rings without exactly one attempt": judge_rings.without_attempt(starts, database),
        "people joined to an agent who talked to another": _overlapping(database),
        "accepted calls without an outcome": _without_outcome(creates, database),
        "accepted calls written off as never placed": _written_off(creates, database),
        "acknowledged events lost": _lost(told, {call["sid"] for call in creates}, database),
    }
    outcomes = Counter(
        row[0] for row in database.execute("SELECT outcome FROM attempt WHERE channel = 'voice'")
    )
    figures: dict[str, Any] = {
        "calls accepted by the carrier": len(creates),
        "phones rung": len(starts),
        "callbacks acknowledged": len(told),
        "attempts": outcomes.total(),
        "outcomes": {str(name): count for name, count in sorted(outcomes.items(), key=str)},
        "attempts whose fate nobody knows": outcomes["unknown"],
        **{name: len(found) for name, found in broken.items()},
        "examples": {name: found[:3] for name, found in broken.items() if found},
    }
    return figures, bool(starts) and not any(broken.values())


def _overlapping(database: sqlite3.Connection) -> list[str]:
    """No talk began with an agent before their last one was over."""
    rows = database.execute(
        "SELECT agent, connected_at, over_at, id FROM attempt WHERE connected_at IS NOT NULL"
        " ORDER BY agent, connected_at"
    )
    talks = [tuple(row) for row in rows]
    return [
        f"{before[3]} and {after[3]} with {after[0]}"
        for before, after in pairwise(talks)
        if before[0] == after[0] and (before[2] is None or after[1] < before[2])
    ]


def _without_outcome(creates: list[dict[str, Any]], database: sqlite3.Connection) -> list[str]:
    """Every call that the carrier accepted is on an attempt that is over, with an outcome; so is every attempt."""
    outcome = {row["id"]: row["outcome"] for row in database.execute("SELECT id, outcome FROM attempt")}
    named = [judge_rings.attempt_of(call) for call in creates]
    return sorted({name for name in (*named, *outcome) if outcome.get(name) is None})


def _written_off(creates: list[dict[str, Any]], database: sqlite3.Connection) -> list[str]:
    """No attempt whose call the carrier took is said never to have gone out."""
    never = {row["id"] for row in database.execute("SELECT id FROM attempt WHERE outcome = 'not_placed'")}
    return sorted(never & {judge_rings.attempt_of(call) for call in creates})


def _lost(told: list[dict[str, Any]], ours: set[str], database: sqlite3.Connection) -> list[str]:
    """Every callback about a person's call that we answered with 2xx left its event."""
    kept = {row["key"] for row in database.execute("SELECT key FROM event")}
    wanted = {
        f"{one['sid']}:{_KEYS[one['event']]}" for one in told if one["event"] in _KEYS and one["sid"] in ours
    }
    return sorted(wanted - kept)


def copied(ground: Ground) -> sqlite3.Connection:
    """Return the tables that the judge reads, from whatever database they are in."""
    if ground.database.startswith("sqlite"):
        there = sqlite3.connect(f"file:{ground.folder / 'dialer.db'}?mode=ro", uri=True)
        there.row_factory = sqlite3.Row
        return there
    here = sqlite3.connect(":memory:")
    here.row_factory = sqlite3.Row
    for table, (names, rows) in asyncio.run(_fetched(ground.database)).items():
        here.execute(f"CREATE TABLE {table} ({', '.join(names)})")
        here.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)  # noqa: S608
    return here


async def _fetched(url: str) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        found = {}
        for table in TABLES:
            rows = await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608
            names = [
                one["column_name"]
                for one in await connection.fetch(
                    _COLUMNS,
                    table,
                )
            ]
            found[table] = names, [tuple(row) for row in rows]
        return found
    finally:
        await connection.close()
