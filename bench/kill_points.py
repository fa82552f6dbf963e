"""Kill the program once at each named point of the attempt protocol, and let the carrier's own record judge.

    python -m bench.kill_points                                   # every point, SQLite
    python -m bench.kill_points --postgres --point planned        # one point, PostgreSQL

Prints what was found as JSON; exit status 1 when a promise was broken or a point was never passed.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import asyncpg

from adapters.clock import AcceleratedClock
from bench import kill_judge
from bench.kill import Bench
from bench.killing_ground import Ground, Program, free_port, told
from dialer.crashpoints import Point
from tests.support.postgres import new_database

FAULTS = {"drop_callbacks": 0.2, "duplicate_callbacks": 0.3, "hold_after_accept_s": 0.05}
"""Enough goes wrong that calls fall silent and are asked about: else nobody would pass `asking`."""
PASSES_S = 20.0
LAST_S = 3.0
"""How long the last program dials on before its day is ended."""
_LET_GO = "UPDATE lease SET until = 0"


class Strikes(Bench):
    """One day, on which one program after another dies at the next point."""

    def __init__(self, ground: Ground, points: list[Point], seed: int) -> None:
        """Take where and at which points."""
        super().__init__(ground, 1, len(points))
        self.points, self.missed = points, list[str]()
        self._nth = random.Random(seed)

    def _trial(self, program: Program, clock: AcceleratedClock) -> Program:
        """Kill what runs, start one that kills itself at the next point, and one that goes on."""
        told(self.ground, "/double/faults", FAULTS)
        point = self.points[self.killed]
        program.kill()
        self._let_go()
        before = self.killed
        dying = self._started(clock, f"{point}:{self._nth.randint(1, 3)}")
        if self.killed == before:
            name = str(point) if dying.dies_within(PASSES_S) else f"{point} was not passed"
            self.done[name] += 1
            self.missed += [name] if name != point else []
            dying.kill()
            self._let_go()
            dying = self._started(clock, None)
        dying.dies_within(0.3 if self.killed < self.kills else LAST_S)
        return dying

    def _let_go(self) -> None:
        """End the dead one's leases, so that nobody waits ten seconds for it; how long that takes is F6's question."""
        if self.ground.database.startswith("postgresql"):
            asyncio.run(_run(self.ground.database, _LET_GO))


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def main() -> int:
    """Run, judge, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--point", action="append", choices=list(Point), help="again for more; all without")
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dialer-points-"))
    database = new_database() if asked.postgres else f"sqlite:///{folder / 'dialer.db'}"
    if database is None:
        raise SystemExit("there is no PostgreSQL on this machine")
    ground = Ground(
        folder=folder,
        database=database,
        port=free_port(),
        double_port=free_port(),
        people=asked.people,
        seed=str(asked.seed),
    )
    strikes = Strikes(ground, [Point(point) for point in asked.point or Point], asked.seed)
    strikes.run()
    figures, is_kept = kill_judge.judged(ground)
    figures |= {"kills by kind": dict(sorted(strikes.done.items())), "missed": strikes.missed}
    print(json.dumps(figures, ensure_ascii=False))
    is_kept = is_kept and not strikes.missed
    if is_kept:
        shutil.rmtree(folder)
    else:
        print(f"What is needed to see why is in {folder}", file=sys.stderr)
    return int(not is_kept)


if __name__ == "__main__":
    sys.exit(main())
