"""A registry of national size: how much memory it takes, how fast it opens and answers, beside a raw array.

python -m bench.registry [--numbers 250000000] [--json var/bench/registry.json]

The numbers are spread over every area code, seeded. Beside it, in the same run, stands a sample of the same numbers as
a raw sorted array asked by bisection, scaled to what all of them would take. Then, while look-ups run, a full list and
a change list are read in: every answer in between is compared with what the list of that moment says.
"""

import argparse
import json
import random
import resource
import tempfile
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing import Process
from pathlib import Path
from time import perf_counter

from adapters.registries.copies import Manifest, publish, seal_of
from adapters.registries.importing import Intake, take_in
from adapters.registries.pages import Builder
from adapters.registries.shelf import Shelf
from compliance.registry import registries

AREAS = range(200, 1000)
EXCHANGES = 8_000_000
NAME = "us_national_dnc"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SAMPLE = 1_000_000
MOST_GB, MOST_OPEN_S, LEAST_A_SECOND, MOST_PAUSE_MS = 1.0, 1.0, 1_000_000, 50.0


def build(root: Path, count: int, seed: int) -> tuple["array[int]", float]:
    """Write a registry of that many numbers; return a sample of them and the seconds it took."""
    root.mkdir(parents=True)
    folder = root / "first"
    folder.mkdir()
    chance, begun, sample = random.Random(seed), perf_counter(), array("Q")
    share = count / (len(AREAS) * EXCHANGES)
    with Builder(folder / "bits.bin") as builder:
        for area in AREAS:
            first = int(f"1{area}2000000")
            builder.put(first)
            bits = builder.page(first)
            # Whole bytes at random, each bit with the share wanted: a number a time would take hours in Python.
            bits[:] = thinned(chance, len(bits), share)
            sample.extend(first + place * 8 + low_bit(byte) for place, byte in enumerate(bits[:4000]) if byte)
    total = sum(int.from_bytes(chunk, "big").bit_count() for chunk in chunks(folder / "bits.bin"))
    publish(
        root,
        Manifest(
            registry=NAME,
            as_of="2026-11-20",
            folder="first",
            count=total,
            places={str(page): place for page, place in builder.places.items()},
            seals={"bits.bin": seal_of(folder / "bits.bin")},
            sources={},
            imported_at=NOW.isoformat(),
            by="bench",
        ),
    )
    return sample, perf_counter() - begun


def thinned(chance: random.Random, size: int, share: float) -> bytes:
    """Return random bytes in which about `share` of the bits are set: powers of a half, and-ed and or-ed."""
    result, weight = 0, 1.0
    for _ in range(12):
        weight /= 2
        if share >= weight:
            result |= layer_of(chance, size, weight)
            share = (share - weight) / (1 - weight)
    return result.to_bytes(size, "big")


def layer_of(chance: random.Random, size: int, weight: float) -> int:
    """Return random bits each set with the probability `weight`, a power of a half."""
    bits = chance.getrandbits(size * 8)
    while weight < 0.5:
        bits &= chance.getrandbits(size * 8)
        weight *= 2
    return bits


def low_bit(byte: int) -> int:
    """Return which bit of a byte is the first one set."""
    return (byte & -byte).bit_length() - 1


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces of a megabyte."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def resident_mb(path: Path) -> float:
    """Return the megabytes of a mapped file that are in this process's memory."""
    found, is_ours = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
        if "-" in line.split(" ")[0] and not line.startswith(("Rss", "Size")):
            is_ours = str(path) in line
        elif is_ours and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found / 1024


def reading(folder: Path, sample: "array[int]") -> dict[str, float]:
    """Return how long opening takes and how many look-ups a second there are, beside the raw array."""
    begun = perf_counter()
    shelf = Shelf(folder)
    copy = shelf.copy(NAME)
    opened = perf_counter() - begun
    if copy is None or isinstance(copy, str):
        raise SystemExit(f"no copy: {copy}")
    chance = random.Random(7)
    asked = [chance.choice(sample) + chance.randrange(2) for _ in range(SAMPLE)]
    copy.pages.among(asked)
    begun = perf_counter()
    found = copy.pages.among(asked)
    batch = perf_counter() - begun
    begun = perf_counter()
    single = [number in copy.pages for number in asked[:200_000]]
    one_by_one = perf_counter() - begun
    if single != found[:200_000]:
        raise SystemExit("the two ways to ask disagree")
    raw = array("Q", sorted(sample))
    begun = perf_counter()
    hits = [(at := bisect_left(raw, number)) < len(raw) and raw[at] == number for number in asked[:200_000]]
    bisected = perf_counter() - begun
    if any(hit and not yes for hit, yes in zip(hits, found, strict=False)):
        raise SystemExit("a number of the array is not in the registry")
    copy.pages.touch()
    return {
        "resident_mb_when_all_is_read": resident_mb(folder / NAME / "first" / "bits.bin"),
        "open_ms": opened * 1000,
        "batch_per_second": SAMPLE / batch,
        "single_per_second": 200_000 / one_by_one,
        "raw_array_per_second": 200_000 / bisected,
        "ratio_to_raw_array": (SAMPLE / batch) / (200_000 / bisected),
    }


def while_importing(folder: Path) -> dict[str, float]:
    """Read a full list and changes in while look-ups run; return wrong answers and the longest pause."""
    registry = registries()[NAME]
    inside, outside, changing = "+12125550101", "+12125550102", "+12125550103"
    full, changes = folder.parent / "full.txt", folder.parent / "changes.txt"
    with full.open("w", encoding="utf-8") as file:
        file.writelines(
            f"{area},{number}\n" for area in range(201, 221) for number in range(5550001, 5600001)
        )
        file.write("212,5550101\n")
    kept = {"212,5550102", "212,5550103"}
    full.write_text(
        "".join(line for line in full.open(encoding="utf-8") if line.strip() not in kept), "utf-8"
    )
    changes.write_text("212,5550103,2026-11-22,A\n", "utf-8")
    take_in(folder, Intake(registry=registry, files=[full], as_of=date(2026, 11, 20), by="bench"), NOW)
    seen, stop = [0, 0, 0.0, 0], threading.Event()

    def look() -> None:
        shelf, has_changed = Shelf(folder), False
        shelf.listings(inside)  # the number plan is read once for each process, whoever asks first
        while not stop.is_set():
            for number in (inside, outside, changing):
                begun = perf_counter()
                is_listed = shelf.listings(number)[0].is_listed
                seen[2] = max(seen[2], perf_counter() - begun)
                seen[0] += 1
                seen[1] += (
                    is_listed is (number == outside) if number != changing else has_changed and not is_listed
                )
                has_changed = has_changed or (number == changing and is_listed)
            seen[3] = int(has_changed)

    thread = threading.Thread(target=look)
    thread.start()
    begun = perf_counter()
    change = Intake(registry=registry, files=[changes], as_of=date(2026, 11, 22), by="bench", is_change=True)
    again = Intake(registry=registry, files=[full], as_of=date(2026, 11, 21), by="bench")
    for intake in (again, change):  # in a process of its own, as `dialer registry import` is
        worker = Process(target=take_in, args=(folder, intake, NOW + (intake.as_of - again.as_of)))
        worker.start()
        worker.join()
    took = perf_counter() - begun
    threading.Event().wait(0.5)
    stop.set()
    thread.join()
    return {
        "lookups_meanwhile": seen[0],
        "wrong_answers": seen[1] + (seen[3] == 0),
        "longest_pause_ms": seen[2] * 1000,
        "import_s": took,
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--numbers", type=int, default=250_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "registries"
        sample, built = build(folder / NAME, options.numbers, options.seed)
        bits = folder / NAME / "first" / "bits.bin"
        shelf = Shelf(folder)
        copy = shelf.copy(NAME)
        figures = reading(folder, sample)
        if copy is not None and not isinstance(copy, str):
            figures |= {"numbers": copy.manifest.count}
        figures |= {
            "built_s": built,
            "file_gb": bits.stat().st_size / 1e9,
            "process_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        figures |= while_importing(Path(place) / "second")
    figures["is_met"] = (
        figures["file_gb"] < MOST_GB
        and figures["open_ms"] < MOST_OPEN_S * 1000
        and figures["batch_per_second"] >= LEAST_A_SECOND
        and figures["longest_pause_ms"] <= MOST_PAUSE_MS
        and figures["wrong_answers"] == 0
    )
    told = {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps(told, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main()
