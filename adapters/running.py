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
from adapters.jobs import checkpoint, schedule_jobs
from adapters.wiring.double import DoubleOptions, run_double
from adapters.wiring.house import House, Keys, open_house, ticking, upgrade
from dialer.errors import DialerError
from dialer.events import CampaignStarted
from dialer.settings import Settings

__all__ = ["DoubleWanted", "play_double", "run", "upgrade"]

_log = structlog.get_logger()
_SECRET_LENGTH = 32
_DRAIN_S = 30.0


def keys_of(settings: Settings) -> Keys:
    """Return what the environment names. Raises DialerError for a missing variable."""
    carrier = settings.carrier
    if not carrier.account_sid:
        raise DialerError("carrier.account_sid in dialer.yaml is empty: put your account's SID (AC…) there")
    return Keys(
        key_sid=_environment(carrier.key_sid_env),
        key_secret=_environment(carrier.key_secret_env),
        auth_tokens=tuple(_environment(carrier.auth_token_env).split(",")),
        smtp_password=_environment(settings.mail.password_env) if settings.mail.username else None,
    )


def secret_of(settings: Settings) -> str:
    """Return the installation's secret. Raises DialerError when it is missing or too short to be one."""
    secret = _environment(settings.secret_env)
    if len(secret) < _SECRET_LENGTH:
        raise DialerError(f"{settings.secret_env} must have at least {_SECRET_LENGTH} characters")
    return secret


def _environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise DialerError(f"the environment variable {name} is not set")
    return value


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
        async with ticking(house.engine, interval_s=1.0):
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


def database_folder(settings: Settings) -> Path:
    """Return the folder beside the database, where checkpoints and reports go."""
    _, _, path = settings.database.partition("sqlite:///")
    return Path(path).parent if path else Path("var")


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
        account_sid=_environment("TWILIO_ACCOUNT_SID"),
        auth_token=_environment("TWILIO_AUTH_TOKEN"),
        key_sid=os.environ.get("TWILIO_API_KEY", ""),
        key_secret=os.environ.get("TWILIO_API_SECRET", ""),
        seed=wanted.seed,
        calls_per_second=wanted.calls_per_second,
        port=wanted.port,
    )
    await run_double(options, clock)
