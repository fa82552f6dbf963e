"""Whom agents see before a call, in every kind of store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dialer.agents import AgentState, look_at
from dialer.errors import StaleState
from dialer.ports import Store, Unit
from dialer.previews import Preview, PreviewState, Why
from dialer.showing import previewed
from tests.support.builders import NOON, a_contact, an_agent
from tests.support.previews import previewing
from tests.support.stores import CAMPAIGN, a_suppression, lead_of, prepared

LATER = NOON + timedelta(minutes=1)


def shown(unit: Unit, place: int = 1, agent: str = "aoki") -> Preview:
    """Show somebody to an agent."""
    (due,) = unit.due_of([lead_of(unit, place).id])
    preview, lead = previewed(previewing(), due, due.contact.phones[0].number, an_agent(agent), NOON)
    unit.save_lead(lead, lead.state)
    unit.show(preview)
    unit.save_agent(look_at(an_agent(agent), NOON, preview.deadline), AgentState.READY)
    return preview


async def test_a_preview_comes_back_as_shown(store: Store) -> None:
    """With its lead as it was left; the last one of an agent stays when it is over."""
    await prepared(store)
    preview = await store.transact(shown)
    (live,) = await store.transact(lambda unit: unit.previews())
    assert (live.preview, live.is_held, live.is_named) == (preview, True, False)
    over = replace(preview, state=PreviewState.OVER, why=Why.SKIPPED, over_at=LATER)
    await store.transact(lambda unit: unit.save_preview(over, PreviewState.SHOWN))
    assert await store.transact(lambda unit: unit.previews()) == []
    assert await store.transact(lambda unit: unit.preview("aoki")) == over
    assert await store.transact(lambda unit: unit.preview("baba")) is None


async def test_nobody_is_shown_twice_and_an_agent_sees_one(store: Store) -> None:
    """Neither the same lead, nor the same person on another list, nor two people to one agent."""
    await prepared(store)
    preview = await store.transact(shown)
    for other in (
        replace(preview, id="pv-2", agent="baba"),
        replace(preview, id="pv-2", agent="baba", lead=2),
        replace(preview, id="pv-2", agent="baba", contact=a_contact(2).key),
        replace(preview, id="pv-2", lead=2, contact=a_contact(2).key),
    ):
        with pytest.raises(StaleState):
            await store.transact(lambda unit, other=other: unit.show(other))  # type: ignore[misc]


async def test_the_next_takes_the_place_of_one_that_is_over(store: Store) -> None:
    """One row for each agent; a person who was let go may be shown to another."""
    await prepared(store)
    first = await store.transact(shown)
    over = replace(first, state=PreviewState.OVER, why=Why.TIMEOUT, over_at=LATER)
    await store.transact(lambda unit: unit.save_preview(over, PreviewState.SHOWN))
    again = replace(first, id="pv-2", agent="baba")
    await store.transact(lambda unit: unit.show(again))
    following = replace(first, id="pv-3", lead=2, contact=a_contact(2).key)
    await store.transact(lambda unit: unit.show(following))
    live = await store.transact(lambda unit: unit.previews())
    assert [one.preview for one in live] == [following, again]


async def test_a_preview_moves_only_from_the_state_expected(store: Store) -> None:
    """Pressed twice at once: one of the two is told that somebody was faster."""
    await prepared(store)
    preview = await store.transact(shown)
    wanted = replace(preview, state=PreviewState.WANTED)
    await store.transact(lambda unit: unit.save_preview(wanted, PreviewState.SHOWN))
    with pytest.raises(StaleState):
        await store.transact(lambda unit: unit.save_preview(wanted, PreviewState.SHOWN))


@pytest.mark.parametrize("by", ["person", "number", "mailbox"])
async def test_a_refusal_names_whoever_is_shown(store: Store, by: str) -> None:
    """By key, by any number of theirs, by their mailbox in whatever letters."""
    await prepared(store)
    await store.transact(shown)
    known = await store.transact(lambda unit: unit.contact(a_contact(1).key))
    assert known is not None
    named: dict[str, dict[str, Any]] = {
        "person": {"person": a_contact(1).key, "number": None},
        "number": {"number": known.phones[-1].number},
        "mailbox": {"email": (known.email or "").upper(), "number": None},
    }
    await store.transact(lambda unit: unit.suppress(a_suppression(**named[by])))
    (live,) = await store.transact(lambda unit: unit.previews())
    assert live.is_named


async def test_a_lead_that_moved_is_not_held(store: Store) -> None:
    """What is learnt of the person elsewhere ends the preview."""
    await prepared(store)
    await store.transact(shown)
    held = await store.transact(lambda unit: lead_of(unit, 1))
    await store.transact(lambda unit: unit.save_lead(replace(held, due=LATER), held.state))
    (live,) = await store.transact(lambda unit: unit.previews())
    assert not live.is_held


async def test_the_desk_and_the_board_show_who_is_looked_at(store: Store) -> None:
    """The desk with the person and no call; the board with their name."""
    await prepared(store)
    preview = await store.transact(shown)
    desk = await store.read(lambda reports: reports.desk("aoki"))
    assert desk is not None
    assert (desk.attempt, desk.preview) == (None, preview)
    assert desk.contact is not None
    summary = await store.read(lambda reports: reports.summary(CAMPAIGN, LATER))
    looking = next(line for line in summary.agents if line.id == "aoki")
    assert (looking.state, looking.talking_to, looking.seconds) == ("previewing", desk.contact.name, 60)
