"""Hold and mute: at once, sealed, shown as it is, and undone with the call."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dialer.attempt import AttemptState
from dialer.errors import StaleState
from dialer.events import CallEnding
from dialer.handling import PATIENCE, Handling
from dialer.line_events import HoldTurned, LineAnswered, MuteTurned, Said, What
from dialer.line_orders import HoldPerson, MuteAgent
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"


async def talking(office: Office) -> None:
    """The first person speaks with aoki."""
    await office.tick()
    await office.talks(FIRST)


def ours(office: Office, **facts: Any) -> dict[str, Any]:
    """What every word of aoki's about the first call holds."""
    return {"agent": "aoki", "attempt": FIRST, **office.now, **facts}


async def handling(office: Office, attempt: str = FIRST) -> Handling | None:
    """How the call is handled."""
    return await office.write(lambda unit: unit.handling(attempt))


async def said(office: Office) -> list[dict[str, Any]]:
    """What the ledger has of the call, in order."""
    return [json.loads(entry.body) for entry in await office.ledger("said")]


async def test_a_person_is_held_and_let_back() -> None:
    """Each press is an order to the carrier and a row of the ledger; the same press twice is one."""
    async with an_office(1) as office:
        await talking(office)
        on = HoldTurned(is_on=True, **ours(office))
        for event in (on, on, HoldTurned(is_on=True, **ours(office))):
            await office.told(event)
        (order,) = office.line.directed
        assert isinstance(order, HoldPerson)
        assert (order.room, order.reference, order.is_on) == ("ag-aoki", reference_of(FIRST), True)
        assert (order.language, order.nonce) == ("ja", (await office.attempt(FIRST)).nonce)
        found = await handling(office)
        assert found is not None
        assert found.is_held
        await office.told(HoldTurned(is_on=False, **ours(office)))
        found = await handling(office)
        assert found is not None
        assert not found.is_held
        assert [row["is_on"] for row in await said(office)] == [True, False]
        assert {row["what"] for row in await said(office)} == {"hold"}


async def test_what_the_carrier_refuses_is_shown_as_it_is() -> None:
    """A person whom the carrier did not hold hears everything: the page must not say otherwise."""
    async with an_office(1) as office:
        await talking(office)
        office.line.says[What.HOLD] = Said.REFUSED
        await office.told(HoldTurned(is_on=True, **ours(office)))
        found = await handling(office)
        assert found is not None
        assert (found.is_held, found.problem) == (False, "hold")
        assert [row["what"] for row in await said(office)] == ["hold", "hold_failed"]


async def test_the_last_wish_counts_whichever_word_comes_last() -> None:
    """Words to two orders that crossed: what is wished now is ordered once more."""
    async with an_office(1) as office:
        await talking(office)
        await office.told(MuteTurned(is_on=True, **ours(office)))
        await office.told(MuteTurned(is_on=False, **ours(office)))
        late = LineAnswered(attempt=FIRST, what=What.MUTE, said=Said.DONE, is_on=True, **office.now)
        await office.told(late)
        assert [order.is_on for order in office.line.directed if isinstance(order, MuteAgent)] == [
            True,
            False,
            False,
        ]


async def test_an_agent_is_heard_by_the_next_person() -> None:
    """The end of a call takes the mute off, again and again until the carrier says that it is so."""
    async with an_office(1) as office:
        await talking(office)
        await office.told(MuteTurned(is_on=True, **ours(office)))
        office.line.says[What.MUTE] = Said.REFUSED
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        assert office.line.directed[-1].is_on is False  # type: ignore[union-attr]
        assert await handling(office) is not None
        office.line.says.clear()
        await office.after(seconds=6)
        assert [order.is_on for order in office.line.directed if isinstance(order, MuteAgent)] == [
            True,
            False,
            False,
        ]
        assert await handling(office) is None


async def test_a_hold_ends_with_its_call() -> None:
    """Nothing is left, and nothing is ordered of a leg that is gone."""
    async with an_office(1) as office:
        await talking(office)
        await office.told(HoldTurned(is_on=True, **ours(office)))
        await office.ends(FIRST, CallEnding.COMPLETED, talk_s=9)
        assert await handling(office) is None
        assert len(office.line.directed) == 1
        with pytest.raises(StaleState, match="nobody is on the line"):
            await office.told(HoldTurned(is_on=False, **ours(office)))


async def test_only_who_has_the_call_holds_it() -> None:
    """Neither a colleague, nor before anybody spoke."""
    async with an_office(1) as office:
        await office.tick()
        with pytest.raises(StaleState):
            await office.told(HoldTurned(is_on=True, **ours(office)))
        await office.talks(FIRST)
        with pytest.raises(StaleState):
            await office.told(MuteTurned(is_on=True, **{**ours(office), "agent": "baba"}))
        assert (await office.attempt(FIRST)).state is AttemptState.CONNECTED
        assert office.line.directed == []


async def test_an_order_that_was_lost_is_given_again() -> None:
    """A program that died between the press and the order: the page says held, so the person must be."""
    async with an_office(1) as office:
        await talking(office)
        await office.told(HoldTurned(is_on=True, **ours(office)))
        found = await handling(office)
        assert found is not None
        assert found.deadline is None
        lost = replace(found, deadline=office.clock.now() + PATIENCE)
        await office.write(lambda unit: unit.save_handling(lost))
        await office.after(seconds=11)
        held, heard = office.line.directed[1:]
        assert isinstance(held, HoldPerson)
        assert isinstance(heard, MuteAgent)
        assert (held.is_on, heard.is_on) == (True, False)
        found = await handling(office)
        assert found is not None
        assert found.deadline is None
