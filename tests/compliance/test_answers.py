"""Answered calls as facts, and how they are folded into days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.answers import WITHIN_S, Answered, Answers, Tally, is_abandoned, tally, within
from compliance.rulebook import packaged_law
from tests.compliance.builders import tokyo

NOON = tokyo(2026, 11, 24, 12)


def call(**changed: object) -> Answered:
    """A person who answered and was connected at once."""
    return Answered(**{"at": NOON, "campaign": "c", "connected_s": 0.5, **changed})  # type: ignore[arg-type]


NOBODY = {"connected_s": None}


@pytest.mark.parametrize(
    ("changed", "is_left"),
    [
        ({"connected_s": 2.0}, False),
        ({"connected_s": 2.1}, True),
        (NOBODY, True),
        ({**NOBODY, "left_s": 1.5}, False),
        ({**NOBODY, "left_s": 2.0}, False),
        ({**NOBODY, "left_s": 3.0}, True),
        ({**NOBODY, "message_s": 1.5, "is_consented": True}, False),
        ({**NOBODY, "message_s": 2.5, "is_consented": True}, True),
        ({**NOBODY, "message_s": 1.5}, True),
        ({"connected_s": 3.0, "message_s": 1.5}, True),
        ({**NOBODY, "is_machine": True}, False),
    ],
)
def test_who_is_left_without_an_agent(changed: dict[str, object], is_left: bool) -> None:
    """Two seconds after the greeting, the limit itself in time; a notice to who never agreed to one serves nobody."""
    assert is_abandoned(call(**changed), WITHIN_S) is is_left


def test_machines_are_in_no_term() -> None:
    """But a person taken for one is counted apart, and so is who left before anybody could be there."""
    calls = [
        call(),
        call(**NOBODY),
        call(**NOBODY, left_s=1.0),
        call(is_machine=True),
        call(is_machine=True, is_false_machine=True),
    ]
    assert tally(calls, WITHIN_S) == Tally(live=3, abandoned=1, left=1, false_machines=1, machines=2)


def test_every_rulebook_leaves_two_seconds() -> None:
    """The figure where no rule says is the one that all rules say."""
    rules = [rule for book in packaged_law().rulebooks.values() for rule in book.connects]
    assert {rule.within for rule in rules} == {WITHIN_S}
    assert within(rules) == within([]) == WITHIN_S


def test_a_day_is_the_centres() -> None:
    """23:30 and 00:30 in Tokyo are two days there and one in London."""
    late, early = call(at=tokyo(2026, 11, 24, 23, 30)), call(at=tokyo(2026, 11, 25, 0, 30))
    assert len(Answers(zone="Asia/Tokyo").plus([late, early]).days_of(campaign="c")) == 2
    assert len(Answers(zone="Europe/London").plus([late, early]).days_of(campaign="c")) == 1


def test_a_centre_counts_every_campaign_it_dials() -> None:
    """And a campaign its own calls, wherever they were dialled."""
    answers = Answers(zone="Asia/Tokyo").plus(
        [call(campaign="a", centre="x"), call(campaign="b", centre="x"), call(campaign="b", centre="y")]
    )
    found = [
        sum(one.live for one in answers.days_of(**of).values()) for of in ({"centre": "x"}, {"campaign": "b"})
    ]
    assert found == [2, 2]
    assert answers.days_of(campaign="unheard of") == {}


SECONDS = st.none() | st.sampled_from([0.0, 1.9, 2.0, 2.1, 30.0])
CALLS = st.lists(
    st.builds(
        Answered,
        at=st.integers(0, 40 * 24).map(
            lambda hours: datetime(2026, 10, 20, tzinfo=UTC) + timedelta(hours=hours)
        ),
        campaign=st.sampled_from(["a", "b"]),
        centre=st.sampled_from(["x", "y"]),
        connected_s=SECONDS,
        left_s=SECONDS,
        message_s=SECONDS,
        is_consented=st.booleans(),
        is_machine=st.booleans(),
        is_false_machine=st.booleans(),
    ),
    max_size=40,
)


@given(CALLS)
def test_a_tally_is_a_naive_count(calls: list[Answered]) -> None:
    """Counted a second time, condition by condition."""
    people = [one for one in calls if not one.is_machine]
    served = [
        one
        for one in people
        if (one.connected_s is not None and one.connected_s <= 2)
        or (one.is_consented and one.message_s is not None and one.message_s <= 2)
    ]
    others = [one for one in people if one not in served]
    left = [one for one in others if one.left_s is not None and one.left_s <= 2]
    assert tally(calls, 2.0) == Tally(
        live=len(people),
        abandoned=len(others) - len(left),
        left=len(left),
        false_machines=len([one for one in calls if one.is_machine and one.is_false_machine]),
        machines=len([one for one in calls if one.is_machine]),
    )


@given(st.data(), CALLS)
def test_facts_may_come_in_any_order_and_in_pieces(data: st.DataObject, calls: list[Answered]) -> None:
    """Late callbacks and restarts change nothing, and no call is lost between days."""
    empty = Answers(zone="Asia/Tokyo")
    shuffled = data.draw(st.permutations(calls))
    cut = data.draw(st.integers(0, len(calls)))
    whole = empty.plus(calls)
    assert empty.plus(shuffled[:cut]).plus(shuffled[cut:]) == whole
    for campaign in ("a", "b"):
        mine = [one for one in calls if one.campaign == campaign]
        assert sum(whole.days_of(campaign=campaign).values(), Tally()) == tally(mine, WITHIN_S)
