"""What pacing learns from the rows of calls and agents."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcome import Outcome
from compliance.answers import Answers, Tally
from dialer.agents import AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.control import Control
from dialer.forecast import Forecast
from dialer.lessons import Abandoned, Missed, Reached, Served, Talked, WrappedUp
from dialer.sight import Sight, lessons_of
from tests.support.builders import NOON, an_agent
from tests.support.stores import an_attempt

SECOND = timedelta(seconds=1)


def a_call(**changes: Any) -> Attempt:
    """A call that the carrier has, opened at noon."""
    return an_attempt(**{"state": AttemptState.PLACED, "placed_at": NOON, **changes})


def answered(after: int = 10, **changes: Any) -> Attempt:
    """A call that was picked up so many seconds after noon."""
    return a_call(**{"state": AttemptState.ANSWERED, "answered_at": NOON + after * SECOND, **changes})


def over(call: Attempt, at: int, outcome: Outcome | None) -> Attempt:
    """The call, over."""
    return replace(call, state=AttemptState.OVER, over_at=NOON + at * SECOND, outcome=outcome)


def a_sight() -> Sight:
    """A campaign of which nothing was seen."""
    return Sight(forecast=Forecast(), control=Control(opens=NOON), answers=Answers(zone="Asia/Tokyo"))


def kinds(before: Attempt | None, after: Attempt) -> list[type]:
    """The kinds of lessons between two looks."""
    return [type(lesson) for lesson in lessons_of(before, after, 2.0)]


def test_each_turn_of_a_call_teaches_once() -> None:
    """Reached at the answer, served and talked at the end; and nothing at a look that sees the same."""
    ringing, picked_up = a_call(), answered()
    talking = replace(picked_up, state=AttemptState.CONNECTED, connected_at=NOON + 11 * SECOND)
    ended = over(talking, 71, Outcome.SOLD)
    assert kinds(None, ringing) == []
    assert kinds(ringing, picked_up) == [Reached]
    assert kinds(picked_up, talking) == []
    assert kinds(talking, ended) == [Talked, Served]
    assert kinds(ended, ended) == []
    assert kinds(None, ended) == [Reached, Talked, Served]


def test_whoever_found_nobody_in_time_was_abandoned() -> None:
    """Also who found somebody too late; not who hung up within the time, nor a machine."""
    assert kinds(answered(), over(answered(), 18, Outcome.ABANDONED)) == [Abandoned]
    late = replace(answered(), state=AttemptState.CONNECTED, connected_at=NOON + 13 * SECOND)
    assert kinds(late, over(late, 70, Outcome.SOLD)) == [Talked, Abandoned]
    assert kinds(answered(), over(answered(), 11, Outcome.ABANDONED)) == [Served]
    machine = replace(answered(), answered_by="machine")
    assert kinds(machine, over(machine, 18, Outcome.MACHINE)) == []


def test_a_machine_that_an_agent_heard_is_no_person() -> None:
    """Counted as one it would let more people be abandoned; so nobody is counted before that is known."""
    talking = replace(answered(), state=AttemptState.CONNECTED, connected_at=NOON + 11 * SECOND)
    assert kinds(talking, over(talking, 20, Outcome.MACHINE)) == [Talked]
    person = replace(talking, answered_by="human")
    assert kinds(answered(), person) == [Served]
    assert kinds(person, over(person, 20, Outcome.SOLD)) == [Talked]


def test_people_taken_for_machines_are_paid_for_when_they_make_a_whole_one() -> None:
    """Two of a hundred by the company's own test: the fiftieth machine is one person abandoned, not the others."""
    seen = replace(a_sight(), misses=0.02)
    for _ in range(49):
        seen = seen.missing(1, NOON)
    assert seen.control.misjudged == 0
    assert seen.missing(1, NOON).control.misjudged == 1
    assert seen.missing(101, NOON).control.misjudged == 3
    assert a_sight().missing(1000, NOON).control.misjudged == 0


def test_a_call_that_never_rang_teaches_nothing() -> None:
    """The carrier refused it, or it was dropped unused."""
    dropped = over(an_attempt(), 1, Outcome.NOT_PLACED)
    assert kinds(an_attempt(), dropped) == []
    assert kinds(a_call(), over(a_call(), 30, Outcome.NO_ANSWER)) == [Missed]


def test_a_sight_counts_for_the_law_and_lets_go_of_what_is_done() -> None:
    """A call is looked at singly from when it is no longer live until its outcome is known."""
    sight = a_sight().after([answered()], [], NOON + 11 * SECOND)
    assert sight.gone({"at-1"}) == ()
    assert sight.gone(()) == ("at-1",)
    unknown = over(answered(), 18, None)
    sight = sight.after([unknown], [], NOON + 19 * SECOND)
    assert sight.gone(()) == ("at-1",)
    sight = sight.after([replace(unknown, outcome=Outcome.ABANDONED)], [], NOON + 25 * SECOND)
    assert sight.gone(()) == ()
    assert sight.control.abandoned == 1
    days = sight.answers.days_of(campaign=answered().campaign)
    assert list(days.values()) == [Tally(live=1, abandoned=1)]


def test_an_outcome_that_never_comes_is_not_awaited_for_ever() -> None:
    """The agent who was to say it may be gone."""
    sight = a_sight().after([over(answered(), 18, None)], [], NOON + timedelta(minutes=6))
    assert sight.gone(()) == ()


def test_a_write_up_is_learnt_when_the_agent_goes_on() -> None:
    """It lasted from when it began until it was seen to be over; those of others' calls teach nothing."""
    call = over(replace(answered(), connected_at=NOON + 11 * SECOND), 60, None)
    since = NOON + 60 * SECOND
    writing = an_agent("aoki", state=AgentState.WRAPPING, since=since, attempt="at-1")
    other = an_agent("baba", state=AgentState.WRAPPING, since=since, attempt="at-9")
    sight = a_sight().after([call], [writing, other], since)
    assert sight.writing == {"aoki": since}
    at = since + 20 * SECOND
    told = sight.after([replace(call, outcome=Outcome.SOLD)], [an_agent("aoki"), other], at)
    assert told.writing == {}
    assert told.forecast.wrap.mean_s == sight.learned([WrappedUp(at=at, lasted_s=20.0)]).forecast.wrap.mean_s
    assert told.forecast.wrap.mean_s != sight.forecast.wrap.mean_s


@given(st.permutations(range(4)), st.booleans())
def test_the_law_counts_the_same_in_whatever_pieces_calls_are_seen(order: list[int], at_once: bool) -> None:
    """One look or several, in any order of the calls."""
    calls = [
        over(replace(answered(5 + place), id=f"at-{place}"), 20, outcome)
        for place, outcome in enumerate(
            (Outcome.ABANDONED, Outcome.ABANDONED, Outcome.NO_DISPOSITION, Outcome.OPTED_OUT)
        )
    ]
    shuffled = [calls[place] for place in order]
    sight = a_sight()
    for part in [shuffled] if at_once else [[call] for call in shuffled]:
        sight = sight.after(part, [], NOON + 30 * SECOND)
    days = sight.answers.days_of(campaign=calls[0].campaign)
    assert list(days.values()) == [Tally(live=4, abandoned=4)]
