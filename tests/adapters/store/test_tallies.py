"""What the database counts of answered calls is what compliance counts of the same calls."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from campaigns.outcome import Outcome
from compliance.answers import tally
from dialer.allowance import answered
from dialer.attempt import Attempt, AttemptState
from dialer.ports import Store, Unit
from tests.support.builders import NOON, a_contact
from tests.support.stores import CAMPAIGN, an_attempt, concluded_call, open_call, prepared

SECOND = timedelta(seconds=1)
CONNECTED = (None, 0, 2, 3)
OVER = (1, 2, 3, 40)
HEARD = (None, "human", "machine")
OUTCOMES = (None, Outcome.ABANDONED, Outcome.SOLD, Outcome.MACHINE)


def calls() -> list[dict[str, Any]]:
    """Every kind of a call that was picked up at noon and is over."""
    found = [
        {
            "answered_at": NOON,
            "connected_at": None if connected is None else NOON + connected * SECOND,
            "over_at": NOON + over * SECOND,
            "answered_by": heard,
            "outcome": outcome,
        }
        for connected, over, heard, outcome in product(CONNECTED, OVER, HEARD, OUTCOMES)
        if connected is None or connected <= over
    ]
    return [*found, {"answered_at": None, "over_at": NOON, "outcome": Outcome.NO_ANSWER}]


async def test_the_database_counts_as_the_law_does(store: Store) -> None:
    """Calls of every kind, and of others one that still rings, one that talks, one of the day before."""
    kinds = calls()
    await prepared(store, [a_contact(place) for place in range(1, len(kinds) + 4)])

    def write(unit: Unit) -> list[Attempt]:
        told = [concluded_call(unit, place, **facts) for place, facts in enumerate(kinds, 1)]
        open_call(unit, len(kinds) + 1)
        talking = replace(
            open_call(unit, len(kinds) + 2),
            state=AttemptState.CONNECTED,
            answered_at=NOON,
            connected_at=NOON + SECOND,
            answered_by="human",
        )
        unit.save_attempt(talking, AttemptState.OPENED)
        concluded_call(unit, len(kinds) + 3, opened_at=NOON - timedelta(days=1), **kinds[0])
        return told

    told = await store.transact(write)
    wanted = tally([fact for call in told if call.outcome and (fact := answered(call))], 2.0)
    until = NOON + timedelta(hours=1)
    found = await store.read(lambda reports: reports.tally(CAMPAIGN, NOON, until, 2.0))
    assert found == wanted
    assert found.live > found.abandoned > found.left > 0
    assert await store.read(lambda reports: reports.first_call(CAMPAIGN)) == NOON - timedelta(days=1)
    assert await store.read(lambda reports: reports.first_call("nobody")) is None


async def test_attempts_are_read_together(store: Store) -> None:
    """Those asked for, and no error for one that is not there."""
    await prepared(store)
    await store.transact(lambda unit: [open_call(unit, place) for place in (1, 2, 3)])
    found = await store.transact(lambda unit: unit.attempts(["at-1", "at-3", "at-9"]))
    assert sorted(found, key=lambda one: one.id) == [an_attempt(1), an_attempt(3)]
    assert await store.transact(lambda unit: unit.attempts([])) == ()
