"""One person's calls are stopped at once, or all of them; conversations are left alone."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcome import Ending
from compliance.ledger import Kind
from compliance.question import Suppression
from compliance.terms import Channel
from dialer.agents import AgentState, reserve
from dialer.attempt import Attempt, AttemptState
from dialer.barring import is_stoppable
from dialer.events import (
    AttemptEvent,
    CallAnswered,
    CallEnded,
    CallEnding,
    CallPlaced,
    CallRinging,
    ContactSuppressed,
    SwitchTurned,
)
from dialer.orders import HangUp, JoinRoom, Release
from dialer.ports import Store, Unit
from dialer.reaction import react
from dialer.scene import Reaction, Scene
from dialer.stopping import is_listed, suppress, turn_switch
from tests.support.builders import NOON, an_agent, rules, the_campaign
from tests.support.stores import CAMPAIGN, a_suppression, an_attempt, open_call, opened, prepared

T = TypeVar("T")
SOON = NOON + timedelta(seconds=1)
REF = "CA1"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """The real store in memory, with three people on the list."""
    async with opened("memory", tmp_path) as store:
        await prepared(store)
        yield store


def scene(unit: Unit) -> Scene:
    """A second after noon."""
    return Scene(unit=unit, campaigns={CAMPAIGN: the_campaign()}, rules=rules(), now=SOON)


def suppressing(entry: Suppression, key: str = "s1") -> Callable[[Unit], Reaction]:
    """Somebody says: never again."""
    return lambda unit: suppress(scene(unit), ContactSuppressed(key=key, at=SOON, suppression=entry))


def turning(*, enabled: bool, key: str = "t1") -> Callable[[Unit], Reaction]:
    """Somebody turns the switch."""
    return lambda unit: turn_switch(
        scene(unit), SwitchTurned(key=key, at=SOON, enabled=enabled, by="officer")
    )


def told(event: AttemptEvent) -> Callable[[Unit], Reaction]:
    """The carrier tells something."""
    return lambda unit: react(scene(unit), event)


def live(state: AttemptState, place: int = 1) -> Callable[[Unit], Attempt]:
    """A call that is in this state."""

    def work(unit: Unit) -> Attempt:
        before = open_call(unit, place)
        named = state not in {AttemptState.OPENED, AttemptState.UNSURE}
        after = replace(before, state=state, reference=f"CA{place}" if named else None)
        unit.save_attempt(after, AttemptState.OPENED)
        return after

    return work


def answered(key: str = "a") -> CallAnswered:
    """Somebody picks up."""
    return CallAnswered(key=key, at=SOON, attempt="at-1", reference=REF)


def placed() -> CallPlaced:
    """The carrier names the call."""
    return CallPlaced(key="p", at=SOON, attempt="at-1", reference=REF)


HUNG_UP = (HangUp(attempt="at-1", reference=REF),)
WAITING = (AttemptState.PLACED, AttemptState.RINGING, AttemptState.ANSWERED)
UNNAMED = (AttemptState.OPENED, AttemptState.UNSURE)


async def kinds(store: Store) -> list[str]:
    """What the ledger has, in order."""
    return await store.read(lambda reports: [entry.kind for entry in reports.ledger()])


@pytest.mark.parametrize("state", WAITING)
@pytest.mark.parametrize(
    "whom", [{"number": "+819020000001"}, {"person": "C00001"}, {"email": "Guest1@example.jp"}]
)
async def test_a_suppressed_persons_call_is_ended(
    store: Store, state: AttemptState, whom: dict[str, str]
) -> None:
    """Named by number, key or mailbox, while the phone rings or nobody has joined; and nobody else's."""
    await store.transact(live(state))
    await store.transact(live(state, 2))
    assert (await store.transact(suppressing(a_suppression(**whom)))).orders == HUNG_UP
    assert await kinds(store) == [Kind.SUPPRESSED]


async def test_a_conversation_is_not_cut_off(store: Store) -> None:
    """Person and agent speak: neither a suppression nor the switch ends that."""
    await store.transact(live(AttemptState.CONNECTED))
    assert (await store.transact(suppressing(a_suppression()))).orders == ()
    assert (await store.transact(turning(enabled=False))).orders == ()


@pytest.mark.parametrize(
    "scope",
    [
        {"channel": Channel.EMAIL},
        {"seller": "another"},
        {"product": "another"},
        {"expires_at": NOON - timedelta(days=1)},
    ],
)
async def test_an_entry_of_another_scope_ends_nothing(store: Store, scope: dict[str, object]) -> None:
    """For mail only, for somebody else's goods, or run out: the judge would allow the call, so it goes on."""
    await store.transact(live(AttemptState.RINGING))
    assert (await store.transact(suppressing(a_suppression(**scope)))).orders == ()
    reaction = await store.transact(told(answered()))
    assert isinstance(reaction.instruction, JoinRoom)


async def test_the_same_word_twice_is_sealed_once(store: Store) -> None:
    """A repeated event changes nothing; a known entry told anew adds no row, and still ends the call."""
    await store.transact(live(AttemptState.RINGING))
    await store.transact(suppressing(a_suppression()))
    assert (await store.transact(suppressing(a_suppression()))).orders == ()
    assert (await store.transact(suppressing(a_suppression(), key="s2"))).orders == HUNG_UP
    assert await kinds(store) == [Kind.SUPPRESSED]


async def test_the_switch_ends_every_call_that_waits(store: Store) -> None:
    """Queued, ringing, answered without an agent; who turned it is sealed, and turned twice is sealed once."""
    for place, state in enumerate(WAITING, 1):
        await store.transact(live(state, place))
    reaction = await store.transact(turning(enabled=False))
    assert [order.reference for order in reaction.orders if isinstance(order, HangUp)] == [
        "CA1",
        "CA2",
        "CA3",
    ]
    await store.transact(turning(enabled=False, key="t2"))
    assert not await store.transact(lambda unit: unit.is_dialing_enabled())
    (entry,) = await store.read(lambda reports: list(reports.ledger()))
    assert (entry.kind, entry.body) == (
        Kind.SWITCH,
        '{"by":"officer","from":"enabled","hung_up":3,"to":"disabled","unnamed":0}',
    )


async def test_a_stop_says_why_and_how_many_calls_it_found(store: Store) -> None:
    """Those the carrier has named are told to end; those it has not are counted apart. A resume counts none."""
    for place, state in enumerate((AttemptState.RINGING, AttemptState.OPENED, AttemptState.CONNECTED), 1):
        await store.transact(live(state, place))
    for key, enabled in (("t1", False), ("t2", True)):
        event = SwitchTurned(key=key, at=SOON, enabled=enabled, by="officer", reason="wrong list")
        await store.transact(lambda unit, event=event: turn_switch(scene(unit), event))  # type: ignore[misc]
    stopped, resumed = await store.read(lambda reports: [orjson.loads(e.body) for e in reports.ledger()])
    assert (stopped["hung_up"], stopped["unnamed"], stopped["reason"]) == (1, 1, "wrong list")
    assert resumed == {"by": "officer", "from": "disabled", "to": "enabled", "reason": "wrong list"}


async def test_turned_on_again_planning_goes_on(store: Store) -> None:
    """At once, without waiting for the next second."""
    await store.transact(turning(enabled=False))
    reaction = await store.transact(turning(enabled=True, key="t2"))
    assert (reaction.orders, reaction.may_plan) == ((), True)
    assert await store.transact(lambda unit: unit.is_dialing_enabled())
    assert await kinds(store) == [Kind.SWITCH, Kind.SWITCH]


@pytest.mark.parametrize("state", UNNAMED)
@pytest.mark.parametrize(
    "event", [placed(), CallRinging(key="r", at=SOON, attempt="at-1", reference=REF), answered()]
)
@pytest.mark.parametrize(
    "stop", [suppressing(a_suppression()), turning(enabled=False)], ids=["suppressed", "switch"]
)
async def test_a_call_without_a_name_is_ended_when_it_gets_one(
    store: Store, state: AttemptState, event: AttemptEvent, stop: Callable[[Unit], Reaction]
) -> None:
    """Nothing can be told the carrier before; then whatever names the call first ends it, and no agent is taken."""
    await store.transact(live(state))
    assert (await store.transact(stop)).orders == ()
    reaction = await store.transact(told(event))
    assert (reaction.orders, reaction.instruction) == (HUNG_UP, Release())
    assert (
        await store.transact(lambda unit: [agent.state for agent in unit.agents()]) == [AgentState.READY] * 2
    )


async def test_an_answer_that_crosses_the_stop_meets_nobody(store: Store) -> None:
    """The hang-up is on its way as the person picks up: released, however often the carrier asks."""
    await store.transact(live(AttemptState.RINGING))
    await store.transact(turning(enabled=False))
    for key in ("a", "a"):
        reaction = await store.transact(told(answered(key)))
        assert reaction.instruction == Release()


async def test_a_call_that_must_end_is_ended_again_when_it_is_told_of_again(store: Store) -> None:
    """The first word of it was stored by a process that died before it could order the end."""
    await store.transact(live(AttemptState.PLACED))
    await store.transact(turning(enabled=False))
    ringing = CallRinging(key="r", at=SOON, attempt="at-1", reference=REF)
    for _ in range(2):
        assert (await store.transact(told(ringing))).orders == (HangUp(attempt="at-1", reference=REF),)
    over = CallEnded(key="e", at=SOON, attempt="at-1", reference=REF, ending=CallEnding.CANCELED)
    await store.transact(told(over))
    assert (await store.transact(told(ringing))).orders == ()


async def test_the_reserved_agent_is_free_when_the_stopped_call_is_over(store: Store) -> None:
    """The agent waits for another call, the lead is not tried again once its person is suppressed."""
    attempt = await store.transact(live(AttemptState.RINGING))

    def reserved(unit: Unit) -> None:
        unit.save_agent(reserve(an_agent("aoki"), attempt.id, NOON), AgentState.READY)
        unit.save_attempt(replace(attempt, agent="aoki"), attempt.state)

    await store.transact(reserved)
    await store.transact(suppressing(a_suppression()))
    over = CallEnded(key="e", at=SOON, attempt="at-1", reference=REF, ending=CallEnding.CANCELED)
    assert (await store.transact(told(over))).may_plan
    agent = await store.transact(lambda unit: unit.agent("aoki"))
    assert agent is not None
    assert (agent.state, agent.attempt) == (AgentState.READY, None)
    lead = await store.transact(lambda unit: unit.lead(1))
    assert lead is not None
    assert lead.ending is not Ending.TALKED


async def test_without_a_stop_nothing_is_ended(store: Store) -> None:
    """The same events, and the call goes on to the agent."""
    await store.transact(live(AttemptState.OPENED))
    assert (await store.transact(told(placed()))).orders == ()
    assert isinstance((await store.transact(told(answered()))).instruction, JoinRoom)


async def test_what_is_listed_already_is_known(store: Store) -> None:
    """By the same subject, in the widest sense: an entry for mail alone is not enough."""
    await store.transact(suppressing(a_suppression(channel=Channel.EMAIL)))
    assert not await store.transact(lambda unit: is_listed(unit, a_suppression()))
    await store.transact(suppressing(a_suppression(), key="s2"))
    assert await store.transact(lambda unit: is_listed(unit, a_suppression()))
    assert not await store.transact(lambda unit: is_listed(unit, a_suppression(person="C00001")))


@given(state=st.sampled_from(AttemptState), channel=st.sampled_from(Channel))
def test_only_a_call_in_which_nobody_speaks_is_stoppable(state: AttemptState, channel: Channel) -> None:
    """Never a mail, never a conversation, never what is over."""
    waits = state not in {AttemptState.CONNECTED, AttemptState.OVER}
    assert is_stoppable(an_attempt(state=state, channel=channel)) is (waits and channel is Channel.VOICE)
