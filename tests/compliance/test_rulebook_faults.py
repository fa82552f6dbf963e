"""Mistakes in a rulebook are found when it is loaded, with line, column and what to write."""

from pathlib import Path

import pytest

from compliance.problem import DocumentInvalid
from compliance.rulebook import parse_rulebook

FOLDER = Path(__file__).parents[2] / "compliance" / "rulebooks"


def problem_of(file: str, old: str, new: str) -> tuple[int, int, str, str]:
    """Line, column, what is wrong and the remedy, of the last problem after a change."""
    text = (FOLDER / file).read_text("utf-8")
    assert old in text
    with pytest.raises(DocumentInvalid) as caught:
        parse_rulebook(text.replace(old, new, 1), file)
    found = caught.value.problems[-1]
    assert found.what["ja"]
    assert found.remedy["ja"]
    return found.line, found.column, found.what["en"], found.remedy["en"]


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "remedy"),
    [
        ("us.yaml", "version: 2026.11.1", "versoin: 2026.11.1", "versoin", "version"),
        ("us.yaml", '"08:00-21:00"', '"21:00-08:00"', "21:00-08:00", "swap"),
        ("fr.yaml", '"10:00-13:00", "14:00-20:00"', '"10:00-15:00", "14:00-20:00"', "overlap", ""),
        ("au.yaml", "Australia/Perth", "Australia/Pearth", "Australia/Pearth", "Australia/Perth"),
        ("us_sd.yaml", "America/Denver", "America/Denvr", "America/Denvr", "America/Denver"),
        ("us_fl.yaml", "{24h: 3}", "{24h: 0}", "0", "1"),
        ("us_fl.yaml", "{24h: 3}", "{24h: -1}", "-1", "1"),
        ("us_fl.yaml", "{24h: 3}", "{24 hours: 3}", "24 hours", "24h"),
        ("us.yaml", 'most: "3%"', "most: 3", "3", "3%"),
        ("us.yaml", 'most: "3%"', "most: 0", "0", ""),
        ("us_la.yaml", "proclaimed: true", 'also: ["2026-02-30"]', "2026-02-30", "2026-04-01"),
        ("gb.yaml", "rest: 72h", "rest: 72", "72", "m"),
        ("gb.yaml", "max_age_days: 28", "max_age_days: 0", "0", "1"),
        (
            "us.yaml",
            "code: NATIONAL_DNC",
            "code: NATIONAL_DO_NOT_CALL",
            "NATIONAL_DO_NOT_CALL",
            "NATIONAL_DNC",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_place(file: str, old: str, new: str, what: str, remedy: str) -> None:
    """Unknown key, inverted or overlapping windows, no such zone, limits of nothing, a bare 3, the 30th of February."""
    line, column, said, told = problem_of(file, old, new)
    assert (line > 1, column >= 1) == (True, True)
    assert what in said
    assert remedy in told
