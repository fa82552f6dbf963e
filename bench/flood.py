"""What a flood of callbacks and five hundred slow lines do to a running installation.

python -m bench.flood [--seconds 30] [--slow 500] [--times 10] [--json var/bench/flood.json]

The installation (bench.flood_site) is a process of its own. For so many seconds it only dials: this program
plays Twilio's side of each call over HTTP. For as many again it goes on dialling while slow lines are held open and
callbacks come at ten times the rate of a peak (as many calls a second as the campaign may start, eight callbacks each):
new ones, doubled ones and forged ones.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import aiohttp
from twilio.request_validator import RequestValidator

from adapters.clock import SystemClock
from adapters.store.sqlite import library
from bench.flood_site import CALLS_PER_SECOND, PUBLIC, TOKEN
from bench.slow_lines import SlowLines
from tests.support.engines import reference_of

RING_S = 0.3
CALLBACKS_PER_CALL = 8
RETRY_AFTER_S = (0.5, 1.0, 2.0)
"""Three times more, as our callback addresses ask (`rc=3&rp=all`); how long Twilio rests in between nobody says."""
STEP_S = 0.05
MOST_ACK_MS = 3000.0
"""What our callback addresses grant us to read an answer (`rt=3000`)."""

_CLOCK = SystemClock()
_SIGN = RequestValidator(TOKEN)


@dataclass(kw_only=True)
class Phase:
    """What came of the callbacks of one half, in milliseconds and by status; 0 is a lost connection."""

    ms: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    placed: int = 0
    began: float = field(default_factory=perf_counter)
    took_s: float = 0.0

    def end(self) -> None:
        """Nothing more belongs to it."""
        self.took_s = perf_counter() - self.began

    def figures(self) -> dict[str, Any]:
        """Return what is written of it."""
        taken = self.ms[204]
        cuts = quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
        return {
            "seconds": round(self.took_s, 1),
            "callbacks": sum(self.statuses.values()),
            "callbacks_per_second": round(sum(self.statuses.values()) / self.took_s, 1),
            "statuses": {str(status): times for status, times in sorted(self.statuses.items())},
            "ack_p50_ms": round(cuts[49], 1),
            "ack_p99_ms": round(cuts[98], 1),
            "ack_max_ms": round(max(taken, default=0.0), 1),
            "calls_per_second": round(self.placed / self.took_s, 2),
        }


@dataclass(kw_only=True)
class Twilio:
    """The other side of the calls: signs, sends, measures, and remembers what was acknowledged."""

    session: aiohttp.ClientSession
    base: str
    phase: Phase = field(default_factory=Phase)
    over: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    sent: Counter[str] = field(default_factory=Counter)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    given_up: int = 0
    is_closing: bool = False

    def spawn(self, work: Any) -> None:
        """Do something beside everything else."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def tell(
        self, path: str, key: str, form: dict[str, str], *, token: RequestValidator = _SIGN
    ) -> None:
        """Send a callback that becomes the event of this key; empty for a forgery."""
        headers = {"X-Twilio-Signature": token.compute_signature(PUBLIC + path, form)}
        for pause_s in (*RETRY_AFTER_S, None):
            status = await self._post(path, form, headers)
            if status in {200, 204} and key:
                self.acknowledged.add(key)
            if 200 <= status < 500 or pause_s is None:
                self.given_up += status not in {200, 204, 403}
                return
            await _CLOCK.wait(pause_s)

    async def _post(self, path: str, form: dict[str, str], headers: dict[str, str]) -> int:
        phase, began = self.phase, perf_counter()
        try:
            async with self.session.post(self.base + path, data=form, headers=headers) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        phase.statuses[status] += 1
        phase.ms[status].append((perf_counter() - began) * 1000)
        return status

    async def live(self, attempt: str, nonce: str) -> None:
        """Play a call that rings and is busy."""
        sid, path = reference_of(attempt), f"/twilio/{attempt}/{nonce}"
        for status, key in (("initiated", "dialed"), ("ringing", "ringing"), ("busy", "busy")):
            self.sent["of calls"] += 1
            form = {"CallSid": sid, "CallStatus": status, "CallDuration": "0", "ToCity": ""}
            # Twilio does not wait for our answer before it goes on.
            self.spawn(self.tell(f"{path}/status", f"{sid}:{key}", form))
            await _CLOCK.wait(RING_S if status == "ringing" else STEP_S)
        self.over.append((path, sid))

    async def flood(self, per_second: float, seconds: float) -> None:
        """Send so many a second whether they are answered or not: of ten, seven new, two doubled, one forged."""
        began, sent = perf_counter(), 0
        while (passed := perf_counter() - began) < seconds:
            while sent < passed * per_second and self.over:
                self.spawn(self._one(sent))
                sent += 1
            await _CLOCK.wait(STEP_S)

    async def _one(self, place: int) -> None:
        kind = {8: "doubled", 7: "doubled", 9: "forged"}.get(place % 10, "new")
        self.sent[kind] += 1
        path, sid = self.over[place % len(self.over)]
        if kind == "doubled":
            form = {"CallSid": sid, "CallStatus": "busy", "CallDuration": "0", "ToCity": ""}
            await self.tell(f"{path}/status", f"{sid}:busy", form)
            return
        recording, token = f"RE{place:032x}", RequestValidator("stranger") if kind == "forged" else _SIGN
        form = {
            "CallSid": sid,
            "RecordingSid": recording,
            "RecordingStatus": "completed",
            "RecordingDuration": "12",
            "RecordingUrl": "https://api.twilio.com/x",
        }
        key = "" if kind == "forged" else f"{recording}:completed"
        await self.tell(f"{path}/recording", key, form, token=token)

    async def settle(self) -> None:
        """Play no more calls, and wait for what is under way."""
        self.is_closing = True
        while self.tasks:
            await asyncio.wait(set(self.tasks))


def resident_mb(pid: int) -> float:
    """Return how much memory a process has in use, 0 where nobody can tell."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def stored(folder: Path) -> set[str]:
    """Return the keys of every event in the database that the installation left."""
    connection = library().connect(str(folder / "flood.db"))
    try:
        return {key for (key,) in connection.execute("SELECT key FROM event")}
    finally:
        connection.close()


@asynccontextmanager
async def a_site(folder: Path, people: int, agents: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the installation; end it with its input."""
    command = [sys.executable, "-m", "bench.flood_site", str(folder), str(people), str(agents)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


async def listen(process: asyncio.subprocess.Process, twilio: Twilio) -> None:
    """Play every call that is ordered."""
    while process.stdout and (line := await process.stdout.readline()):
        said = json.loads(line)
        if "nonce" in said and not twilio.is_closing:
            twilio.phase.placed += 1
            twilio.spawn(twilio.live(said["attempt"], said["nonce"]))


async def run(*, seconds: float, slow: int, times: float, agents: int = 10) -> dict[str, Any]:
    """Flood an installation and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with a_site(folder, people=int(seconds * 4 * CALLS_PER_SECOND) + 500, agents=agents) as process:
            where = json.loads(await process.stdout.readline()) if process.stdout else {}
            base = f"http://127.0.0.1:{where['port']}"
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:
                twilio = Twilio(session=session, base=base)
                hearing = asyncio.create_task(listen(process, twilio))
                figures = await _measured(twilio, where, seconds=seconds, slow=slow, times=times)
                if hearing.done():
                    hearing.result()
                hearing.cancel()
        lost = twilio.acknowledged - stored(folder)
        logged = Counter(
            json.loads(line)["event"] for line in (folder / "flood.log").read_text("utf-8").splitlines()
        )
    figures |= {
        "sent": dict(twilio.sent),
        "acknowledged": len(twilio.acknowledged),
        "given_up": twilio.given_up,
        "lost": len(lost),
        "logged": dict(logged),
    }
    figures["is_met"] = (
        not lost
        and figures["flooded"]["ack_p99_ms"] < MOST_ACK_MS
        and figures["dial_rate_kept"] >= 0.8
        and not {"0", "500"} & set(figures["flooded"]["statuses"])
    )
    return figures


async def _measured(
    twilio: Twilio, where: dict[str, int], *, seconds: float, slow: int, times: float
) -> dict[str, Any]:
    """Dial in peace, then under the flood; return both."""
    await _CLOCK.wait(seconds)
    quiet = twilio.phase
    quiet.end()
    rest_mb, rate = resident_mb(where["pid"]), CALLS_PER_SECOND * CALLBACKS_PER_CALL
    async with SlowLines(where["port"], slow) as lines:
        twilio.phase = flooded = Phase()
        await twilio.flood(rate * times, seconds)
        flooded.end()
        peak_mb = resident_mb(where["pid"])
        await twilio.settle()
    return {
        "quiet": quiet.figures(),
        "flooded": flooded.figures(),
        "dial_rate_kept": round((flooded.placed / flooded.took_s) / (quiet.placed / quiet.took_s), 2),
        "slow_lines": {"held": slow, "opened": lines.opened, "ended_by_us": lines.ended},
        "rss_quiet_mb": round(rest_mb, 1),
        "rss_flooded_mb": round(peak_mb, 1),
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--slow", type=int, default=500)
    parser.add_argument("--times", type=float, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = asyncio.run(run(seconds=options.seconds, slow=options.slow, times=options.times))
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
