from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rejects import Reject, RejectCode
from campaigns.suppressions import Blocklist, Entry, columns_of, read_suppression
from compliance.terms import Channel
from tests.support.rosters import NOW

HEADER = ("電話番号", "メール", "顧客番号", "理由", "登録日", "経路", "有効期限", "国")
BLOCKLIST = Blocklist(columns=columns_of(HEADER), region="JP", now=NOW, by="officer", source="head office")


def read(**row: str) -> Entry | Reject:
    """Read a row of a do-not-contact list, on line 5."""
    return read_suppression(BLOCKLIST, row, 5)


def test_an_entry_holds_on_every_seller_and_product() -> None:
    """A list that comes from outside says nothing of sellers: the widest sense is taken."""
    found = read(
        電話番号="０９０－５５５０－０００１", 理由="拒否", 登録日="R8.11.1", 経路="電話", 有効期限="2027/1/1"
    )
    assert isinstance(found, Entry)
    (one,) = found.suppressions
    assert (one.number, one.email, one.person) == ("+819055500001", None, None)
    assert (one.seller, one.product, one.channel) == (None, None, Channel.VOICE)
    assert (one.reason, one.by, one.source) == ("refused", "officer", "head office")
    assert one.at == datetime(2026, 11, 1, tzinfo=UTC)
    assert one.expires_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_day_to_come_is_in_force_today() -> None:
    """Nobody is called because their refusal was dated wrongly."""
    found = read(顧客番号="C1", 登録日=f"{NOW.date() + timedelta(days=3)}")
    assert isinstance(found, Entry)
    assert found.suppressions[0].at == NOW


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"電話番号": "0120-555-100"}, "電話番号", RejectCode.ENTRY_UNREADABLE),
        ({"メール": "taro"}, "メール", RejectCode.ENTRY_UNREADABLE),
        ({"理由": "拒否"}, "", RejectCode.ENTRY_EMPTY),
    ],
)
def test_a_row_that_names_nobody_is_rejected(row: dict[str, str], column: str, code: RejectCode) -> None:
    """And says which cell could not be read."""
    found = read(**row)
    assert isinstance(found, Reject)
    assert (found.line, found.column, found.code) == (5, column, code)


def test_one_readable_name_is_enough() -> None:
    """The number cannot be read, the customer can: the entry stands and the number is a warning."""
    found = read(顧客番号="C1", 電話番号="不明")
    assert isinstance(found, Entry)
    assert [one.person for one in found.suppressions] == ["C1"]
    assert [one.code for one in found.warnings] == [RejectCode.NUMBER_IGNORED]


def test_columns_are_known_in_both_languages() -> None:
    """By any of their names, whatever else the list has."""
    assert columns_of(["E-Mail", "備考", "TEL"]) == {"number": "TEL", "email": "E-Mail"}
    with pytest.raises(ValueError, match="顧客番号"):
        columns_of(["氏名", "理由"])


@given(st.fixed_dictionaries({column: st.text(max_size=16) for column in HEADER}))
def test_whoever_is_named_is_suppressed_in_at_least_the_scope_said(row: dict[str, str]) -> None:
    """Each entry names one, from now at the latest; what cannot be read never narrows it."""
    found = read_suppression(BLOCKLIST, row, 5)
    if isinstance(found, Reject):
        assert not row["顧客番号"].strip()
        return
    for one in found.suppressions:
        assert sum(name is not None for name in (one.number, one.email, one.person)) == 1
        assert one.at <= NOW
        assert one.expires_at is None or row["有効期限"].strip()
        assert one.channel is None or row["経路"].strip()
