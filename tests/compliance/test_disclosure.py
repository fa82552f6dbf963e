"""Whether a script says what it must, before it sells."""

from hypothesis import given
from hypothesis import strategies as st

from compliance.disclosure import missing_disclosures
from compliance.rulebook import packaged_law

RULE = packaged_law().rulebooks["JP"].disclosures[0]
OTHERS = ["pitch", "survey_opening", "price"]


def test_a_greeting_may_come_first() -> None:
    """Good day, am I speaking to…, this call is recorded: then who, what and why (JP-D1)."""
    assert missing_disclosures(["greeting", "identity_check", *RULE.elements, "pitch"], RULE) == ()


def test_what_comes_after_the_pitch_is_missing() -> None:
    """Said too late is not said."""
    says = ["company_name", "caller_name", "pitch", "product_type", "solicitation_purpose"]
    assert missing_disclosures(says, RULE) == ("product_type", "solicitation_purpose")


@given(st.lists(st.sampled_from([*RULE.elements, *RULE.greetings, *OTHERS]), max_size=9))
def test_a_script_is_complete_when_all_comes_before_anything_else(says: list[str]) -> None:
    """Complete means: before the first word that is neither duty nor greeting, every duty was said."""
    first = min((says.index(other) for other in OTHERS if other in says), default=len(says))
    assert (missing_disclosures(says, RULE) == ()) == (set(RULE.elements) <= set(says[:first]))
