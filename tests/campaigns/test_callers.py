"""Which number a person sees."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.callers import Callers, Pool, caller_for, placed_in, shown_to
from tests.campaigns.builders import a_campaign

JAPAN = ("+81542559999", "+81542559998", "+81542559997")
ANYBODY = "+81312345678"
POOLS: Callers = (Pool(numbers=JAPAN, country="JP"), Pool(numbers=("+12125550100",), country="US"), ANYBODY)
TO = "+819012345678"
people = st.text(min_size=1, max_size=12)


def test_a_list_of_numbers_stays_what_it_was() -> None:
    """Pools are an offer, not a duty; both may stand beside each other."""
    assert a_campaign().caller_ids == ("+81542559999",)
    text = 'caller_ids: ["+81542559999", {numbers: ["+81542559998"], country: JP}]'
    both = a_campaign(('caller_ids: ["+81542559999"]', text)).caller_ids
    assert [number for _, number, _ in placed_in(both)] == ["+81542559999", "+81542559998"]


@pytest.mark.parametrize(
    ("country", "numbers"),
    [("JP", JAPAN), ("US", ("+12125550100",)), ("FR", (ANYBODY,)), (None, (ANYBODY,))],
)
def test_a_countrys_own_numbers_come_first(country: str | None, numbers: tuple[str, ...]) -> None:
    """Numbers for anybody are shown where there are none."""
    assert shown_to(POOLS, country) == numbers


@given(person=people)
def test_a_person_always_sees_the_same_number(person: str) -> None:
    """One for their own country, whatever was shown to others before."""
    assert caller_for(POOLS, person, TO) in JAPAN
    assert {caller_for(POOLS, person, TO) for _ in range(3)} == {caller_for(POOLS, person, TO)}


@given(person=people, resting=st.sets(st.sampled_from(JAPAN)))
def test_a_rest_moves_only_those_who_saw_that_number(person: str, resting: set[str]) -> None:
    """Everybody else sees what they saw, and whoever moved comes back to their own number afterwards."""
    usual, now = caller_for(POOLS, person, TO), caller_for(POOLS, person, TO, resting)
    assert now not in resting
    if len(resting) == len(JAPAN):
        assert now is None
    elif usual not in resting:
        assert now == usual
    else:
        assert now in JAPAN


def test_when_every_number_rests_none_is_shown() -> None:
    """Not one of another country, not one for anybody: a person in Japan was promised a Japanese number."""
    assert caller_for(POOLS, "C1", TO, JAPAN) is None
    assert caller_for((ANYBODY,), "C1", TO, {ANYBODY}) is None


def test_people_are_spread_over_the_numbers() -> None:
    """About evenly, so that none of them is called more than the others."""
    seen = Counter(caller_for(POOLS, f"C{place:05d}", TO) for place in range(3000))
    assert set(seen) == set(JAPAN)
    assert min(seen.values()) > 850
