"""Judge a demo from the double's own record: imports nothing of ours but reads the database it left behind.

    python bench/judge_rings.py [var]

Compares `double/rings.jsonl` with the contacts, the law and the ledger. Exit status 1 when anything is wrong.
Standard library only, so that it can share no mistake with the product: zone, hours, holidays, and how a Japanese
number is written are all stated here again.
"""

import csv
import io
import json
import re
import sqlite3
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

JST = timezone(timedelta(hours=9))
"""Japan has one zone and no summer time (facts of compliance, §7)."""
OPENS, CLOSES = time(9), time(20)
"""JP-H2, the stricter of the rulebook's two windows; the law's own is 08:00 to 21:00 (JP-H1)."""
HOLIDAYS = {
    *(date(2026, *day) for day in ((11, 3), (11, 23))),
    *(
        date(2027, *day)
        for day in ((1, 1), (1, 11), (2, 11), (2, 23), (3, 21), (3, 22), (4, 29), (5, 3), (5, 4))
    ),
    *(date(2027, *day) for day in ((5, 5), (7, 19), (8, 11), (9, 20), (9, 23), (10, 11), (11, 3), (11, 23))),
}
REFUSALS = ("refused", "opted_out")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> int:
    """Print each check with what it looked at, and what it found."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var")
    rings = [json.loads(line) for line in (folder / "double" / "rings.jsonl").read_text("utf-8").splitlines()]
    starts = [ring for ring in rings if ring["event"] == "ring_start"]
    calls = [json.loads(line) for line in (folder / "double" / "calls.jsonl").read_text("utf-8").splitlines()]
    database = sqlite3.connect(f"file:{folder / 'dialer.db'}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    checks = {
        "ring outside hours, on a weekend or holiday in the person's zone": outside_hours(starts),
        "ring to a number that is not Japanese, or of nobody on the list": strangers(starts, database),
        "ring to a number suppressed or refused before": suppressed(starts, database),
        "ring to a number on the do-not-contact file": on_file(starts, database),
        "number rung while it was live": rung_twice(rings),
        "number rung more than twice on one Tokyo day": rung_too_often(starts),
        "ring start without exactly one attempt": without_attempt(starts, database),
        "attempt ordered twice, or whose phone rang twice": ordered_twice(calls, starts),
        "ring start without exactly one end": without_end(rings),
        "attempt without an outcome": without_outcome(database),
    }
    for name, found in checks.items():
        print(f"{len(found):>5}  {name}")
        for line in found[:5]:
            print(f"         {line}")
    attempts = database.execute("SELECT count(*) FROM attempt WHERE channel = 'voice'").fetchone()[0]
    print(
        f"{len(starts)} ring starts, {len({ring['to'] for ring in starts})} numbers, {attempts} call attempts judged"
    )
    return int(any(checks.values()))


def at(ring: dict[str, str]) -> datetime:
    """Return when a line was written, in campaign time."""
    return datetime.fromisoformat(ring["at"])


def outside_hours(starts: list[dict[str, str]]) -> list[str]:
    """Half-open window, in Tokyo: the first second is in, the last is out."""
    found = []
    for ring in starts:
        local = at(ring).astimezone(JST)
        is_open = OPENS <= local.time() < CLOSES and local.weekday() < 6 and local.date() not in HOLIDAYS
        if not is_open:
            found.append(f"{ring['to']} at {local}")
    return found


def strangers(starts: list[dict[str, str]], database: sqlite3.Connection) -> list[str]:
    """Every number rung belongs to a contact and lies in Japan."""
    known = {row["number"] for row in database.execute("SELECT number FROM contact_phone")}
    return [ring["to"] for ring in starts if ring["to"] not in known or not ring["to"].startswith("+81")]


def suppressed(starts: list[dict[str, str]], database: sqlite3.Connection) -> list[str]:
    """No ring after an entry for the number, or for the person it belongs to, was written; refusals count too.

    No grace: a person has one live call at most, so whoever speaks of it has no other under way that could still ring.
    """
    since: dict[str, int] = {}
    people = defaultdict(set)
    for row in database.execute("SELECT number, contact FROM contact_phone"):
        people[row["contact"]].add(row["number"])
    for row in database.execute("SELECT number, person, at, channel FROM suppression"):
        numbers = {row["number"]} if row["number"] else people[row["person"]] if row["person"] else set()
        for number in numbers if row["channel"] in (None, "voice") else ():
            since[number] = min(since.get(number, row["at"]), row["at"])
    marks = ", ".join("?" for _ in REFUSALS)
    refused = f"SELECT contact, over_at FROM attempt WHERE over_at IS NOT NULL AND outcome IN ({marks})"  # noqa: S608
    for row in database.execute(refused, REFUSALS):
        for number in people[row["contact"]]:
            since[number] = min(since.get(number, row["over_at"]), row["over_at"])
    return [
        f"{ring['to']} at {ring['at']}"
        for ring in starts
        if ring["to"] in since and at(ring) >= EPOCH + timedelta(microseconds=since[ring["to"]])
    ]


def on_file(starts: list[dict[str, str]], database: sqlite3.Connection) -> list[str]:
    """The do-not-contact file itself, read here anew: nobody it names by number or as a customer is ever rung."""
    text = decoded(Path("config/contacts/do-not-contact.csv").read_bytes())
    cells = {cell.strip() for row in csv.reader(io.StringIO(text)) for cell in row if cell.strip()}
    blocked = {number for cell in cells if (number := domestic(cell))}
    for row in database.execute("SELECT number, contact FROM contact_phone"):
        if row["contact"] in cells:
            blocked.add(row["number"])
    return sorted({ring["to"] for ring in starts if ring["to"] in blocked})


def decoded(content: bytes) -> str:
    """Return the text of a list in UTF-8 or in the encoding of Japanese offices."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932")


def domestic(cell: str) -> str | None:
    """Return +81… for a Japanese number however it is written, None for anything else."""
    plain = unicodedata.normalize("NFKC", cell)
    digits = re.sub(r"\D", "", plain)
    if len(digits) < 9 or re.search(r"[@年/A-Za-z]", plain):
        return None
    for prefix in ("0081", "01081", "81"):
        if digits.startswith(prefix):
            return "+81" + digits.removeprefix(prefix).lstrip("0")
    return "+81" + digits[1:] if digits.startswith("0") else None


def rung_twice(rings: list[dict[str, str]]) -> list[str]:
    """Between a ring's start and its call's end, no other call rings the same number."""
    live: dict[str, str] = {}
    found = []
    for ring in sorted(rings, key=lambda ring: (at(ring), ring["event"])):
        if ring["event"] == "ring_end":
            live.pop(ring["to"], None)
        elif live.setdefault(ring["to"], ring["call_sid"]) != ring["call_sid"]:
            found.append(f"{ring['to']} at {ring['at']}")
    return found


def rung_too_often(starts: list[dict[str, str]]) -> list[str]:
    """JP-A1, the house's cap: twice a day, counted on the Tokyo date."""
    days = Counter((ring["to"], at(ring).astimezone(JST).date()) for ring in starts)
    return [f"{number} on {day}: {count}" for (number, day), count in days.items() if count > 2]


def without_attempt(starts: list[dict[str, str]], database: sqlite3.Connection) -> list[str]:
    """The carrier's id of each ring is on exactly one attempt, to the number that rang."""
    by_reference = defaultdict(list)
    for row in database.execute("SELECT id, reference, address FROM attempt WHERE channel = 'voice'"):
        by_reference[row["reference"]].append(row["address"])
    return [ring["call_sid"] for ring in starts if by_reference[ring["call_sid"]] != [ring["to"]]]


def ordered_twice(calls: list[dict[str, Any]], starts: list[dict[str, str]]) -> list[str]:
    """No intent was sent twice: the double accepted one call at most that names an attempt, and rang it once."""
    orders = Counter(attempt_of(call) for call in calls if call["event"] == "create")
    rings = Counter(ring["call_sid"] for ring in starts)
    return [f"{name}: {count}" for name, count in (*orders.items(), *rings.items()) if count > 1]


def attempt_of(call: dict[str, Any]) -> str:
    """Return the attempt that a call's callback addresses name (`…/twilio/{attempt}/{nonce}/…`), else the call."""
    request = call["request"]
    path = re.search(r"/twilio/([^/]+)/[^/]+/", request["status_callback"] or request["url"] or "")
    return path[1] if path else str(call["sid"])


def without_end(rings: list[dict[str, str]]) -> list[str]:
    """Each ring start has one end."""
    ends = Counter(ring["call_sid"] for ring in rings if ring["event"] == "ring_end")
    return [
        ring["call_sid"] for ring in rings if ring["event"] == "ring_start" and ends[ring["call_sid"]] != 1
    ]


def without_outcome(database: sqlite3.Connection) -> list[str]:
    """Every attempt, call or mail, came to an outcome."""
    return [row["id"] for row in database.execute("SELECT id FROM attempt WHERE outcome IS NULL")]


if __name__ == "__main__":
    sys.exit(main())
