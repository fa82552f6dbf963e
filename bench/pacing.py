"""How well the dialer paces: occupancy and abandonment on seeded floors, beside models of what others do.

python -m bench.pacing [--quick] [--agents 20] [--floor NAME] [--seeds 10] [--first 1000] [--json F] [--svg F]

Each day begins cold: nothing is known of list or agents. Every policy meets the same fates. Policies called
tuned get the best of a grid of settings for each floor, chosen afterwards on these very seeds; ours has one set of
constants. Occupancy is talk and write-up over time logged in and not on a break; abandonment is people who gave up,
over people who answered; wait is an agent's idle time between two calls. The status is 1 when a target is missed.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from bench.pacing_chart import chart
from bench.pacing_days import jobs, run
from bench.pacing_scenarios import ASKED, Asked, missed
from bench.pacing_table import Summary, summed, table

QUICK_SEEDS = 2


def main() -> int:
    """Run every day asked for, print tables and what was missed, write what was asked."""
    given = _given()
    asked = [one for one in ASKED if _is_meant(one, given)]
    seeds = range(given.first, given.first + (QUICK_SEEDS if given.quick else given.seeds))
    policies = set(given.policies.split(";")) if given.policies else None
    work = list(jobs([one.floor for one in asked], seeds, tuned=not given.quick, policies=policies))
    with ProcessPoolExecutor(given.processes) as pool:
        days = list(pool.map(run, work))
    found = summed(days, {one.floor.name: one.floor.limit for one in asked})
    for one in asked:
        print("\n".join(table(one.floor.name, found[one.floor.name])))
    judged = (
        [] if given.quick else [one for one in asked if "ours" in found[one.floor.name]]
    )  # two days say little
    short = [line for one in judged for line in missed(one, found[one.floor.name])]
    print("\n" + ("\n".join(short) or "Nothing is missed."))
    if given.json:
        _write(given.json, json.dumps([asdict(day) for day in days], indent=1))
    if given.svg:
        _write(given.svg, chart(_sizes(asked, found)))
    return 1 if short else 0


def _sizes(asked: list[Asked], found: dict[str, dict[str, Summary]]) -> dict[int, dict[str, Summary]]:
    names = {
        one.floor.name: one.floor.agents for one in asked if one.floor.name == f"{one.floor.agents} agents"
    }
    return {agents: found[name] for name, agents in names.items()}


def _is_meant(one: Asked, given: argparse.Namespace) -> bool:
    if given.floor:
        return given.floor in one.floor.name
    if given.agents:
        return one.floor.agents == given.agents
    return one.is_quick or not given.quick


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three floors, two days, nobody tuned")
    parser.add_argument("--agents", type=int, help="floors of this size only")
    parser.add_argument("--floor", help="floors whose name has this in it only")
    parser.add_argument("--policies", help="these policies only, with semicolons between")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1000, help="the first seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="write every day here")
    parser.add_argument("--svg", type=Path, help="write the chart here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
