"""The order in which a call's events reach us does not matter, nor how often each does (P8)."""

from functools import cache
from hashlib import sha256
from itertools import islice

import pytest

from dialer.attempt import AttemptState
from dialer.events import CallEnded
from tests.support.builders import rules
from tests.support.sequences import Page, Walk, Way, run, sequences
from tests.support.ways import ANSWERED, CONNECTED, KEY_9, LOST, TALKED, WAYS

BY_NAME = {way.name: way for way in WAYS}


@cache
def walked(name: str) -> Walk:
    """Return the walk through a way, made once."""
    return Walk(way=BY_NAME[name]).go()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_order_of_every_choice_of_the_events_ends_alike(way: Way) -> None:
    """Attempt, outcome, lead, agents, suppressions, the conclusion that stands: one end for each choice of events.

    Left out: a call that is still under way and whose order was in doubt. Its agent was freed at the doubt, if that
    came first, and is kept for it, if the phone rang first. At the call's end it is the same again.
    """
    unlike = {heard: ends for heard, ends in walked(way.name).ends().items() if len(ends) != 1}
    assert [heard for heard, ends in unlike.items() if LOST not in heard or any(is_over(ends))] == []


def is_over(ends: set[Page]) -> list[bool]:
    """Tell of each end whether the call is over."""
    return [page.attempt.state is AttemptState.OVER for page in ends]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_repeat_changes_nothing_wherever_it_comes(way: Way) -> None:
    """Tried at every page that any order leads to: so no number of repeats makes a difference."""
    assert walked(way.name).moved == []


def test_more_than_a_million_sequences_are_covered() -> None:
    """All choices of up to six events, in all orders, each with up to two repeats anywhere."""
    covered = {way.name: sum(walked(way.name).orders.values()) for way in WAYS}
    assert covered["talked"] > 300_000
    assert covered["busy"] == len(list(literal(BY_NAME["busy"])))
    assert sum(covered.values()) > 1_000_000


def literal(way: Way) -> list[tuple[object, ...]]:
    """Return every sequence of every choice of a small way's events, written out; the empty one too."""
    singles = [Way(name="", events=(event,)) for event in way.events]
    return [(), *(one for part in (*singles, way) for one in sequences(part, 2))]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_sequences_run_one_by_one_end_as_the_walk_says(way: Way) -> None:
    """The walk merges equal pages; here some fifty sequences of each way are run from their first event to the last."""
    (end,) = walked(way.name).ends()[frozenset(way.events)]
    every = list(islice(sequences(way, 1), 4000))
    some = sorted(every, key=lambda one: sha256(repr([event.key for event in one]).encode()).digest())[:50]
    assert {run(way, one, rules()) for one in some} == {end}


def test_the_ends_differ_where_the_calls_do() -> None:
    """Were everything left out of the comparison, everything would be equal: these are not."""
    ends = {way.name: walked(way.name).ends()[frozenset(way.events)] for way in WAYS}
    told = {name: (page.attempt.outcome, page.concluded) for name, (page,) in ends.items()}
    assert len(set(told.values())) >= 9
    assert told["opted out by key"] == ("opted_out", ("opted_out",))
    assert told["talked"] == (None, ())
    assert told["written up"] == ("sold", ("sold",))


def test_what_comes_before_the_answer_to_our_order_is_not_lost() -> None:
    """A key pressed, told first of all: the person is suppressed all the same. An end told first: the agent is kept."""
    ends = walked("opted out by key").ends()
    (alone,) = ends[frozenset({KEY_9})]
    assert alone.suppressions
    (room,) = walked("talked").ends()[frozenset({ANSWERED, CONNECTED, TALKED})]
    assert (room.attempt.state, room.attempt.talk_s) == (AttemptState.OVER, 60)
    assert room.agents[0].attempt == room.attempt.id
    assert isinstance(TALKED, CallEnded)
