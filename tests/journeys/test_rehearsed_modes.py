"""A calling day with simulated agents and people, dialled by preview and by a ratio."""

import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.configuration import load_configuration
from adapters.wiring.rehearsal import Rehearsed, Script, rehearse

CONFIG = Path(__file__).parents[2] / "config"
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2026, 11, 25)
PREVIEW = "mode: preview\n  preview: {time: 45s}"
RATIO = "mode: ratio\n  lines_per_agent: 3"


async def a_day(folder: Path, pacing: str, *, leads: int = 90, agents: int = 4, until: int = 14) -> Rehearsed:
    """Rehearse our campaign from 9 o'clock, dialled another way."""
    root = folder / "config"
    shutil.copytree(CONFIG, root, dirs_exist_ok=True)
    file = root / "campaigns" / "winback-dormant.yaml"
    text = file.read_text("utf-8")
    assert text.count("mode: progressive") == 1
    file.write_text(text.replace("mode: progressive", pacing), "utf-8")
    configuration = load_configuration(root)
    script = Script(
        plan=next(iter(configuration.plans.values())),
        opens=datetime.combine(DAY, time(9), TOKYO).astimezone(UTC),
        closes=datetime.combine(DAY, time(until), TOKYO).astimezone(UTC),
        leads=leads,
        agents=agents,
        seed="3",
    )
    return await rehearse(configuration, script)


async def test_agents_look_skip_and_dial_a_whole_day(tmp_path: Path) -> None:
    """They talk to people, nobody is abandoned, and the same seed gives the same day to the last digit."""
    first = await a_day(tmp_path / "one", PREVIEW, leads=40, until=12)
    summary = first.summary
    assert summary.mode == "preview"
    assert summary.calls > 25
    assert summary.answered > 8
    assert summary.abandoned == 0
    assert 0 < summary.occupancy < 1
    assert "away" not in {line.state for line in summary.agents}
    assert (await a_day(tmp_path / "two", PREVIEW, leads=40, until=12)).summary == summary


async def test_a_ratio_dials_a_whole_day_within_the_law(tmp_path: Path) -> None:
    """One line for each free agent until enough people have answered; then the ratio, and the limit holds."""
    summary = (await a_day(tmp_path, RATIO, leads=150)).summary
    assert summary.mode == "ratio"
    assert summary.answered > 100
    assert summary.abandoned_share <= 0.03
    assert summary.pace is not None
    assert (summary.pace.found["mode"], summary.pace.found["why"]) == ("ratio", None)
