import asyncio
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.store.statement import Clash
from campaigns.contact import Phone
from dialer.ports import Candidate, Store
from tests.support.builders import NOON, a_contact
from tests.support.stores import CAMPAIGN, a_candidate, leads_left, opened, prepare, prepared


async def test_a_person_is_on_a_list_once(store: Store) -> None:
    """Brought again, alone or twice in one batch, they are known; on another campaign they are new."""
    await prepared(store, 0)
    batch = [a_candidate(1), a_candidate(2), a_candidate(1)]
    assert await store.transact(lambda unit: unit.enrol(CAMPAIGN, batch, NOON)) == [True, True, False]
    assert await store.transact(lambda unit: unit.enrol(CAMPAIGN, batch, NOON)) == [False, False, False]
    await store.transact(lambda unit: prepare(unit, 0, campaign="other"))
    assert await store.transact(lambda unit: unit.enrol("other", batch, NOON)) == [True, True, False]
    assert await leads_left(store) == 2


async def test_a_deduplication_key_is_on_a_list_once(store: Store) -> None:
    """Two people of one household, where the campaign takes each number once."""
    await prepared(store, 0)
    batch = [a_candidate(1, unique="number:+81"), a_candidate(2, unique="number:+81")]
    assert await store.transact(lambda unit: unit.enrol(CAMPAIGN, batch, NOON)) == [True, False]


async def test_a_known_person_is_refreshed(store: Store) -> None:
    """Name, numbers, facts and consents are the list's newest; the lead stays where it was."""
    await prepared(store, 1)
    lead = await store.transact(lambda unit: unit.lead(1))
    moved = a_contact(1, name="山田 新", phones=(Phone(number="+81355556666"),), consents=(), email=None)
    await store.transact(lambda unit: unit.enrol(CAMPAIGN, [a_candidate(contact=moved, rank=99)], NOON))
    assert await store.transact(lambda unit: unit.contact(moved.key)) == moved
    assert await store.transact(lambda unit: unit.lead(1)) == lead
    assert (await store.read(lambda reports: reports.story("+81355556666"))).contacts == (moved,)
    assert (await store.read(lambda reports: reports.story("+819020000001"))).contacts == ()


async def test_nobody_is_enrolled_in_a_campaign_that_is_not_there(store: Store) -> None:
    """It is said in words, and nothing is written."""
    with pytest.raises(Clash, match="there is no campaign nowhere"):
        await store.transact(lambda unit: unit.enrol("nowhere", [a_candidate()], NOON))
    assert await store.transact(lambda unit: unit.contact("C00001")) is None


PEOPLE = st.builds(
    lambda place, unique: a_candidate(place, unique=f"number:{unique}"), st.integers(1, 6), st.integers(1, 6)
)


@settings(max_examples=25)
@given(st.lists(st.lists(PEOPLE, max_size=6), max_size=4))
def test_however_a_list_is_cut_and_repeated_each_is_enrolled_once(batches: list[list[Candidate]]) -> None:
    """Of any sequence of batches: new are exactly those whose person and key nobody new before them had."""

    async def enrol() -> tuple[list[list[bool]], int]:
        with TemporaryDirectory() as folder:
            async with opened("memory", Path(folder)) as store:
                await prepared(store, 0)
                said = []
                for batch in batches:
                    answer = store.transact(lambda unit, batch=batch: unit.enrol(CAMPAIGN, batch, NOON))  # type: ignore[misc]
                    said.append(list(await answer))
                return said, await leads_left(store)

    said, leads = asyncio.run(enrol())
    people: set[str] = set()
    keys: set[str] = set()
    for candidate, is_new in zip(chain(*batches), chain(*said), strict=True):
        assert is_new == (candidate.contact.key not in people and candidate.unique not in keys)
        if is_new:
            people.add(candidate.contact.key)
            keys.add(candidate.unique)
    assert leads == len(people)
