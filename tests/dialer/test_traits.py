"""What is known of a person before a call."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.contact import Phone
from campaigns.outcome import Outcome
from compliance.question import Relationship
from dialer.traits import Last, Line, Past, Traits, from_text, last_of, line_of, number_of, to_text, traits_of
from tests.support.builders import NOON, a_contact, a_lead

TRAITS = st.builds(
    Traits,
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    tries=st.integers(0, 30),
    last=st.sampled_from(Last),
    answered_share=st.none() | st.floats(0, 1),
    line=st.sampled_from(Line),
    listed_days=st.none() | st.floats(0, 5000),
    rested_days=st.none() | st.floats(0, 400),
)


@given(traits=TRAITS)
def test_traits_are_kept_as_text(traits: Traits) -> None:
    """What was known stands with the attempt; four digits of a figure are enough, and the text says the same again."""
    kept = from_text(to_text(traits))
    assert kept is not None
    assert (kept.hour, kept.weekday, kept.tries, kept.last, kept.line) == (
        traits.hour,
        traits.weekday,
        traits.tries,
        traits.last,
        traits.line,
    )
    assert kept.rested_days == (
        None if traits.rested_days is None else pytest.approx(traits.rested_days, rel=1e-3)
    )
    assert to_text(kept) == to_text(traits)


@pytest.mark.parametrize("text", ["", "18", "18,3,2,gone,0.5,mobile,210,1", "x,3,2,busy,0.5,mobile,210,1"])
def test_a_text_of_another_release_teaches_nothing(text: str) -> None:
    """It is no error: the call is just not learnt from."""
    assert from_text(text) is None


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("+819012345678", Line.MOBILE),
        ("+81312345678", Line.FIXED),
        ("+12125550100", Line.UNKNOWN),
        ("x", Line.UNKNOWN),
    ],
)
def test_the_number_plan_tells_the_kind_of_line(number: str, line: Line) -> None:
    """In North America it does not, and what is no number is of no kind."""
    assert line_of(number) is line


def test_the_hour_is_that_of_the_person() -> None:
    """Noon in Tokyo is the evening before in Honolulu."""
    past = Past(tries=4, answered=1, last=Last.BUSY, last_at=NOON - timedelta(hours=12))
    bought = Relationship(type="purchase", seller="midorien", at=NOON - timedelta(days=200))
    found = traits_of(a_contact(relationships=(bought,)), "+819012345678", past, NOON)
    assert (found.hour, found.weekday, found.line) == (12, 1, Line.MOBILE)
    assert (found.tries, found.last, found.answered_share) == (4, Last.BUSY, 0.25)
    assert (found.listed_days, found.rested_days) == (200.0, 0.5)
    assert traits_of(a_contact(), "+18085550100", Past(), NOON).hour == 17


def test_the_next_number_is_the_one_the_planner_begins_with() -> None:
    """Each further try on a step takes the person's next number."""
    phones = (Phone(number="+819020000001"), Phone(number="+81312345678"))
    contact = a_contact(phones=phones)
    tried = [number_of(a_lead(step_tries=tries), contact) for tries in (0, 1, 2)]
    assert tried == ["+819020000001", "+81312345678", "+819020000001"]
    assert number_of(a_lead(), a_contact(phones=())) is None


def test_what_came_of_a_call_is_what_the_next_one_knows() -> None:
    """One more try, the share of answers with it, and no rest yet."""
    before = Traits(hour=10, weekday=0, tries=1, answered_share=0.0, rested_days=3.0)
    after = before.after(last_of(Outcome.SOLD, is_answered=True))
    assert (after.tries, after.last, after.answered_share, after.rested_days) == (2, Last.ANSWERED, 0.5, 0.0)
    assert last_of(Outcome.MACHINE, is_answered=False) is Last.MACHINE
    assert last_of(Outcome.NO_ANSWER, is_answered=False) is Last.UNANSWERED
