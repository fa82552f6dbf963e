"""`dialer run`: one installation, from its first look to a clean end."""

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration
from adapters.environment import keys_of, secret_of, variable
from adapters.folders import database_folder
from adapters.jobs import checkpoint, schedule_jobs
from adapters.wiring.double import DoubleOptions, run_double
from adapters.wiring.house import House, open_house, ticking
from adapters.wiring.stores import upgrade
from dialer.events import CampaignStarted

__all__ = ["DoubleWanted", "play_double", "run", "upgrade"]

_log = structlog.get_logger()
_DRAIN_S = 30.0


async def run(configuration: Configuration, start: list[str]) -> None:
    """Serve and dial until SIGTERM or Ctrl-C; then open nothing more, and let live calls end."""
    settings = configuration.settings
    clock, folder = SystemClock(), database_folder(settings)
    stopping = stop_event()
    async with open_house(configuration, keys_of(settings), clock=clock, secret=secret_of(settings)) as house:
        jobs = schedule_jobs(house.store, clock, folder)
        for campaign in start:
            await house.engine.receive(
                CampaignStarted(
                    key=f"run:{clock.now().isoformat()}:{campaign}",
                    at=clock.now(),
                    campaign=campaign,
                    by="cli",
                )
            )
        async with ticking(house.engine, clock, interval_s=1.0):
            _log.info("running", board=settings.public_url, campaigns=sorted(configuration.plans))
            await stopping.wait()
            _log.info("stopping")
            await drain(house, within_s=_DRAIN_S)
        jobs.shutdown(wait=False)
        await checkpoint(house.store, clock, folder)


def stop_event() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def drain(house: House, *, within_s: float) -> None:
    """Open nothing more, and wait that many real seconds at most for live calls to end; the rest is recovered later."""
    await house.engine.stop()
    real = SystemClock()
    limit = real.monotonic() + within_s
    while real.monotonic() < limit and await house.store.transact(lambda unit: bool(unit.live_calls())):
        await real.wait(0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleWanted:
    """How `dialer double` is to play."""

    state: Path
    port: int
    seed: str
    calls_per_second: float
    start: datetime | None
    anchor: datetime | None
    factor: float


async def play_double(wanted: DoubleWanted) -> None:
    """Play Twilio until told to stop, or until nobody has called for a while."""
    now = SystemClock().now()
    clock = AcceleratedClock(start=wanted.start or now, anchor=wanted.anchor or now, factor=wanted.factor)
    options = DoubleOptions(
        state=wanted.state,
        account_sid=variable("TWILIO_ACCOUNT_SID"),
        auth_token=variable("TWILIO_AUTH_TOKEN"),
        key_sid=os.environ.get("TWILIO_API_KEY", ""),
        key_secret=os.environ.get("TWILIO_API_SECRET", ""),
        seed=wanted.seed,
        calls_per_second=wanted.calls_per_second,
        port=wanted.port,
    )
    await run_double(options, clock)
