"""Personal data with its middle taken out."""

from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import PERSONAL, mask_email, mask_mapping, mask_number
from tests.compliance.builders import MAILBOX, MOBILE


def test_numbers_and_mailboxes_can_be_recognised_and_not_used() -> None:
    """Country, last digits, first letter and domain stay."""
    assert mask_number(MOBILE) == "+81…5678"
    assert mask_number("12345") == "…"
    assert mask_email(MAILBOX) == "t…@example.jp"
    assert mask_email("nonsense") == "…"


def test_personal_keys_are_masked_at_any_depth() -> None:
    """Whatever stands under a personal key is masked, also in lists and mappings; the rest stays."""
    line = {
        "event": "call_placed",
        "to": MOBILE,
        "name": "山田太郎",
        "email": None,
        "nested": {"phone": [MOBILE, MAILBOX], "count": 3},
        "address": {"city": "札幌"},
    }
    assert mask_mapping(line) == {
        "event": "call_placed",
        "to": "+81…5678",
        "name": "…",
        "email": None,
        "nested": {"phone": ["+81…5678", "t…@example.jp"], "count": 3},
        "address": {"city": "…"},
    }


@given(st.sampled_from(sorted(PERSONAL)), st.integers(10**9, 10**14).map(lambda digits: f"+{digits}"))
def test_no_number_survives_whole(key: str, number: str) -> None:
    """Under any personal key, no number comes through."""
    shown = str(mask_mapping({"more": [{key: number}]})["more"])
    assert number not in shown
    assert sum(char.isdigit() for char in shown) == 6
