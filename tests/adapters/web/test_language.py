import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.language import LANGUAGES, accepted, words_in
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.terms import ReasonCode
from dialer.agents import AgentState
from dialer.view import CampaignState

KINDS = {
    "outcome": Outcome,
    "ending": Ending,
    "lead": LeadState,
    "agent": AgentState,
    "campaign": CampaignState,
    "reason": ReasonCode,
}


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogs_say_the_same_things() -> None:
    """A word that one language lacks would be a hole in its page; a figure left out would be a silent loss."""
    ja, en = words_in("ja").catalog, words_in("en").catalog
    assert set(ja) == set(en)
    assert {key: fields(text) for key, text in ja.items()} == {key: fields(text) for key, text in en.items()}
    assert all(text.strip() for text in [*ja.values(), *en.values()])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_ours_has_a_word(kind: str, language: str) -> None:
    """Whoever adds a state, an outcome or a reason is told to name it in both languages, and no name is left over."""
    prefix = f"{kind}."
    named = {key.removeprefix(prefix) for key in words_in(language).catalog if key.startswith(prefix)}
    assert named == {value.value for value in KINDS[kind]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["outcome", "agent", "reason", "campaign"])
def test_two_values_of_a_kind_never_share_a_word(kind: str, language: str) -> None:
    """Two rows of one list that read alike could not be told apart."""
    said = [words_in(language).of(kind, value.value) for value in KINDS[kind]]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", "ja"),
        ("en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,ja;q=0.3", "ja"),
        ("de", "en"),
        ("en;q=0.2, ja;q=0.9", "ja"),
        ("ja;q=0", "en"),
        ("ja;q=often, en", "en"),
    ],
)
def test_the_browser_s_wish_is_understood(header: str, language: str) -> None:
    """Weights count, regions do not, and what cannot be read is passed over."""
    assert accepted(header) == language


@given(st.text(max_size=80))
def test_any_header_gives_a_language_of_ours(header: str) -> None:
    """Nothing a browser sends leaves a page without words."""
    assert accepted(header) in LANGUAGES
