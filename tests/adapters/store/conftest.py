"""The store that every test here is given, once for each kind of database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.store import migrating, sqlite
from dialer.ports import Store
from tests.support.stores import KINDS, opened


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store with its tables and nothing in them."""
    async with opened(request.param, tmp_path) as one:
        yield one


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection to a database in memory, with its tables, whose statements can be watched."""
    engine = sqlite.fleeting()
    with engine.connect() as one:
        migrating.apply(one)
        yield one
    engine.dispose()
