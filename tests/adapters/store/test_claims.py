from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from adapters.store import attempts, claims
from adapters.store.statement import SqliteSession, Statement
from adapters.store.unit import SqlUnit
from campaigns.contact import Phone
from campaigns.outcome import LeadState, Outcome
from compliance.question import PastContact
from compliance.terms import Channel
from dialer.agents import AgentState, wrap_up
from dialer.attempt import Attempt, AttemptState
from dialer.ports import Store, Unit
from dialer.view import CampaignState, Due
from tests.support.builders import NOON, a_contact, an_agent
from tests.support.stores import (
    CAMPAIGN,
    a_candidate,
    a_suppression,
    an_attempt,
    concluded_call,
    lead_of,
    leads_left,
    open_call,
    prepare,
    prepared,
)

PRODUCT, SELLER = "green-tea-subscription", "midorien"


async def due(store: Store, limit: int = 10, **at: float) -> list[Due]:
    """What is due in the campaign, some time after noon."""
    return list(
        await store.transact(
            lambda unit: unit.due_calls(
                CAMPAIGN, NOON + timedelta(**at), limit, steps=[0], languages=["ja", "en"]
            )
        )
    )


async def test_the_list_is_worked_by_rank(store: Store) -> None:
    """Low ranks first, and no more than asked for."""
    people = [a_contact(place) for place in (1, 2, 3)]

    def enrol(unit: Unit) -> None:
        prepare(unit, 0)
        ranked = zip(people, (30, 10, 20), strict=True)
        unit.enrol(CAMPAIGN, [a_candidate(contact=contact, rank=rank) for contact, rank in ranked], NOON)

    await store.transact(enrol)
    assert [found.contact for found in await due(store)] == [people[1], people[2], people[0]]
    assert [found.lead.rank for found in await due(store, 2)] == [10, 20]


async def test_only_leads_whose_time_has_come_are_due(store: Store) -> None:
    """Not those later, those being tried, those done, nor hold-outs."""
    await prepared(store, 4)

    def arrange(unit: Unit) -> None:
        later = replace(lead_of(unit, 1), due=NOON + timedelta(hours=1))
        unit.save_lead(later, LeadState.WAITING)
        open_call(unit, 2)
        unit.enrol(CAMPAIGN, [a_candidate(9, holdout=True)], NOON)

    await store.transact(arrange)
    assert [found.lead.id for found in await due(store)] == [3, 4]
    assert [found.lead.id for found in await due(store, hours=1)] == [1, 3, 4]
    assert await due(store, seconds=-1) == []
    assert await leads_left(store) == 4
    assert (
        list(
            await store.transact(lambda unit: unit.due_calls("no such", NOON, 9, steps=[0], languages=["ja"]))
        )
        == []
    )


async def test_calls_and_mails_are_looked_at_apart(store: Store) -> None:
    """Calls by step and language; mails by step; a lead beyond the last step of today's campaign is not forgotten."""
    await prepared(store, 3)

    def arrange(unit: Unit) -> None:
        for lead, step in ((2, 1), (3, 7)):
            unit.save_lead(replace(lead_of(unit, lead), step=step), LeadState.WAITING)

    await store.transact(arrange)

    def look(unit: Unit) -> tuple[list[int], list[int], list[int]]:
        spoken = unit.due_calls(CAMPAIGN, NOON, 9, steps=[0], languages=["ja"])
        unspoken = unit.due_calls(CAMPAIGN, NOON, 9, steps=[0], languages=["fr"])
        mails = unit.due_mails(CAMPAIGN, NOON, 9, steps=[1], end=2)
        return tuple([found.lead.id for found in each] for each in (spoken, unspoken, mails))  # type: ignore[return-value]

    assert await store.transact(look) == ([1], [], [2, 3])


async def test_a_lead_that_changed_is_seen_as_it_is(store: Store) -> None:
    """Rows read before are remembered; a row that changed is another row."""
    await prepared(store, 1)
    (before,) = await due(store)
    changed = a_contact(1, name="山田 はな", facts={"会員ランク": "銀"})
    await store.transact(lambda unit: unit.enrol(CAMPAIGN, [a_candidate(contact=changed)], NOON))
    (after,) = await due(store)
    assert (before.contact, after.contact) == (a_contact(1), changed)


async def test_history_tells_every_try_and_what_came_of_it(store: Store) -> None:
    """In every campaign, oldest first; what was surely never sent out is no contact."""
    await store.transact(lambda unit: prepare(unit, 1))
    await store.transact(lambda unit: prepare(unit, 1, campaign="other"))
    outcomes = [Outcome.NO_ANSWER, Outcome.MACHINE, Outcome.SOLD, Outcome.ABANDONED, Outcome.NOT_PLACED]
    times = [NOON + timedelta(hours=hour) for hour in range(len(outcomes))]

    def happen(unit: Unit) -> None:
        for ordinal, (outcome, at) in enumerate(zip(outcomes, times, strict=True), 1):
            concluded_call(
                unit, id=f"at-{ordinal}", ordinal=ordinal, opened_at=at, over_at=at, outcome=outcome
            )
        lead = replace(lead_of(unit, 2), state=LeadState.TRYING)
        unit.open(replace(open_call_elsewhere(), lead=2), lead)

    await store.transact(happen)
    (found,) = [found for found in await due(store, days=1) if found.lead.id == 1]
    told = [(past.at, past.event, past.campaign) for past in found.history]
    assert told == [
        (times[0], "attempted", CAMPAIGN),
        (times[1], "attempted", CAMPAIGN),
        (times[1], "machine", CAMPAIGN),
        (times[2], "attempted", CAMPAIGN),
        (times[2], "talked", CAMPAIGN),
        (times[3], "attempted", CAMPAIGN),
        (times[3], "abandoned", CAMPAIGN),
        (NOON + timedelta(hours=9), "attempted", "other"),
    ]
    assert found.history[0] == PastContact(
        at=NOON,
        event="attempted",
        channel=Channel.VOICE,
        number="+819020000001",
        campaign=CAMPAIGN,
        seller=SELLER,
        product=PRODUCT,
    )


def open_call_elsewhere() -> Attempt:
    """A call of another campaign to the first person."""
    return an_attempt(id="elsewhere", campaign="other", opened_at=NOON + timedelta(hours=9))


@pytest.mark.parametrize(
    ("outcome", "said"), [(Outcome.REFUSED, "refused"), (Outcome.OPTED_OUT, "opted_out")]
)
async def test_a_no_is_history(store: Store, outcome: Outcome, said: str) -> None:
    """It stands against other campaigns too, for as long as the law says."""
    await prepared(store, 1)
    await store.transact(lambda unit: concluded_call(unit, outcome=outcome))
    (found,) = await due(store)
    assert [past.event for past in found.history] == ["attempted", said]
    assert found.history[1].at == NOON + timedelta(minutes=1)


async def test_a_person_who_unsubscribed_from_a_mail_said_no(store: Store) -> None:
    """It came after the mail's outcome, and is told with its own time."""
    await prepared(store, 1)
    at = NOON + timedelta(days=2)

    def happen(unit: Unit) -> None:
        mail = {"channel": Channel.EMAIL, "address": "guest1@example.jp"}
        sent = open_call(unit, 1, **mail)
        unit.save_attempt(
            replace(sent, state=AttemptState.ACCEPTED, outcome=Outcome.SENT), AttemptState.OPENED
        )
        unit.save_lead(replace(lead_of(unit), state=LeadState.WAITING), LeadState.TRYING)
        unit.remember("e1", sent.id, "MailUnsubscribed", at, {"how": "link"})

    await store.transact(happen)
    (found,) = await due(store)
    assert [(past.at, past.event, past.number) for past in found.history] == [
        (NOON, "attempted", None),
        (at, "unsubscribed", None),
    ]


async def test_suppressions_come_with_whomever_they_name(store: Store) -> None:
    """By key, by any number, by e-mail in any letters; of every scope, for the judge to sift; nobody else's."""
    phones = (Phone(number="+819020000001"), Phone(number="+81311112222", kind="home"))
    await prepared(store, [a_contact(1, phones=phones), a_contact(2), a_contact(3)])
    entries = [
        a_suppression(person="C00001", seller="another"),
        a_suppression(email="Guest1@Example.jp", channel=Channel.EMAIL),
        a_suppression(number="+81311112222", expires_at=NOON + timedelta(days=1)),
        a_suppression(number="+819020000003"),
        a_suppression(number="+819099999999"),
    ]
    await store.transact(lambda unit: [unit.suppress(entry) for entry in entries])
    first, second, third = await due(store)
    assert set(first.suppressions) == set(entries[:3])
    named = await store.transact(lambda unit: unit.suppressions_of(first.contact))
    assert tuple(named) == first.suppressions
    assert second.suppressions == ()
    assert third.suppressions == (entries[3],)


async def test_the_next_look_is_when_the_first_thing_is_due(store: Store) -> None:
    """A lead of a running campaign, an attempt's silence, an agent's wrap-up; strictly later than now."""
    await prepared(store, 3)
    assert await store.transact(lambda unit: unit.next_due(NOON)) is None

    def arrange(unit: Unit) -> None:
        unit.save_lead(replace(lead_of(unit, 1), due=NOON + timedelta(hours=1)), LeadState.WAITING)
        unit.save_lead(replace(lead_of(unit, 2), due=NOON + timedelta(hours=2)), LeadState.WAITING)

    await store.transact(arrange)
    assert await store.transact(lambda unit: unit.next_due(NOON)) == NOON + timedelta(hours=1)
    at = NOON + timedelta(hours=1)
    assert await store.transact(lambda unit: unit.next_due(at)) == NOON + timedelta(hours=2)
    await store.transact(lambda unit: open_call(unit, 3))
    assert await store.transact(lambda unit: unit.next_due(NOON)) == NOON + timedelta(seconds=30)
    wrapping = wrap_up(an_agent(), NOON, timedelta(seconds=20))
    await store.transact(lambda unit: unit.save_agent(wrapping, AgentState.READY))
    assert await store.transact(lambda unit: unit.next_due(NOON)) == NOON + timedelta(seconds=20)
    await store.transact(
        lambda unit: unit.set_campaign_state(CAMPAIGN, CampaignState.PAUSED, CampaignState.RUNNING)
    )
    assert await store.transact(lambda unit: unit.next_due(NOON + timedelta(seconds=30))) is None


def statements_of_due(connection: Connection, limit: int) -> int:
    """Count the statements in which a batch is looked at."""
    seen: list[str] = []
    driver: Any = connection.connection.dbapi_connection
    with connection.begin():
        unit = SqlUnit(SqliteSession(connection))
        driver.set_trace_callback(seen.append)
        assert len(unit.due_calls(CAMPAIGN, NOON, limit, steps=[0], languages=["ja", "en"])) == limit
        driver.set_trace_callback(None)
    return len(seen)


async def test_a_batch_is_looked_at_in_six_statements(connection: Connection) -> None:
    """However many leads are in it."""
    with connection.begin():
        prepare(SqlUnit(SqliteSession(connection)), 200)
    assert [statements_of_due(connection, limit) for limit in (1, 20, 200)] == [6, 6, 6]


def steps(connection: Connection, statement: Statement) -> str:
    """How SQLite says it would go about a statement, with a list of some size and no statistics."""
    text = statement.plan(connection.dialect).text
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))
    return "\n".join(row[3] for row in found)


async def test_due_leads_are_found_by_index_in_their_order(connection: Connection) -> None:
    """The indexes hold only those that wait, and nothing is sorted: calls by rank, mails by time."""
    calls, mails = steps(connection, claims._DUE_CALLS), steps(connection, claims._DUE_MAILS)
    assert "SEARCH lead USING INDEX ix_lead_due (campaign=?)" in calls
    assert "SEARCH lead USING INDEX ix_lead_step (campaign=? AND step=? AND due<?)" in mails
    assert "TEMP B-TREE" not in calls + mails


async def test_nothing_the_planner_asks_reads_a_whole_table(connection: Connection) -> None:
    """History, suppressions and the next look are found by index too."""
    asked = (
        *(
            claims._DUE_CALLS,
            claims._DUE_MAILS,
            claims._HISTORY,
            claims._SUPPRESSED,
            claims._LEFT,
            claims._NEXT,
        ),
        *(
            attempts._LIVE_CALLS,
            attempts._MAILS_OPENED,
            attempts._LIVE_ATTEMPTS,
            attempts._SILENT,
            attempts._OPENED_SINCE,
        ),
    )
    plans = "\n".join(steps(connection, statement) for statement in asked)
    scans = [line for line in plans.splitlines() if line.startswith("SCAN") and "json_each" not in line]
    assert scans == ["SCAN campaign"]
    assert plans.count("uq_attempt_live") == 2
