"""Many calls answered in the same moment, one agent free: who wins, on each database.

    python -m bench.races                 1,000 races of 20 calls for one agent, on SQLite and on PostgreSQL
    python -m bench.races --races 50

The real engine's own guarded update, from twenty tasks at once; on PostgreSQL each has a session of its own. Prints the
winners of each race and how long one took. Exit status 1 unless every race had exactly one.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.wiring.stores import open_store
from dialer.agents import AgentState, release, reserve
from dialer.ports import Store, Unit
from tests.support.builders import NOON, an_agent
from tests.support.postgres import new_database

CALLS = 20
AGENT = "aoki"


def take(unit: Unit, place: int) -> bool:
    """Take the agent for an answered call, as `dialer.reaction` does; tell whether it was won."""
    agent = unit.ready_agent(AGENT)
    if agent is None:
        return False
    unit.save_agent(reserve(agent, f"at-{place}", NOON), AgentState.READY)
    return True


def freed(unit: Unit) -> None:
    """Let the agent be ready again, whoever has them."""
    agent = unit.agent(AGENT)
    if agent and agent.state is not AgentState.READY:
        unit.save_agent(release(agent, NOON), agent.state)


async def raced(store: Store, races: int) -> dict[str, Any]:
    """Return how many winners the races had, and what one took."""
    await store.transact(lambda unit: unit.put_agent(an_agent(AGENT)))
    clock, winners = SystemClock(), Counter[int]()
    began = clock.monotonic()
    for _ in range(races):
        won = await asyncio.gather(*(store.transact(partial(take, place=place)) for place in range(CALLS)))
        winners[sum(won)] += 1
        await store.transact(freed)
    each = (clock.monotonic() - began) / races
    return {
        "races": races,
        "calls in each": CALLS,
        "races by winners": dict(winners),
        "ms": round(each * 1000, 1),
    }


async def measured(races: int) -> dict[str, Any]:
    """Race on both databases; PostgreSQL only where there is one."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="dialer-races-") as folder:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'dialer.db'}", "PostgreSQL": new_database()}
        for name, url in urls.items():
            if url is None:
                found[name] = "there is none on this machine"
                continue
            store = await open_store(url, may_upgrade=True)
            try:
                found[name] = await raced(store, races)
            finally:
                await store.close()
    return found


def main() -> int:
    """Race, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--races", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = asyncio.run(measured(asked.races))
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    held = [one["races by winners"] == {1: asked.races} for one in figures.values() if isinstance(one, dict)]
    return 0 if held and all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
