"""How an attempt stands at a glance: who is named on the do-not-contact list, and how that is found."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from adapters.store import standings
from campaigns.contact import Phone
from dialer.ports import Store, Unit
from tests.support.builders import a_contact
from tests.support.stores import a_suppression, open_call, prepared

OTHER_NUMBER = "+81312345678"
PEOPLE = [
    replace(a_contact(1), phones=(*a_contact(1).phones, Phone(number=OTHER_NUMBER, kind="fixed"))),
    a_contact(2),
]


async def named(store: Store, **entry: Any) -> tuple[bool, bool]:
    """Whether the first and the second person, both being called, are named by an entry."""

    def look(unit: Unit) -> tuple[bool, bool]:
        found = [unit.standing(open_call(unit, place).id) for place in (1, 2)]
        assert found[0]
        assert found[1]
        return found[0].is_named, found[1].is_named

    await prepared(store, PEOPLE)
    await store.transact(lambda unit: unit.suppress(a_suppression(**entry)))
    return await store.transact(look)


@pytest.mark.parametrize(
    "entry",
    [
        {"number": "+819020000001"},
        {"number": OTHER_NUMBER},
        {"email": "guest1@example.jp"},
        {"person": "C00001"},
    ],
)
async def test_whoever_is_named_in_any_way_is_named_and_nobody_else(
    store: Store, entry: dict[str, str]
) -> None:
    """By any number of theirs, their mailbox, or as a person; somebody else's call goes on."""
    assert await named(store, **entry) == (True, False)


def test_a_glance_reads_no_table_through(connection: Connection) -> None:
    """However long the list and the history are: it is asked before each order and with each step of a call."""
    text = standings._STANDING.plan(connection.dialect).text
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    assert not [row[3] for row in steps if str(row[3]).startswith("SCAN")]
