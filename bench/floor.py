"""A floor of agents dialled predictively through Twilio's double: who was joined to whom, how soon, who found nobody.

    python -m bench.floor --agents 20 --minutes 10
    python -m bench.floor --agents 20 --minutes 10 --progressive      # the same people, one line for each free agent

The real program, its webhooks and pages over HTTP; the double is the carrier, the people and the agents at their desks.
A clock runs `--factor` times as fast: times are campaign seconds, but for those of the server, which are real ms.
Judged from the database and the double's own record. Prints the figures and writes JSON; exit status 1 when an agent
was given two people at once, or more were abandoned than the law allows.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from bench import kill_judge
from bench.calls import at_share
from bench.killing_ground import (
    CAMPAIGN,
    TOKYO,
    Ground,
    Program,
    configuration_of,
    free_port,
    furnish,
    lines_of,
    morning,
    seat,
    start_double,
    wait_for_double,
)
from compliance.terms import Technology
from dialer.settings import AgentSettings

MOST_ABANDONED = 0.03
CURTAIN = timedelta(seconds=3)
_ANSWERED = """
SELECT agent, answered_at, connected_at, over_at, outcome, answered_by FROM attempt
WHERE answered_at IS NOT NULL AND campaign = ? ORDER BY connected_at
"""


def configuration_for(ground: Ground, agents: int, mode: Technology) -> Configuration:
    """Return our configuration with so many agents, and lines enough for them."""
    configuration = configuration_of(ground)
    plan = configuration.plans[CAMPAIGN]
    pacing = plan.campaign.pacing.model_copy(
        update={
            "mode": mode,
            "max_lines": 10 * agents,
            "calls_per_second": max(2.0, agents / 4),
            "machine_detection": "off",
            "wrap_up": timedelta(minutes=2),
        }
    )
    recording = plan.campaign.recording.model_copy(update={"record": False})
    campaign = plan.campaign.model_copy(update={"pacing": pacing, "recording": recording})
    carrier = configuration.settings.carrier.model_copy(
        update={"calls_per_second": max(3.0, agents / 3), "read_timeout": timedelta(seconds=10)}
    )
    names = [f"agent{place:03}" for place in range(agents)]
    seats = tuple(AgentSettings(id=name, name=name, languages=("ja", "en")) for name in names)
    settings = configuration.settings.model_copy(update={"carrier": carrier, "agents": seats})
    return replace(configuration, settings=settings, plans={CAMPAIGN: replace(plan, campaign=campaign)})


def run(ground: Ground, configuration: Configuration, minutes: float, factor: float) -> dict[str, Any]:
    """Dial for so many campaign minutes, and return what was seen."""
    clock = morning(configuration, SystemClock().now().astimezone(TOKYO).date(), factor=factor)
    furnish(ground, configuration, clock)
    clock = AcceleratedClock(start=clock.start, anchor=SystemClock().now() + CURTAIN, factor=factor)
    double = start_double(ground, clock)
    program = None
    try:
        wait_for_double(ground, double)
        program = Program(ground, configuration, clock)
        if not program.wait_until_ready():
            raise RuntimeError(f"the program did not start: see {ground.folder}/program.log")
        seat(ground, configuration)
        if program.dies_within(minutes * 60 / factor):
            raise RuntimeError(f"the program died: see {ground.folder}/program.log")
        return seen(ground, clock.start)
    finally:
        if program:
            program.kill()
        double.kill()
        double.join()


def seen(ground: Ground, start: datetime) -> dict[str, Any]:
    """Return what the database and the double's record tell of the answered calls; the first minute is not counted."""
    rows = kill_judge.copied(ground).execute(_ANSWERED, (CAMPAIGN,)).fetchall()
    joined = [row for row in rows if row[2] is not None]
    waits = sorted((row[2] - row[1]) / 1e6 for row in joined)
    people = [row for row in rows if row[5] not in {"machine", "fax"} and (row[2] or row[3])]
    late = [row for row in people if (row[2] or row[3]) - row[1] > 2_000_000]
    lost = [row for row in people if row[2] is None and row[3] - row[1] > 2_000_000]
    told = lines_of(ground.folder / "double" / "callbacks.jsonl")
    since = (start + timedelta(minutes=1)).isoformat()
    answers = sorted(
        float(str(line["took_ms"])) for line in told if line["event"] == "answer" and str(line["at"]) >= since
    )
    return {
        "people who answered": len(people),
        "joined to an agent": len(joined),
        "abandoned": len(lost),
        "abandoned or joined later than 2 s": len(late),
        "share of them": round(len(late) / len(people), 4) if people else 0.0,
        "agents given two people at once": overlaps(joined),
        "answer to agent, p50 s": at_share(waits, 0.5),
        "answer to agent, p99 s": at_share(waits, 0.99),
        "answer webhook to TwiML, p50 ms": at_share(answers, 0.5),
        "answer webhook to TwiML, p90 ms": at_share(answers, 0.9),
        "answer webhook to TwiML, p99 ms": at_share(answers, 0.99),
    }


def overlaps(joined: list[tuple[Any, ...]]) -> int:
    """Count the talks that began with an agent before their last one was over."""
    by_agent: dict[str, list[tuple[int, int]]] = {}
    for agent, _, connected, over, *_ in joined:
        by_agent.setdefault(agent, []).append((connected, over or sys.maxsize))
    return sum(
        later[0] < earlier[1] for talks in by_agent.values() for earlier, later in pairwise(sorted(talks))
    )


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10.0, help="campaign minutes")
    parser.add_argument("--factor", type=float, default=4.0, help="how many times as fast as real time")
    parser.add_argument("--progressive", action="store_true", help="one line for each free agent")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dialer-floor-"))
    url, people = f"sqlite:///{folder / 'dialer.db'}", int(asked.agents * asked.minutes * 8)
    ground = Ground(
        folder=folder, database=url, port=free_port(), double_port=free_port(), people=people, seed="1"
    )
    mode = Technology.PROGRESSIVE if asked.progressive else Technology.PREDICTIVE
    configuration = configuration_for(ground, asked.agents, mode)
    figures: dict[str, Any] = {"mode": mode.value, "agents": asked.agents, "minutes": asked.minutes}
    figures |= run(ground, configuration, asked.minutes, asked.factor)
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    is_held = figures["share of them"] <= MOST_ABANDONED and not figures["agents given two people at once"]
    return 0 if is_held else 1


if __name__ == "__main__":
    sys.exit(main())
