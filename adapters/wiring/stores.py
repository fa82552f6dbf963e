"""The store, for those who need nothing else: opened to write, opened to read, brought up to date."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from adapters.store import database, migrating, postgres, soundness, sqlite
from adapters.store.errors import StoreInUse
from dialer.ports import Reports, Store

__all__ = ["StoreInUse", "file_of", "is_shared", "open_sound_store", "open_store", "read_only", "upgrade"]

T = TypeVar("T")


def file_of(url: str) -> Path | None:
    """Return the file that a database's address names, None for one in memory."""
    return sqlite.path_of(url)


def is_shared(url: str) -> bool:
    """Tell whether several processes may write the database at once."""
    return postgres.is_postgres(url)


def upgrade(url: str) -> None:
    """Bring a database's tables up to date."""
    migrating.upgrade(url)


async def open_store(url: str, *, may_upgrade: bool = False) -> Store:
    """Return the open store; `may_upgrade` brings its tables up to date first."""
    if may_upgrade:
        await asyncio.to_thread(upgrade, url)
    if not postgres.is_postgres(url):
        return database.open_store(url)
    await postgres.run_once(url, lambda connection: migrating.check(connection, "the database"))
    return await postgres.opened(url)


async def open_sound_store(url: str) -> Store:
    """Return the open store, its tables up to date, if it is whole. Raises StoreError, with what to do, when not.

    The ledger's last rows are checked on any database, every page of one that is a file.
    """
    path = None if postgres.is_postgres(url) else sqlite.path_of(url)
    if path is not None and path.exists():
        await asyncio.to_thread(soundness.require_intact, path)
    store = await open_store(url, may_upgrade=True)
    try:
        await store.read(soundness.require_chain)
    except BaseException:
        await store.close()
        raise
    return store


async def read_only(url: str, work: Callable[[Reports], T]) -> T:
    """Run `work` on a snapshot of a database that another process may be writing."""
    store = await open_store(url) if postgres.is_postgres(url) else database.open_store(url, read_only=True)
    try:
        return await store.read(work)
    finally:
        await store.close()
