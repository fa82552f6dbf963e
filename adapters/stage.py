"""What the demo plays on: its clock, its secrets and addresses, kept so that it can go on after a stop."""

import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration, Plan
from adapters.doubles import Double
from adapters.environment import Keys

TOKYO = ZoneInfo("Asia/Tokyo")
OPENS = time(10)
CURTAIN = timedelta(seconds=7)
"""Real time from setting the clock to what it is to show: the double and the house start meanwhile."""
CALLS_PER_SECOND = 50.0
"""What the double's account may dial; in its seconds, which are short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to run, where to keep it, how fast, from which seed; `own` is the agent whose desk is left to a person."""

    plan: Plan
    configuration: Configuration
    folder: Path
    factor: float
    seed: str
    own: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the demo must know again after it was stopped: its secrets, its port, and what its clock showed when."""

    secret: str
    account_sid: str
    auth_token: str
    port: int
    start: str
    anchor: str
    factor: float

    @property
    def clock(self) -> AcceleratedClock:
        """The demo's clock, the same in every process that knows this stage."""
        start, anchor = datetime.fromisoformat(self.start), datetime.fromisoformat(self.anchor)
        return AcceleratedClock(start=start, anchor=anchor, factor=self.factor)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the double is told in secret."""
        return {"TWILIO_ACCOUNT_SID": self.account_sid, "TWILIO_AUTH_TOKEN": self.auth_token}

    @property
    def keys(self) -> Keys:
        """What the account is opened with."""
        return Keys(key_sid=self.account_sid, key_secret=self.auth_token, auth_tokens=(self.auth_token,))


def first_morning(options: Options) -> datetime:
    """Return 10:00 in Tokyo on the first working day from today on."""
    today = SystemClock().now().astimezone(TOKYO).date()
    day = options.configuration.working_day(options.plan.campaign, today)
    return datetime.combine(day, OPENS, TOKYO).astimezone(UTC)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def set_stage(options: Options, *, double_is_up: bool, last_at: datetime | None) -> Stage:
    """Return the stage to play on: the one kept from the last run, its clock set to go on where it stood."""
    kept = options.folder / "stage.json"
    now = (SystemClock().now() + CURTAIN).isoformat()
    if not kept.exists():
        stage = Stage(
            secret=secrets.token_hex(32),
            account_sid=f"AC{secrets.token_hex(16)}",
            auth_token=secrets.token_hex(16),
            port=_free_port(),
            start=first_morning(options).isoformat(),
            anchor=now,
            factor=options.factor,
        )
    else:
        stage = Stage(**json.loads(kept.read_text()))
        if not double_is_up:
            start = max(datetime.fromisoformat(stage.start), last_at or datetime.min.replace(tzinfo=UTC))
            stage = replace(stage, start=start.isoformat(), anchor=now, factor=options.factor)
    options.folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(stage), indent=1))
    return stage


def staged(options: Options, stage: Stage, double: Double) -> Configuration:
    """Return the configuration with the carrier, the mail server and the addresses of the stage."""
    settings = options.configuration.settings
    url = f"127.0.0.1:{stage.port}"
    here = settings.model_copy(
        update={
            "database": f"sqlite:///{options.folder / 'dialer.db'}",
            "checkpoints": "",
            "public_url": f"http://{url}",
            "listen": url,
            # The double is known to queue no call for long, and its minutes are our seconds.
            "silence": timedelta(minutes=10),
            "carrier": settings.carrier.model_copy(
                update={
                    "base_url": double.url,
                    "account_sid": stage.account_sid,
                    "calls_per_second": CALLS_PER_SECOND,
                    "accept_limit": timedelta(minutes=10),
                    "queue_limit": timedelta(minutes=10),
                }
            ),
            "mail": settings.mail.model_copy(
                update={"host": "127.0.0.1", "port": double.smtp_port, "security": "none", "username": None}
            ),
        }
    )
    plans = {options.plan.campaign.id: options.plan}
    return replace(options.configuration, settings=here, plans=plans)
