"""A practice call as reviewed: each finding, the score, and what holds for every call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcome import DISPOSABLE, Outcome
from dialer.review import BROKEN, Duty, Mark, Practised, Review, Wish, average, expected, review
from tests.support.builders import NOON

ALL = frozenset(DISPOSABLE)
DONE = Duty(code="company_name", rules=("JP-D1",), after_s=4.0)
MISSED = Duty(code="product_type", rules=("JP-D1",))


def a_call(wanted: Outcome = Outcome.SOLD, chosen: Outcome | None = None, **changes: Any) -> Practised:
    """Return a call that was done right in every way, changed where the test says."""
    wish = changes.pop("wish", {})
    call = Practised(
        wish=replace(Wish(wanted=wanted), **wish),
        chosen=chosen or wanted,
        offered=ALL,
        duties=(DONE,),
        note="likes it mild",
        talk_s=60.0,
        wrap_s=10.0,
    )
    return replace(call, **changes)


def marks(found: Review) -> dict[str, Mark]:
    """Return the findings by code."""
    return {one.code: one.mark for one in found.findings}


@pytest.mark.parametrize("wanted", sorted(DISPOSABLE))
def test_whatever_is_wanted_and_done_right_earns_everything(wanted: Outcome) -> None:
    """A hundred points for each wish; a callback is promised at its hour."""
    at = NOON + timedelta(days=1)
    found = review(a_call(wanted, wish={"at": at}, callback_at=at))
    assert found.score == 100
    assert set(marks(found).values()) == {Mark.RIGHT}


@pytest.mark.parametrize(
    ("wanted", "chosen", "code"),
    [
        (Outcome.SOLD, Outcome.SOLD, "result_right"),
        (Outcome.SOLD, Outcome.INTERESTED, "result_acceptable"),
        (Outcome.INTERESTED, Outcome.SOLD, "result_wrong"),
        (Outcome.NOT_INTERESTED, Outcome.REFUSED, "result_acceptable"),
        (Outcome.NOT_INTERESTED, Outcome.OPTED_OUT, "result_wrong"),
        (Outcome.WRONG_NUMBER, Outcome.OPTED_OUT, "result_acceptable"),
        (Outcome.WRONG_NUMBER, Outcome.NOT_INTERESTED, "result_wrong"),
        (Outcome.MACHINE, Outcome.NOT_INTERESTED, "result_wrong"),
        (Outcome.SOLD, Outcome.NO_DISPOSITION, "result_unsaid"),
    ],
)
def test_the_result_is_held_against_the_wish(wanted: Outcome, chosen: Outcome, code: str) -> None:
    """Right, acceptable or wrong, by one table."""
    assert code in marks(review(a_call(wanted, chosen)))


@pytest.mark.parametrize("wanted", [Outcome.REFUSED, Outcome.OPTED_OUT])
@pytest.mark.parametrize("chosen", [Outcome.REFUSED, Outcome.OPTED_OUT])
def test_a_refusal_is_honoured_by_either_word(wanted: Outcome, chosen: Outcome) -> None:
    """Both keep everybody from calling again."""
    found = review(a_call(wanted, chosen))
    assert marks(found)["refusal_kept"] is Mark.RIGHT
    assert found.score > 0


def test_a_refusal_that_is_not_honoured_makes_the_call_nothing() -> None:
    """Whatever else was well done."""
    found = review(a_call(Outcome.OPTED_OUT, Outcome.NOT_INTERESTED))
    assert marks(found)[BROKEN] is Mark.WRONG
    assert found.score == 0


def test_what_was_not_said_yet_is_held_against_nobody() -> None:
    """Who ends the call before the person comes to the point has broken no refusal, and knows nothing either."""
    found = marks(review(a_call(Outcome.OPTED_OUT, Outcome.NOT_INTERESTED, wish={"was_said": False})))
    assert BROKEN not in found
    assert found["result_unheard"] is Mark.ACCEPTABLE


def test_duties_are_ticked_late_or_missed() -> None:
    """Each has its share; what no rule asks for is only recommended."""
    late = Duty(code="seller", rules=("US-1",), within_s=2.0, after_s=5.0)
    advised = Duty(code="announce_recording(recommended)")
    found = review(a_call(duties=(DONE, MISSED, late, advised))).findings
    duties = [(one.code, one.mark, one.of) for one in found if one.code.startswith("duty")]
    assert duties == [
        ("duty_done", Mark.RIGHT, 6.25),
        ("duty_missed", Mark.WRONG, 6.25),
        ("duty_late", Mark.ACCEPTABLE, 6.25),
        ("duty_missed", Mark.ACCEPTABLE, 6.25),
    ]
    assert not [one for one in review(a_call(Outcome.MACHINE)).findings if "duty" in one.code]


@pytest.mark.parametrize(
    ("changes", "wish", "code", "mark"),
    [
        ({}, {}, "callback_none", Mark.WRONG),
        ({"hours": 24.0}, {}, "callback_kept", Mark.RIGHT),
        ({"hours": 24.25}, {}, "callback_kept", Mark.RIGHT),
        ({"hours": 24.26}, {}, "callback_elsewhen", Mark.ACCEPTABLE),
        ({"hours": 40.0}, {"at_is_lawful": False}, "callback_moved", Mark.RIGHT),
        ({"hours": 24.0, "callback_is_lawful": False}, {}, "callback_unlawful", Mark.WRONG),
    ],
)
def test_a_callback_is_kept_lawful_and_as_wished(
    changes: dict[str, Any], wish: dict[str, Any], code: str, mark: Mark
) -> None:
    """At the wished hour, or at a lawful one when that is not."""
    hours = changes.pop("hours", None)
    at = NOON + timedelta(hours=hours) if hours else None
    call = a_call(Outcome.CALLBACK, wish={"at": NOON + timedelta(days=1), **wish}, callback_at=at, **changes)
    assert marks(review(call))[code] is mark


def test_notes_opinions_and_another_language() -> None:
    """What the next colleague and the company want to know."""
    said = {"opinions": frozenset({"price", "praise"}), "is_foreign": True}
    none = marks(review(a_call(wish=said, note=" ")))
    assert (none["note_missing"], none["opinions_missing"], none["language_missing"]) == (Mark.WRONG,) * 3
    some = marks(review(a_call(wish=said, note="", opinions=frozenset({"price"}))))
    assert (some["opinions_other"], some["language_noted"]) == (Mark.ACCEPTABLE, Mark.RIGHT)
    every = marks(review(a_call(wish=said, opinions=frozenset({"price", "praise", "other"}))))
    assert (every["note_written"], every["opinions_noted"]) == (Mark.RIGHT, Mark.RIGHT)


@pytest.mark.parametrize(
    ("changes", "code", "mark"),
    [
        ({"duties": (replace(DONE, after_s=15.0),)}, "first_word", Mark.RIGHT),
        ({"duties": (replace(DONE, after_s=15.1),)}, "first_word", Mark.ACCEPTABLE),
        ({"duties": (replace(DONE, after_s=30.1),)}, "first_word", Mark.WRONG),
        ({"duties": (MISSED,)}, "first_never", Mark.WRONG),
        ({"talk_s": 1199.0}, "talk_time", Mark.RIGHT),
        ({"talk_s": 1200.0}, "talk_time", Mark.WRONG),
        ({"wrap_s": 90.0}, "write_up", Mark.RIGHT),
        ({"wrap_s": 91.0}, "write_up", Mark.ACCEPTABLE),
        ({"wrap_s": 121.0}, "write_up", Mark.WRONG),
    ],
)
def test_times_are_held_against_their_limits(changes: dict[str, Any], code: str, mark: Mark) -> None:
    """The first duty, the talk, the write-up."""
    assert marks(review(a_call(**changes)))[code] is mark


def test_a_campaign_that_does_not_offer_the_word_takes_the_nearest() -> None:
    """Never again needs no disposition: it has a key."""
    few = frozenset({Outcome.SOLD, Outcome.NOT_INTERESTED})
    assert expected(Outcome.OPTED_OUT, few) == {Outcome.OPTED_OUT}
    assert expected(Outcome.REFUSED, few) == {Outcome.OPTED_OUT}
    assert expected(Outcome.MACHINE, few) == {Outcome.NOT_INTERESTED}


def test_the_average_of_nothing_is_none() -> None:
    """And of two calls it is between them."""
    assert average([]) is None
    whole = review(a_call())
    nothing = review(a_call(Outcome.OPTED_OUT, Outcome.SOLD))
    assert average([whole, nothing]) == 50


seconds = st.none() | st.floats(0, 200)
duties = st.builds(
    Duty,
    code=st.sampled_from(["company_name", "caller_name", "product_type"]),
    rules=st.sampled_from([(), ("JP-D1",)]),
    within_s=st.none() | st.floats(1, 60),
    after_s=seconds,
)
kinds = st.frozensets(st.sampled_from(["price", "praise", "complaint"]))
instants = st.none() | st.integers(0, 3000).map(lambda minutes: NOON + timedelta(minutes=minutes))
calls = st.builds(
    Practised,
    wish=st.builds(
        Wish,
        wanted=st.sampled_from(sorted(DISPOSABLE)),
        was_said=st.booleans(),
        at=instants,
        at_is_lawful=st.booleans(),
        opinions=kinds,
        is_foreign=st.booleans(),
    ),
    chosen=st.none() | st.sampled_from(sorted({*DISPOSABLE, Outcome.NO_DISPOSITION})),
    offered=st.frozensets(st.sampled_from(sorted(DISPOSABLE)), min_size=1),
    duties=st.lists(duties, max_size=4).map(tuple),
    callback_at=instants,
    callback_is_lawful=st.booleans(),
    note=st.sampled_from(["", "x"]),
    opinions=kinds,
    talk_s=st.floats(0, 2000),
    wrap_s=st.floats(0, 300),
)


@given(call=calls, place=st.integers(0, 3))
def test_whatever_happened_the_score_is_fair(call: Practised, place: int) -> None:
    """0 to 100; no finding earns more than it is worth; a broken refusal is 0; a thing done costs no points."""
    found = review(call)
    assert 0 <= found.score <= 100
    assert all(0 <= one.points <= one.of for one in found.findings)
    refused = call.wish.wanted in {Outcome.REFUSED, Outcome.OPTED_OUT} and call.wish.was_said
    is_kept = call.chosen in {Outcome.REFUSED, Outcome.OPTED_OUT}
    assert (BROKEN in marks(found)) is (refused and not is_kept)
    assert BROKEN not in marks(found) or found.score == 0
    if call.duties:
        at = place % len(call.duties)
        done = replace(call.duties[at], after_s=0.0)
        better = replace(call, duties=(*call.duties[:at], done, *call.duties[at + 1 :]))
        assert review(better).score >= found.score
    assert review(replace(call, note="written", opinions=call.wish.opinions)).score >= found.score
    right = min(expected(call.wish.wanted, call.offered))
    if right is not Outcome.CALLBACK and call.chosen is not Outcome.CALLBACK:
        assert review(replace(call, chosen=right)).score >= found.score
