"""Abandoned calls, as each law counts them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.abandonment import (
    Answered,
    Tally,
    bound,
    counted,
    headroom,
    is_abandoned,
    is_over,
    share,
    tally,
    wilson,
)
from compliance.campaign_rules import AbandonmentRule
from compliance.rulebook import packaged_law

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = {rule.id: rule for book in packaged_law().rulebooks.values() for rule in book.abandonment}
AMERICA, BRITAIN, CANADA, ROLLING = (RULES[name] for name in ("US-FTC-AB1", "UK-AB1", "CA-AB1", "US-AB5"))


def call(ago: timedelta = timedelta(0), **changed: object) -> Answered:
    """A person who answered and was connected at once."""
    return Answered(**{"at": NOW - ago, "campaign": "c", "connected_s": 0.5, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "is_left"),
    [
        ({"connected_s": 2.0}, False),
        ({"connected_s": 2.1}, True),
        ({"connected_s": None}, True),
        ({"connected_s": None, "left_s": 1.5}, False),
        ({"connected_s": None, "left_s": 3.0}, True),
        ({"connected_s": None, "message_s": 1.5}, False),
        ({"connected_s": None, "message_s": 2.5}, True),
        ({"connected_s": None, "is_machine": True}, False),
    ],
)
def test_who_is_left_without_an_agent(changed: dict[str, Any], is_left: bool) -> None:
    """Two seconds after the greeting, the limit itself in time; who hung up before that was not left (US-FTC-AB2)."""
    assert is_abandoned(call(**changed), 2.0) is is_left


def test_machines_are_in_no_term() -> None:
    """But a person taken for one is counted apart (UK-AB2)."""
    calls = [
        call(),
        call(connected_s=None),
        call(is_machine=True),
        call(is_machine=True, is_false_machine=True),
    ]
    assert tally(calls, 2.0) == Tally(live=2, abandoned=1, false_machines=1)


def test_each_law_has_its_period() -> None:
    """Runs of thirty days from the first call, any thirty days, the day of the place, the month of the calendar."""
    calls = [call(age * DAY) for age in (65, 59, 35, 29, 23, 1, 0)]

    def found(rule: AbandonmentRule, zone: str = "America/New_York") -> list[int]:
        kept = counted(calls, rule, campaign="c", scope="campaign", now=NOW, zone=zone)
        return [(NOW - one.at).days for one in kept]

    assert found(AMERICA) == [1, 0]  # the third run began 60 days after the first call, 5 days ago
    assert found(ROLLING) == [29, 23, 1, 0]
    assert found(CANADA) == [23, 1, 0]
    assert found(BRITAIN, "Europe/London") == [0]


def test_a_centre_counts_every_campaign() -> None:
    """And a campaign its own calls alone."""
    calls = [call(campaign="a"), call(campaign="b")]
    kept = [
        len(counted(calls, BRITAIN, campaign="a", scope=scope, now=NOW, zone="Europe/London"))
        for scope in ("campaign", "centre")
    ]
    assert kept == [1, 2]


@pytest.mark.parametrize(
    ("rule", "figures", "expected"),
    [
        (AMERICA, Tally(live=1000, abandoned=30), False),
        (AMERICA, Tally(live=1000, abandoned=31), True),
        (AMERICA, Tally(live=299, abandoned=2), False),
        (AMERICA, Tally(live=299, abandoned=8), True),  # 2.7 %, whose upper bound is above 3 %
        (AMERICA, Tally(live=20), True),
        (CANADA, Tally(live=1000, abandoned=50), False),
        (CANADA, Tally(live=1000, abandoned=51), True),
        (BRITAIN, Tally(live=1000, abandoned=29, false_machines=1), False),
        (BRITAIN, Tally(live=1000, abandoned=29, false_machines=3), True),
    ],
)
def test_the_limit_itself_is_allowed_and_few_calls_prove_little(
    rule: AbandonmentRule, figures: Tally, expected: bool
) -> None:
    """3 % is at most 3 %; below 300 answers the upper bound counts (POL-5)."""
    assert is_over(figures, rule) is expected


def test_the_bound_is_wilsons() -> None:
    """Against values worked out by hand: 0 of 20 and 8 of 299, one-sided, 95 %."""
    assert wilson(0, 20) == pytest.approx(0.1192, abs=1e-4)
    assert wilson(8, 299) == pytest.approx(0.04686, abs=1e-5)


TALLIES = st.integers(0, 5000).flatmap(
    lambda live: st.builds(
        Tally, live=st.just(live), abandoned=st.integers(0, live), false_machines=st.integers(0, 20)
    )
)
ONE = st.tuples(st.sampled_from(sorted(RULES.values(), key=lambda rule: rule.id)), TALLIES)
SOME = st.lists(ONE, min_size=1, max_size=4)


@given(SOME, st.sampled_from([None, 0.02, 0.5]))
def test_what_is_left_keeps_every_limit_and_one_more_breaks_one(
    counts: Sequence[tuple[AbandonmentRule, Tally]], target: float | None
) -> None:
    """As many more people as it says may be left and answered; with one more some share is passed."""
    room = headroom(counts, target)
    if room.is_halted:
        assert room.calls == 0
        return

    def most_after(more: int) -> bool:
        return all(
            share(found + Tally(live=more, abandoned=more), rule) <= min(rule.most, target or 1) + 1e-9
            for rule, found in counts
        )

    if room.calls:
        assert most_after(room.calls)
    assert not most_after(room.calls + 1)


@given(SOME, ONE)
def test_another_rule_never_leaves_more_room(
    counts: Sequence[tuple[AbandonmentRule, Tally]], more: tuple[AbandonmentRule, Tally]
) -> None:
    """Rules add up."""
    assert headroom([*counts, more]).calls <= headroom(counts).calls


@given(ONE)
def test_one_more_person_left_never_leaves_more_room(one: tuple[AbandonmentRule, Tally]) -> None:
    """Nor a lower share."""
    rule, found = one
    worse = found + Tally(live=1, abandoned=1)
    before = headroom([(rule, found)])
    assert before.is_halted or headroom([(rule, worse)]).calls <= before.calls
    assert share(worse, rule) >= share(found, rule) - 1e-12
    assert 0 <= share(found, rule) <= bound(found, rule) + 1e-12 <= 1 + 1e-11


def test_without_a_rule_there_is_no_room() -> None:
    """Nobody said how to count."""
    assert headroom([]).is_halted
