"""Import a long list into a fresh SQLite store and say what it cost: memory, time, and every reject accounted for.

python -m bench.make_contacts --rows 100000 --broken 5% --encoding cp932 --out var/bench/contacts.csv
python -m bench.import_contacts var/bench/contacts.csv
"""

import argparse
import asyncio
import csv
import json
import resource
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import phonenumbers

from adapters.enrolment import Enrolled, enrol
from adapters.files import read_text
from adapters.wiring.stores import open_store
from campaigns.loading import LoadedCampaign, load_campaign
from campaigns.rejects import RejectCode

CAMPAIGN = Path(__file__).resolve().parents[1] / "config" / "campaigns" / "winback-dormant.yaml"
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WARNINGS = {
    RejectCode.NUMBER_IGNORED,
    RejectCode.EMAIL_IGNORED,
    RejectCode.CONSENT_IGNORED,
    RejectCode.LANGUAGE_UNKNOWN,
}
MOST_MIB = 150 / 1.048576  # what acceptance allows, 150 MB
PHONES = slice(4, 7)  # the columns of the header that hold numbers


async def imported(loaded: LoadedCampaign, path: Path, folder: Path) -> tuple[Enrolled, float, Enrolled]:
    """Import a list into a new database, twice; return what became of it and the seconds of the first time."""
    store = await open_store(f"sqlite:///{folder / 'import.db'}", may_upgrade=True)
    campaign = loaded.campaign
    await store.transact(lambda unit: unit.save_campaign(campaign, loaded.version, NOW))
    begun = perf_counter()
    first = await enrol(store, campaign, path, now=NOW, rejects_path=folder / "rejects.csv")
    seconds = perf_counter() - begun
    again = await enrol(store, campaign, path, now=NOW, rejects_path=folder / "again.csv")
    await store.close()
    return first, seconds, again


def bare_seconds(path: Path, encoding: str) -> float:
    """Return the seconds that reading the same lines as CSV and parsing their numbers takes by itself."""
    begun = perf_counter()
    with path.open(encoding=encoding, errors="replace") as file:
        next(file)
        for line in file:
            for cell in next(csv.reader([line]))[PHONES]:
                if cell:
                    is_number(cell)
    return perf_counter() - begun


def is_number(cell: str) -> bool:
    """Tell whether a cell is a valid number in Japan."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(cell, "JP"))
    except phonenumbers.NumberParseException:
        return False


def rejected_lines(path: Path) -> dict[int, str]:
    """Return the code of each line that a rejects file refuses."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {int(row["line"]): row["code"] for row in csv.DictReader(file) if row["code"] not in WARNINGS}


def peak_mib() -> float:
    """Return the most memory this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure, print, write JSON; fail when a reject is missing or memory is over 150 MB."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("path", type=Path)
    asked.add_argument("--out", type=Path, help="where the figures go as JSON; beside the list otherwise")
    said = asked.parse_args()
    loaded = load_campaign(read_text(CAMPAIGN), CAMPAIGN.name)
    planted = {
        one["line"]: one["code"] for one in json.loads(said.path.with_suffix(".json").read_text())["broken"]
    }
    before = peak_mib()
    with tempfile.TemporaryDirectory() as name:
        first, seconds, again = asyncio.run(imported(loaded, said.path, Path(name)))
        found = rejected_lines(Path(name) / "rejects.csv")
        size = (Path(name) / "import.db").stat().st_size
    peak = peak_mib()
    bare = bare_seconds(said.path, first.encoding)
    figures = {
        "rows": first.rows,
        "new": first.new,
        "filtered": first.filtered,
        "duplicates": first.duplicates,
        "rejected": first.rejected,
        "warnings": first.warnings,
        "planted": len(planted),
        "planted_and_found": sum(found.get(line) == code for line, code in planted.items()),
        "found_and_not_planted": len(found.keys() - planted.keys()),
        "new_the_second_time": again.new,
        "encoding": first.encoding,
        "list_bytes": said.path.stat().st_size,
        "database_bytes": size,
        "seconds": round(seconds, 2),
        "microseconds_per_row": round(seconds / first.rows * 1e6, 1),
        "bare_microseconds_per_row": round(bare / first.rows * 1e6, 1),
        "ratio_to_bare": round(seconds / bare, 2),
        "mib_before": round(before, 1),
        "peak_mib": round(peak, 1),
    }
    text = json.dumps(figures, indent=1)
    (said.out or said.path.with_suffix(".import.json")).write_text(text + "\n", "utf-8")
    sys.stdout.write(text + "\n")
    is_whole = figures["planted_and_found"] == figures["planted"] and not figures["found_and_not_planted"]
    return 0 if is_whole and peak < MOST_MIB and not again.new else 1


if __name__ == "__main__":
    sys.exit(main())
