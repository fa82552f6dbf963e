"""F13: an old copy of the database is put back: nobody is called before its release, and nobody twice after it."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.checkpoints import checkpoint
from adapters.wiring.house import House
from adapters.wiring.stores import read_only
from dialer.errors import DialerError
from dialer.halts import RESTORED
from tests.faults.restoring import LINES, PEOPLE, Premises, premises
from tests.journeys.test_control import CLOCK


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Premises]:
    """Twelve people, four agents, and a second place for the checkpoints."""
    async with premises(tmp_path, checkpoints=str(tmp_path / "elsewhere" / "marks.jsonl")) as site:
        yield site


async def turned_back(site: Premises) -> set[str]:
    """Call some, copy the database's folder, call others, put the copy back; return who was called since the copy."""
    copy, folder = site.folder / "copy", site.folder / "db"
    async with site.opened() as house:
        await site.begin(house)
        await site.calls(house, LINES)
        await checkpoint(house.store, CLOCK, site.places)
    before = set(site.created)
    shutil.copytree(folder, copy)
    async with site.opened() as house:
        await site.calls(house, len(before) + LINES)
        await checkpoint(house.store, CLOCK, site.places)
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    since = set(site.created) - before
    assert len(since) >= LINES
    return since


async def held(house: House) -> list[str]:
    """The names of the halts in force."""
    return [halt.name for halt in await house.store.read(lambda reports: reports.halts())]


@pytest.mark.parametrize("while_running", [True, False])
async def test_f13_a_backup_put_back_dials_nobody_until_it_was_reconciled(
    site: Premises, *, while_running: bool
) -> None:
    """The whole folder came back, its own checkpoints too: the second place tells. The carrier's record is judge."""
    since = await turned_back(site)
    called = len(site.created)
    async with site.opened() as house:
        await site.idles(house)
        assert (len(site.created) - called, await held(house)) == (0, [RESTORED])
        said = await site.types("reconcile")
        assert said.exit_code == 0, said.output
        assert f"does not know {len(since)} of them, to {len(since)} numbers" in said.output
        assert "refusals and do-not-contact entries" in said.output
        await checkpoint(house.store, CLOCK, site.places)
        if while_running:
            said = await site.types("reconcile", "--release", "--by", "mori")
            assert (said.exit_code, "in the running installation" in said.output) == (0, True), said.output
            await goes_on(site, house, since)
            return
    said = await site.types("reconcile", "--release", "--by", "mori")
    assert (said.exit_code, "nothing runs" in said.output) == (0, True), said.output
    async with site.opened() as house:
        await goes_on(site, house, since)


async def goes_on(site: Premises, house: House, since: set[str]) -> None:
    """Those are called whom nobody had called, and nobody else; the next start finds nothing wrong either."""
    assert await held(house) == []
    await site.calls(house, PEOPLE)
    await site.idles(house)
    assert (len(site.created), site.most_often) == (PEOPLE, 1)
    await checkpoint(house.store, CLOCK, site.places)
    assert await held(house) == []
    entries = await house.store.read(lambda reports: list(reports.suppressions()))
    assert {entry.number for entry in entries} == since
    assert {(entry.by, entry.source, entry.expires_at is None) for entry in entries} == {
        ("mori", "reconcile", False)
    }
    kinds = Counter(entry.kind for entry in await house.store.read(lambda reports: list(reports.ledger())))
    assert (kinds["halted"], kinds["suppressed"]) == (2, len(since))
    verified = await site.types("audit", "verify")
    assert verified.exit_code == 0, verified.output


async def test_f13_a_carrier_that_does_not_answer_releases_nothing(site: Premises) -> None:
    """Nothing is known then, so nobody is called, and the terminal says so."""
    await turned_back(site)
    called = len(site.created)
    async with site.opened() as house:
        (site.folder / "config" / "dialer.yaml").write_text(
            (site.config / "dialer.yaml").read_text("utf-8").replace(site.carrier, "http://127.0.0.1:9"),
            "utf-8",
        )
        said = await site.types("reconcile", "--release", "--by", "mori")
        assert isinstance(said.exception, DialerError)
        assert "nothing was released" in str(said.exception)
        await site.idles(house)
        assert (len(site.created) - called, await held(house)) == (0, [RESTORED])


async def test_f13_a_fresh_database_beside_old_checkpoints_is_a_restored_one(site: Premises) -> None:
    """Where a ledger was, an empty one is none that was begun anew."""
    await turned_back(site)
    called = len(site.created)
    shutil.rmtree(site.folder / "db")
    (site.folder / "db").mkdir()
    async with site.opened() as house:
        await site.begin(house)
        await site.idles(house)
        assert (len(site.created) - called, await held(house)) == (0, [RESTORED])


async def test_f13_an_end_without_warning_is_no_restoring(site: Premises) -> None:
    """What was noted was committed before: a ledger that goes on from there is the one that was noted."""
    for _ in range(3):
        async with site.opened() as house:
            await site.begin(house) if not site.created else None
            await checkpoint(house.store, CLOCK, site.places)
            await site.calls(house, len(site.created) + 2)
    url = site.configuration.settings.database
    assert not await read_only(url, lambda reports: reports.halts())
    assert site.most_often == 1
