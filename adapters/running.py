"""`dialer run`: one installation, from its first look to a clean end."""

import asyncio
import signal
from functools import partial

import structlog

from adapters.checkpoints import checkpoint
from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.environment import keys_of, secret_of
from adapters.folders import checkpoint_places, database_folder
from adapters.jobs import schedule_jobs
from adapters.metronome import Metronome
from adapters.pricing import Pricing
from adapters.wiring.house import House, Role, open_house, ticking
from adapters.wiring.stores import upgrade
from dialer.events import CampaignStarted
from dialer.view import CampaignState

__all__ = ["Role", "run", "upgrade"]

_log = structlog.get_logger()
_DRAIN_S = 30.0
_LEARNS_EACH_S = 5.0


async def run(configuration: Configuration, start: list[str], role: Role = Role.ALL) -> None:
    """Serve and dial until SIGTERM or Ctrl-C; then open nothing more, and let live calls end."""
    settings = configuration.settings
    clock, folder, places = SystemClock(), database_folder(settings), checkpoint_places(settings)
    stopping = stop_event()
    ring, secret = partial(keys_of, settings), secret_of(settings)
    async with open_house(configuration, ring, clock=clock, secret=secret, role=role) as house:
        if role is Role.WEB:
            _log.info("serving", board=settings.public_url)
            await _serve(house, stopping)
            return
        await checkpoint(house.store, clock, places)  # the job's first is a minute away
        pricing = Pricing(house.store, house.carrier, house.engine, clock=clock)
        jobs = schedule_jobs(house.store, clock, folder, places=places, price_calls=pricing.run)
        await _start(house, start)
        async with ticking(house.engine, clock, interval_s=1.0, ringing=house.ringing):
            _log.info("running", board=settings.public_url, campaigns=sorted(configuration.plans))
            await stopping.wait()
            _log.info("stopping")
            # Another process goes on with the calls of an engine that serves nobody.
            await drain(house, within_s=_DRAIN_S if role is Role.ALL else 0.0)
        jobs.shutdown(wait=False)
        await checkpoint(house.store, clock, places)


async def _start(house: House, names: list[str]) -> None:
    """Start campaigns; one that runs already is left as it is: whoever was killed is started by the same command."""
    now = house.clock.now()
    states = await house.store.transact(lambda unit: {row.id: row.state for row in unit.campaigns()})
    for name in names:
        if states.get(name) is CampaignState.RUNNING:
            _log.info("runs_already", campaign=name)
            continue
        key = f"run:{now.isoformat()}:{name}"
        await house.engine.receive(CampaignStarted(key=key, at=now, campaign=name, by="cli"))


async def _serve(house: House, stopping: asyncio.Event) -> None:
    """Serve until stopped. Who hears of a call's end puts the next one off to a likely hour, and so learns as well."""
    learner = Metronome(
        lambda: house.engine.learner.learn(house.store, house.clock.now()), interval_s=_LEARNS_EACH_S
    )
    learning = asyncio.create_task(learner.run())
    await stopping.wait()
    learner.stop()
    await learning


def stop_event() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def drain(house: House, *, within_s: float) -> None:
    """Open nothing more, and wait that many real seconds at most for live calls to end; the rest is recovered later."""
    house.ringing.stop()
    await house.engine.stop()
    real = SystemClock()
    limit = real.monotonic() + within_s
    while real.monotonic() < limit and await house.store.transact(lambda unit: bool(unit.live_calls())):
        await real.wait(0.1)
