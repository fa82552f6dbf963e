"""The main job, played for real in processes of its own: stopped, killed, gone on with, and judged by another."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.wiring.stores import upgrade

pytestmark = pytest.mark.timeout(300)  # a day of the demo takes its time on a slow machine
ROOT = Path(__file__).parents[2]
ROWS = 90
FACTOR = "1000"
FEW = 5


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with our own configuration, list and pauses cut short so that the day takes seconds."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    contacts = tmp_path / "config" / "contacts" / "winback.csv"
    contacts.write_bytes(b"".join(contacts.read_bytes().splitlines(keepends=True)[: ROWS + 1]))
    campaign = tmp_path / "config" / "campaigns" / "winback-dormant.yaml"
    written, cut = re.subn(
        r"(no_answer|machine): \{after: .*\}", r"\1: {after: 20m}", campaign.read_text("utf-8")
    )
    assert cut == 2
    campaign.write_text(written, "utf-8")
    return tmp_path


@contextmanager
def demo(place: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the demo in a process of its own, and see that nothing of it is left."""
    command = [
        sys.executable,
        "-m",
        "dialer",
        "demo",
        "--config",
        str(place / "config"),
        "--var",
        str(place / "var"),
    ]
    process = subprocess.Popen(
        [*command, "--factor", FACTOR], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], mark: str) -> None:
    """Read the demo's output until `mark` was printed."""
    assert process.stdout is not None
    for line in process.stdout:
        if mark in line:
            return
    pytest.fail(f"the demo ended before it said {mark!r}")


def book(place: Path, name: str) -> list[dict[str, Any]]:
    """Return what the double wrote of its calls or rings so far; a line that a kill tore is left out."""
    path = place / "var" / "double" / name
    written = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in written.splitlines(keepends=True) if line.endswith("\n")]


def live_calls(place: Path) -> set[str]:
    """Return the calls that the double accepted and that have not ended."""
    lines = book(place, "calls.jsonl")
    ended = {line["sid"] for line in lines if line["event"] == "end"}
    return {line["sid"] for line in lines if line["event"] == "create"} - ended


def rung(place: Path) -> set[str]:
    """Return the calls that began to ring."""
    return {line["call_sid"] for line in book(place, "rings.jsonl")}


def until_it_rings(process: subprocess.Popen[str], place: Path) -> None:
    """Wait until a few more phones began to ring: early in the day, so that most of it is still to come."""
    before = len(rung(place))
    while len(rung(place)) < before + FEW:
        if process.poll() is not None:
            pytest.fail("the demo ended before anybody was called")


def kill_during_a_call(process: subprocess.Popen[str], place: Path) -> set[str]:
    """Stop the process where it stands until it does so in the middle of a call, and kill it; return its calls."""
    while process.poll() is None:
        if not live_calls(place):
            continue
        process.send_signal(signal.SIGSTOP)
        if live := live_calls(place):
            process.kill()
            process.wait()
            return live
        process.send_signal(signal.SIGCONT)
    pytest.fail("there was no call to be killed in")


def judged(place: Path) -> subprocess.CompletedProcess[str]:
    """Have the run judged by the script that shares nothing with us but the database."""
    script = [sys.executable, "bench/judge_rings.py", str(place / "var")]
    return subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)


def test_killed_in_the_middle_and_started_again_nobody_is_dialled_twice(place: Path) -> None:
    """After kill -9 the same day goes on, ends by itself, and the double's record finds nothing wrong."""
    with demo(place) as first:
        until_it_rings(first, place)
        cut_off = kill_during_a_call(first, place)
    rung_before = rung(place)
    assert cut_off
    with demo(place) as second:
        output, _ = second.communicate(timeout=240)
    assert second.returncode == 0, output
    assert "Going on where the last run stopped" in output
    assert "Ledger verified" in output
    verdict = judged(place)
    assert verdict.returncode == 0, verdict.stdout
    starts = re.search(r"^(\d+) ring starts", verdict.stdout, re.MULTILINE)
    assert starts is not None
    assert int(starts[1]) > len(rung_before) > 0
    assert not live_calls(place)


def order_twice(var: Path) -> None:
    """Write what a double would have that was sent one attempt twice, beside a database in which nothing happened."""
    (var / "double").mkdir(parents=True)
    upgrade(f"sqlite:///{var}/dialer.db")
    address = "http://127.0.0.1:1/twilio/winback-1-1/nonce/status#rc=3"
    order = {"event": "create", "request": {"url": None, "status_callback": address}}
    lines = "".join(json.dumps({**order, "sid": sid}) + "\n" for sid in ("CA1", "CA2"))
    (var / "double" / "calls.jsonl").write_text(lines, "utf-8")
    (var / "double" / "rings.jsonl").write_text("", "utf-8")


def test_the_judge_sees_an_intent_that_was_sent_twice(tmp_path: Path) -> None:
    """Two calls that the double accepted under one attempt's address: found, though neither of them rang."""
    order_twice(tmp_path / "var")
    verdict = judged(tmp_path)
    assert verdict.returncode == 1
    assert re.search(r"^ +1  attempt ordered twice.*\n +winback-1-1: 2$", verdict.stdout, re.MULTILINE)


def test_stopped_with_ctrl_c_it_ends_cleanly_and_goes_on_later(place: Path) -> None:
    """Ctrl-C opens nothing more, lets live calls end and closes everything; the next run goes on, and so on."""
    for greeting in ("Demo: nobody's phone rings", "Going on where the last run stopped"):
        with demo(place) as process:
            read_until(process, greeting)
            until_it_rings(process, place)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=90)
        assert process.returncode == 0, output
        assert "Stopped cleanly" in output
        assert "Ledger verified" in output
    assert judged(place).returncode == 0, judged(place).stdout
