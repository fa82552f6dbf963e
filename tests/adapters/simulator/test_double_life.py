"""How a double begins and ends: restarts, kills, signals, and going away when nobody needs it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from adapters.clock import AcceleratedClock, SystemClock
from adapters.simulator.options import DoubleOptions
from adapters.simulator.people import Kind
from adapters.simulator.seals import problems
from adapters.simulator.twilio_double import DoubleRunning, run_double
from tests.adapters.simulator.builders import (
    ACCOUNT,
    CALLER,
    TEN_IN_TOKYO,
    TOKEN,
    a_dialer,
    a_double,
    a_number,
    read_lines,
)

PROGRAM = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from adapters.clock import AcceleratedClock, SystemClock
from adapters.simulator.options import DoubleOptions
from adapters.simulator.twilio_double import run_double
state, account, token, start = sys.argv[1:]
clock = AcceleratedClock(start=datetime.fromisoformat(start), anchor=SystemClock().now(), factor=20)
options = DoubleOptions(state=Path(state), account_sid=account, auth_token=token, seed="7", calls_per_second=50)
asyncio.run(run_double(options, clock, ready=lambda where: print(where.port, flush=True)))
"""


def slow_answer(number: int = 0) -> str:
    """A number that rings, soon, and goes on ringing."""
    return a_number(lambda each: each.kind is Kind.NO_ANSWER and each.setup_s < 1.3, skip=number)


def start(state: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a double as a process of its own; return it and its port once it is ready."""
    command = [sys.executable, "-c", PROGRAM, str(state), ACCOUNT, TOKEN, TEN_IN_TOKYO.isoformat()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert process.stdout is not None
    return process, int(process.stdout.readline())


async def test_a_killed_double_finds_its_calls_again(tmp_path: Path) -> None:
    """After kill -9 with a phone ringing, the next double ends that ring as failed, says so, and knows the call."""
    clock = SystemClock()
    async with a_dialer(clock) as dialer:
        process, port = await asyncio.to_thread(start, tmp_path)
        try:
            auth, path = (ACCOUNT, TOKEN), f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", auth=auth) as api:
                form = {
                    "To": slow_answer(),
                    "From": CALLER,
                    "Url": dialer.url("/answer"),
                    "StatusCallback": dialer.url("/status"),
                    "StatusCallbackEvent": ["ringing", "completed"],
                }
                sid = (await api.post(path, data=form)).json()["sid"]
                await dialer.until(lambda: bool(dialer.at("/status")))
            process.send_signal(signal.SIGKILL)
        finally:
            await asyncio.to_thread(process.wait)
            if process.stdout is not None:
                process.stdout.close()
        assert json.loads((tmp_path / "double.json").read_text())["port"] == port
        async with a_double(tmp_path) as standing:
            await dialer.until(lambda: len(dialer.at("/status")) == 2)
            found = (await standing.api.get(standing.call(sid))).json()
            fresh = await standing.dial(slow_answer())
            assert fresh.status_code == 201
        last = dialer.told[-1]
        assert (last.fields["CallSid"], last.fields["CallStatus"], last.is_signed) == (sid, "failed", True)
        assert (found["status"], found["to"]) == ("failed", form["To"])
    lines = read_lines(tmp_path / "rings.jsonl")
    assert [(e["event"], e.get("ended")) for e in lines if e["call_sid"] == sid] == [
        ("ring_start", None),
        ("ring_end", "failed"),
    ]
    assert list(problems(tmp_path)) == []


async def test_a_restart_keeps_what_is_over(tmp_path: Path) -> None:
    """Finished calls are shown as they ended, deleted ones stay deleted, and nothing is reported twice."""
    async with a_double(tmp_path) as standing:
        sids = [(await standing.dial(slow_answer(n))).json()["sid"] for n in range(3)]
        await standing.quiet()
        await standing.api.delete(standing.call(sids[2]))
        before = (await standing.api.get(standing.calls)).json()["calls"]
    rings = read_lines(tmp_path / "rings.jsonl")
    async with a_double(tmp_path) as again:
        after = (await again.api.get(again.calls)).json()["calls"]
        assert again.dialer.told == []
    assert [(e["sid"], e["status"], e["end_time"]) for e in after] == [
        (e["sid"], e["status"], e["end_time"]) for e in before
    ]
    assert read_lines(tmp_path / "rings.jsonl") == rings


async def test_stopping_ends_live_calls_properly(tmp_path: Path) -> None:
    """A double that is stopped hangs up, reports it, and leaves no ring open and no whereabouts behind."""
    async with a_double(tmp_path, factor=20) as standing:
        sid = (await standing.dial(slow_answer())).json()["sid"]
        await standing.dialer.until(lambda: len(standing.dialer.at("/status")) == 2)
    assert standing.dialer.at("/status")[-1]["CallStatus"] == "canceled"
    assert read_lines(tmp_path / "rings.jsonl")[-1]["ended"] == "canceled"
    assert read_lines(tmp_path / "calls.jsonl")[-1]["sid"] == sid
    assert not (tmp_path / "double.json").exists()


async def test_two_doubles_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second one is refused, and says what to do."""
    async with a_double(tmp_path):
        with pytest.raises(DoubleRunning, match="another folder"):
            async with a_double(tmp_path):
                pass


@pytest.mark.parametrize("how", ["idle", "SIGTERM"])
async def test_a_double_goes_away(tmp_path: Path, how: str) -> None:
    """Without requests and calls it ends by itself; a SIGTERM ends it at once."""
    clock = AcceleratedClock(start=TEN_IN_TOKYO, anchor=SystemClock().now(), factor=200)
    idle_s = 0.2 if how == "idle" else 60
    options = DoubleOptions(state=tmp_path, account_sid=ACCOUNT, auth_token=TOKEN, idle_s=idle_s)

    def ready(_: object) -> None:
        if how == "SIGTERM":
            os.kill(os.getpid(), signal.SIGTERM)

    await asyncio.wait_for(run_double(options, clock, ready=ready), 10)
    assert not (tmp_path / "double.json").exists()
