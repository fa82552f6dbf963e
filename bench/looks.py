"""What choosing the next calls costs at one look, however long the list: milliseconds of processor time.

python -m bench.looks [--due 10000] [--looks 60]

A store in memory with so many due leads; the next 25 calls are chosen, with the list's order and by odds, at looks that
read a page of the list (one each three seconds) and at those between.
"""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time

from adapters.simulator.crowd import crowd
from adapters.wiring.stores import open_store
from campaigns.campaign import Campaign
from campaigns.loading import load_campaign
from campaigns.roster import Candidate
from dialer.foresight import Foresight, School, Tried
from dialer.ports import Unit
from dialer.queue import Queue, Seen, queue
from dialer.traits import Line, Traits

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
FILE = Path("config/campaigns/winback-dormant.yaml")
FEW, BATCH = 25, 500


def taught(campaign: str) -> Foresight:
    """Return what was learnt of people with habits, enough for it to be used."""
    calls = [
        Tried(
            id=str(place),
            campaign=campaign,
            traits=Traits(hour=9 + place % 11, weekday=place % 5, line=Line.MOBILE),
            over_at=NOON,
            is_answered=place % 11 > 6 and place % 3 > 0,
        )
        for place in range(1500)
    ]
    known = Foresight().taught(calls)
    own: School = known.campaigns[campaign]
    return replace(known, campaigns={campaign: replace(own, squares=0.0, hourly_squares=1.0)})


def enrolled(campaign: Campaign, due: int) -> Callable[[Unit], None]:
    """Return the work of putting so many people on the list."""

    def work(unit: Unit) -> None:
        unit.save_campaign(campaign, "v1", NOON)
        people = crowd("1", due, seller=campaign.seller.id, now=NOON)
        places = iter(range(due))
        while some := list(islice(people, BATCH)):
            unit.enrol(
                campaign.id,
                [Candidate(contact=one, unique=one.key, rank=next(places)) for one in some],
                NOON,
            )

    return work


def timed(campaign: Campaign, seen: Seen, at: datetime) -> Callable[[Unit], tuple[Queue, float]]:
    """Return the work of choosing the next calls, and how long it took."""

    def work(unit: Unit) -> tuple[Queue, float]:
        begun = process_time()
        chosen = queue(unit, campaign, seen, at, FEW, languages=("ja", "en"))
        return chosen, 1000.0 * (process_time() - begun)

    return work


async def measured(campaign: Campaign, due: int, looks: int) -> dict[str, list[float]]:
    """Return the milliseconds of each look, by what it had to do."""
    store = await open_store("sqlite:///:memory:")
    found: dict[str, list[float]] = {
        "the list's order": [],
        "odds, with a page": [],
        "odds, between pages": [],
    }
    await store.transact(enrolled(campaign, due))
    plain, seen = Seen(), Seen(foresight=taught(campaign.id))
    for number in range(looks):
        now = NOON + timedelta(seconds=4 * number)
        _, took = await store.transact(timed(campaign, plain, now))
        found["the list's order"].append(took)
        for name, at in (("odds, with a page", now), ("odds, between pages", now + timedelta(seconds=1))):
            chosen, took = await store.transact(timed(campaign, seen, at))
            found[name].append(took)
            seen = replace(seen, shortlists={campaign.id: chosen.short})
    await store.close()
    return found


def main() -> None:
    """Print the median and the ninety-ninth of a hundred."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--looks", type=int, default=60)
    given = parser.parse_args()
    campaign = load_campaign(FILE.read_text("utf-8"), FILE.name).campaign
    print(f"{given.due} due leads\n\n| look | median ms | p99 ms |\n|---|---|---|")
    for name, times in asyncio.run(measured(campaign, given.due, given.looks)).items():
        times.sort()
        print(f"| {name} | {times[len(times) // 2]:.1f} | {times[int(len(times) * 0.99)]:.1f} |")


if __name__ == "__main__":
    main()
