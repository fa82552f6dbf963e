"""F53: a SQLite that can corrupt its own log is refused before the database is touched."""

from typing import Any

import pytest

from adapters.store import sqlite
from adapters.store.errors import StoreError


class Library:
    """A driver, as far as its version is asked for."""

    def __init__(self, *version: int) -> None:
        self.sqlite_version_info = version
        self.sqlite_version = ".".join(map(str, version))


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 0), (3, 51, 2)])
def test_f53_a_release_with_the_fault_is_refused(version: tuple[int, ...]) -> None:
    """Two connections could corrupt the write-ahead log; what to install is said."""
    with pytest.raises(
        StoreError, match=r"may corrupt its log: install pysqlite3, or a Python with SQLite 3\.51\.3"
    ):
        sqlite.sound(Library(*version))


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 52, 0), (4, 0, 0)])
def test_f53_a_release_without_it_is_taken(version: tuple[int, ...]) -> None:
    """From the first that was mended."""
    library: Any = Library(*version)
    assert sqlite.sound(library) is library


def test_f53_every_connection_comes_from_a_sound_library() -> None:
    """What this machine dials with: asked of the library itself, not of its package."""
    engine = sqlite.fleeting()
    with engine.connect() as connection:
        told = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
    engine.dispose()
    assert tuple(map(int, told.split("."))) >= sqlite.SOUND
