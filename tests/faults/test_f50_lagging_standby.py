"""F50: the database fails over, under a running installation, to a standby that lacks the newest rows."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store.errors import StoreError
from adapters.wiring.house import House
from dialer.halts import RESTORED, Halt
from tests.faults.restoring import LINES, PEOPLE, Premises, premises
from tests.journeys.test_control import CLOCK
from tests.support.postgres import MISSING, Server, binaries, new_server, standby_of


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a server of another user can reach."""
    one = Path(tempfile.mkdtemp(prefix="dialer-standby-"))
    one.chmod(0o755)
    yield one
    shutil.rmtree(one, ignore_errors=True)


@pytest.fixture
def primary(folder: Path) -> Iterator[Server]:
    """A server that nobody else uses: it is going to die."""
    where = binaries()
    if where is None or not (where / "pg_basebackup").exists():
        pytest.skip(MISSING)
    (folder / "one").mkdir()
    one = new_server(where, folder / "one")
    one.run("CREATE DATABASE f50")
    yield one
    with contextlib.suppress(RuntimeError):  # it has died
        one.stop("immediate")


async def halts(house: House) -> list[Halt]:
    """What keeps everybody from calling, as soon as the database answers."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(StoreError):
                return list(await house.store.read(lambda reports: reports.halts()))
            await CLOCK.wait(0.1)


async def looks(site: Premises, house: House, count: int = 10) -> None:
    """Plan as often as that, whether the database answers or not."""
    for _ in range(count):
        with contextlib.suppress(StoreError):
            await site.idles(house, 1)


async def test_f50_a_standby_that_lost_the_last_calls_dials_nobody(
    primary: Server, folder: Path, tmp_path: Path
) -> None:
    """No checkpoint was written: the engine itself remembers what it saw committed. The carrier's record is judge."""
    (folder / "two").mkdir()
    with contextlib.ExitStack() as stack:
        stack.enter_context(
            contextlib.chdir(tmp_path)
        )  # beside a server, an installation's files lie in ./var
        async with premises(tmp_path, database=primary.url("f50")) as site, site.opened() as house:
            await site.begin(house)
            await site.calls(house, LINES)
            standby = await asyncio.to_thread(standby_of, primary, folder / "two")
            before = set(site.created)
            await site.calls(house, len(before) + LINES)
            lost, called = set(site.created) - before, len(site.created)

            await asyncio.to_thread(primary.stop, "immediate")
            await looks(site, house, 2)
            await asyncio.to_thread(standby.start)
            stack.callback(standby.stop, "immediate")
            await asyncio.to_thread(standby.promote)
            await looks(site, house)
            found = await halts(house)
            assert (len(site.created) - called, [halt.name for halt in found]) == (0, [RESTORED])
            assert "an engine's memory" in found[0].reason
            await goes_on(site, house, lost)


async def goes_on(site: Premises, house: House, lost: set[str]) -> None:
    """After the release those are called whom nobody had called, and nobody else."""
    said = await site.types("reconcile", "--release", "--by", "mori")
    assert said.exit_code == 0, said.output
    assert f"does not know {len(lost)} of them, to {len(lost)} numbers" in said.output
    await site.calls(house, PEOPLE)
    await site.idles(house)
    assert (len(site.created), site.most_often) == (PEOPLE, 1)
    assert await halts(house) == []
