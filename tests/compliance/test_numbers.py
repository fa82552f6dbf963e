"""Numbers as lists have them, and what we make of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.numbers import Number, NumberFault, read_number, tidy
from compliance.terms import LineType, ReasonCode

WRITTEN = [
    "09012345678",
    "090-1234-5678",
    "090 1234 5678",
    "(090)1234-5678",
    "090.1234.5678",
    "090/1234/5678",
    "090‐1234‐5678",
    "090–1234—5678",
    "090ー1234ー5678",
    "090－1234－5678",
    "０９０　１２３４　５６７８",
    "０９０ー１２３４ー５６７８",
    "'090-1234-5678",
    "　090-1234-5678 ",
    "9012345678",
    "9012345678.0",
    "+819012345678",
    "+81 90-1234-5678",
    "+81 (0)90-1234-5678",
    "＋８１（０）９０－１２３４－５６７８",
    "+81 090 1234 5678",
    "0081-90-1234-5678",
    "010-81-90-1234-5678",
    "81-90-1234-5678",
    "\u202a+81 90 1234 5678\u202c",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_one_number_has_many_spellings(text: str) -> None:
    """However a list writes it, it is one line."""
    assert read_number(text, "JP") == Number(e164="+819012345678", region="JP", line_type=LineType.MOBILE)


@pytest.mark.parametrize(
    ("text", "e164", "line_type"),
    [
        ("060-1234-5678", "+816012345678", LineType.MOBILE),
        ("070-1234-5678", "+817012345678", LineType.MOBILE),
        ("080-1234-5678", "+818012345678", LineType.MOBILE),
        ("050-1234-5678", "+815012345678", LineType.VOIP),
        ("03-1234-5678", "+81312345678", LineType.FIXED),
        ("011-231-4567", "+81112314567", LineType.FIXED),
        ("04992-2-1234", "+81499221234", LineType.FIXED),
    ],
)
def test_japanese_lines_that_may_be_called(text: str, e164: str, line_type: LineType) -> None:
    """060/070/080/090 are mobiles, 050 is VoIP, 0AB-J is fixed (JP-N1)."""
    assert read_number(text, "JP") == Number(e164=e164, region="JP", line_type=line_type)


@pytest.mark.parametrize(
    "text",
    ["0120-123-456", "0800-123-4567", "0570-000-000", "0990-512-345", "020-1234-5678", "110", "119", "#9110"],
)
def test_lines_that_are_never_called(text: str) -> None:
    """Toll-free, shared-cost, premium, pagers and short codes are refused as such (NUM-2)."""
    fault = read_number(text, "JP")
    assert isinstance(fault, NumberFault)
    assert fault.code is ReasonCode.NON_DIALABLE_TYPE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "　",
        "-",
        "不明",
        "090-1234-567",
        "090-1234-56789",
        "+81901234567",
        "000-0000-0000",
        "03-1234-5678 内線12",
        "090-1234-5678, 03-1234-5678",
        "0120-FLOWER",
        "8.19012E+11",
        "0061-90-1234-5678",
        "+44 7700 900123",
    ],
)
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    """Too short, too long, two in one cell, words, a spreadsheet's exponent: invalid, said in both languages."""
    fault = read_number(text, "JP")
    assert isinstance(fault, NumberFault)
    assert fault.code is ReasonCode.INVALID_NUMBER
    assert fault.en
    assert fault.ja


def test_a_number_abroad_keeps_its_country() -> None:
    """An international number in a Japanese list is read as what it is."""
    number = read_number("+1 305-555-0123", "JP")
    assert isinstance(number, Number)
    assert (number.e164, number.region) == ("+13055550123", "US")


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_fault(text: str) -> None:
    """Nothing people can type raises, and a number read again is itself."""
    found = read_number(text, "JP")
    if isinstance(found, Number):
        assert read_number(found.e164, "JP") == found


@given(st.sampled_from(["090", "080", "070", "060"]), st.integers(10_000_000, 99_999_999), st.data())
def test_separators_and_width_change_nothing(prefix: str, rest: int, data: st.DataObject) -> None:
    """Any dash or space between any digits, in either width, leaves the same line."""
    digits = f"{prefix}{rest}"
    marks = [data.draw(st.sampled_from(["", "-", " ", "－", "ー", "‐", "　"])) for _ in digits]
    messy = "".join(mark + digit for mark, digit in zip(marks, digits, strict=True))
    wide = messy.translate({ord(str(digit)): "０１２３４５６７８９"[digit] for digit in range(10)})
    assert read_number(messy, "JP") == read_number(wide, "JP") == read_number(digits, "JP")
    assert tidy(wide) == digits
