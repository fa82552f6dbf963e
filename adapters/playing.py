"""`dialer double`: Twilio played on loopback, for the demo and for whoever develops against it."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import typer

from adapters.clock import AcceleratedClock, SystemClock
from adapters.environment import optional, variable
from adapters.wiring.double import (
    DoubleOptions,
    DoubleRunning,
    Scenario,
    Whereabouts,
    load_scenario,
    run_double,
)
from dialer.errors import DialerError

_CALLS_PER_SECOND = 1.0  # Twilio's own default (twilio.md §0, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleWanted:
    """How `dialer double` is to play. `calls_per_second` None means the scenario's, else one; `idle_s` 0 for ever."""

    state: Path
    port: int
    mail_port: int = 0
    seed: str
    calls_per_second: float | None = None
    start: datetime | None = None
    anchor: datetime | None = None
    factor: float = 1.0
    scenario: Path | None = None
    numbers: tuple[str, ...] = ()
    idle_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What opens the double's account, and what it signs with. An invented one is nobody's secret."""

    sid: str
    auth_token: str = field(repr=False)
    key_sid: str
    key_secret: str = field(repr=False)


async def play_double(wanted: DoubleWanted) -> None:
    """Play Twilio until told to stop; say where it listens, and how to point an installation at it.

    Raises DocumentInvalid for a scenario that does not hold, DialerError when another double uses the folder.
    """
    scenario = load_scenario(wanted.scenario) if wanted.scenario else Scenario(says="nothing goes wrong")
    is_invented = not os.environ.get("TWILIO_ACCOUNT_SID")
    account = _invented(wanted.state) if is_invented else _given()
    now = SystemClock().now()
    clock = AcceleratedClock(start=wanted.start or now, anchor=wanted.anchor or now, factor=wanted.factor)
    options = DoubleOptions(
        state=wanted.state,
        account_sid=account.sid,
        auth_token=account.auth_token,
        key_sid=account.key_sid,
        key_secret=account.key_secret,
        seed=wanted.seed,
        calls_per_second=wanted.calls_per_second or scenario.calls_per_second or _CALLS_PER_SECOND,
        port=wanted.port,
        smtp_port=wanted.mail_port,
        idle_s=wanted.idle_s,
        faults=scenario.faults,
        later=scenario.later,
        people=scenario.people,
        numbers=frozenset(wanted.numbers),
    )

    def ready(where: Whereabouts) -> None:
        shown = account if is_invented else None
        typer.echo("\n".join(directions(options, where, says=scenario.says, invented=shown)))

    try:
        await run_double(options, clock, ready=ready)
    except DoubleRunning as running:
        raise DialerError(str(running)) from running


def directions(
    options: DoubleOptions, where: Whereabouts, *, says: str, invented: Account | None
) -> Iterator[str]:
    """Yield the lines that say where a double listens, and how to point `dialer run` at it."""
    url = f"http://{options.host}:{where.port}"
    yield from (
        f"The double listens at {url}: {says}. Nobody's phone rings.",
        f"  record  {options.state}/ (calls.jsonl, rings.jsonl, callbacks.jsonl, errors.jsonl, mailbox/)",
        f"  faults  curl {url}/double/faults -d '{{\"drop_callbacks\": 0.1}}'",
        f"  stop    Ctrl-C, or curl -X POST {url}/double/stop",
        "",
        "To point an installation at it, write into its dialer.yaml:",
        "",
        "carrier:",
        f"  base_url: {url}",
        f"  account_sid: {options.account_sid}",
        f"  calls_per_second: {options.calls_per_second:g}",
        "mail:",
        f"  host: {options.host}",
        f"  port: {where.smtp_port}",
        "  security: none",
        "",
    )
    if invented is None:
        yield "and give `dialer run` the same TWILIO_* variables as this terminal has."
        return
    yield from (
        "and in the terminal of `dialer run` (this account is invented, and opens nothing else):",
        "",
        f"export TWILIO_AUTH_TOKEN={invented.auth_token}",
        f"export TWILIO_API_KEY={invented.key_sid}",
        f"export TWILIO_API_SECRET={invented.key_secret}",
    )


def _given() -> Account:
    """Return the account that the environment names. Raises DialerError for a missing variable."""
    return Account(
        sid=variable("TWILIO_ACCOUNT_SID"),
        auth_token=variable("TWILIO_AUTH_TOKEN"),
        key_sid=optional("TWILIO_API_KEY"),
        key_secret=optional("TWILIO_API_SECRET"),
    )


def _invented(state: Path) -> Account:
    """Return the account kept in the double's folder, invented when there is none yet."""
    path = state / "account.json"
    if path.exists():
        return Account(**json.loads(path.read_text("utf-8")))
    account = Account(
        sid=f"AC{secrets.token_hex(16)}",
        auth_token=secrets.token_hex(16),
        key_sid=f"SK{secrets.token_hex(16)}",
        key_secret=secrets.token_hex(16),
    )
    state.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(account)) + "\n", encoding="utf-8")
    return account
