"""What the odds learn from, and what is known of people before a call, over every database."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from adapters.store import tries
from adapters.store.statement import Statement
from campaigns.outcome import LeadState, Outcome
from campaigns.promise import promised_rank
from compliance.terms import Channel
from dialer.foresight import Foresight
from dialer.ports import Store, Unit
from dialer.traits import Last, Past, Traits, to_text
from tests.support.builders import NOON, a_contact
from tests.support.stores import CAMPAIGN, concluded_call, lead_of, open_call, prepared

TRAITS = to_text(Traits(hour=12, weekday=1, tries=2))
MINUTE = timedelta(minutes=1)


def a_call(unit: Unit, place: int = 1, ordinal: int = 1, **changes: Any) -> None:
    """End a call of which it was known before who is called."""
    at = changes.pop("opened_at", NOON + ordinal * MINUTE)
    given = {"outcome": Outcome.NO_ANSWER, "traits": TRAITS, "over_at": at + MINUTE, **changes}
    concluded_call(unit, place, id=f"at-{place}-{ordinal}", ordinal=ordinal, opened_at=at, **given)


async def told(store: Store, since: datetime | None = None, limit: int = 100) -> dict[str, bool | None]:
    """What the odds are told: whether a person answered, by call."""
    found = await store.read(lambda reports: reports.tried(since, limit))
    return {call.id: call.is_answered for call in found}


@pytest.mark.parametrize(
    ("facts", "is_answered"),
    [
        ({"outcome": Outcome.SOLD, "answered_at": NOON}, True),
        ({"outcome": Outcome.ABANDONED, "answered_at": NOON}, True),
        ({"outcome": Outcome.NO_ANSWER}, False),
        ({"outcome": Outcome.BUSY}, False),
        ({"outcome": Outcome.MACHINE, "answered_at": NOON}, False),
        ({"outcome": Outcome.NO_DISPOSITION, "answered_at": NOON, "answered_by": "machine"}, False),
        ({"outcome": None, "answered_at": NOON}, None),
    ],
)
async def test_a_call_teaches_whether_a_person_answered(
    store: Store, facts: dict[str, Any], is_answered: bool | None
) -> None:
    """A machine is nobody; what an agent has yet to say is not known yet."""
    await prepared(store, 1)
    await store.transact(lambda unit: a_call(unit, **facts))
    assert await told(store) == {"at-1-1": is_answered}


async def test_what_says_nothing_of_people_is_left_out(store: Store) -> None:
    """No phone rang, nobody knows, a call that is under way, or one of which nothing was known before it."""
    await prepared(store, 6)

    def work(unit: Unit) -> None:
        kinds = (Outcome.NOT_PLACED, Outcome.CANCELED, Outcome.REJECTED, Outcome.UNKNOWN)
        for place, outcome in enumerate(kinds, 1):
            a_call(unit, place, outcome=outcome)
        a_call(unit, 5, traits=None)
        open_call(unit, 6, traits=TRAITS)

    await store.transact(work)
    assert await told(store) == {}


async def test_the_last_calls_are_told_and_no_more_than_asked_for(store: Store) -> None:
    """Latest first, from an instant on."""
    await prepared(store, 4)

    def work(unit: Unit) -> None:
        for place in (1, 2, 3, 4):
            a_call(unit, place, opened_at=NOON + place * MINUTE)

    await store.transact(work)
    assert list(await told(store, limit=2)) == ["at-4-1", "at-3-1"]
    assert list(await told(store, since=NOON + 4 * MINUTE)) == ["at-4-1", "at-3-1"]
    assert await told(store, since=NOON + timedelta(hours=1)) == {}


async def test_the_traits_and_the_odds_of_a_call_are_kept(store: Store) -> None:
    """As they were when it was opened: no later write changes what was known then."""
    await prepared(store, 1)

    def work(unit: Unit) -> None:
        opened = open_call(unit, 1, odds=0.31, traits=TRAITS)
        unit.save_attempt(replace(opened, odds=0.9, traits=None), opened.state)

    await store.transact(work)
    kept = await store.transact(lambda unit: unit.attempt("at-1"))
    assert kept is not None
    assert (kept.odds, kept.traits) == (0.31, TRAITS)


async def test_what_was_tried_before_is_known_of_each_person(store: Store) -> None:
    """Calls of every campaign: how many, how many a person answered, what came of the last one; mails do not count."""
    await prepared(store, 3)

    def work(unit: Unit) -> None:
        a_call(unit, 1, 1, outcome=Outcome.SOLD, answered_at=NOON)
        a_call(unit, 1, 2, outcome=Outcome.BUSY)
        a_call(unit, 1, 3, outcome=Outcome.NOT_PLACED)
        a_call(unit, 2, 1, outcome=Outcome.MACHINE, answered_at=NOON)
        a_call(unit, 2, 2, outcome=Outcome.SENT, channel=Channel.EMAIL, address="guest@example.jp")

    await store.transact(work)
    found = await store.transact(lambda unit: unit.pasts([a_contact(place) for place in (1, 2, 3)]))
    assert found == {
        "C00001": Past(tries=2, answered=1, last=Last.BUSY, last_at=NOON + 2 * MINUTE),
        "C00002": Past(tries=1, answered=0, last=Last.MACHINE, last_at=NOON + MINUTE),
    }
    assert await store.transact(lambda unit: unit.pasts([])) == {}


async def test_a_promised_lead_stands_before_the_list(store: Store) -> None:
    """Its rank is below all others', in both ways in which due leads are found."""
    await prepared(store, 3)

    def promise(unit: Unit) -> None:
        lead = lead_of(unit, 3)
        unit.save_lead(replace(lead, rank=promised_rank(lead)), LeadState.WAITING)

    await store.transact(promise)
    found = await store.transact(
        lambda unit: unit.waiting_calls(CAMPAIGN, NOON, 9, steps=[0], languages=["ja", "en"])
    )
    assert [lead.id for lead, _ in found] == [3, 1, 2]


async def test_a_long_list_is_read_page_by_page(store: Store) -> None:
    """Each page begins after the rank of the one before; who is tried, done or not due is on none."""
    await prepared(store, 6)

    def arrange(unit: Unit) -> None:
        unit.save_lead(replace(lead_of(unit, 2), due=NOON + timedelta(hours=1)), LeadState.WAITING)
        open_call(unit, 4)

    await store.transact(arrange)
    pages, after = [], None
    for _ in range(3):
        page = await store.transact(
            lambda unit, after=after: unit.next_calls(CAMPAIGN, NOON, 2, steps=[0], after=after)  # type: ignore[misc]
        )
        pages.append([lead.id for lead, _ in page])
        after = page[-1][0].rank if page else after
    assert pages == [[1, 3], [5, 6], []]
    assert await store.transact(lambda unit: unit.next_calls(CAMPAIGN, NOON, 9, steps=[1], after=None)) == []


async def test_people_of_the_shortlist_are_looked_up_by_name(store: Store) -> None:
    """Only those of their leads that wait still and are due."""
    await prepared(store, 4)

    def arrange(unit: Unit) -> None:
        unit.save_lead(replace(lead_of(unit, 2), due=NOON + timedelta(hours=1)), LeadState.WAITING)
        open_call(unit, 3)

    await store.transact(arrange)
    people = ["C00001", "C00002", "C00003", "nobody"]
    found = await store.transact(lambda unit: unit.calls_to(CAMPAIGN, NOON, people, steps=[0]))
    assert [(lead.id, contact.key) for lead, contact in found] == [(1, "C00001")]
    assert not await store.transact(lambda unit: unit.calls_to("another", NOON, people, steps=[0]))
    assert not await store.transact(lambda unit: unit.calls_to(CAMPAIGN, NOON, [], steps=[0]))


async def test_a_start_learns_what_the_process_before_it_knew(store: Store) -> None:
    """From the record alone, to the very same odds."""
    await prepared(store, 9)

    def work(unit: Unit, places: range) -> None:
        for place in places:
            answered: dict[str, Any] = {"outcome": Outcome.SOLD, "answered_at": NOON} if place % 2 else {}
            a_call(unit, place, opened_at=NOON + place * MINUTE, **answered)

    known = Foresight()
    for places in (range(1, 5), range(5, 10)):
        await store.transact(lambda unit, places=places: work(unit, places))  # type: ignore[misc]
        found = await store.read(lambda reports, since=known.since: reports.tried(since, 100))  # type: ignore[misc]
        known = known.told(found, NOON).learned()
    anew = Foresight().told(await store.read(lambda reports: reports.tried(None, 100)), NOON).learned()
    traits = Traits(hour=12, weekday=1, tries=2)
    assert anew.shared.seen == known.shared.seen == 9
    assert anew.model(CAMPAIGN).of(traits) == known.model(CAMPAIGN).of(traits)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (tries._OVER, "attempt USING INDEX ix_attempt_taught (over_at>?)"),
        (tries._PAST, "attempt USING INDEX ix_attempt_contact (contact=?)"),
        (tries._AFTER, "lead USING INDEX ix_lead_due (campaign=? AND rank>?)"),
        (tries._TO, "lead USING INDEX sqlite_autoindex_lead_2 (contact=?)"),
    ],
)
def test_nothing_is_looked_for_without_an_index(
    connection: Connection, statement: Statement, index: str
) -> None:
    """However long the record is."""
    text = statement.plan(connection.dialect).text
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    assert f"SEARCH {index}" in "\n".join(row[3] for row in rows)
