"""Numbers of ours that rest, as the store keeps them."""

from dataclasses import replace
from datetime import timedelta

from campaigns.callers import Pool
from dialer.callers import Rest
from dialer.ports import Store
from dialer.reports import CallersLine
from tests.support.builders import NOON, a_campaign
from tests.support.stores import CAMPAIGN, prepared

REST = Rest(number="+81542559999", until=NOON + timedelta(hours=24), why="21210")


async def test_a_number_rests_until_its_time_is_over(store: Store) -> None:
    """To the second, and what was said last counts."""
    await store.transact(lambda unit: unit.rest(REST))
    assert await store.transact(lambda unit: unit.resting(NOON)) == [REST]
    assert await store.transact(lambda unit: unit.resting(REST.until)) == []
    longer = Rest(number=REST.number, until=REST.until + timedelta(hours=1), why="32017")
    await store.transact(lambda unit: unit.rest(longer))
    assert await store.transact(lambda unit: unit.resting(REST.until)) == [longer]


async def test_the_board_reads_which_numbers_of_a_campaign_rest(store: Store) -> None:
    """Its own only, in a list or in pools."""
    await prepared(store, 1)
    await store.transact(lambda unit: unit.rest(replace(REST, number="+12125550100")))
    assert (await store.read(lambda reports: reports.summary(CAMPAIGN, NOON))).callers is None
    await store.transact(lambda unit: unit.rest(REST))
    expected = CallersLine(resting=1, numbers=2, until=REST.until)
    assert (await store.read(lambda reports: reports.summary(CAMPAIGN, NOON))).callers == expected
    pools = (Pool(numbers=(REST.number,), country="JP"),)
    await store.transact(lambda unit: unit.save_campaign(a_campaign(caller_ids=pools), "v2", NOON))
    assert (await store.read(lambda reports: reports.summary(CAMPAIGN, NOON))).callers == replace(
        expected, numbers=1
    )
