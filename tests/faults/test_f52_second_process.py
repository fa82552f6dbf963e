"""F52: a second `dialer run` on the same SQLite file is refused, and told who is first; the first one goes on."""

import subprocess
import sys
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from adapters.configuration import load_configuration
from adapters.lists import enrol_list
from tests.journeys.test_control import (
    CAMPAIGN,
    CLOCK,
    ROOT,
    SECRETS,
    configure,
    free_port,
    nobody_answers,
    process,
    up,
)

WAIT_S = 30.0


async def test_f52_a_second_run_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    """Started while the first one's calls ring: it ends at once with words and status 2."""
    config, port = tmp_path / "config", free_port()
    configure(config, port, list(islice(nobody_answers(), 4)))
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    running = ["run", "--start", CAMPAIGN, "--config", str(config)]
    with ExitStack() as stack:
        playing = ["double", "--state", str(tmp_path / "double"), "--port", str(port)]
        stack.enter_context(process(*playing, log=tmp_path / "double.log"))
        await up(tmp_path / "double")
        first = stack.enter_context(process(*running, log=tmp_path / "run.log"))
        began = CLOCK.monotonic()
        while "running" not in (tmp_path / "run.log").read_text():
            assert CLOCK.monotonic() - began < WAIT_S, (tmp_path / "run.log").read_text()[-2000:]
            await CLOCK.wait(0.05)
        command = [sys.executable, "-m", "dialer", *running]
        second = subprocess.run(  # noqa: ASYNC221 (nothing else is to happen meanwhile)
            command, cwd=ROOT, env={**SECRETS}, capture_output=True, text=True, check=False, timeout=WAIT_S
        )
        assert second.returncode == 2
        assert f"in use by process {first.pid}: stop it first" in " ".join(second.stderr.split())
        assert first.poll() is None
