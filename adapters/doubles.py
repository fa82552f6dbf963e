"""The double as a process of its own: found when it still runs, started when it does not."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog

from adapters.clock import AcceleratedClock, SystemClock

_log = structlog.get_logger()
_STARTS_WITHIN_S = 60.0
_IDLE_S = 60.0  # a double whose demo has gone for good goes too


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A running double: where its Twilio API and its mail server listen."""

    url: str
    smtp_port: int

    async def post(self, path: str, body: object) -> None:
        """Tell the double something; raises httpx.HTTPError when it does not take it."""
        async with httpx.AsyncClient(timeout=10) as client:
            (await client.post(f"{self.url}{path}", json=body)).raise_for_status()


async def find_double(state: Path) -> Double | None:
    """Return the double that keeps its record in `state`, when it is alive."""
    try:
        said = json.loads((state / "double.json").read_text())
        double = Double(url=f"http://127.0.0.1:{said['port']}", smtp_port=said["smtp_port"])
        async with httpx.AsyncClient(timeout=2) as client:
            (await client.get(f"{double.url}/double/health")).raise_for_status()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return double


async def start_double(
    state: Path, clock: AcceleratedClock, secrets: Mapping[str, str], *, seed: str, calls_per_second: float
) -> Double:
    """Start a double in a process of its own, so that it outlives us as a carrier does. Raises TimeoutError."""
    _clear(state)
    arguments = [
        *("double", "--state", str(state), "--seed", seed, "--calls-per-second", str(calls_per_second)),
        *("--idle", str(_IDLE_S)),
        *(
            "--start",
            clock.start.isoformat(),
            "--anchor",
            clock.anchor.isoformat(),
            "--factor",
            str(clock.factor),
        ),
    ]
    with (state / "double.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dialer", *arguments),
            env={**os.environ, **secrets},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return await _awaited(state, process)


def _clear(state: Path) -> None:
    """Make the folder, without the address of a double that is gone."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "double.json").unlink(missing_ok=True)


async def _awaited(state: Path, process: asyncio.subprocess.Process) -> Double:
    clock = SystemClock()
    limit = clock.monotonic() + _STARTS_WITHIN_S
    while clock.monotonic() < limit and process.returncode is None:
        if double := await find_double(state):
            return double
        await clock.wait(0.05)
    raise TimeoutError(f"the double did not start; see {state / 'double.log'}")
