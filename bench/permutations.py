"""Every order of a call's events, one by one, with repeats: nothing merged, nothing sampled.

python -m bench.permutations [--repeats 1] [--choices] [--json var/bench/permutations.json]

Each sequence is run from the order to its last event, whatever another one led to. `--choices` runs those
of every choice of each way's events too. tests/dialer/test_permutations.py covers the same by merging equal pages.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

from dialer.attempt import AttemptState
from tests.support.builders import rules
from tests.support.sequences import Page, Way, run, sequences
from tests.support.ways import CONNECTED, LOST, ROOM, WAYS


def choices(way: Way) -> Iterator[Way]:
    """Yield a way for every choice of the events; nobody is in a room that we never named."""
    for size in range(1, len(way.events) + 1):
        for events in combinations(way.events, size):
            if ROOM in way.first and CONNECTED in events and ROOM[0] not in events:
                continue
            kept = tuple((cause, effect) for cause, effect in way.first if cause in events)
            yield replace(way, events=events, first=kept)


def measure(way: Way, repeats: int) -> tuple[int, set[Page]]:
    """Return how many sequences of a way were run, and what they came to."""
    law, count, ends = rules(), 0, set[Page]()
    for sequence in sequences(way, repeats):
        count += 1
        ends.add(run(way, sequence, law))
    return count, ends


def is_alike(way: Way, ends: set[Page]) -> bool:
    """Tell whether a way has one end; a doubtful call still under way may have kept its agent or not."""
    under_way = all(page.attempt.state is not AttemptState.OVER for page in ends)
    return len(ends) == 1 or (LOST in way.events and under_way)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--choices", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    begun, total, unlike = perf_counter(), 0, list[str]()
    for way in WAYS:
        for chosen in choices(way) if options.choices else [way]:
            count, ends = measure(chosen, options.repeats)
            total += count
            if not is_alike(chosen, ends):
                unlike.append(
                    f"{way.name}: {[event.key for event in chosen.events]} ends in {len(ends)} ways"
                )
        print(f"{way.name}: {total} sequences so far, {perf_counter() - begun:.0f} s", flush=True)
    figures: dict[str, Any] = {
        "ways": len(WAYS),
        "repeats": options.repeats,
        "sequences": total,
        "differences": len(unlike),
        "seconds": round(perf_counter() - begun, 1),
        "is_met": not unlike,
    }
    print(json.dumps(figures, indent=2), *unlike, sep="\n")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
