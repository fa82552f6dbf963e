"""When nothing more is ordered of an account, and what opens the way again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio.breaker import (
    FIRST_PAUSE,
    LIMIT,
    LONGEST_PAUSE,
    Breaker,
    failed,
    jammed,
    left_s,
    may_probe,
    mended,
    pause_after,
    probing,
    refuted,
    succeeded,
    tripped,
)
from tests.adapters.twilio.builders import NOW, seconds


def after_failures(count: int, breaker: Breaker | None = None) -> Breaker:
    """A breaker that has seen so many creates fail."""
    breaker = breaker or Breaker()
    for _ in range(count):
        breaker = failed(breaker, NOW, "http-500")
    return breaker


def test_five_in_a_row_open_it() -> None:
    """Four do not; a clear answer in between begins the count anew."""
    assert after_failures(LIMIT - 1).why is None
    assert after_failures(LIMIT - 1, succeeded(after_failures(LIMIT - 1))).why is None
    opened = after_failures(LIMIT)
    assert opened.why == "5 creates in a row failed: http-500"
    assert opened.until == NOW + FIRST_PAUSE


def test_the_carriers_own_word_holds_when_it_is_longer() -> None:
    """Retry-After is the least; a short one does not shorten our pause."""
    nearly = after_failures(LIMIT - 1)
    assert failed(nearly, NOW, "429", at_least=seconds(90)).until == NOW + seconds(90)
    assert failed(nearly, NOW, "429", at_least=seconds(1)).until == NOW + FIRST_PAUSE


def test_pauses_double_up_to_ten_minutes() -> None:
    """30 s, 1, 2, 4, 8 minutes, and then ten for as long as it takes."""
    minutes = [pause_after(count) / timedelta(minutes=1) for count in [*range(7), 1000]]
    assert minutes == [0.5, 1, 2, 4, 8, 10, 10, 10]


def test_only_one_looks() -> None:
    """While a look is under way nobody else takes one, and a look that never ends does not bar the next for ever."""
    opened = tripped(Breaker(), NOW, "20003")
    assert not may_probe(opened, NOW + seconds(29))
    due = NOW + seconds(30)
    assert may_probe(opened, due)
    assert not may_probe(probing(opened, due), due)
    assert may_probe(probing(opened, due), due + LONGEST_PAUSE)


def test_a_look_that_finds_all_well_closes_it_on_trial() -> None:
    """The next failure opens it again at once, for the next longer pause; a call that is placed makes it forget."""
    on_trial = mended(refuted(tripped(Breaker(), NOW, "20003"), NOW, "20003"))
    assert on_trial.why is None
    again = failed(on_trial, NOW, "http-500")
    assert again.until == NOW + seconds(120)
    assert succeeded(on_trial) == Breaker()


def test_late_answers_do_not_move_an_open_one() -> None:
    """Orders that were under way when it opened prove neither good nor worse."""
    opened = tripped(Breaker(), NOW, "20003")
    later = NOW + seconds(20)
    for after in (succeeded(opened), failed(opened, later, "http-500"), tripped(opened, later, "20403")):
        assert after == opened


@pytest.mark.parametrize("before", [Breaker(), tripped(Breaker(), NOW, "20003")])
def test_a_jammed_one_waits_for_a_person(before: Breaker) -> None:
    """No look is taken, and one that was under way changes nothing."""
    stuck = jammed(before, "another number was echoed")
    assert not may_probe(stuck, NOW + timedelta(days=365))
    for after in (
        mended(stuck),
        refuted(stuck, NOW, "20003"),
        succeeded(stuck),
        tripped(stuck, NOW, "20003"),
    ):
        assert after == stuck
    assert left_s(stuck, NOW) == 600


@dataclass
class Life:
    """A breaker, its clock, and what it has been through."""

    breaker: Breaker = field(default_factory=Breaker)
    now: datetime = NOW
    row: int = 0


STEPS = st.lists(
    st.one_of(
        st.sampled_from(["succeeded", "failed", "tripped", "jammed", "looked well", "looked ill"]),
        st.integers(0, 900),
    ),
    max_size=60,
)


def step(life: Life, what: str | int) -> None:
    """Let something happen."""
    before = life.breaker
    match what:
        case int():
            life.now += seconds(what)
        case "succeeded":
            life.breaker, life.row = succeeded(before), 0
        case "failed":
            life.breaker, life.row = failed(before, life.now, "http-500"), life.row + 1
        case "tripped":
            life.breaker = tripped(before, life.now, "20003")
        case "jammed":
            life.breaker = jammed(before, "echo")
        case _ if may_probe(before, life.now):
            looking = probing(before, life.now)
            assert not may_probe(looking, life.now)
            well = what == "looked well"
            life.breaker = mended(looking) if well else refuted(looking, life.now, "20003")
        case _:
            pass


@given(STEPS)
def test_whatever_happens_it_keeps_its_word(steps: list[str | int]) -> None:
    """It closes by a good look alone, after a pause of 30 s to 10 minutes; a jammed one never; the count is honest."""
    life = Life()
    for what in steps:
        before, then = life.breaker, life.now
        step(life, what)
        after = life.breaker
        if before.why and not after.why:
            assert what == "looked well"
            assert before.until is not None
            assert then >= before.until
        if not before.why and after.why and after.until:
            assert FIRST_PAUSE <= after.until - life.now <= LONGEST_PAUSE
            assert what == "tripped" or (what == "failed" and after.failures >= LIMIT)
        if before.why and before.until is None:
            assert after == before or (what == "jammed" and after.until is None)
        if life.row >= LIMIT:
            assert after.why
        assert (after.why is None) <= (after.until is None)
        assert left_s(after, life.now) >= 1
        assert may_probe(after, life.now + LONGEST_PAUSE) == (
            after.why is not None and after.until is not None
        )
