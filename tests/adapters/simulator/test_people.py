"""The population: it repeats to the last digit, and on the whole it is as people are."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.chance import Chance, pick
from adapters.simulator.people import (
    NEVER_PICKED_UP_S,
    Kind,
    MailKind,
    Population,
    Reaction,
    answer_rate,
    is_mobile,
)
from campaigns.outcome import DISPOSABLE, Outcome
from tests.adapters.simulator.builders import TEN_IN_TOKYO, numbers

SOME_NUMBERS = st.integers(10_000_000, 99_999_999).map(lambda n: f"+8190{n}")
SOME_TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@pytest.fixture(scope="module")
def crowd() -> list[Reaction]:
    """What 6,000 first calls at ten in Tokyo meet, two thirds of them to mobiles."""
    people = Population("1")
    local = people.local(TEN_IN_TOKYO)
    mobiles = list(islice(numbers(), 4000))
    landlines = [f"+813{n:08d}" for n in range(20_000_000, 20_002_000)]
    return [people.reaction(each, local, 1) for each in mobiles + landlines]


def share(crowd: list[Reaction], *kinds: Kind) -> float:
    """Which share of the calls meets one of these."""
    return sum(each.kind in kinds for each in crowd) / len(crowd)


def test_as_many_answer_as_people_do(crowd: list[Reaction]) -> None:
    """About a third answers, an eighth is a machine, a few are busy, fail or do not exist."""
    assert 0.30 < share(crowd, Kind.ANSWER) < 0.40
    assert 0.10 < share(crowd, Kind.MACHINE) < 0.14
    assert 0.03 < share(crowd, Kind.BUSY) < 0.05
    assert 0.008 < share(crowd, Kind.FAILED) < 0.022
    assert 0.006 < share(crowd, Kind.GONE) < 0.02


def test_they_say_what_people_say(crowd: list[Reaction]) -> None:
    """Six in a hundred buy, eight refuse for good, two opt out, two are the wrong person."""
    said = [each.says for each in crowd if each.kind is Kind.ANSWER]

    def rate(outcome: Outcome) -> float:
        return said.count(outcome) / len(said)

    assert 0.045 < rate(Outcome.SOLD) < 0.075
    assert 0.06 < rate(Outcome.REFUSED) < 0.10
    assert 0.01 < rate(Outcome.OPTED_OUT) < 0.03
    assert 0.01 < rate(Outcome.WRONG_NUMBER) < 0.03


def test_talks_are_as_long_as_talks_are(crowd: list[Reaction]) -> None:
    """A quarter is over in about twenty seconds, the others take a little under two minutes on average."""
    answered = [each for each in crowd if each.kind is Kind.ANSWER]
    final = {Outcome.REFUSED, Outcome.OPTED_OUT, Outcome.WRONG_NUMBER}
    assert 15 < mean(each.talk_s for each in answered if each.says in final) < 25
    assert 0.18 < sum(each.talk_s < 35 for each in answered) / len(answered) < 0.42
    assert 75 < mean(each.talk_s for each in answered) < 105
    assert 10 < mean(each.ring_s for each in answered) < 14


def test_the_clock_and_the_line_matter() -> None:
    """Evenings are better than mornings, landlines better than mobiles by day, nobody answers at three at night."""
    assert answer_rate(19, mobile=True) > answer_rate(10, mobile=True)
    assert answer_rate(10, mobile=False) > answer_rate(10, mobile=True)
    assert answer_rate(3, mobile=True) < 0.05
    assert is_mobile("+819012345678")
    assert not is_mobile("+81312345678")


def test_mail_is_mostly_ignored() -> None:
    """Eight in a hundred answer, three unsubscribe, three addresses are dead, and those stay dead."""
    people = Population("1")
    addresses = [f"p{n}@example.jp" for n in range(6000)]
    kinds = [people.mail_reaction(each, 1).kind for each in addresses]
    assert 0.065 < kinds.count(MailKind.ANSWER) / 6000 < 0.095
    assert 0.02 < kinds.count(MailKind.UNSUBSCRIBE) / 6000 < 0.04
    dead = [each for each, kind in zip(addresses, kinds, strict=True) if kind is MailKind.BOUNCE]
    assert 0.02 < len(dead) / 6000 < 0.04
    assert {people.mail_reaction(each, 2).kind for each in dead} == {MailKind.BOUNCE}


@given(st.text(max_size=8), SOME_NUMBERS, SOME_TIMES, st.integers(1, 9))
def test_a_reaction_depends_on_nothing_but_what_is_given(
    seed: str, number: str, at: datetime, nth: int
) -> None:
    """Two populations of one seed agree whatever was asked of them before, and every reaction makes sense."""
    one, other = Population(seed), Population(seed)
    other.reaction("+81312345678", other.local(at), 3)
    reaction = one.reaction(number, one.local(at), nth)
    assert reaction == other.reaction(number, other.local(at), nth)
    assert 1 <= reaction.setup_s <= 3
    assert reaction.ring_s >= 2
    assert reaction.talk_s > 0
    assert reaction.says in DISPOSABLE
    assert (reaction.kind is Kind.MACHINE) == (reaction.says is Outcome.MACHINE)
    assert (reaction.ring_s == NEVER_PICKED_UP_S) == (reaction.kind not in {Kind.ANSWER, Kind.MACHINE})


def test_another_seed_is_another_population() -> None:
    """The same call meets something else under another seed, in most cases."""
    here, there = Population("1"), Population("2")
    local = here.local(TEN_IN_TOKYO)
    same = sum(here.reaction(n, local, 1) == there.reaction(n, local, 1) for n in islice(numbers(), 200))
    assert same == 0


@given(SOME_NUMBERS, SOME_TIMES, st.integers(1, 5))
def test_a_wish_to_be_called_lies_ahead(number: str, at: datetime, nth: int) -> None:
    """A person asks for a quarter of an hour within the next day or so."""
    wish = Population("1").callback_at(number, nth, at)
    assert at < wish + timedelta(minutes=15)
    assert wish - at <= timedelta(hours=26)
    assert (wish.minute % 15, wish.second) == (0, 0)


@given(st.floats(0, 1, exclude_max=True), st.lists(st.floats(0, 0.2), max_size=5))
def test_a_pick_is_one_of_the_choices(u: float, shares: list[float]) -> None:
    """Whatever is drawn, one of the values or the remainder comes out."""
    assert pick(u, dict(enumerate(shares)), -1) in {*range(len(shares)), -1}


@given(st.text(), st.floats(0, 1))
def test_shares_are_kept_to(seed: str, wanted: float) -> None:
    """A share of none never happens, a share of all always does."""
    chance = Chance(seed)
    assert not chance.happens(0, "x", wanted)
    assert chance.happens(1, "x", wanted)
