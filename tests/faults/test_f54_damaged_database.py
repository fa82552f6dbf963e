"""F54: a flipped bit in the database or in the ledger is found at the start, and nobody is dialled from it."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Connection

from adapters.store import postgres, soundness
from adapters.store.errors import StoreError
from adapters.wiring.stores import open_sound_store
from dialer.ports import Store
from tests.support.stores import a_record, opened, prepared, url_of

ROWS, FLIPS = 300, 40
NO_GUARD = "ALTER TABLE ledger DISABLE TRIGGER USER"


async def filled(store: Store) -> None:
    """Write people, and a ledger of some length."""
    await prepared(store, 60)
    for first in range(0, ROWS, 50):
        rows = [a_record(body={"n": number, "by": "manager"}) for number in range(first, first + 50)]
        await store.transact(lambda unit, rows=rows: unit.record(rows))  # type: ignore[misc]


async def starts(url: str) -> str:
    """Open as an engine's run does, and return what it is refused for; "" when it is not."""
    try:
        store = await open_sound_store(url)
    except StoreError as refused:
        return str(refused)
    await store.close()
    return ""


async def test_f54_a_damaged_page_is_found(tmp_path: Path) -> None:
    """Forty times a byte of a page's head is changed: each time the run is refused in words, with what to do.

    Heads, since every page has one and all that SQLite reads hangs on it. The sound file starts.
    """
    async with opened("file", tmp_path) as store:
        await filled(store)
    file, chance = tmp_path / "dialer.db", random.Random(54)
    sound = file.read_bytes()
    assert await starts(url_of("file", tmp_path)) == ""
    sound = file.read_bytes()
    size = int.from_bytes(sound[16:18], "big")
    used = [page for page in range(1, len(sound) // size) if sound[page * size] in {2, 5, 10, 13}]
    said = []
    for _ in range(FLIPS):
        at = chance.choice(used) * size
        file.write_bytes(
            sound[:at] + bytes([sound[at] ^ 0x04 ^ chance.choice((0x10, 0x40, 0x80))]) + sound[at + 1 :]
        )
        said.append(await starts(url_of("file", tmp_path)))
    assert all("is damaged" in one and "restore a backup" in one for one in said), said
    file.write_bytes(sound)
    assert await starts(url_of("file", tmp_path)) == ""


async def test_f54_a_file_that_is_no_database_is_found(tmp_path: Path) -> None:
    """Torn: its beginning is gone."""
    async with opened("file", tmp_path) as store:
        await filled(store)
    file = tmp_path / "dialer.db"
    file.write_bytes(b"\0" * 4096 + file.read_bytes()[4096:])
    assert "is damaged" in await starts(url_of("file", tmp_path))


def flip(text: str, chance: random.Random) -> str:
    """Return a row's body with one figure of it changed."""
    body = orjson.loads(text)
    return orjson.dumps(
        {**body, "n": body.get("n", 0) + chance.randint(1, 9)}, option=orjson.OPT_SORT_KEYS
    ).decode()


@pytest.mark.parametrize("how", ["body", "at", "removed", "last hash"])
async def test_f54_a_changed_ledger_is_found(how: str, tmp_path: Path) -> None:
    """Whoever owns the file can change a row behind the triggers' back: the chain shows it, and the run is refused."""
    async with opened("file", tmp_path) as store:
        await filled(store)
    chance = random.Random(how)
    with sqlite3.connect(tmp_path / "dialer.db") as file:
        for change in ("update", "delete"):
            file.execute(f"DROP TRIGGER ledger_{change}")
        last = file.execute("SELECT max(seq) FROM ledger").fetchone()[0]
        row = chance.randint(last - ROWS + 10, last - 10)
        body = file.execute("SELECT body FROM ledger WHERE seq = ?", (row,)).fetchone()[0]
        changes: dict[str, tuple[str, tuple[object, ...]]] = {
            "body": ("UPDATE ledger SET body = ? WHERE seq = ?", (flip(body, chance), row)),
            "at": ("UPDATE ledger SET at = replace(at, '2026', '2025') WHERE seq = ?", (row,)),
            "removed": ("DELETE FROM ledger WHERE seq = ?", (row,)),
            "last hash": ("UPDATE ledger SET hash = ? WHERE seq = ?", ("0" * 64, last)),
        }
        file.execute(*changes[how])
    file.close()
    said = await starts(url_of("file", tmp_path))
    assert "the ledger is damaged: row" in said
    assert "dialer audit verify" in said


async def test_f54_a_changed_ledger_is_found_on_a_server(tmp_path: Path) -> None:
    """On PostgreSQL pages are the server's (initdb -k); the chain is checked in the same way."""
    url = url_of("postgres", tmp_path)
    store = await open_sound_store(url)
    await filled(store)
    await store.close()
    assert await starts(url) == ""

    def change(connection: Connection) -> None:
        with connection.begin():
            connection.exec_driver_sql(NO_GUARD)
            connection.exec_driver_sql("UPDATE ledger SET campaign = 'another' WHERE seq = 200")

    await postgres.run_once(url, change)
    assert "row 200 was changed after it was written" in await starts(url)


@pytest.mark.parametrize(("tail", "is_found"), [(10, False), (250, True)])
async def test_f54_so_many_of_the_last_rows_are_checked(tail: int, *, is_found: bool, tmp_path: Path) -> None:
    """The cost of a start does not grow with the ledger; what is older is the officer's `dialer audit verify`."""
    async with opened("file", tmp_path) as store:
        await filled(store)
        head = await store.read(lambda reports: reports.ledger_head())
        assert head is not None
    with sqlite3.connect(tmp_path / "dialer.db") as file:
        file.execute("DROP TRIGGER ledger_update")
        file.execute("UPDATE ledger SET at = 'x' WHERE seq = ?", (head.seq - 100,))
    file.close()
    async with opened("file", tmp_path) as store:
        check: Callable[[object], None] = lambda reports: soundness.require_chain(reports, tail)  # type: ignore[arg-type]  # noqa: E731
        if is_found:
            with pytest.raises(StoreError, match="was changed"):
                await store.read(check)
        else:
            await store.read(check)
