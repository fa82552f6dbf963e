"""Numbers of ours that rest, as the store keeps them."""

from datetime import timedelta

from dialer.callers import Rest
from dialer.ports import Store
from tests.support.builders import NOON

REST = Rest(number="+81542559999", until=NOON + timedelta(hours=24), why="21210")


async def test_a_number_rests_until_its_time_is_over(store: Store) -> None:
    """To the second, and what was said last counts."""
    await store.transact(lambda unit: unit.rest(REST))
    assert await store.transact(lambda unit: unit.resting(NOON)) == [REST]
    assert await store.transact(lambda unit: unit.resting(REST.until)) == []
    longer = Rest(number=REST.number, until=REST.until + timedelta(hours=1), why="32017")
    await store.transact(lambda unit: unit.rest(longer))
    assert await store.transact(lambda unit: unit.resting(REST.until)) == [longer]
