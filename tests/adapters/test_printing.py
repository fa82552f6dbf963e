"""What the terminal says of a budget."""

import pytest
from rich.console import Console

from adapters.printing import show_summary
from adapters.words import words_in
from dialer.reports import BudgetLine
from tests.support.summaries import a_summary


def printed(language: str, budget: BudgetLine | None) -> str:
    """A summary as a wide terminal shows it."""
    console = Console(record=True, width=160)
    show_summary(console, a_summary(budget=budget), words_in(language))
    return console.export_text()


@pytest.mark.parametrize(
    ("language", "word", "over"), [("en", "Budget spent", "paused"), ("ja", "予算", "一時停止")]
)
def test_a_budget_is_told(language: str, word: str, over: str) -> None:
    """What is spent of how much, and that it is the reason for a pause; nothing of it without one."""
    line = BudgetLine(spent="36", promised="0", amount="40", currency="JPY", is_used_up=True)
    row = next(row for row in printed(language, line).splitlines() if word in row)
    assert "36" in row
    assert "/ 40 JPY" in row
    assert over in row
    assert word not in printed(language, None)
