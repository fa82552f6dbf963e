"""Numbers as lists have them, and what we make of them."""

import phonenumbers
import pytest
from hypothesis import example, given
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


EXAMPLES = sorted(
    phonenumbers.format_number(shown, phonenumbers.PhoneNumberFormat.E164)
    for region in phonenumbers.SUPPORTED_REGIONS
    for kind in phonenumbers.PhoneNumberType.values()
    if (shown := phonenumbers.example_number_for_type(region, kind)) is not None
)


@st.composite
def international(draw: st.DrawFn) -> str:
    """Plus and digits: a number of some country, or one like it that is cut, longer, or changed at the end."""
    text = draw(st.sampled_from(EXAMPLES))
    kept = draw(st.integers(2, len(text)))
    return text[:kept] + draw(st.text("0123456789", max_size=len(text) - kept + 1))


@given(international(), st.sampled_from(["JP", "US", "GB"]))
@example("+390612345678", "JP")
@example("+3906123456", "JP")
@example("+819012345678", "US")
@example("+8109012345678", "JP")
@example("+5491123456789", "US")
@example("+5215512345678", "US")
@example("+11234567890", "US")
def test_plus_and_digits_are_read_as_anything_else_is(text: str, region: str) -> None:
    """E.164 text has a shorter way through, a space sends it the long one: both say the same of every number."""
    assert read_number(text, region) == read_number(f"{text[:2]} {text[2:]}", region)


@pytest.mark.parametrize(
    ("text", "region"), [("+15005550123", "US"), ("500-555-0123", "US"), ("+1 622 234 5678", "CA")]
)
def test_a_personal_number_of_north_america_is_a_number(text: str, region: str) -> None:
    """One calls it like any other; where it rings nobody knows, which is for the law to judge (TZ-5)."""
    found = read_number(text, region)
    assert isinstance(found, Number)
    assert (found.line_type, found.region) == (LineType.PERSONAL, region)


def test_a_personal_number_elsewhere_is_never_called() -> None:
    """A British 070 costs a fortune; what it is stays known, so that a refusal can be found by it (NUM-2)."""
    found = read_number("+447012345678", "GB")
    assert isinstance(found, NumberFault)
    assert found.code is ReasonCode.NON_DIALABLE_TYPE
    assert found.number == Number(e164="+447012345678", region="GB", line_type=LineType.PERSONAL)
