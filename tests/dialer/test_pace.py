from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.abandonment import Headroom
from dialer.control import Control, Target
from dialer.forecast import Forecast, learned
from dialer.lessons import Abandoned, Lesson, Misjudged, Missed, Reached, Served, Talked, WrappedUp
from dialer.pace import Bound, Mode, Pace, Why, pace
from dialer.situation import NONE, Seconds, Situation

OPENS = datetime(2026, 11, 24, 9, tzinfo=UTC)
NOON = OPENS + timedelta(hours=3)
CLOSES = OPENS + timedelta(hours=8)
HALTED, OPEN = Headroom(), Headroom(calls=20, is_halted=False)

AGES = st.lists(st.floats(0, 400), max_size=30).map(np.array)
SITUATIONS = st.builds(
    Situation,
    idle=st.integers(0, 60),
    waiting=st.integers(0, 4),
    talking=AGES,
    wrapping=AGES,
    ringing=st.lists(st.floats(0, 80), max_size=40).map(np.array),
    next_odds=st.none() | st.floats(0.01, 0.95),
    lines=st.integers(0, 300),
    room=st.integers(0, 300),
)


def a_morning(answered_of_ten: int = 2) -> list[Lesson]:
    """Return what three hours teach: calls each second, talks of two minutes, write-ups of a quarter of one."""
    chance = np.random.default_rng(3)
    found: list[Lesson] = []
    for second in range(0, 3 * 3600, 5):
        at = OPENS + timedelta(seconds=second)
        if chance.integers(10) < answered_of_ten:
            found.append(Reached(at=at, after_s=float(chance.uniform(6, 20))))
            found.append(Talked(at=at, lasted_s=float(chance.exponential(105))))
            found.append(WrappedUp(at=at, lasted_s=float(chance.gamma(4, 4))))
        else:
            found.append(Missed(at=at, after_s=22.0))
    return found


KNOWN = learned(a_morning()).refreshed(Situation())


def a_control(*, live: int = 400, abandoned: int = 8, share: float = 0.03) -> Control:
    """Return the control of a day that has been going on."""
    return Control(target=Target(share=share), opens=OPENS, closes=CLOSES, live=live, abandoned=abandoned)


def asked(
    situation: Situation,
    control: Control | None = None,
    headroom: Headroom = OPEN,
    forecast: Forecast = KNOWN,
) -> Pace:
    """Return the pace at noon."""
    return pace(situation, forecast, control or a_control(), NOON, headroom)


def free_lines(situation: Situation) -> int:
    """Return how many agents wait for whom no call is on its way."""
    return max(0, situation.idle - situation.waiting - situation.in_flight)


@given(situation=SITUATIONS, abandoned=st.integers(0, 40), headroom=st.sampled_from([HALTED, OPEN]))
def test_no_cap_is_ever_passed(situation: Situation, abandoned: int, headroom: Headroom) -> None:
    """On any floor: at least none, at most the lines and the account's room, and none when nobody can serve."""
    found = asked(situation, a_control(abandoned=abandoned), headroom)
    assert 0 <= found.calls <= min(situation.lines, situation.room)
    if situation.agents == 0:
        assert (found.calls, found.bound) == (0, Bound.NOBODY)


@given(situation=SITUATIONS)
def test_halted_means_one_line_for_each_free_agent(situation: Situation) -> None:
    """The law's headroom is used up: nobody can be abandoned by a call that is opened now."""
    for headroom in (HALTED, Headroom(calls=0, is_halted=False)):
        found = asked(situation, headroom=headroom)
        assert (found.mode, found.why) == (Mode.PROGRESSIVE, Why.HALTED)
        assert found.calls <= free_lines(situation)


@given(situation=SITUATIONS)
def test_never_fewer_than_progressive_would_open(situation: Situation) -> None:
    """An agent who is free, and for whom nobody is on the way, always gets a call."""
    assert asked(situation).calls >= min(free_lines(situation), situation.lines, situation.room)


@given(situation=SITUATIONS, strict=st.floats(0.001, 0.03), abandoned=st.integers(0, 30))
def test_a_stricter_target_opens_no_more(situation: Situation, strict: float, abandoned: int) -> None:
    """Whatever the floor and whatever happened so far."""
    stricter = asked(situation, a_control(abandoned=abandoned, share=strict))
    assert stricter.calls <= asked(situation, a_control(abandoned=abandoned)).calls


@given(situation=SITUATIONS, more=st.integers(1, 30))
def test_more_abandoned_opens_no_more(situation: Situation, more: int) -> None:
    """Among days that are otherwise the same."""
    worse = asked(situation, a_control(abandoned=8 + more))
    assert worse.calls <= asked(situation, a_control(abandoned=8)).calls


@given(situation=SITUATIONS)
def test_likelier_calls_are_fewer(situation: Situation) -> None:
    """People who answer three times of four need fewer lines than people who answer once in twenty."""
    often = asked(replace(situation, next_odds=0.75)).calls
    assert often <= asked(replace(situation, next_odds=0.05)).calls


@given(situation=SITUATIONS, extra=st.integers(1, 3))
def test_who_waits_is_served_first(situation: Situation, extra: int) -> None:
    """Each person already waiting for an agent takes one that no new call may count on."""
    later = replace(situation, waiting=situation.waiting + extra)
    assert asked(later).calls <= asked(situation).calls


KINDS = (Reached, Missed, Talked, WrappedUp, Served, Abandoned, Misjudged)


def a_lesson(kind: type[Lesson], at: datetime, seconds: float) -> Lesson:
    """Return a lesson of some kind."""
    if issubclass(kind, Reached | Missed):
        return kind(at=at, after_s=seconds)
    if issubclass(kind, Talked | WrappedUp):
        return kind(at=at, lasted_s=seconds)
    return kind(at=at)


def folded(steps: Iterable[tuple[type[Lesson], float]]) -> tuple[Forecast, Control]:
    """Return what a sequence of lessons, one a second, leaves behind."""
    forecast, control = Forecast(), Control(opens=OPENS, closes=CLOSES)
    for number, (kind, seconds) in enumerate(steps, 1):
        lesson = a_lesson(kind, OPENS + timedelta(seconds=number), seconds)
        forecast, control = forecast.after(lesson), control.after(lesson)
        if number % 30 == 0:
            forecast = forecast.refreshed(Situation())
    return forecast.refreshed(Situation()), control


@given(
    steps=st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 300)), max_size=90), situation=SITUATIONS
)
def test_any_sequence_of_lessons_is_safe_and_repeats(
    steps: list[tuple[type[Lesson], float]], situation: Situation
) -> None:
    """Within the caps after whatever happened, and decided the same when an officer replays it."""
    found = pace(situation, *folded(steps), NOON)
    assert 0 <= found.calls <= min(situation.lines, situation.room)
    assert found == pace(situation, *folded(steps), NOON)


# --- single floors ----------------------------------------------------------------------------------------------------


def test_a_floor_where_nobody_will_be_free_opens_none() -> None:
    """Twenty agents who have all just begun to talk."""
    found = asked(Situation(talking=np.full(20, 1.0)))
    assert (found.calls, found.mode, found.bound) == (0, Mode.PREDICTIVE, Bound.RISK)
    assert found.risk is not None
    assert found.risk > found.theta


def test_a_free_floor_opens_more_calls_than_agents() -> None:
    """One call in five is answered: ten free agents need more than ten calls and fewer than fifty."""
    found = asked(Situation(idle=10))
    assert 20 < found.calls < 50
    assert found.why is None


def test_calls_in_flight_are_counted_by_their_odds() -> None:
    """Forty calls to people who hardly ever answer leave more room than forty to people who often do."""
    ringing = np.full(40, 5.0)
    poor = Situation(idle=10, ringing=ringing, odds=np.full(40, 0.03))
    rich = Situation(idle=10, ringing=ringing, odds=np.full(40, 0.5))
    assert asked(poor).calls > asked(rich).calls == 0


def test_a_long_ring_weighs_less() -> None:
    """Who has not answered for twenty seconds will not, where everybody else did by then."""
    fresh, stale, unheard_of = (Situation(idle=10, ringing=np.full(20, age)) for age in (1.0, 20.5, 60.0))
    assert asked(stale).calls > asked(fresh).calls
    assert (
        asked(unheard_of).calls < asked(stale).calls
    )  # no call ever took that long: nobody knows what it will do


def test_known_breaks_are_agents_who_do_not_come_back() -> None:
    """Ten agents in write-up who then go on a break bring no calls; ten who stay do."""
    stays = Situation(idle=2, wrapping=np.full(10, 25.0))
    goes = replace(stays, wrapping_leaving=np.zeros(10))
    assert asked(goes).calls < asked(stays).calls
    assert asked(replace(stays, idle_leaving=np.zeros(2))).calls < asked(stays).calls
    talks = Situation(idle=2, talking=np.full(10, 200.0))
    assert asked(replace(talks, talking_leaving=np.zeros(10))).calls <= asked(talks).calls


def test_a_write_up_with_an_end_is_a_free_agent() -> None:
    """Who must be ready in a second is as good as free."""
    wrapping = Situation(wrapping=np.full(10, 0.0))
    assert asked(replace(wrapping, wrap_left=np.ones(10))).calls > asked(wrapping).calls


def test_before_thirty_calls_one_line_for_each_free_agent() -> None:
    """Nothing is predicted from nothing."""
    found = asked(Situation(idle=5), forecast=Forecast().refreshed(Situation()))
    assert (found.calls, found.mode, found.why) == (5, Mode.PROGRESSIVE, Why.COLD)


def test_a_silence_is_paced_progressively() -> None:
    """Nobody answers any more: when the outage ends, the phones of a few people ring, not of hundreds."""
    outage = [Missed(at=NOON + timedelta(seconds=n), after_s=1.0) for n in range(120)]
    found = asked(Situation(idle=20), forecast=learned(outage, KNOWN))
    assert (found.calls, found.why) == (20, Why.SILENT)


def test_a_spent_day_falls_back_and_recovers() -> None:
    """By itself, in both directions, and it says so."""
    over = a_control(live=1000, abandoned=120)
    assert asked(Situation(idle=5), over).why is Why.SPENT
    for _ in range(1100):
        over = over.after(Served(at=NOON))
    assert asked(Situation(idle=5), over).mode is Mode.PREDICTIVE


def test_people_hung_up_on_are_taken_from_the_budget() -> None:
    """Detection that takes people for machines costs the same as abandoning them, unless the rule says otherwise."""
    control = a_control()
    worse = control.after(Misjudged(at=NOON))
    assert worse.left(NOON) < control.left(NOON)
    assert worse.theta(NOON) < control.theta(NOON)
    lenient = replace(control, target=Target(counts_misjudged=False))
    assert lenient.after(Misjudged(at=NOON)) == lenient


def test_without_an_end_of_the_day_every_answer_is_the_last() -> None:
    """Nobody may be abandoned on credit."""
    open_ended = replace(a_control(live=100, abandoned=4), closes=None)
    assert open_ended.is_spent(NOON)
    assert not a_control(live=100, abandoned=4).is_spent(NOON)


@pytest.mark.parametrize(
    ("lines", "room", "bound"), [(3, 9, Bound.LINES), (9, 2, Bound.ACCOUNT), (100, 100, Bound.RISK)]
)
def test_the_bound_is_named(lines: int, room: int, bound: Bound) -> None:
    """The board says why there are not more calls."""
    found = asked(Situation(idle=10, lines=lines, room=room))
    assert found.bound is bound
    assert bound is Bound.RISK or found.calls == min(lines, room)


def a_large_floor() -> Situation:
    """Return a thousand agents and three thousand calls in flight, each with its own odds."""
    chance = np.random.default_rng(1)

    def some(count: int, most: float) -> Seconds:
        return chance.uniform(0, most, count)

    return Situation(
        idle=20,
        talking=some(860, 200),
        wrapping=some(120, 20),
        ringing=some(3000, 20),
        odds=chance.uniform(0.05, 0.5, 3000),
    )


def test_a_decision_is_quick() -> None:
    """A thousand agents, three thousand calls: a fraction of a millisecond even on a machine that is busy elsewhere."""
    floor, took = a_large_floor(), []
    for _ in range(40):
        begun = perf_counter()
        asked(floor)
        took.append(perf_counter() - begun)
    assert min(took) < 0.002


def test_nothing_known_is_an_empty_column() -> None:
    """It cannot be written to, since every situation shares it."""
    assert not NONE.flags.writeable
    assert len(NONE) == 0
