"""The people of a practice: who they are, what they want, and what they say of it."""

from collections import Counter
from datetime import timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.chance import Chance
from adapters.simulator.conversations import conversation, conversations, hour_in_words, wished_hour
from adapters.simulator.habits import Habits
from adapters.simulator.people import Kind, Population
from adapters.simulator.practice import EAGER, is_foreign, people
from campaigns.outcome import DISPOSABLE, Outcome
from campaigns.script import render, spoken_values
from compliance.document import build
from compliance.problem import DocumentInvalid
from tests.support.builders import NOON, the_campaign

TOKYO = ZoneInfo("Asia/Tokyo")
VALUES = {"seller": "Midorien", "product": "green tea", "when": "tomorrow"}


@given(
    seed=st.text(max_size=8),
    wish=st.sampled_from(sorted(DISPOSABLE)),
    talk_s=st.floats(0, 600),
    language=st.sampled_from(["ja", "en"]),
    foreign=st.booleans(),
)
def test_every_talk_comes_to_the_point_before_it_ends(
    seed: str, wish: Outcome, talk_s: float, language: str, foreign: bool
) -> None:
    """Lines in order, all within the talk, exactly one that decides, no placeholder left."""
    lines = conversation(
        Chance(seed), wish, talk_s=talk_s, language=language, values=VALUES, is_foreign=foreign
    )
    assert sum(line.decides for line in lines) == 1
    assert all(0 <= line.at_s <= max(talk_s, 1.5) for line in lines)
    assert all(before.at_s <= after.at_s for before, after in pairwise(lines))
    assert {line.language for line in lines} == {language}
    assert not any({"{", "}"} & set(line.text) for line in lines)


def test_every_wish_is_written_in_both_languages() -> None:
    """Japanese in Japanese letters, English without them."""
    book = conversations()
    assert set(book.wishes) == DISPOSABLE
    turns = [book.other_language, *(turn for turns in book.wishes.values() for turn in turns)]
    assert all(any("ぁ" <= letter <= "ヿ" for letter in text) for turn in turns for text in turn.ja)
    assert all(text.isascii() for turn in turns for text in turn.en)
    assert {turn.opinion for turn in turns} >= {"price", "question", "complaint", "praise"}


def test_a_callback_names_its_day() -> None:
    """And nothing else does."""
    for wish, turns in conversations().wishes.items():
        named = any("{when}" in text for turn in turns for text in (*turn.ja, *turn.en))
        assert named is (wish is Outcome.CALLBACK)


def test_the_wished_hour_is_said_as_people_say_it() -> None:
    """The day and the weekday, on the person's own clock."""
    now = NOON
    at = (now.astimezone(TOKYO) + timedelta(days=1)).replace(hour=18, minute=30)
    assert hour_in_words(at, now, "ja") == "明日(水曜日)の18時30分"
    assert hour_in_words(at, now, "en") == "tomorrow (Wednesday) at 18:30"
    hours = [wished_hour(Chance(str(seed)), now, TOKYO) for seed in range(200)]
    assert {1, 2} == {(one.date() - now.astimezone(TOKYO).date()).days for one in hours}
    assert any(one.hour >= 20 for one in hours)
    assert any(one.hour < 20 for one in hours)


def test_the_people_are_invented_and_fill_every_placeholder() -> None:
    """In the agent's languages only; the same for the same seed; nobody twice; no fact is empty."""
    campaign = the_campaign()
    found = list(islice(people("7", campaign, ("ja",), NOON), 50))
    assert found == list(islice(people("7", campaign, ("ja",), NOON), 50))
    assert {one.language for one in found} == {"ja"}
    assert len({one.key for one in found}) == len({one.phones[0].number for one in found}) == 50
    for one in found:
        assert all(one.facts[name] for name in ("会員ランク", "前回商品", "都道府県", "最終購入日"))
        values = spoken_values(campaign, one, "ja", agent="青木")
        assert all("「」" not in render(step, values) for step in campaign.scripts["ja"].steps)
    assert {one.language for one in islice(people("7", campaign, ("en",), NOON), 20)} == {"en"}


def test_nearly_everybody_answers_and_every_wish_comes_up() -> None:
    """Of 300 people; the double draws the same."""
    population = Population("3", habits=EAGER)
    numbers = [one.phones[0].number for one in islice(people("3", the_campaign(), ("ja",), NOON), 300)]
    met = [population.reaction(number, population.local(NOON), 1) for number in numbers]
    assert sum(one.kind is Kind.ANSWER for one in met) > 250
    says = Counter(one.says for one in met if one.kind in {Kind.ANSWER, Kind.MACHINE})
    assert set(says) == DISPOSABLE


def test_only_an_agent_of_both_languages_meets_the_other_one() -> None:
    """Now and then."""
    met = [is_foreign(Chance(str(seed)), "+8190", ("ja", "en")) for seed in range(300)]
    assert 10 < sum(met) < 80
    assert not any(is_foreign(Chance(str(seed)), "+8190", ("ja",)) for seed in range(300))


@pytest.mark.parametrize("says", ["{sold: 0.6, refused: 0.5}", "{machine: 0.1}", "{no_answer: 0.1}"])
def test_wishes_that_nobody_can_have_are_refused(says: str) -> None:
    """With where it stands."""
    with pytest.raises(DocumentInvalid, match=r"scenario\.yaml:1:7: These shares"):
        build(Habits, f"says: {says}\n", "scenario.yaml")
