from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from adapters.store import attempts
from adapters.store.statement import Clash
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.terms import Channel
from dialer.attempt import AttemptState
from dialer.errors import StaleState
from dialer.ports import Store
from tests.support.builders import NOON
from tests.support.stores import CAMPAIGN, an_attempt, concluded_call, lead_of, open_call, prepared


async def test_an_attempt_comes_back_as_it_was_saved(store: Store) -> None:
    """Every field, to the microsecond and to the last digit of the price."""
    await prepared(store)
    opened = await store.transact(open_call)
    assert await store.transact(lambda unit: unit.attempt(opened.id)) == opened
    at = NOON + timedelta(microseconds=1)
    whole = replace(
        opened,
        state=AttemptState.OVER,
        deadline=None,
        caller_id="+81501",
        agent="aoki",
        reference="CA1",
        placed_at=at,
        ringing_at=at,
        answered_at=at,
        connected_at=at,
        over_at=at,
        answered_by="human",
        talk_s=61,
        outcome=Outcome.CALLBACK,
        disposition="again",
        note="後で",
        callback_at=at,
        asked=2,
        price=Decimal("-0.0850"),
        currency="USD",
    )
    await store.transact(lambda unit: unit.save_attempt(whole, AttemptState.OPENED))
    assert await store.transact(lambda unit: unit.attempt(opened.id)) == whole
    assert await store.transact(lambda unit: unit.attempt("no such")) is None


async def test_opening_moves_the_lead_from_waiting(store: Store) -> None:
    """Attempt and lead are written together."""
    await prepared(store)
    await store.transact(open_call)
    lead = await store.transact(lead_of)
    assert (lead.state, lead.tries, lead.campaign) == (LeadState.TRYING, 1, CAMPAIGN)


async def test_a_number_has_one_live_call(store: Store) -> None:
    """Whoever else has that number waits until the call is over; nothing of the second attempt remains."""
    await prepared(store)
    first = await store.transact(open_call)
    with pytest.raises(StaleState, match="cannot be opened"):
        await store.transact(lambda unit: open_call(unit, 2, address=first.address))
    assert await store.transact(lambda unit: unit.attempt("at-2")) is None
    assert (await store.transact(lambda unit: lead_of(unit, 2))).state is LeadState.WAITING
    over = replace(first, state=AttemptState.OVER)
    await store.transact(lambda unit: unit.save_attempt(over, AttemptState.OPENED))
    await store.transact(lambda unit: open_call(unit, 2, address=first.address))


async def test_mails_to_one_address_do_not_hinder_each_other(store: Store) -> None:
    """A mail stays open for words that come days later; only telephones are engaged."""
    await prepared(store)
    mail = {"channel": Channel.EMAIL, "address": "family@example.jp"}
    await store.transact(lambda unit: open_call(unit, 1, **mail))
    await store.transact(lambda unit: open_call(unit, 2, **mail))
    both = [await store.transact(lambda unit, name=name: unit.attempt(name)) for name in ("at-1", "at-2")]  # type: ignore[misc]
    assert [one and (one.address, one.state) for one in both] == [(mail["address"], AttemptState.OPENED)] * 2


async def test_a_lead_that_does_not_wait_cannot_be_tried(store: Store) -> None:
    """Two planners: the second one's attempt is rolled back."""
    await prepared(store)
    await store.transact(open_call)
    with pytest.raises(StaleState):
        await store.transact(lambda unit: open_call(unit, id="other", address="+81311112222", ordinal=2))
    assert await store.transact(lambda unit: unit.attempt("other")) is None


async def test_an_ordinal_is_used_once(store: Store) -> None:
    """The first try of a lead is one."""
    await prepared(store)
    await store.transact(concluded_call)
    with pytest.raises(StaleState):
        await store.transact(lambda unit: open_call(unit, id="again"))


async def test_every_write_names_the_state_it_expects(store: Store) -> None:
    """Somebody was faster: StaleState, and the row is theirs."""
    await prepared(store)
    opened = await store.transact(open_call)
    late = replace(opened, state=AttemptState.RINGING)
    with pytest.raises(StaleState, match="at-1 is no longer placed"):
        await store.transact(lambda unit: unit.save_attempt(late, AttemptState.PLACED))
    lead = await store.transact(lead_of)
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.save_lead(lead, LeadState.DONE))
    assert await store.transact(lambda unit: unit.attempt(opened.id)) == opened


async def test_an_agent_speaks_with_one_person_at_a_time(store: Store) -> None:
    """Whatever the program believes, the tables do not hold two."""
    await prepared(store)
    for place in (1, 2):
        await store.transact(lambda unit, place=place: open_call(unit, place))  # type: ignore[misc]
    one, other = (replace(an_attempt(place), state=AttemptState.CONNECTED, agent="aoki") for place in (1, 2))
    await store.transact(lambda unit: unit.save_attempt(one, AttemptState.OPENED))
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.save_attempt(other, AttemptState.OPENED))


async def test_an_attempt_needs_a_version_and_a_lead_that_are_there(store: Store) -> None:
    """Foreign keys are on: history could not be told of what is missing."""
    await prepared(store)
    with pytest.raises(Clash):
        await store.transact(lambda unit: open_call(unit, version="v9"))


async def test_a_lead_done_says_why(store: Store) -> None:
    """The tables refuse an end without an ending."""
    await prepared(store)
    lead = await store.transact(lead_of)
    done = replace(lead, state=LeadState.DONE, due=None)
    with pytest.raises(Clash):
        await store.transact(lambda unit: unit.save_lead(done, LeadState.WAITING))
    ended = replace(done, ending=Ending.TALKED)
    await store.transact(lambda unit: unit.save_lead(ended, LeadState.WAITING))
    assert await store.transact(lead_of) == ended


async def test_the_silent_are_asked_about_oldest_first(store: Store) -> None:
    """Those whose deadline has passed and who are not over."""
    await prepared(store, 4)
    for place in (1, 2, 3, 4):
        deadline = NOON + timedelta(seconds=30 - place)
        await store.transact(
            lambda unit, place=place, deadline=deadline: open_call(unit, place, deadline=deadline)  # type: ignore[misc]
        )
    over = replace(an_attempt(3), state=AttemptState.OVER)
    await store.transact(lambda unit: unit.save_attempt(over, AttemptState.OPENED))
    silent = await store.transact(lambda unit: unit.silent(NOON + timedelta(seconds=28), 9))
    assert [attempt.id for attempt in silent] == ["at-4", "at-2"]
    assert len(await store.transact(lambda unit: unit.silent(NOON + timedelta(hours=1), 2))) == 2


async def test_calls_under_way_and_calls_opened_are_counted_apart_from_mails(store: Store) -> None:
    """Lines and the account's rate are about calls."""
    await prepared(store)
    await store.transact(open_call)
    await store.transact(lambda unit: open_call(unit, 2, channel=Channel.EMAIL, address="a@example.jp"))
    await store.transact(lambda unit: concluded_call(unit, 3, outcome=Outcome.BUSY))
    assert await store.transact(lambda unit: [call.address for call in unit.live_attempts()]) == [
        "+819020000001"
    ]
    assert await store.transact(lambda unit: unit.live_attempts()) == [an_attempt()]
    assert await store.transact(lambda unit: unit.calls_opened_since(NOON)) == 2
    assert await store.transact(lambda unit: unit.calls_opened_since(NOON + timedelta(seconds=1))) == 0


async def test_the_calls_to_a_number_are_told_by_their_references(store: Store) -> None:
    """Of whoever has the number, since when was asked; a call that the carrier never named has none to tell."""
    await prepared(store, 4)
    number, early = "+819020000009", NOON - timedelta(days=3)
    facts: list[dict[str, object]] = [
        {"reference": "CA1", "opened_at": early},
        {"reference": "CA2", "opened_at": early - timedelta(microseconds=1)},
        {"reference": None},
        {"reference": "CA4", "address": "+819020000008"},
    ]
    for place, told in enumerate(facts, 1):
        call = {"address": number, **told}
        await store.transact(lambda unit, place=place, call=call: concluded_call(unit, place, **call))  # type: ignore[misc]
    assert await store.transact(lambda unit: unit.references_to(number, early)) == {"CA1"}
    assert await store.transact(lambda unit: unit.references_to("+81312345678", early)) == frozenset()


async def test_references_are_found_by_the_number(connection: Connection) -> None:
    """However many attempts there are."""
    text = attempts._REFERENCES_TO.plan(connection.dialect).text
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    assert [row[3] for row in found] == ["SEARCH attempt USING INDEX ix_attempt_address (address=?)"]
