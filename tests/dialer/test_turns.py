"""Campaigns that want the same agents: served by priority and weight, and nobody starves."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dialing import Pacing
from dialer.turns import Work, in_turn, share_of
from tests.support.builders import NOON


def works(**shares: float) -> list[Work[str]]:
    """Campaigns that never run out of work."""
    return [Work(campaign=name, share=share, steps=repeat(name)) for name, share in shares.items()]


def first_of(turns: int, **shares: float) -> Counter[str]:
    """Who comes first in each of so many looks, a tenth of a second apart."""
    looks = (NOON + timedelta(seconds=0.1) * number for number in range(turns))
    return Counter(next(in_turn(works(**shares), now)) for now in looks)


def test_a_priority_counts_four_times_the_one_below_it() -> None:
    """And the weight in proportion."""
    assert share_of(Pacing(priority=4)) == 4 * share_of(Pacing(priority=3))
    assert share_of(Pacing(weight=30)) == 3 * share_of(Pacing(weight=10))


@given(st.lists(st.floats(0.5, 50), min_size=2, max_size=5), st.integers(0, 10**6))
def test_one_plan_is_shared_in_proportion(shares: list[float], seconds: int) -> None:
    """Of four hundred steps each campaign has its part, give or take four: more evenly than chance would."""
    named = {f"c{place}": share for place, share in enumerate(shares)}
    steps = Counter(islice(in_turn(works(**named), NOON + timedelta(seconds=seconds)), 400))
    assert all(abs(steps[name] - 400 * share / sum(shares)) <= 4 for name, share in named.items())


def test_one_agent_at_a_time_is_shared_in_proportion_too() -> None:
    """Where each look has room for one call only, the first lots are what counts: none is left out."""
    firsts = first_of(4000, low=1, high=15)
    assert firsts["low"] == pytest.approx(250, abs=60)


@given(st.lists(st.tuples(st.floats(0.01, 1000), st.integers(0, 8)), max_size=6), st.integers(0, 10**6))
def test_every_step_comes_once_and_in_its_order(found: list[tuple[float, int]], seconds: int) -> None:
    """Whatever the shares, nothing is lost, nothing doubled, and each campaign's order is kept."""

    def steps(place: int, length: int) -> Iterator[tuple[int, int]]:
        return ((place, number) for number in range(length))

    works = [
        Work(campaign=str(place), share=share, steps=steps(place, length))
        for place, (share, length) in enumerate(found)
    ]
    told = list(in_turn(works, NOON + timedelta(seconds=seconds)))
    for place, (_, length) in enumerate(found):
        assert [number for at, number in told if at == place] == list(range(length))
    assert len(told) == sum(length for _, length in found)
