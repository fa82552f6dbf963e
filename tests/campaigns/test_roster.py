from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.contact import Phone
from campaigns.rejects import Reject, RejectCode
from campaigns.roster import Enrolment, Skipped, read_row
from compliance.question import Consent, Relationship
from tests.support.rosters import HEADER, a_filter, a_roster, enrolled, read


def codes(found: Enrolment) -> list[RejectCode]:
    """Return what was left aside of a row."""
    return [warning.code for warning in found.warnings]


def test_a_good_row_becomes_a_contact() -> None:
    """Everything a campaign needs of a person, in its types, and nothing left aside."""
    found = enrolled(
        自宅電話="（０３）５５５０－００４２",
        メール=" Yoko@Example.JP ",
        メール許諾日="R6.4.1",
        メール許諾元="Webフォーム",
    )
    contact = found.candidate.contact
    assert (contact.key, contact.name, contact.language) == ("C1", "佐藤 陽子", "ja")
    assert contact.phones == (
        Phone(number="+819055500001", kind="mobile"),
        Phone(number="+81355500042", kind="home"),
    )
    assert contact.email == "Yoko@example.jp"
    assert contact.facts == {"最終購入日": "2025/3/1", "会員ランク": "ゴールド"}
    agreed = datetime(2024, 4, 1, tzinfo=UTC)
    assert contact.consents == (
        Consent(type="email_optin", seller="minori", obtained_at=agreed, evidence="Webフォーム"),
    )
    bought = datetime(2025, 3, 1, tzinfo=UTC)
    assert contact.relationships == (Relationship(type="transaction", seller="minori", at=bought),)
    assert found.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "090-5550-0001",
        "０９０－５５５０－０００１",
        "+81 90-5550-0001",
        "81-90-5550-0001",
        "'+819055500001",
        "9055500001",
    ],
)
def test_one_number_is_one_person_however_it_is_written(text: str) -> None:
    """Numbers are E.164 before anything is compared (NUM-1)."""
    assert enrolled(携帯電話=text).candidate.unique == "number:+819055500001"


def test_several_numbers_in_one_cell_are_all_read() -> None:
    """People write two numbers with a slash between them, and slashes inside of one."""
    found = enrolled(携帯電話="090/5550/0001", 自宅電話="03-5550-0042 / 045-555-0042、03-5550-0042")
    numbers = [phone.number for phone in found.candidate.contact.phones]
    assert numbers == ["+819055500001", "+81355500042", "+81455550042"]


def test_a_broken_number_beside_a_good_one_is_only_a_warning() -> None:
    """The person is kept, and the rejects file says which cell was left aside and why."""
    found = enrolled(自宅電話="0120-555-100", 勤務先電話="なし", メール="yoko.example.jp")
    assert codes(found) == [RejectCode.NUMBER_IGNORED, RejectCode.NUMBER_IGNORED, RejectCode.EMAIL_IGNORED]
    free = found.warnings[0]
    assert (free.line, free.column, free.value) == (2, "自宅電話", "0120-555-100")
    assert free.reason("en") == "a toll-free line is never called; the rest of the line is kept"
    assert "フリーダイヤル" in free.reason("ja")


def test_a_number_abroad_is_kept_for_the_law_to_judge() -> None:
    """Whether there is a rulebook for a country is asked when the number would be rung."""
    assert enrolled(携帯電話="+1 415 555 0100").candidate.contact.phones[0].number == "+14155550100"


def test_an_address_alone_is_enough() -> None:
    """Who can only be written to is on the list, unique by the address."""
    found = enrolled(携帯電話="", メール="yoko@example.jp")
    assert found.candidate.contact.phones == ()
    assert found.candidate.unique == "email:yoko@example.jp"


@pytest.mark.parametrize(
    ("by", "unique"),
    [("key", "key:C1"), ("number", "number:+819055500001"), ("email", "email:yoko@example.jp")],
)
def test_what_is_unique_is_the_campaigns_choice(by: str, unique: str) -> None:
    """By customer, by number, or by address."""
    assert enrolled(a_roster(unique_by=by), メール="yoko@example.jp").candidate.unique == unique


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"顧客番号": "\u3000"}, "顧客番号", RejectCode.KEY_MISSING),
        ({"携帯電話": ""}, "携帯電話", RejectCode.UNREACHABLE),
        ({"携帯電話": "090-5550-12345"}, "携帯電話", RejectCode.UNREACHABLE),
        ({"携帯電話": "", "メール": "yoko"}, "メール", RejectCode.UNREACHABLE),
        ({"最終購入日": "昨年末"}, "最終購入日", RejectCode.DATE_UNREADABLE),
        ({"最終購入日": " "}, "最終購入日", RejectCode.CELL_MISSING),
    ],
)
def test_a_row_that_cannot_be_used_says_why(changes: dict[str, str], column: str, code: RejectCode) -> None:
    """Line, column, value, code, and a sentence in both languages."""
    found = read(**changes)
    assert isinstance(found, Reject)
    assert (found.line, found.column, found.code) == (2, column, code)
    assert found.value.strip() == changes.get(column, "").strip()
    assert found.reason("en")
    assert found.reason("ja") != found.reason("en")


def test_a_number_that_a_filter_cannot_read_rejects_the_row() -> None:
    """As an unreadable date does."""
    found = read(a_roster(where=(a_filter("会員ランク", at_least=3.0),)))
    assert isinstance(found, Reject)
    assert (found.code, found.value) == (RejectCode.NUMBER_UNREADABLE, "ゴールド")
    assert found.reason("en") == "not a number; write it as 1200"


def test_a_late_buyer_is_skipped_not_rejected() -> None:
    """Nothing is wrong with a row that the filter leaves out."""
    assert read(最終購入日="2026/11/1") == Skipped(line=2, column="最終購入日")


@pytest.mark.parametrize("cell", ["いつか", "2026/11/25"])
def test_a_consent_without_a_day_up_to_today_is_none(cell: str) -> None:
    """A consent that cannot be dated proves nothing; the person is still called."""
    found = enrolled(メール="yoko@example.jp", メール許諾日=cell)
    assert found.candidate.contact.consents == ()
    assert codes(found) == [RejectCode.CONSENT_IGNORED]


@pytest.mark.parametrize(
    ("cell", "usual", "language", "warned"),
    [("English", "ja", "en", False), ("", "en", "en", False), ("中国語", "ja", "ja", True)],
)
def test_a_language_that_is_not_offered_becomes_the_usual_one(
    cell: str, usual: str, language: str, warned: bool
) -> None:
    """And the rejects file says so, unless the cell was empty."""
    found = enrolled(a_roster(language=usual), 言語=cell)
    assert found.candidate.contact.language == language
    assert codes(found) == [RejectCode.LANGUAGE_UNKNOWN] * warned


def test_a_name_that_is_missing_is_the_key() -> None:
    """An agent has something to see."""
    assert enrolled(氏名="").candidate.contact.name == "C1"


def test_only_the_columns_a_campaign_names_are_kept() -> None:
    """What no text of the campaign speaks of is not ours to store."""
    facts = enrolled(備考="気難しい").candidate.contact.facts
    assert set(facts) == {"会員ランク", "最終購入日"}


def test_a_roster_names_every_column_it_reads() -> None:
    """A list that lacks one of them is refused before its first row."""
    roster = a_roster(
        where=(a_filter(), a_filter("会員ランク", is_=("ゴールド",))), order=("highest 購入額",)
    )
    assert roster.columns == set(HEADER) | {"購入額"}


def test_newer_buyers_come_first() -> None:
    """The order of the campaign is in the rank."""
    newer, older = enrolled(最終購入日="2025/3/1"), enrolled(最終購入日="2024/3/1")
    assert newer.candidate.rank < older.candidate.rank


def test_every_reason_has_words_in_both_languages() -> None:
    """Whoever adds a code gives it its sentences."""
    said = {
        "fault": {"en": "x", "ja": "い"},
        "why": {"en": "x", "ja": "い"},
        "language": {"en": "x", "ja": "い"},
    }
    plain: dict[str, object] = dict.fromkeys(("found", "wanted", "first", "by", "encoding", "limit"), "7")
    for code in RejectCode:
        reject = Reject(line=1, column="", value="", code=code, said={**said, **plain})
        assert reject.reason("en").isascii()
        assert not reject.reason("ja").isascii()


@given(st.fixed_dictionaries({column: st.text(max_size=20) for column in HEADER}))
def test_no_row_is_too_odd_to_be_read(row: dict[str, str]) -> None:
    """Anything in any cell gives one of the three answers, and who is kept can be reached."""
    found = read_row(a_roster(where=()), row, 7)
    assert found.line == 7
    if isinstance(found, Enrolment):
        contact = found.candidate.contact
        assert contact.key
        assert contact.email or all(phone.number.startswith("+") for phone in contact.phones)
        assert contact.email or contact.phones
    elif isinstance(found, Reject):
        assert found.reason("en")
        assert found.reason("ja")


@given(
    st.lists(
        st.sampled_from(["090-5550-0001", "なし", "", "03-5550-0042", "110", "+1 415 555 0100"]),
        min_size=3,
        max_size=3,
    )
)
def test_every_filled_number_is_kept_or_warned_of(cells: list[str]) -> None:
    """No cell disappears in silence."""
    found = read(携帯電話=cells[0], 自宅電話=cells[1], 勤務先電話=cells[2])
    filled = [cell for cell in cells if cell]
    good = {cell for cell in filled if cell not in {"なし", "110"}}
    if isinstance(found, Enrolment):
        assert len(found.candidate.contact.phones) == len(good)
        assert len(found.warnings) == sum(cell not in good for cell in filled)
    else:
        assert not good
