"""Wall-clock work beside the dialling: checkpoints of the ledger, prices of calls, and the day's report."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import orjson
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from adapters.checkpoints import checkpoint
from dialer.ports import Clock, Store

CHECKPOINT_S = 60
"""How often the ledger's head is written beside the database, in seconds (promise P9 of the reliability notes)."""
PRICES_S = 600
"""How often the carrier is asked what calls cost, in seconds."""


def schedule_jobs(
    store: Store,
    clock: Clock,
    folder: Path,
    *,
    places: Sequence[Path],
    price_calls: Callable[[], Awaitable[None]],
    zone: str = "Asia/Tokyo",
) -> AsyncIOScheduler:
    """Return a started scheduler. Nothing in it decides about calls: the dial path judges for itself.

    Checkpoints go to `places`, reports to `folder`. Jobs live in memory; what must survive is a file or a row. A run
    missed for any reason is made up for.
    """
    scheduler = AsyncIOScheduler(
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    scheduler.add_job(checkpoint, IntervalTrigger(seconds=CHECKPOINT_S), args=[store, clock, places])
    scheduler.add_job(price_calls, IntervalTrigger(seconds=PRICES_S))
    # 03:30 lies outside every daylight-saving gap and after the last call of any calling day.
    scheduler.add_job(report_day, CronTrigger(hour=3, minute=30, timezone=zone), args=[store, clock, folder])
    scheduler.start()
    return scheduler


async def report_day(store: Store, clock: Clock, folder: Path) -> None:
    """Write how each campaign stands to `reports/<date>-<campaign>.json`."""
    now = clock.now()
    for summary in await store.read(
        lambda reports: [reports.summary(name, now) for name in reports.campaigns()]
    ):
        target = folder / "reports" / f"{_day(now)}-{summary.campaign}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))


def _day(now: datetime) -> str:
    return now.date().isoformat()
