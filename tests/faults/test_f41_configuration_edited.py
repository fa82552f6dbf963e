"""F41: a file edited during a run changes nothing of it; started again, the whole of the new version counts."""

import json
import shutil
from pathlib import Path

import pytest

from adapters.configuration import Configuration, load_configuration
from adapters.wiring.house import prepare
from compliance.problem import DocumentInvalid
from dialer.events import AgentJoined, AgentReady
from tests.support.builders import SECRET, leg_of
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

CONFIG = Path(__file__).parents[2] / "config"
FILE = Path("campaigns") / "winback-dormant.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our own configuration."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def rewrite(folder: Path, before: str, after: str) -> None:
    """Edit the campaign's file, in place, as an editor does."""
    path = folder / FILE
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


async def started(office: Office, folder: Path) -> Configuration:
    """Start an installation from a folder, on a store that may have been used before."""
    configuration = load_configuration(folder)
    await prepare(office.store, configuration, SECRET, office.clock)
    office.engine.take_campaigns(configuration.campaigns)
    for name in ("aoki", "baba"):
        await office.told(AgentJoined(agent=name, reference=leg_of(name), **office.now))
        await office.told(AgentReady(agent=name, **office.now))
    return configuration


async def versions(office: Office) -> list[str]:
    """Return the version of the campaign that each permit names, in order, as the ledger has it."""
    return [json.loads(entry.body)["campaign_version"] for entry in await office.ledger("permitted")]


async def free_agents(office: Office) -> None:
    """End every call, so that the next people can be called."""
    for attempt in await office.write(lambda unit: unit.live_attempts()):
        await office.ends(attempt.id)
        office.go(seconds=1)


async def test_f41_an_edit_changes_nothing_of_a_run(folder: Path) -> None:
    """Valid, half written, gone and there again: every attempt of the run has the version it was started with."""
    async with an_office(12) as office:
        version = (await started(office, folder)).plans[CAMPAIGN].version
        text = (folder / FILE).read_text("utf-8")
        edits = [text.replace("みどり園", "あかり園"), text[: len(text) // 2], "", text[:-200], text]
        for edit in edits:
            (folder / FILE).write_text(edit, "utf-8")
            await office.tick()
            await free_agents(office)
        assert len(office.line.placed) == 2 * len(edits)
        assert set(await versions(office)) == {version}


async def test_f41_started_again_the_whole_new_version_counts(folder: Path) -> None:
    """Before and after the restart each attempt has one version, and what the old one said is still on record."""
    async with an_office(9) as office:
        old = (await started(office, folder)).plans[CAMPAIGN].version
        await office.tick()
        await free_agents(office)
        rewrite(folder, "みどり園", "あかり園")
        new = (await started(office, folder)).plans[CAMPAIGN].version
        await office.tick()
        assert old != new
        assert await versions(office) == [old, old, new, new]
        kept = await office.write(lambda unit: unit.campaign_text(CAMPAIGN, old))
        assert kept is not None
        assert "みどり園" in kept
        assert "あかり園" not in kept


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
async def test_f41_a_half_written_file_is_not_started(part: float, folder: Path) -> None:
    """Whatever part of it has reached the disk: refused as a whole, and what runs goes on with what it has."""
    async with an_office(6) as office:
        version = (await started(office, folder)).plans[CAMPAIGN].version
        text = (folder / FILE).read_text("utf-8")
        (folder / FILE).write_text(text[: int(len(text) * part)], "utf-8")
        with pytest.raises(DocumentInvalid):
            await started(office, folder)
        await office.tick()
        assert await versions(office) == [version, version]
