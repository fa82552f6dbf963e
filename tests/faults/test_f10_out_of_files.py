"""F10: out of file descriptors or of memory, nothing acknowledged is lost, nobody is dialled, and it recovers."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from adapters.metronome import Metronome
from compliance.ledger import verify
from dialer.errors import DialerError
from dialer.ports import Unit
from tests.faults.fleet import an_office_on
from tests.support.stores import a_record, opened

KINDS = ("file", "postgres")


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open nothing more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("kind", ["file"])
async def test_f10_without_files_each_order_has_its_intent(kind: str, tmp_path: Path) -> None:
    """Nothing more can be opened during looks and writes: each says truly whether it was kept, and all go on after."""
    async with opened(kind, tmp_path) as store:
        office = await an_office_on(store, people=8, agents=4)
        kept = 0
        with no_more_files():
            for _ in range(5):
                with suppress(OSError, DialerError):
                    await store.transact(lambda unit: unit.record([a_record()]))
                    kept += 1
                await Metronome(office.engine.tick).look()
                await office.engine.settle()
        await office.after(seconds=5)
        entries = await store.read(lambda reports: list(reports.ledger()))
        assert verify(entries)[2] is None
        assert sum(entry.kind == "campaign" for entry in entries) == kept
        permitted = {entry.attempt for entry in entries if entry.kind == "permitted"}
        ordered = [order.attempt for order in office.line.placed]
        assert ordered
        assert set(ordered) <= permitted
        assert len(ordered) == len(set(ordered))


@pytest.mark.parametrize("kind", KINDS)
async def test_f10_out_of_memory_in_a_transaction_undoes_all_of_it(kind: str, tmp_path: Path) -> None:
    """Right before the commit of a look: no intent and no order are left, and the next look does it all."""
    async with opened(kind, tmp_path) as store:
        office = await an_office_on(store, people=8, agents=4)
        left = [3]

        def run_out(_point: object) -> None:
            if left[0]:
                left[0] -= 1
                raise MemoryError

        office.engine.passing = run_out
        metronome, healthy = Metronome(office.engine.tick), list[bool]()
        for _ in range(3):
            await metronome.look()
            healthy.append(metronome.is_healthy)
        assert office.line.placed == []
        assert await store.transact(_live) == 0
        await metronome.look()
        await office.engine.settle()
        assert [*healthy, metronome.is_healthy] == [False, False, False, True]
        assert office.line.numbers


def _live(unit: Unit) -> int:
    return len(unit.live_calls())
