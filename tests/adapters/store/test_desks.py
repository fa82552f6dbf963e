from dataclasses import replace
from datetime import timedelta

from campaigns.outcome import Outcome
from compliance.ledger import Kind
from dialer.agents import reserve
from dialer.ports import Store, Unit
from tests.support.builders import NOON, an_agent
from tests.support.stores import a_record, concluded_call, open_call, prepared

LATER = NOON + timedelta(hours=1)


async def test_a_desk_without_a_call_is_its_agent(store: Store) -> None:
    """And nobody's desk is none; everybody is seen by id."""
    await prepared(store)
    seen = await store.read(lambda reports: reports.desk("aoki"))
    assert seen is not None
    assert (seen.agent.id, seen.attempt, seen.contact, seen.permit, seen.said, seen.tries) == (
        "aoki",
        None,
        None,
        None,
        (),
        (),
    )
    assert await store.read(lambda reports: reports.desk("nobody")) is None
    assert [agent.id for agent in await store.read(lambda reports: reports.agents())] == ["aoki", "baba"]


def call(unit: Unit) -> None:
    """Two tries on the first person are over, one is with aoki; the second person has one too."""
    concluded_call(unit, id="old", outcome=Outcome.BUSY)
    concluded_call(
        unit, id="newer", ordinal=2, opened_at=NOON + timedelta(minutes=9), outcome=Outcome.NO_ANSWER
    )
    concluded_call(unit, 2, id="other", outcome=Outcome.BUSY)
    now = open_call(unit, id="now", ordinal=3, opened_at=LATER, agent="aoki")
    unit.save_agent(reserve(an_agent(), now.id, LATER), an_agent().state)


async def test_a_desk_holds_all_of_its_call(store: Store) -> None:
    """The person, why it was permitted, what was noted in order, the earlier tries the newest first."""
    await prepared(store)
    await store.transact(call)
    notes = [a_record(Kind.SAID, attempt="now", body={"what": "opinion", "note": text}) for text in "ba"]
    permit = a_record(Kind.PERMITTED, attempt="now", body={"verdict": {"zones": ["Asia/Tokyo"]}})
    strange = a_record(Kind.SAID, attempt="old", body={"what": "opinion", "note": "c"})
    await store.transact(lambda unit: unit.record([permit, notes[0], strange, notes[1]]))
    seen = await store.read(lambda reports: reports.desk("aoki"))
    assert seen is not None
    assert seen.attempt is not None
    assert seen.contact is not None
    assert (seen.attempt.id, seen.contact.key) == ("now", "C00001")
    assert seen.permit == {"verdict": {"zones": ["Asia/Tokyo"]}}
    assert [row["note"] for row in seen.said] == ["b", "a"]
    assert [one.id for one in seen.tries] == ["newer", "old"]
    assert list(await store.transact(lambda unit: unit.said("now"))) == list(seen.said)


async def test_only_so_many_tries_are_shown(store: Store) -> None:
    """A person of many campaigns does not fill the page."""
    await prepared(store)

    def often(unit: Unit) -> None:
        for ordinal in range(1, 31):
            concluded_call(
                unit, id=f"try-{ordinal}", ordinal=ordinal, opened_at=NOON + timedelta(minutes=ordinal)
            )
        now = replace(open_call(unit, id="now", ordinal=31, opened_at=LATER))
        unit.save_agent(reserve(an_agent(), now.id, LATER), an_agent().state)

    await store.transact(often)
    seen = await store.read(lambda reports: reports.desk("aoki"))
    assert seen is not None
    assert [one.id for one in seen.tries] == [f"try-{ordinal}" for ordinal in range(30, 10, -1)]
