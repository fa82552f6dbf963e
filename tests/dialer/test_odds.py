from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.odds import Calibration, Odds
from dialer.traits import Last, Line, Traits

TRAITS = st.builds(
    Traits,
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    tries=st.integers(0, 30),
    last=st.sampled_from(Last),
    answered_share=st.none() | st.floats(0, 1),
    line=st.sampled_from(Line),
    listed_days=st.none() | st.floats(0, 5000),
)
ATTEMPTS = st.lists(st.tuples(TRAITS, st.booleans()), max_size=40)


def taught(attempts: list[tuple[Traits, bool]]) -> Odds:
    """Return what was learned of some attempts."""
    odds = Odds()
    for traits, is_answered in attempts:
        odds = odds.after(traits, is_answered=is_answered)
    return odds


def an_attempt(chance: Random) -> tuple[Traits, bool]:
    """Return an attempt on somebody who answers mobiles in the evening, and little else."""
    hour, line = chance.randrange(9, 21), chance.choice([Line.MOBILE, Line.FIXED])
    rate = 0.6 if hour >= 17 and line is Line.MOBILE else 0.15
    return Traits(hour=hour, weekday=chance.randrange(7), line=line), chance.random() < rate


@given(attempts=ATTEMPTS, traits=TRAITS)
def test_a_chance_is_a_chance(attempts: list[tuple[Traits, bool]], traits: Traits) -> None:
    """Whatever was learned, it is above 0 and below 1, since nobody is certain to answer or never to."""
    assert 0.0 < taught(attempts).of(traits) < 1.0


@given(attempts=ATTEMPTS, traits=TRAITS)
def test_the_same_attempts_teach_the_same(attempts: list[tuple[Traits, bool]], traits: Traits) -> None:
    """A fold: an officer who replays the attempts finds the very same chance."""
    assert taught(attempts).of(traits) == taught(attempts).of(traits)


@given(attempts=ATTEMPTS, traits=TRAITS)
def test_learning_leaves_what_was_known_alone(attempts: list[tuple[Traits, bool]], traits: Traits) -> None:
    """A value is not changed by what is learned after it."""
    odds = taught(attempts)
    before = odds.of(traits)
    odds.after(traits, is_answered=True)
    assert odds.of(traits) == before


@given(attempts=ATTEMPTS, traits=TRAITS)
def test_an_answer_makes_the_next_one_likelier(attempts: list[tuple[Traits, bool]], traits: Traits) -> None:
    """And a call that nobody answered makes it less likely."""
    odds = taught(attempts)
    assert odds.after(traits, is_answered=False).of(traits) < odds.after(traits, is_answered=True).of(traits)


def test_habits_are_found_and_the_chances_hold() -> None:
    """After some thousand attempts the two kinds of hours lie apart, and the bands hold what they promise."""
    chance, odds, kept = Random(5), Odds(), Calibration()
    for number in range(6000):
        traits, is_answered = an_attempt(chance)
        if number >= 3000:
            kept = kept.after(odds.of(traits), is_answered=is_answered)
        odds = odds.after(traits, is_answered=is_answered)
    assert odds.of(Traits(hour=18, weekday=2, line=Line.MOBILE)) == pytest.approx(0.6, abs=0.08)
    assert odds.of(Traits(hour=10, weekday=2, line=Line.MOBILE)) == pytest.approx(0.15, abs=0.05)
    for calls, promised, answered in kept.rows():
        assert abs(promised - answered) < 0.02 + 3.0 * (0.25 / calls) ** 0.5
    assert kept.brier < 0.16  # one rate for everything, 22.5 %, comes to 0.174


def test_what_nobody_tried_is_taken_for_a_cold_list() -> None:
    """One call in four, before anything is known."""
    assert Odds().of(Traits(hour=10, weekday=0)) == pytest.approx(0.25)


def test_the_brier_score_is_the_mean_square() -> None:
    """Of one call given 0.2 and answered, and one given 0.5 and not: (0.64 + 0.25) / 2."""
    table = Calibration().after(0.2, is_answered=True).after(0.5, is_answered=False)
    assert table.brier == pytest.approx(0.445)
    assert list(table.rows()) == [(1, 0.2, 1.0), (1, 0.5, 0.0)]
    assert Calibration().brier == 0.0
