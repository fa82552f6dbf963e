"""Programs that really die: killed by themselves at a named point, judged from the record of the carrier's double."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dialer.crashpoints import Point
from tests.support.postgres import MISSING, binaries

ROOT = Path(__file__).parents[2]
BROKEN = (
    "double dials (an attempt accepted or rung twice)",
    "a number rung while it was live",
    "rings outside hours",
    "rings without exactly one attempt",
    "accepted calls without an outcome",
    "acknowledged events lost",
)


def struck(database: str, points: Sequence[Point]) -> dict[str, Any]:
    """Kill a program at each point, one after the other, let the last one finish the day, and return the figures."""
    if database == "postgres" and binaries() is None:
        pytest.skip(MISSING)
    command = [sys.executable, "-m", "bench.kill_points", *(["--postgres"] if database == "postgres" else [])]
    for point in points:
        command += ["--point", point]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    assert done.stdout, done.stderr
    figures: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, (figures, done.stderr)
    return figures
