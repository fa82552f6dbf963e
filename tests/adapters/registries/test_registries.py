"""Lists are read in whole or not at all, asked at once, and never taken for empty when they cannot be read."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.registries.copies import MANIFEST, read_manifest
from adapters.registries.importing import ImportRefused, Intake, Taken, take_in
from adapters.registries.pages import Builder, Pages, page_of, size_of
from adapters.registries.shelf import Shelf
from compliance.registry import registries

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
NATIONAL = "us_national_dnc"


def a_file(folder: Path, lines: Sequence[str], name: str = "list.txt") -> Path:
    """A list on disk."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def read_in(folder: Path, lines: Sequence[str], name: str = NATIONAL, **changed: Any) -> Taken:
    """Read a list into the copies below `folder`."""
    now = changed.pop("now", NOW)
    files = changed.pop("files", None) or [a_file(folder, lines)]
    plain = {"registry": registries()[name], "files": files, "as_of": date(2026, 11, 20), "by": "kato"}
    return take_in(folder / "registries", Intake(**{**plain, **changed}), now)


def is_listed(folder: Path, number: str, name: str = NATIONAL) -> bool:
    """What a shelf opened now says."""
    (found,) = [one for one in Shelf(folder / "registries").listings(number) if one.registry == name]
    assert found.fault is None
    return found.is_listed


@pytest.mark.parametrize(
    "lines",
    [
        ["212,5550101", "305,5550199"],
        ["2125550101", "3055550199"],
        ["number", '"212","5550101"', '"305","5550199"'],
        [
            "<list>",
            "<ac val='212'>",
            "<ph val='5550101'/>",
            "</ac>",
            "<ac val='305'>",
            "<ph val='5550199'/>",
            "</ac>",
        ],
    ],
)
def test_a_full_list_is_understood_in_each_form(tmp_path: Path, lines: list[str]) -> None:
    """Area and number apart or together, with a heading, as XML (US-DNC-2)."""
    assert read_in(tmp_path, lines).manifest.count == 2
    assert is_listed(tmp_path, "+12125550101")
    assert is_listed(tmp_path, "+13055550199")
    assert not is_listed(tmp_path, "+12125550199")


def test_an_archive_is_opened(tmp_path: Path) -> None:
    """As it is downloaded."""
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("full.txt", "212,5550101\n")
    read_in(tmp_path, [], files=[path])
    assert is_listed(tmp_path, "+12125550101")


def test_other_countries_numbers_are_normalised_and_dated(tmp_path: Path) -> None:
    """Any writing of the country, and the day of registration where it is told (NUM-1, UK-DNC-1)."""
    read_in(tmp_path, ["number,registered", "020 7946 0123,2026-11-01", "+44 20 7946 0999"], "uk_tps")
    (dated,) = Shelf(tmp_path / "registries").listings("+442079460123")
    (plain,) = Shelf(tmp_path / "registries").listings("+442079460999")
    assert dated.is_listed
    assert dated.registered_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert plain.is_listed
    assert plain.registered_at is None
    assert Shelf(tmp_path / "registries").listings("+819012345678") == ()


def test_changes_are_laid_on_a_full_list(tmp_path: Path) -> None:
    """Added and deleted; what was there stays, and the copy is of the day of the changes."""
    read_in(tmp_path, ["212,5550101", "212,5550102"])
    taken = read_in(
        tmp_path,
        ["212,5550102,2026-11-21,D", "305,5550199,2026-11-21,A"],
        is_change=True,
        as_of=date(2026, 11, 21),
        now=NOW,
    )
    assert (taken.manifest.count, taken.manifest.as_of) == (2, "2026-11-21")
    assert [is_listed(tmp_path, f"+1{number}") for number in ("2125550101", "2125550102", "3055550199")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("lines", "changed", "said"),
    [
        (["212,5550101", "hello", "12"], {}, r"list\.txt:2: 'hello'"),
        (["212,0550101"], {}, "no number of the plan"),
        ([], {}, "no number in it"),
        (["212,5550101"], {"as_of": date(2026, 11, 25)}, "still to come"),
        (["212,5550101,A"], {"is_change": True, "as_of": date(2026, 11, 19)}, "do not follow it"),
        (["212,5550101,A"], {"is_change": True, "as_of": date(2026, 12, 30)}, "still to come"),
        (["212,5550101,2026-11-21,?"], {"is_change": True, "as_of": date(2026, 11, 21)}, "does not say what"),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    tmp_path: Path, lines: list[str], changed: Any, said: str
) -> None:
    """One clear error with the line, and the old copy stays in force."""
    read_in(tmp_path, ["212,5550101"])
    before = (tmp_path / "registries" / NATIONAL / MANIFEST).read_bytes()
    with pytest.raises(ImportRefused, match=said):
        read_in(tmp_path, lines, **changed)
    assert (tmp_path / "registries" / NATIONAL / MANIFEST).read_bytes() == before
    assert is_listed(tmp_path, "+12125550101")


def test_changes_without_a_full_list_are_refused(tmp_path: Path) -> None:
    """There is nothing to lay them on."""
    with pytest.raises(ImportRefused, match="import a full list"):
        read_in(tmp_path, ["212,5550101,A"], is_change=True)


def test_bad_lines_may_be_left_out_by_order(tmp_path: Path) -> None:
    """And are told."""
    taken = read_in(tmp_path, ["212,5550101", "hello"], skips_bad=True)
    assert (taken.manifest.count, len(taken.bad)) == (1, 1)


def test_a_shelf_takes_the_new_copy_at_its_next_look(tmp_path: Path) -> None:
    """Without being opened again."""
    read_in(tmp_path, ["212,5550101"])
    shelf = Shelf(tmp_path / "registries")
    assert shelf.contains(NATIONAL, ["+12125550101", "+12125550102"]) == [True, False]
    read_in(tmp_path, ["212,5550102"], now=NOW.replace(hour=4))
    assert shelf.contains(NATIONAL, ["+12125550101", "+12125550102"]) == [False, True]


@pytest.mark.parametrize("harm", ["manifest", "size", "gone"])
def test_a_copy_that_is_broken_is_a_fault_and_never_an_empty_list(tmp_path: Path, harm: str) -> None:
    """Torn manifest, wrong size, file gone (POL-3)."""
    read_in(tmp_path, ["212,5550101"])
    root = tmp_path / "registries" / NATIONAL
    bits = root / read_manifest(root / MANIFEST).folder / "bits.bin"
    if harm == "manifest":
        (root / MANIFEST).write_text('{"registry"', "utf-8")
    elif harm == "size":
        bits.write_bytes(bits.read_bytes()[:-1])
    else:
        bits.unlink()
    (found,) = Shelf(tmp_path / "registries").listings("+12125550101")
    assert found.fault
    assert not found.is_listed
    with pytest.raises(LookupError):
        Shelf(tmp_path / "registries").contains(NATIONAL, ["+12125550101"])


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    """By the seal, when somebody asks for it."""
    read_in(tmp_path, ["212,5550101"])
    root = tmp_path / "registries" / NATIONAL
    copy = Shelf(tmp_path / "registries").copy(NATIONAL)
    assert copy is not None
    assert not isinstance(copy, str)
    assert copy.broken(root) == []
    bits = root / copy.manifest.folder / "bits.bin"
    with bits.open("r+b") as file:
        file.write(b"\xff")
    assert copy.broken(root) == ["bits.bin"]


NUMBERS = st.sets(
    st.one_of(
        st.integers(12002000000, 19999999999).filter(lambda number: number % 10_000_000 >= 2_000_000),
        st.integers(44_1000000000, 44_1000999999),
    ),
    max_size=40,
)


@given(NUMBERS, NUMBERS)
def test_the_pages_are_a_set(
    tmp_path_factory: pytest.TempPathFactory, inside: set[int], taken_out: set[int]
) -> None:
    """Whatever is put in and taken out, in any order of pages; the count is right and both ways to ask agree."""
    path = tmp_path_factory.mktemp("pages") / "bits.bin"
    with Builder(path) as builder:
        for number in inside:
            assert builder.put(number)
        for number in taken_out:
            builder.put(number, is_added=False)
    left = inside - taken_out
    pages = Pages(path, builder.places)
    asked = sorted(inside | taken_out | {number + 1 for number in inside})
    assert builder.count == len(left)
    assert pages.among(asked) == [number in left for number in asked] == [number in pages for number in asked]
    assert path.stat().st_size == sum(
        size_of(page) for page in {page_of(number)[0] for number in inside | taken_out}
    )
    pages.close()
