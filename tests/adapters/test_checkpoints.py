"""Checkpoints in files: written where they should be, read after a crash, and believed rather than the database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.checkpoints import (
    CheckpointsUnreadable,
    append,
    checkpoint,
    is_the_one_noted,
    marks,
    newest,
)
from adapters.clock import VirtualClock
from adapters.folders import checkpoint_places
from dialer.halts import RESTORED, Mark
from dialer.ports import Store
from dialer.settings import Settings
from tests.support.builders import NOON
from tests.support.stores import KINDS, a_record, opened

CLOCK = VirtualClock(NOON)
MARK = Mark(at=NOON, rows=7, hash="a" * 64)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store of each kind with a few rows in its ledger."""
    async with opened(request.param, tmp_path) as one:
        await one.transact(lambda unit: unit.record([a_record()] * 3))
        yield one


async def test_each_place_gets_the_head_and_finds_it_again(store: Store, tmp_path: Path) -> None:
    """However the ledger has grown since."""
    places = (tmp_path / "here" / "marks.jsonl", tmp_path / "there" / "marks.jsonl")
    for rows in (3, 4):
        await checkpoint(store, CLOCK, places)
        assert [(mark.rows, mark.at) for place in places for mark in (newest(place),) if mark] == [
            (rows, NOON)
        ] * 2
        await store.transact(lambda unit: unit.record([a_record()]))
        assert await is_the_one_noted(store, CLOCK, places)
    assert [mark.rows for mark in marks(places[0])] == [3, 4]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(("rows", "hash_"), [(4, "a" * 64), (3, "b" * 64), (1, "c" * 64)])
async def test_another_ledger_is_held_and_its_checkpoints_are_kept(
    store: Store, tmp_path: Path, which: int, rows: int, hash_: str
) -> None:
    """Fewer rows, or another hash, in either place; the evidence is not written over, and the halt is sealed once."""
    places = (tmp_path / "one.jsonl", tmp_path / "two.jsonl")
    append(places[which], Mark(at=NOON - timedelta(hours=1), rows=rows, hash=hash_))
    for _ in range(2):
        await checkpoint(store, CLOCK, places)
    (halt,) = await store.transact(lambda unit: unit.halts())
    assert (halt.name, halt.until) == (RESTORED, None)
    assert f"had {rows} rows" in halt.reason
    assert len(marks(places[which])) == 1
    assert not places[1 - which].exists()
    entries = await store.read(lambda reports: list(reports.ledger()))
    assert [entry.kind for entry in entries].count("halted") == 1
    last = await store.read(lambda reports: reports.restoration())
    assert last is not None
    assert last.since == NOON
    assert not last.is_lifted


async def test_whose_calls_are_whose(store: Store) -> None:
    """None is known to a database without attempts, however many are asked for."""
    asked = [f"CA{n}" for n in range(3000)]
    assert await store.read(lambda reports: reports.known_calls(asked)) == frozenset()
    assert await store.read(lambda reports: reports.known_calls([])) == frozenset()


async def test_a_database_without_checkpoints_begins_anew(tmp_path: Path) -> None:
    """Neither a missing file nor an empty one says anything, and an empty ledger writes none."""
    place = tmp_path / "marks.jsonl"
    async with opened("memory", tmp_path) as one:
        await checkpoint(one, CLOCK, (place,))
        assert not place.exists()
        place.touch()
        assert await is_the_one_noted(one, CLOCK, (place,))


def test_a_line_cut_short_is_passed_over_and_not_continued(tmp_path: Path) -> None:
    """A crash in the middle of a line costs that line alone."""
    place = tmp_path / "marks.jsonl"
    append(place, MARK)
    with place.open("ab") as file:
        file.write(b'{"at":"2026-11-24T03:0')
    assert newest(place) == MARK
    append(place, Mark(at=NOON, rows=8, hash="b" * 64))
    assert [mark.rows for mark in marks(place)] == [7, 8]
    with place.open("ab") as file:
        file.write(b"\0" * 100_000)
    assert newest(place) == Mark(at=NOON, rows=8, hash="b" * 64)


def test_a_file_that_cannot_be_read_proves_nothing(tmp_path: Path) -> None:
    """Then nothing is begun, and a person is told what to do."""
    place = tmp_path / "marks.jsonl"
    place.write_bytes(b"\0" * 1000)
    with pytest.raises(CheckpointsUnreadable, match="move it away"):
        newest(place)


async def test_a_place_that_is_gone_does_not_keep_the_other_from_being_written(tmp_path: Path) -> None:
    """A volume that is not there is a folder that cannot be made."""
    (tmp_path / "file").touch()
    places = (tmp_path / "file" / "marks.jsonl", tmp_path / "marks.jsonl")
    async with opened("memory", tmp_path) as one:
        await one.transact(lambda unit: unit.record([a_record()]))
        await checkpoint(one, CLOCK, places)
    assert newest(places[0]) is None
    assert newest(places[1]) is not None


def test_a_place_that_may_not_be_read_is_no_empty_one(tmp_path: Path) -> None:
    """Whatever the reason, what it knows is not known."""
    with pytest.raises(CheckpointsUnreadable, match="cannot be read"):
        newest(tmp_path)


@pytest.mark.parametrize(
    ("database", "second", "places"),
    [
        ("sqlite:///:memory:", "/mnt/b.jsonl", []),
        ("sqlite:///var/dialer.db", "", ["var/checkpoints.jsonl"]),
        ("sqlite:////srv/d.db", "/mnt/b.jsonl", ["/srv/checkpoints.jsonl", "/mnt/b.jsonl"]),
        ("postgresql+asyncpg://dialer@db/d", "/mnt/b.jsonl", ["var/checkpoints.jsonl", "/mnt/b.jsonl"]),
    ],
)
def test_where_checkpoints_are_kept(database: str, second: str, places: list[str]) -> None:
    """Beside the database, and in the second place that the settings name; nowhere for one in memory."""
    settings = Settings(database=database, checkpoints=second)
    assert [str(place) for place in checkpoint_places(settings)] == places
