"""The main job, played for real in processes of its own: stopped, killed, gone on with, and judged by another."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = 90
FACTOR = "1000"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with our own configuration, its list cut short so that the day takes seconds."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    contacts = tmp_path / "config" / "contacts" / "winback.csv"
    contacts.write_bytes(b"".join(contacts.read_bytes().splitlines(keepends=True)[: ROWS + 1]))
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


def read_until(process: subprocess.Popen[str], mark: str, times: int = 1) -> None:
    """Read the demo's output until `mark` was printed so many times."""
    assert process.stdout is not None
    for line in process.stdout:
        times -= mark in line
        if not times:
            return
    pytest.fail(f"the demo ended before it said {mark!r}")


def judged(place: Path) -> subprocess.CompletedProcess[str]:
    """Have the run judged by the script that shares nothing with us but the database."""
    script = [sys.executable, "bench/judge_rings.py", str(place / "var")]
    return subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)


def test_killed_in_the_middle_and_started_again_nobody_is_dialled_twice(place: Path) -> None:
    """After kill -9 the same day goes on, ends by itself, and the double's record finds nothing wrong."""
    with demo(place) as first:
        read_until(first, "Calls ", times=2)
        os.kill(first.pid, signal.SIGKILL)
    with demo(place) as second:
        output, _ = second.communicate(timeout=110)
    assert second.returncode == 0, output
    assert "Going on where the last run stopped" in output
    assert "Ledger verified" in output
    verdict = judged(place)
    assert verdict.returncode == 0, verdict.stdout
    assert "ring starts" in verdict.stdout


def test_stopped_with_ctrl_c_it_ends_cleanly_and_goes_on_later(place: Path) -> None:
    """Ctrl-C opens nothing more, lets live calls end and closes everything; the next run goes on, and so on."""
    for greeting in ("Demo: nobody's phone rings", "Going on where the last run stopped"):
        with demo(place) as process:
            read_until(process, greeting)
            read_until(process, "Calls ", times=2)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output
        assert "Stopped cleanly" in output
        assert "Ledger verified" in output
    assert judged(place).returncode == 0, judged(place).stdout
