"""Kill the program again and again, and let the carrier's own record say whether anybody was called twice.

    python -m bench.kill --kills 200                     # SQLite, one process
    python -m bench.kill --kills 200 --postgres          # PostgreSQL, three processes, one killed at a time
    python -m bench.kill --broken retry-on-restart       # a build that calls people twice: must end red

Half of the kills strike at a random moment, half when a process passes a named point of the attempt protocol
(dialer/crashpoints.py). Meanwhile the double holds, drops, doubles, delays and reorders what it accepts and tells.
Prints what was found and writes JSON; exit status 1 when a promise was broken.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from bench import kill_judge
from bench.broken_builds import BUILDS
from bench.killing_ground import (
    CLOSES,
    SETTLED_S,
    TOKYO,
    Ground,
    Program,
    configuration_of,
    free_port,
    furnish,
    live_calls,
    morning,
    pick_faults,
    seat,
    start_double,
    told,
    wait_for_double,
)
from compliance.terms import Technology
from dialer.crashpoints import Point
from tests.support.postgres import new_database

_STARTS = 5
LONGEST_S = 1.6
"""A kill strikes at most so many real seconds after everybody is at work."""
MENU: tuple[dict[str, float], ...] = (
    {},
    {"hold_before_accept_s": 0.3, "duplicate_callbacks": 0.3},
    {"hold_before_accept_s": 0.9},
    {"hold_after_accept_s": 0.4, "drop_callbacks": 0.2},
    {"reset_after_accept": 0.3, "reorder_callbacks": 0.3},
    {"error_500_after_accept": 0.3, "delay_callbacks": 0.3, "delay_s": 20},
    {"hang_after_accept": 0.2, "hang_s": 2, "duplicate_callbacks": 0.5},
    {"garbled_answer": 0.3, "drop_callbacks": 0.3},
    {"refuse_before_accept": 0.3, "error_500_before_accept": 0.2, "status_429_share": 0.2},
    {"hold_answer_s": 30, "drop_callbacks": 0.1, "duplicate_callbacks": 0.3, "reorder_callbacks": 0.3},
)


class Bench:
    """One run: days of calling, in which programs are killed until enough were."""

    def __init__(self, ground: Ground, programs: int, kills: int, minutes: float = 600.0) -> None:
        """Take where, how many processes, how many kills, and for how many real minutes at most."""
        self._until = SystemClock().monotonic() + minutes * 60
        self.ground, self.kills, self._programs = ground, kills, programs
        self._chance = random.Random(ground.seed)
        self._configuration: Configuration = configuration_of(ground)
        self.done: Counter[str] = Counter()
        self.days = 0

    @property
    def is_done(self) -> bool:
        """Whether there were enough kills, or there is no time left."""
        return self.killed >= self.kills or SystemClock().monotonic() >= self._until

    @property
    def killed(self) -> int:
        """How many kills there were so far."""
        return sum(self.done.values())

    def run(self) -> None:
        """Play day after day until the kills are done, and let everything come to its end."""
        day = SystemClock().now().astimezone(TOKYO).date()
        clock = morning(self._configuration, day)
        furnish(self.ground, self._configuration, clock)
        while not self.is_done:
            day = self._play(day)

    def _play(self, day: date) -> date:
        clock = morning(self._configuration, day)
        double = start_double(self.ground, clock)
        try:
            wait_for_double(self.ground, double)
            # Before the day begins the clock stands still, and what comes first cannot be told from what comes next.
            double.join(max(0.0, (clock.anchor - SystemClock().now()).total_seconds()))
            programs = [self._started(clock, None) for _ in range(self._programs)]
            while not self.is_done and _is_open(clock.now()):
                place = self.killed % len(programs)
                programs[place] = self._trial(programs[place], clock)
            self._settle([self._unarmed(program, clock) for program in programs])
        finally:
            double.kill()
            double.join()
        self.days += 1
        print(f"day {self.days}: {self.killed} kills", file=sys.stderr, flush=True)
        return date.fromordinal(clock.now().astimezone(TOKYO).date().toordinal() + 1)

    def _trial(self, program: Program, clock: AcceleratedClock) -> Program:
        """Kill one program while the carrier misbehaves, and start it again."""
        told(self.ground, "/double/faults", pick_faults(self._chance, MENU))
        if program.dies_within(self._chance.uniform(0, LONGEST_S)):
            self.done["at a point, later"] += 1
        else:
            program.kill()
            self.done["at random"] += 1
        named = f"{self._chance.choice(list(Point))}:{self._chance.randint(1, 6)}"
        crash = named if self._chance.random() < 0.5 else None
        crashing = self._started(clock, crash)
        if crash and crashing.dies_within(LONGEST_S / 2):
            self.done[crash.partition(":")[0]] += 1
            return self._started(clock, None)
        return crashing

    def _started(self, clock: AcceleratedClock, crash: str | None) -> Program:
        """Start a program; one that dies on its way up is counted and started again."""
        for _ in range(_STARTS):
            program = Program(self.ground, self._configuration, clock, crash)
            if program.wait_until_ready():
                # Where others go on serving, the agents stay where they are; now and then they sit down anew.
                if self._programs == 1 or self.killed % 16 == 0:
                    seat(self.ground, self._configuration)
                return program
            program.kill()
            self.done["on its way up" if crash is None else crash.partition(":")[0]] += 1
            crash = None
        raise RuntimeError(f"a program did not start: see {self.ground.folder}/program.log")

    def _unarmed(self, program: Program, clock: AcceleratedClock) -> Program:
        """Return a program that kills itself at no point any more: somebody must see things to their end."""
        program.kill()
        return self._started(clock, None)

    def _settle(self, programs: list[Program]) -> None:
        """Let the carrier behave, and wait until every attempt has come to its end."""
        told(self.ground, "/double/faults", {})
        if self.is_done:
            programs[0].end_the_day()
        for _ in range(int(SETTLED_S)):
            programs[0].dies_within(1.0)
            if not live_calls(self.ground) and not kill_judge.open_attempts(self.ground):
                break
        for program in programs:
            program.stop()


def _is_open(now: datetime) -> bool:
    return now.astimezone(TOKYO).time() < CLOSES


def main() -> int:
    """Run, judge, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL with three processes")
    parser.add_argument("--predictive", action="store_true", help="more lines than free agents")
    parser.add_argument("--minutes", type=float, default=600.0, help="no kills after so long")
    parser.add_argument("--people", type=int, default=4000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--broken", choices=sorted(BUILDS), help="plant a fault that must be found")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    asked = parser.parse_args()
    if asked.broken:
        BUILDS[asked.broken]()
    folder = Path(tempfile.mkdtemp(prefix="dialer-kill-"))
    ground = Ground(
        folder=folder,
        database=_postgres() if asked.postgres else f"sqlite:///{folder / 'dialer.db'}",
        port=free_port(),
        double_port=free_port(),
        people=asked.people,
        seed=asked.seed,
        mode=Technology.PREDICTIVE if asked.predictive else Technology.PROGRESSIVE,
    )
    bench = Bench(ground, 3 if asked.postgres else 1, asked.kills, asked.minutes)
    began = SystemClock().monotonic()
    bench.run()
    figures, is_kept = kill_judge.judged(ground)
    figures |= {
        "database": "PostgreSQL, 3 processes" if asked.postgres else "SQLite, 1 process",
        "mode": ground.mode.value,
        "build": f"BROKEN: {asked.broken}" if asked.broken else "ours",
        "kills": bench.killed,
        "kills by kind": dict(sorted(bench.done.items())),
        "days": bench.days,
        "seed": asked.seed,
        "seconds": round(SystemClock().monotonic() - began),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if is_kept:
        shutil.rmtree(folder)
    else:
        print(f"A promise was broken. What is needed to see how is in {folder}", file=sys.stderr)
    return int(not is_kept)


def _postgres() -> str:
    url = new_database()
    if url is None:
        raise SystemExit("there is no PostgreSQL on this machine")
    return url


if __name__ == "__main__":
    sys.exit(main())
