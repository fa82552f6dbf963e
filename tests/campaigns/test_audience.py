from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience import Excluded, OrderKey, Unreadable, is_held_out, rank_of, read_order, sieve
from campaigns.cells import read_amount, read_date, read_language
from tests.support.rosters import TODAY, a_filter

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "2025/3/1",
        "2025/03/01",
        "2025.3.1",
        "20250301",
        "2025年3月1日",
        "２０２５年３月１日",
        "２０２５／０３／０１",
        "令和7年3月1日",
        "令和７年３月１日",
        "R7.3.1",
        "r7/3/1",
        "2025/3/1 14:03",
        "2025-03-01T14:03:00Z",
        "2025-03-01T14:03:00.5+09:00",
        " 2025-03-01\u3000",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    """Offices write days in many ways; all of these mean one."""
    assert read_date(text) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
    ],
)
def test_the_eras_are_counted_from_their_first_year(text: str, day: date) -> None:
    """The first year of an era is 元, the years after it are numbered."""
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "昨年末", "2025/2/30", "2025/13/1", "3/1/2025", "25/3/1", "2025/3", "12345678"]
)
def test_what_could_be_several_days_or_none_is_not_guessed(text: str) -> None:
    """A day and a month in an order nobody can know are refused, not read."""
    assert read_date(text) is None


@given(DAYS)
def test_every_day_survives_being_written(day: date) -> None:
    """In each of the common ways, any day reads back as itself."""
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("¥1,200", 1200),
        ("１，２００円", 1200),
        ("-3.5", -3.5),
        ("x", None),
        ("", None),
    ],
)
def test_a_number_is_read_with_its_ornaments(text: str, amount: float | None) -> None:
    """Separators, signs of money and full-width digits are how numbers are written."""
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("日本語", "ja"),
        ("JA", "ja"),
        ("Japanese", "ja"),
        ("英語", "en"),
        ("ＥＮ", "en"),
        ("en-US", "en"),
        ("中国語", None),
    ],
)
def test_a_language_has_many_names(text: str, language: str | None) -> None:
    """In Japanese, in English, as a code."""
    assert read_language(text) == language


@pytest.mark.parametrize(("days", "is_kept"), [(179, False), (180, False), (181, True)])
def test_older_than_means_more_days_than_said(days: int, is_kept: bool) -> None:
    """A purchase exactly 180 days ago is not older than 180 days."""
    day = TODAY - timedelta(days=days)
    verdict = sieve([a_filter()], {"最終購入日": f"{day}"}, TODAY)
    assert (verdict is None) == is_kept


@pytest.mark.parametrize(
    ("conditions", "cell", "is_kept"),
    [
        ({"newer_than": timedelta(days=30)}, "2026/11/1", True),
        ({"newer_than": timedelta(days=30)}, "2026/10/25", False),
        ({"is_": ("ゴールド", "シルバー")}, "ｼﾙﾊﾞｰ", True),
        ({"is_": ("Gold",)}, " gold ", True),
        ({"is_": ("Gold",)}, "", False),
        ({"is_not": ("退会",)}, "退会", False),
        ({"is_not": ("退会",)}, "", True),
        ({"at_least": 1000.0}, "1,000円", True),
        ({"at_least": 1000.0}, "999", False),
        ({"at_least": 1.0, "at_most": 5.0}, "6", False),
    ],
)
def test_each_condition_keeps_and_leaves_out(conditions: dict[str, object], cell: str, is_kept: bool) -> None:
    """Words are compared in one way of writing; numbers and days by their value."""
    verdict = sieve([a_filter("列", **conditions)], {"列": cell}, TODAY)
    assert verdict is None if is_kept else verdict == Excluded(column="列", value=cell)


@pytest.mark.parametrize(
    ("conditions", "cell", "wanted"),
    [({"older_than": timedelta(1)}, "去年", "date"), ({}, "", "date"), ({"at_most": 5.0}, "多", "number")],
)
def test_a_cell_that_a_filter_cannot_read_is_said(
    conditions: dict[str, object], cell: str, wanted: str
) -> None:
    """Nobody is kept or left out by a cell that says nothing."""
    found = sieve([a_filter("列", **conditions)], {"列": cell}, TODAY)
    assert found == Unreadable(column="列", value=cell, wanted=wanted)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("newest 最終購入日", OrderKey(column="最終購入日", is_high_first=True, is_date=True)),
        ("oldest 最終購入日", OrderKey(column="最終購入日", is_high_first=False, is_date=True)),
        ("highest 金額", OrderKey(column="金額", is_high_first=True, is_date=False)),
        ("金額 asc", OrderKey(column="金額", is_high_first=False)),
        ("-金額", OrderKey(column="金額", is_high_first=True)),
        ("last visit", OrderKey(column="last visit", is_high_first=False)),
    ],
)
def test_an_order_is_written_in_words(text: str, key: OrderKey) -> None:
    """A manager writes which end comes first; a column's own name may have spaces."""
    assert read_order([text]) == (key,)


def test_an_order_of_four_columns_is_refused_with_a_remedy() -> None:
    """A rank is one integer, in which three columns have room."""
    with pytest.raises(ValueError, match="take 1 of them away"):
        read_order(["a", "b", "c", "d"])


@given(st.lists(st.one_of(DAYS, st.none()), min_size=2, max_size=12), st.booleans())
def test_ranks_sort_as_the_days_do(days: list[date | None], newest_first: bool) -> None:
    """Sorting by rank is sorting by day in the wanted direction, with unreadable cells last."""
    order = read_order(["newest 日" if newest_first else "oldest 日"])
    ranked = sorted(days, key=lambda day: rank_of(order, {"日": str(day or "?")}, "C1"))
    known = sorted((day for day in days if day is not None), reverse=newest_first)
    assert ranked == known + [None] * (len(days) - len(known))


@given(st.lists(st.tuples(st.integers(0, 4), DAYS), min_size=2, max_size=12))
def test_a_second_column_decides_between_equals(rows: list[tuple[int, date]]) -> None:
    """Keys count in their order."""
    order = read_order(["highest 点", "oldest 日"])
    ranked = sorted(rows, key=lambda row: rank_of(order, {"点": str(row[0]), "日": str(row[1])}, "C1"))
    assert ranked == sorted(rows, key=lambda row: (-row[0], row[1]))


@given(
    st.lists(st.floats(-1e12, 1e12).map(lambda amount: round(amount, 2)), min_size=2, max_size=12),
    st.booleans(),
)
def test_ranks_never_turn_two_numbers_round(amounts: list[float], highest_first: bool) -> None:
    """Numbers that differ sort as they do, or tie when they are closer than a rank can tell."""
    order = read_order(["highest 額" if highest_first else "lowest 額"])
    ranks = [
        rank_of(order, {"額": f"{amount:.2f}"}, "C1") for amount in sorted(amounts, reverse=highest_first)
    ]
    assert ranks == sorted(ranks)


@given(
    st.lists(st.sampled_from(["newest 日", "lowest 額", "-何か"]), max_size=3),
    st.text(),
    st.text(),
    st.text(),
)
def test_a_rank_fits_a_signed_big_integer(order: list[str], day: str, amount: str, key: str) -> None:
    """Whatever the cells hold, a rank can be stored, and is the same every time."""
    row = {"日": day, "額": amount, "何か": day}
    rank = rank_of(read_order(order), row, key)
    assert 0 <= rank < 1 << 63
    assert rank == rank_of(read_order(order), row, key)


def test_ties_are_broken_by_a_hash_and_not_by_the_file() -> None:
    """Without an order, people come in an order that has nothing to do with their numbers."""
    keys = [f"C{number:04d}" for number in range(200)]
    assert sorted(keys, key=lambda key: rank_of((), {}, key)) != keys


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_the_held_out_share_is_what_was_asked(share: float) -> None:
    """Over many people, within what chance allows."""
    held = sum(is_held_out("winback", f"C{number}", share) for number in range(4_000))
    assert abs(held / 4_000 - share) < 0.02


@given(st.text(), st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_holds_out_the_same_people_and_more(
    campaign: str, key: str, one: float, other: float
) -> None:
    """Raising the share never puts a held-out person back on the list."""
    low, high = sorted((one, other))
    assert is_held_out(campaign, key, high) or not is_held_out(campaign, key, low)
