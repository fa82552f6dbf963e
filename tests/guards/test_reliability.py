"""The table of faults says what is tested, and no more."""

import re
from dataclasses import dataclass

import pytest

from tests.guards import tree
from tests.guards.papers import section, text_of

FAULTS = {*range(1, 30), *range(36, 42), *range(48, 55)}
PROMISES = {f"P{number}" for number in range(1, 13)}
ROW = re.compile(r"^\| F(\d+) \| (.+?) \| (.+?) \| `(.+?)` \| (.+?) \|$", re.MULTILINE)
RESULT = re.compile(r"holds|open|partly: .+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault as the table has it; `test` may have a star where its name is not known yet."""

    number: int
    test: str
    result: str


def rows(text: str) -> list[Row]:
    """Return the rows of the table."""
    return [Row(number=int(found[1]), test=found[4], result=found[5]) for found in ROW.finditer(text)]


def problems(row: Row) -> list[str]:
    """Return what is wrong with a row: a test that is not there, of another fault, or a result that nobody can read."""
    found = []
    files = list(tree.ROOT.glob(row.test))
    if not re.match(rf"tests/faults/test_f{row.number:02d}_", row.test):
        found.append(f"F{row.number} names the test of another fault: {row.test}")
    if not RESULT.fullmatch(row.result):
        found.append(f"F{row.number} has a result that is none: {row.result}")
    if not files and row.result != "open":
        found.append(f"F{row.number} has no test, and is not open: {row.test}")
    found += [
        f"{file.name} has a test that does not bear its number: {name}"
        for file in files
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
        if not name.startswith(f"test_f{row.number:02d}_")
    ]
    return found


def test_every_fault_has_its_row_and_every_row_its_test() -> None:
    """A row without a test is marked open; a test bears the number of its fault in its file and in its name."""
    told = rows(section(text_of("docs/reliability.md"), "## Faults"))
    assert sorted(row.number for row in told) == sorted(FAULTS)
    assert [problem for row in told for problem in problems(row)] == []


def test_every_test_of_a_fault_has_its_row() -> None:
    """Whoever adds a file finds it missing from the table here."""
    told = rows(text_of("docs/reliability.md"))
    listed = {file for row in told for file in tree.ROOT.glob(row.test)}
    assert sorted(set((tree.ROOT / "tests" / "faults").glob("test_*.py")) - listed) == []


def test_every_promise_is_made() -> None:
    """P1 to P12, each in words that a buyer reads."""
    told = re.findall(r"^\| (P\d+) \| \*\*", text_of("docs/reliability.md"), re.MULTILINE)
    assert set(told) == PROMISES
    assert len(told) == len(PROMISES)


@pytest.mark.parametrize(
    "row",
    [
        "| F3 | a | b | `tests/faults/test_f03_nothing_there.py` | holds |",
        "| F3 | a | b | `tests/faults/test_f04_answer_lost_call_never_made.py` | holds |",
        "| F3 | a | b | `tests/faults/test_f03_*.py` | fine |",
        "| F1 | a | b | `tests/faults/test_f01_nothing_*.py` | partly: what |",
    ],
)
def test_a_wrong_row_is_caught(row: str) -> None:
    """No such file, another fault's, a word that is no result, a part of nothing."""
    (found,) = rows(row)
    assert problems(found)
