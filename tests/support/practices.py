"""A practice in a process of its own, as an agent starts it, and everything that process touched, written down."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx

from adapters.clock import SystemClock
from adapters.simulator.people import Kind, Population
from adapters.simulator.practice import EAGER, people
from campaigns.outcome import Outcome
from tests.support.builders import NOON, the_campaign

ROOT = Path(__file__).parents[2]
_CAMPAIGN = Path("campaigns") / "winback-dormant.yaml"
# Read by Python before anything else of the process: each file opened and each connection made is a line of a log.
_WITNESS = """
import sys
log = open({log!r}, "a", buffering=1)
def note(event, args):
    if event == "open" and isinstance(args[0], str):
        print("open", args[0], file=log)
    elif event.startswith("sqlite3.connect"):
        print("sqlite", args[0], file=log)
    elif event == "socket.connect" and isinstance(args[1], tuple):
        print("connect", args[1][0], args[1][1], file=log)
    elif event == "socket.getaddrinfo":
        print("lookup", args[0], file=log)
sys.addaudithook(note)
"""


@dataclass
class Practice:
    """A practice under way: its desk's address, the agent's token, the folder of temporary files, what it touched."""

    process: asyncio.subprocess.Process
    base: str
    token: str
    temporary: Path
    log: Path

    @property
    def link(self) -> str:
        """The sign-in link that was printed."""
        return f"{self.base}/desk#aoki:{self.token}"

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Ask the desk something as the agent."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(timeout=30) as client:
            url = f"{self.base}/desk/aoki{path}"
            return (await client.request(method, url, json=body, headers=headers)).raise_for_status().json()

    async def until(self, state: str) -> Any:
        """Wait until the desk is in a state, and return the desk."""
        while (desk := await self.ask("GET", ""))["state"] != state:
            await SystemClock().wait(0.1)
        return desk

    async def reviewed(self, calls: int) -> None:
        """Wait until so many calls are reviewed."""
        while (await self.ask("GET", "/practice"))["done"] < calls:
            await SystemClock().wait(0.1)

    async def said(self, lines: int) -> None:
        """Wait until the person has said so many lines."""
        while len((await self.ask("GET", "/practice"))["lines"]) < lines:
            await SystemClock().wait(0.1)

    async def end(self) -> str:
        """Press Ctrl-C, and return what was printed for machines."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        out, _ = await asyncio.wait_for(self.process.communicate(), 60)
        return out.decode()

    def touched(self) -> list[str]:
        """Return what the process opened and whom it connected to, a line each."""
        return self.log.read_text("utf-8").splitlines()


def a_config(place: Path) -> Path:
    """Return a copy of our own configuration that a test may change."""
    shutil.copytree(ROOT / "config", place / "config")
    return place / "config"


@asynccontextmanager
async def a_practice(
    place: Path, config: Path, *options: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Practice]:
    """Start `dialer practice` for aoki, and see that its process is gone at the end."""
    temporary, log, witness = place / "tmp", place / "touched.log", place / "witness"
    temporary.mkdir()
    witness.mkdir()
    (witness / "sitecustomize.py").write_text(_WITNESS.format(log=str(log)), "utf-8")
    command = ("practice", str(config / _CAMPAIGN), "--config", str(config), "--agent", "aoki", "--json")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dialer", *command, *options),
        cwd=ROOT,
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "PYTHONPATH": str(witness),
            **(environment or {}),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        base, _, token = (await _link(process)).partition("/desk#aoki:")
        yield Practice(process=process, base=base, token=token, temporary=temporary, log=log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _link(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    read = ""
    while line := (await asyncio.wait_for(process.stderr.readline(), 90)).decode():
        read += line
        if "/desk#aoki:" in line:
            return line[line.index("http://") :].strip()
    raise AssertionError(f"no link was printed: {read}")


def calls_of(text: str) -> list[dict[str, Any]]:
    """Return the calls of what was printed for machines."""
    found: list[dict[str, Any]] = json.loads(text)["calls"]
    return found


def a_seed(*wanted: Outcome) -> str:
    """Return a seed whose first people answer soon, talk shortly, and want these, one after the other."""
    for seed in map(str, count(1)):
        population = Population(seed, habits=EAGER)
        first = islice(people(seed, the_campaign(), ("ja", "en"), NOON), len(wanted))
        met = [population.reaction(one.phones[0].number, population.local(NOON), 1) for one in first]
        if [one.says for one in met] == list(wanted) and all(
            one.kind is Kind.ANSWER and one.ring_s < 4 and one.talk_s < 45 for one in met
        ):
            return seed
    raise AssertionError
