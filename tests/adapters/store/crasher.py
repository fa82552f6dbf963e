"""Writes to the store at the address given until it is killed, and says each key whose transaction is durable."""

import asyncio
import itertools
import sys

from adapters.store import database
from compliance.ledger import Kind
from dialer.ports import Store, Unit
from tests.support.builders import NOON
from tests.support.stores import a_record

WRITERS = 4


async def write(store: Store, name: int) -> None:
    """Write an event and its record in one transaction, say so when it is durable, and go on."""
    for number in itertools.count():
        key = f"{name}-{number}"

        def work(unit: Unit, key: str = key) -> None:
            unit.remember(key, None, "Crash", NOON, {})
            unit.record([a_record(Kind.IGNORED, body={"key": key})])

        await store.transact(work)
        sys.stdout.write(f"{key}\n")
        sys.stdout.flush()


async def main(url: str) -> None:
    """Write with several writers at once, so that they share commits."""
    store = database.open_store(url)
    await asyncio.gather(*(write(store, name) for name in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
