"""What the calls that are over teach of who answers when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.assessment import assess
from dialer.foresight import AT_ONCE, Foresight, Tried, Why
from dialer.traits import Line, Traits
from tests.support.builders import NOON

EVENING, MORNING = (Traits(hour=hour, weekday=2, line=Line.MOBILE) for hour in (18, 10))
SECOND = timedelta(seconds=1)


def a_call(
    place: int, traits: Traits = MORNING, *, is_answered: bool | None = False, campaign: str = "a"
) -> Tried:
    """Return the call in that place, over so many seconds after noon."""
    return Tried(
        id=f"{campaign}-{place}",
        campaign=campaign,
        traits=traits,
        over_at=NOON + place * SECOND,
        is_answered=is_answered,
    )


def calls(count: int, *, campaign: str = "a", luck: int = 1, known: bool = True) -> list[Tried]:
    """Return calls to people of whom some answer their landline in the morning, others their mobile in the evening.

    Not `known`: nothing but luck decides, so nothing is better than one rate.
    """
    chance, found = Random(luck), []
    for place in range(count):
        hour, line = chance.choice([10, 18]), chance.choice([Line.MOBILE, Line.FIXED])
        is_theirs = (hour == 18) == (line is Line.MOBILE)
        rate = (0.6 if is_theirs else 0.1) if known else 0.3
        traits = Traits(hour=hour, weekday=2, line=line)
        found.append(a_call(place, traits, is_answered=chance.random() < rate, campaign=campaign))
    return found


def taught(found: Sequence[Tried]) -> Foresight:
    """Return what is known after all of them."""
    return Foresight().taught(found)


CALLS = st.lists(
    st.builds(
        a_call,
        st.integers(0, 200),
        st.builds(Traits, hour=st.integers(0, 23), weekday=st.integers(0, 6), line=st.sampled_from(Line)),
        is_answered=st.booleans(),
        campaign=st.sampled_from(["a", "b"]),
    ),
    max_size=30,
    unique_by=lambda call: call.id,
)


@given(found=CALLS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_calls_are_told_changes_nothing(found: list[Tried], order: Random) -> None:
    """Whoever starts again reads them as the database has them, and comes to the very same odds."""
    shuffled = list(found)
    order.shuffle(shuffled)
    one, other = (Foresight().told(each, NOON).learned(1000) for each in (found, shuffled))
    assert one.model("a").of(EVENING) == other.model("a").of(EVENING)


@given(found=CALLS, again=st.integers(1, 3))
def test_a_call_that_is_told_again_teaches_nothing_new(found: list[Tried], again: int) -> None:
    """The record is asked from a little earlier each time, since some ends become known late."""
    once = Foresight().told(found, NOON).learned(1000)
    often = once
    for _ in range(again):
        assert often.since is None or not found or often.since <= max(call.over_at for call in found)
        heard = [call for call in found if often.since is not None and call.over_at >= often.since]
        often = often.told(heard, NOON).learned(1000)
    assert often.model("a").of(EVENING) == once.model("a").of(EVENING)
    assert often.shared.seen == len(found)


@given(found=CALLS, traits=st.sampled_from([EVENING, MORNING]))
def test_a_chance_is_above_nought_and_below_one(found: list[Tried], traits: Traits) -> None:
    """Of a campaign that was heard of, and of one that was not."""
    known = taught(found)
    assert 0.0 < known.model("a").of(traits) < 1.0
    assert 0.0 < known.model("new").of(traits) < 1.0


def test_a_start_learns_bit_by_bit_and_comes_to_the_same() -> None:
    """No look takes long: so many calls each, until all are learnt from; meanwhile the record is left alone."""
    found = calls(AT_ONCE * 2 + 10)
    known, looks = Foresight().told(found, NOON), 0
    while known.pending:
        assert not known.is_hungry(NOON + timedelta(hours=1))
        known, looks = known.learned(), looks + 1
    assert looks == 3
    assert known.model("a").of(EVENING) == taught(found).model("a").of(EVENING)
    assert not known.is_hungry(NOON + SECOND)
    assert known.is_hungry(NOON + timedelta(seconds=10))


def test_an_outcome_that_is_not_known_yet_is_awaited() -> None:
    """An agent may take half an hour to say that it was a machine; later than that, nobody waits for it."""
    early, late = a_call(1, is_answered=None), a_call(500)
    known = Foresight().told([early, late], NOON).learned()
    assert (known.shared.seen, known.since) == (1, early.over_at)
    told = known.told([replace(early, is_answered=True), late], NOON + 600 * SECOND).learned()
    assert told.shared.seen == 2
    given_up = known.told([early, late], NOON + timedelta(hours=1))
    assert given_up.since == late.over_at - timedelta(minutes=1)


def test_habits_are_used_once_they_have_proved_themselves() -> None:
    """Not before two hundred calls."""
    assert taught(calls(199)).why("a") is Why.COLD
    assert taught(calls(199)).insight("a") is None
    insight = taught(calls(3000)).insight("a")
    assert insight is not None
    assert insight.of(replace(EVENING, line=Line.MOBILE)) == pytest.approx(0.6, abs=0.1)
    assert insight.of(replace(EVENING, line=Line.FIXED)) == pytest.approx(0.1, abs=0.08)


def test_odds_that_are_no_better_than_the_hourly_rate_are_not_used() -> None:
    """Where nothing but the hour counts, what seems to is luck: the model says so itself."""
    known = taught(calls(3000, known=False))
    assert known.why("a") is Why.WORSE
    assert known.insight("a") is None


def test_a_campaign_with_few_calls_goes_by_those_of_the_others() -> None:
    """And learns what is special about it from its own."""
    others = calls(3000, campaign="b")
    insight = taught(others).insight("a")
    assert insight is not None
    assert insight.of(EVENING) == pytest.approx(0.6, abs=0.12)
    own = [a_call(4000 + place, EVENING, is_answered=False) for place in range(150)]
    apart = taught([*others, *own])
    assert apart.model("a").of(EVENING) < 0.3
    assert apart.model("b").of(EVENING) > 0.4


@settings(max_examples=20)
@given(found=CALLS)
def test_what_is_judged_taught_nothing(found: list[Tried]) -> None:
    """The last quarter of a campaign's calls; whatever came of them, the chances given to them are the same."""
    told = assess(found, "a")
    flipped = assess(
        [
            replace(call, is_answered=not call.is_answered) if call in _judged(found) else call
            for call in found
        ],
        "a",
    )
    assert told.judged == len(_judged(found)) == flipped.judged
    assert list(told.model.given) == list(flipped.model.given)


def _judged(found: Sequence[Tried]) -> list[Tried]:
    own = sorted((call for call in found if call.campaign == "a"), key=lambda call: (call.over_at, call.id))
    return own[len(own) - round(len(own) / 4) :]


def test_an_assessment_tells_habits_from_luck() -> None:
    """Beside the hourly rate, on calls that were held out."""
    habits, luck = assess(calls(4000), "a"), assess(calls(4000, known=False), "a")
    assert (habits.taught, habits.judged) == (3000, 1000)
    assert habits.model.brier < habits.hourly.brier - 0.02
    assert (habits.is_better, habits.why) == (True, None)
    assert luck.model.brier > luck.hourly.brier - 0.002
    assert luck.why is Why.WORSE
    assert not assess([], "a").is_better
