from hypothesis import given
from hypothesis import strategies as st

from campaigns.script import one_line, placeholders, readable, render, script_for, spoken_values
from tests.campaigns.builders import a_campaign, a_contact

TEXT = st.text(max_size=60)


def test_placeholders_are_replaced_and_double_braces_are_braces() -> None:
    """Nothing else happens: no logic, no attributes, no formats."""
    assert render("{name}様 {{x}} { 会員ランク }", {"name": "山田", "会員ランク": "A"}) == "山田様 {x} A"


def test_an_empty_cell_leaves_nothing() -> None:
    """A call must not fail because a cell was empty."""
    assert render("[{会員ランク}]", {}) == "[]"


def test_the_script_is_in_the_persons_language_or_in_the_lists() -> None:
    """English speakers hear English; whoever speaks neither hears the list's language."""
    campaign = a_campaign()
    assert script_for(campaign, "en").steps[0].startswith("This is")
    assert script_for(campaign, "fr") == script_for(campaign, "ja")


def test_an_agent_reads_real_names_and_numbers() -> None:
    """Every placeholder of the campaign's own scripts gets its value, numbers as people write them."""
    campaign = a_campaign()
    values = spoken_values(campaign, a_contact(ランク="金"), "ja", agent="佐藤")
    assert [render(step, values) for step in script_for(campaign, "ja").steps] == [
        "みどり園の佐藤です。煎茶のご案内です。",
        "山田 花子様は金会員です。",
    ]
    assert values["callback"] == "054-255-9999"
    assert readable("+81542559999", "en") == "+81 54-255-9999"


def test_a_column_cannot_stand_in_for_our_own_names() -> None:
    """A list with a column called `seller` does not change who is calling."""
    values = spoken_values(a_campaign(), a_contact(seller="別の会社", agent="誰か"), "ja", agent="佐藤")
    assert (values["seller"], values["agent"]) == ("みどり園", "佐藤")


@given(value=TEXT)
def test_what_a_list_holds_is_never_read_as_a_template(value: str) -> None:
    """A cell with braces stays that cell, on one line, whatever else is known."""
    assert render("{a}", {"a": value, "b": "secret"}) == one_line(value)


@given(text=TEXT, values=st.dictionaries(TEXT, TEXT, max_size=3))
def test_any_text_renders(text: str, values: dict[str, str]) -> None:
    """No text and no values make rendering fail."""
    rendered = render(text, values)
    if not list(placeholders(text)) and "{" not in text and "}" not in text:
        assert rendered == text


@given(value=TEXT)
def test_a_value_is_one_line(value: str) -> None:
    """No line break of any script survives, and doing it twice changes nothing."""
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
