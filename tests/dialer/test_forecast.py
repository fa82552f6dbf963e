from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer import hazards
from dialer.delays import EDGES, shares
from dialer.forecast import Forecast, learned
from dialer.lessons import Abandoned, Lesson, Missed, Reached, Screened, Talked, WrappedUp
from dialer.situation import Situation

MORNING = datetime(2026, 11, 24, 10, tzinfo=UTC)
SECONDS = st.floats(0.0, 2000.0)
Make = Callable[[datetime, float], Lesson]
KINDS: list[Make] = [
    lambda at, seconds: Reached(at=at, after_s=seconds),
    lambda at, seconds: Reached(at=at, after_s=seconds, odds=0.3),
    lambda at, seconds: Missed(at=at, after_s=seconds),
    lambda at, seconds: Talked(at=at, lasted_s=seconds),
    lambda at, seconds: WrappedUp(at=at, lasted_s=seconds),
    lambda at, seconds: Screened(at=at, took_s=seconds),
    lambda at, _: Abandoned(at=at),
]
LESSONS = st.lists(st.tuples(st.sampled_from(KINDS), SECONDS, SECONDS), max_size=40)


def told(steps: list[tuple[Make, float, float]]) -> list[Lesson]:
    """Return lessons in the order of time."""
    lessons, at = [], MORNING
    for make, seconds, later in steps:
        at += timedelta(seconds=later / 50)
        lessons.append(make(at, seconds))
    return lessons


def calls(
    count: int, *, answered_of_ten: int, start: datetime = MORNING, apart_s: float = 1.0
) -> list[Lesson]:
    """Return calls of which so many of ten are answered after twelve seconds; the others ring for twenty-two."""
    found: list[Lesson] = []
    for number in range(count):
        at = start + timedelta(seconds=apart_s * number)
        reached = number * 7 % 10 < answered_of_ten
        found.append(Reached(at=at, after_s=12.0) if reached else Missed(at=at, after_s=22.0))
    return found


@given(steps=LESSONS)
def test_a_forecast_is_a_fold(steps: list[tuple[Make, float, float]]) -> None:
    """The same lessons give the same tables, to the last bit."""
    lessons = told(steps)
    one, two = learned(lessons).refreshed(Situation()), learned(lessons).refreshed(Situation())
    assert one.outlook is not None
    assert two.outlook is not None
    assert one.answers == two.answers
    for name in ("times", "own", "answered", "freed", "wrapped", "waves"):
        assert np.array_equal(getattr(one.outlook, name), getattr(two.outlook, name))


@given(steps=LESSONS)
def test_every_table_holds_chances(steps: list[tuple[Make, float, float]]) -> None:
    """Whatever was learned: between 0 and 1, and more with time."""
    tables = learned(told(steps)).refreshed(Situation(talking=np.array([1.0, 900.0]))).outlook
    assert tables is not None
    assert np.all(np.diff(tables.times) > 0.0)
    for chances in (tables.answered, tables.freed, tables.wrapped, tables.own[None, :]):
        assert np.all((chances >= 0.0) & (chances <= 1.0 + 1e-12))
        assert np.all(np.diff(chances, axis=1) >= -1e-9)


@given(steps=LESSONS)
def test_what_was_known_is_left_alone(steps: list[tuple[Make, float, float]]) -> None:
    """A forecast is a value: folding a lesson into it changes nothing in it."""
    first = Forecast()
    before = (first.talk.ends.copy(), first.delays.reached.copy(), first.answers)
    learned(told(steps), first)
    assert np.array_equal(first.talk.ends, before[0])
    assert np.array_equal(first.delays.reached, before[1])
    assert first.answers == before[2]


def test_the_first_minute_is_careful() -> None:
    """Before anything is known, answers are taken to be frequent and talks to be long: both open fewer calls."""
    assert Forecast().answers.share == pytest.approx(0.41, abs=0.01)
    assert Forecast().talk.mean_s == 180.0


def test_the_share_answered_is_learned_and_unlearned() -> None:
    """From calls of the last minutes: ten minutes after a change nearly nothing of the old is left."""
    forecast = learned(calls(1200, answered_of_ten=2))
    assert forecast.answers.share == pytest.approx(0.2, abs=0.02)
    later = learned(calls(600, answered_of_ten=5, start=MORNING + timedelta(seconds=1200)), forecast)
    assert later.answers.share == pytest.approx(0.43, abs=0.04)
    assert (
        learned(calls(1200, answered_of_ten=5, start=MORNING + timedelta(seconds=1800)), later).answers.share
        > 0.47
    )


def test_an_evening_that_begins_is_believed_within_a_minute() -> None:
    """Sixty calls after the share doubled it is believed by more than half; after it halved, by much less."""
    calm = learned(calls(1200, answered_of_ten=3))
    start = MORNING + timedelta(seconds=1200)
    assert learned(calls(60, answered_of_ten=6, start=start), calm).answers.share > 0.42
    assert learned(calls(60, answered_of_ten=1, start=start), calm).answers.share > 0.2


def test_few_calls_are_not_forgotten_before_there_are_others() -> None:
    """A floor of five makes a call each ten seconds: 120 of them count, however long ago."""
    forecast = learned(calls(240, answered_of_ten=2, apart_s=60.0))
    assert forecast.answers.calls == pytest.approx(120 / np.log(2) * 0.75, rel=0.05)


def test_hours_are_counted() -> None:
    """Calls, and of them those that somebody answered, by the hour of the lesson."""
    assert learned(calls(100, answered_of_ten=3)).hours[10] == (100, 30)


def test_a_silence_is_not_taken_for_a_poor_list() -> None:
    """Nobody answers for minutes while thousands of calls fail: what was known of people stays known."""
    start = MORNING + timedelta(seconds=600)
    before = learned(calls(600, answered_of_ten=3))
    outage = [Missed(at=start + timedelta(seconds=n / 20), after_s=1.5) for n in range(2400)]
    during = learned(outage, before)
    assert during.answers.is_silent
    assert during.answers.share > 0.8 * before.answers.share
    after = during.after(Reached(at=start + timedelta(seconds=121), after_s=12.0))
    assert not after.answers.is_silent


def test_a_prediction_is_corrected_by_what_came_of_the_others() -> None:
    """Where odds of 20 % were given and 40 % answered, the next 20 % count for about 40 %."""
    at = [MORNING + timedelta(seconds=n) for n in range(900)]
    lessons: list[Lesson] = [
        Reached(at=one, after_s=12.0, odds=0.2) if n % 5 < 2 else Missed(at=one, after_s=22.0, odds=0.2)
        for n, one in enumerate(at)
    ]
    forecast = learned(lessons)
    assert forecast.chance_of(0.2) == pytest.approx(0.4, abs=0.03)
    assert forecast.chance_of(0.05) < forecast.chance_of(0.2) < forecast.chance_of(0.5)
    assert forecast.chance_of(None) == pytest.approx(0.4, abs=0.03)


def test_what_still_runs_counts() -> None:
    """Three talks that have run for ten minutes make the next one longer than ten that were short do alone."""
    short = learned([Talked(at=MORNING, lasted_s=30.0)] * 10)
    alone, beside = short.talk.cumulative(np.empty(0)), short.talk.cumulative(np.full(3, 600.0))
    age = np.array([60.0])
    within = np.array([30.0])
    assert hazards.ended(beside, age, within)[0, 0] < 0.7 * hazards.ended(alone, age, within)[0, 0]


def test_a_write_up_of_fixed_length_is_learned() -> None:
    """Everybody takes fifteen seconds: at ten it is rarely over within two more, and nearly always within eight."""
    wrap = learned([WrappedUp(at=MORNING, lasted_s=15.2)] * 200).wrap.cumulative(np.empty(0))
    chances = hazards.ended(wrap, np.array([10.0]), np.array([2.0, 8.0]))[0]
    assert chances[0] < 0.1
    assert chances[1] > 0.9


def test_the_delay_of_answers_is_learned() -> None:
    """Half of the calls that are answered are so by twelve seconds, where all are answered between ten and fourteen."""
    lessons = [Reached(at=MORNING, after_s=10.0 + n % 9 / 2) for n in range(900)]
    reached = shares(learned(lessons).delays.reached)
    assert np.interp(12.0, EDGES, reached) == pytest.approx(0.45, abs=0.05)
    assert np.interp(9.5, EDGES, reached) < 0.05


def test_detection_takes_from_the_threshold() -> None:
    """Whoever was kept for a second by the detection of machines waits only one more."""
    forecast = learned([Screened(at=MORNING, took_s=1.0)] * 900).refreshed(Situation())
    assert forecast.outlook is not None
    assert forecast.outlook.slack_s == pytest.approx(1.0, abs=0.01)
