import csv
import hashlib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.files import ConfigTree, config_tree, read_text
from adapters.firsts import FirstLines
from adapters.rejects import RejectsFile, escaped
from adapters.rows import ListFile, Row
from campaigns.rejects import Reject, RejectCode
from compliance.problem import DocumentInvalid
from tests.support.rosters import rejects_of

TEXT = "顧客番号,氏名,備考\r\nC1,髙橋　陽子,①㈱\r\nC2,山﨑,ｶﾅ\r\n"


def a_list(folder: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    """Write a list as it is, bytes or text."""
    path = folder / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows_of(path: Path) -> list[Row | Reject]:
    """Return all that a list holds."""
    with ListFile(path) as file:
        return list(file)


def read(folder: Path, content: bytes | str) -> list[tuple[int, object]]:
    """Return (line, cells or code) of everything in a list with the columns a, b, c."""
    head = b"a,b,c\n" if isinstance(content, bytes) else "a,b,c\n"
    found = rows_of(a_list(folder, head + content))  # type: ignore[operator]
    return [(one.line, list(one.cells.values()) if isinstance(one, Row) else one.code) for one in found]


def test_a_document_is_read_with_or_without_a_mark(tmp_path: Path) -> None:
    """Windows' editors put a mark at the head of UTF-8."""
    (tmp_path / "a.yaml").write_bytes("\ufeff名前: 値\n".encode())
    assert read_text(tmp_path / "a.yaml") == "名前: 値\n"


def test_bytes_that_are_no_text_are_shown_with_line_and_column(tmp_path: Path) -> None:
    """A campaign saved as Shift_JIS says where it stops being UTF-8, and what to do."""
    path = tmp_path / "a.yaml"
    path.write_bytes("campaign: x\ntitle: あ".encode() + "顧客".encode("cp932"))
    with pytest.raises(DocumentInvalid) as caught:
        read_text(path, "a.yaml")
    (problem,) = caught.value.problems
    assert problem.text("en").startswith("a.yaml:2:9: This holds bytes that are no UTF-8 text.")
    assert "Save the file as UTF-8" in problem.remedy["en"]
    assert "UTF-8で保存" in problem.text("ja")


@pytest.mark.parametrize(
    ("name", "says"), [("none.yaml", "There is no such file"), (".", "This is a folder"), ("big", "1 MiB")]
)
def test_a_document_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str, says: str) -> None:
    """As a value with a file and a sentence, not as an error of the machine."""
    (tmp_path / "big").write_bytes(b" " * ((1 << 20) + 1))
    with pytest.raises(DocumentInvalid, match=says):
        read_text(tmp_path / name)


def test_a_configuration_is_found_whole_or_by_part(tmp_path: Path) -> None:
    """A folder like config/, a folder of campaigns, or one file."""
    folder = tmp_path / "campaigns"
    folder.mkdir()
    for name in ("campaigns/b.yaml", "campaigns/a.yml", "campaigns/notes.txt", "policy.yaml", "dialer.yaml"):
        (tmp_path / name).touch()
    campaigns = (folder / "a.yml", folder / "b.yaml")
    whole = ConfigTree(
        campaigns=campaigns, policy=tmp_path / "policy.yaml", settings=tmp_path / "dialer.yaml"
    )
    assert config_tree(tmp_path) == whole
    assert config_tree(folder) == ConfigTree(campaigns=campaigns)
    assert config_tree(folder / "b.yaml") == ConfigTree(campaigns=campaigns[1:])


def test_a_folder_without_anything_is_a_problem(tmp_path: Path) -> None:
    """Nothing to check is not the same as nothing wrong."""
    with pytest.raises(DocumentInvalid, match="holds no campaign file"):
        config_tree(tmp_path)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_of_an_office_is_known(tmp_path: Path, written: str, known: str) -> None:
    """Also the letters that only Windows' Shift_JIS has, and half-width kana."""
    path = a_list(tmp_path, TEXT, written)
    with ListFile(path) as file:
        assert file.header == ("顧客番号", "氏名", "備考")
        cells = [list(one.cells.values()) for one in file if isinstance(one, Row)]
        assert file.encoding == known
    assert cells == [["C1", "髙橋　陽子", "①㈱"], ["C2", "山﨑", "ｶﾅ"]]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_few_bad_bytes_cost_their_row_and_not_the_encoding(tmp_path: Path, encoding: str) -> None:
    """The list is read as what most of it is; the bad row is rejected with the column."""
    lines = [f"C{number},髙橋,備考".encode(encoding) for number in range(40)]
    lines[7] = lines[7].replace(b",", b",\x81\xff", 1)
    path = a_list(tmp_path, "顧客番号,氏名,備考\n".encode(encoding) + b"\n".join(lines))
    (bad,) = [one for one in rows_of(path) if isinstance(one, Reject)]
    assert (bad.line, bad.column, bad.code) == (9, "氏名", RejectCode.CHARACTERS_UNREADABLE)


def test_an_encoding_shows_itself_late(tmp_path: Path) -> None:
    """A list whose first megabyte is plain ASCII is read on until something tells."""
    plain = b"".join(b"C%06d,x,y\n" % number for number in range(120_000))
    path = a_list(tmp_path, b"a,b,c\n" + plain + "C9,髙橋,備考\n".encode("cp932"))
    with ListFile(path) as file:
        assert file.encoding == "cp932"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, end: str) -> None:
    """Commas, semicolons, tabs; Unix, Windows, old Macintosh."""
    path = a_list(tmp_path, end.join([f"a{delimiter}b", f"1{delimiter}2", f"3{delimiter}4"]))
    assert rows_of(path) == [Row(line=2, cells={"a": "1", "b": "2"}), Row(line=3, cells={"a": "3", "b": "4"})]


def test_mixed_line_ends_and_blank_lines_keep_the_line_numbers(tmp_path: Path) -> None:
    """Lines are counted as an editor counts them; empty ones, also of commas only, say nothing."""
    assert read(tmp_path, "1,2,3\r\n\n4,5,6\r,,\n7,8,9") == [
        (2, ["1", "2", "3"]),
        (4, ["4", "5", "6"]),
        (6, ["7", "8", "9"]),
    ]


def test_quoted_cells_may_hold_anything(tmp_path: Path) -> None:
    """Commas, quotation marks, line ends; a mark inside a plain cell is a mark."""
    content = '1,"a, ""b""","c\r\nd"\n2,5" pipe,x\n3,"",y\n'
    assert read(tmp_path, content) == [
        (2, ["1", 'a, "b"', "c\nd"]),
        (4, ["2", '5" pipe', "x"]),
        (5, ["3", "", "y"]),
    ]


@pytest.mark.parametrize("follows", ["2,x,y\n3,x,y\n", '2,x,y\n3,"x",y\n', '2,"x,y\n3,x,y\n', ""])
def test_an_unclosed_quotation_mark_costs_one_line(tmp_path: Path, follows: str) -> None:
    """What follows it is read as if nothing had been."""
    found = read(tmp_path, f'1,"x,y\n{follows}')
    assert found[0] == (2, RejectCode.QUOTE_UNCLOSED)
    assert [line for line, _ in found] == list(range(2, 3 + follows.count("\n")))
    expected = sum(line.count('"') != 1 for line in follows.splitlines())
    assert sum(isinstance(cells, list) for _, cells in found) == expected


def test_a_cell_of_ten_megabytes_costs_one_line(tmp_path: Path) -> None:
    """It is refused without being held."""
    found = read(tmp_path, f"1,{'x' * 10_000_000},y\n2,x,y\n" + '3,"' + "y" * 10_000_000 + '",y\n4,x,y')
    assert found == [
        (2, RejectCode.LINE_TOO_LONG),
        (3, ["2", "x", "y"]),
        (4, RejectCode.LINE_TOO_LONG),
        (5, ["4", "x", "y"]),
    ]


def test_each_damage_has_its_own_code(tmp_path: Path) -> None:
    """Too few cells, too many, a zero byte."""
    assert read(tmp_path, b"1,2\n1,2,3,4\n1,\x002,3\n1,2,3\n") == [
        (2, RejectCode.CELL_COUNT),
        (3, RejectCode.CELL_COUNT),
        (4, RejectCode.CONTROL_CHARACTER),
        (5, ["1", "2", "3"]),
    ]


def test_the_digest_is_that_of_the_whole_file(tmp_path: Path) -> None:
    """The ledger names a list to its last byte."""
    path = a_list(tmp_path, TEXT, "cp932")
    with ListFile(path) as file:
        list(file)
        assert file.done == file.size == len(TEXT.encode("cp932"))
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_header_names_are_tidied_and_unnamed_columns_left_out(tmp_path: Path) -> None:
    """Full-width letters, spaces and an empty last column are how spreadsheets save."""
    path = a_list(tmp_path, '"ＴＥＬ ",　氏名　,\n1,2,\n')
    with ListFile(path) as file:
        assert list(file) == [Row(line=2, cells={"TEL": "1", "氏名": "2"})]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "list is empty"),
        ("\n\n", "list is empty"),
        ("a,b,ａ\n1,2,3\n", "list.csv:1:5: The column a is there twice"),
        ('a,"b\n1,2\n', "The header line is broken"),
    ],
)
def test_a_list_without_a_usable_header_is_refused(tmp_path: Path, content: str, says: str) -> None:
    """Nothing of it could be read rightly."""
    with pytest.raises(DocumentInvalid, match=says):
        ListFile(a_list(tmp_path, content))


def test_a_list_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """With the same words as any document."""
    with pytest.raises(DocumentInvalid, match="There is no such file"):
        ListFile(tmp_path / "none.csv")


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufffd"), max_size=12)
ODD = st.text(st.sampled_from("=+-@\t'＝＋－＠\",\n0a"), max_size=6)


@given(st.lists(st.lists(CELLS | ODD, min_size=6, max_size=6), max_size=4))
def test_what_is_exported_is_imported_unchanged(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """One apostrophe goes on and one comes off, also before one that was there (reliability 7.5)."""
    # A cell with five commas on one of its lines cannot be told from a row that follows an unclosed mark.
    assume(all(line.count(",") < 5 for row in rows for cell in row for line in cell.split("\n")))
    assume(all(any(row) and not "".join(row).isspace() for row in rows))
    path = tmp_path_factory.mktemp("round") / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([list("abcdef"), *(map(escaped, row) for row in rows)])
    assert [list(one.cells.values()) if isinstance(one, Row) else one for one in rows_of(path)] == rows


@given(CELLS | ODD)
def test_no_exported_cell_is_a_formula(cell: str) -> None:
    """Not in half width, not in full width."""
    assert escaped(cell)[:1] not in set("=+-@\t\n\r\0＝＋－＠")


def test_the_rejects_file_is_for_its_owner_and_for_spreadsheets(tmp_path: Path) -> None:
    """Line, column, value, code and both reasons; nobody else may read it; formulas are words."""
    path = tmp_path / "var" / "rejects.csv"
    said = {"fault": {"en": "=cmd", "ja": "式"}}
    with RejectsFile(path) as file:
        file.write(
            Reject(line=3, column="携帯電話", value="+81\n", code=RejectCode.NUMBER_UNREADABLE, said=said)
        )
    assert path.stat().st_mode & 0o777 == 0o600
    assert rejects_of(path) == [
        {
            "line": "3",
            "column": "携帯電話",
            "value": "'+81\n",
            "code": "number_unreadable",
            "reason": "'=cmd",
            "理由": "式",
        }
    ]


@given(st.lists(st.text(max_size=3), max_size=60))
def test_the_first_line_of_a_word_is_remembered(words: list[str]) -> None:
    """As a dictionary would."""
    firsts, oracle = FirstLines(), dict[str, int]()
    for line, word in enumerate(words, 1):
        assert firsts.first(word, line) == oracle.get(word)
        oracle.setdefault(word, line)


def test_the_table_of_first_lines_grows() -> None:
    """Well beyond where it began, and forgets nobody."""
    firsts = FirstLines()
    assert not any(firsts.first(f"C{number}", number + 2) for number in range(9_000))
    assert all(firsts.first(f"C{number}", 1) == number + 2 for number in range(9_000))
