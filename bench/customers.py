"""Fictional customers as the lines of a list."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bench.fiction import (
    AREAS,
    ENGLISH,
    EVIDENCE,
    GOODS,
    JAPANESE,
    RANKS,
    Dice,
    dated,
    day_before,
    mobile,
    somebody,
    written,
)

HEADER = [
    *("顧客番号", "氏名", "フリガナ", "言語", "携帯電話", "自宅電話", "勤務先電話", "メール"),
    *("最終購入日", "会員ランク", "前回商品", "都道府県", "メール許諾日", "メール許諾元"),
]
DORMANT, RECENT = date(2026, 4, 20), date(2026, 11, 10)  # the last days of buyers long ago and of late ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One line of a list, cell by cell in the header's order, before anything is broken."""

    key: str
    name: str
    kana: str
    language: str
    mobile: str
    home: str = ""
    work: str = ""
    email: str = ""
    last_purchase: str
    rank: str
    product: str
    prefecture: str
    consent_at: str = ""
    consent_from: str = ""

    @property
    def cells(self) -> list[str]:
        """The cells in the header's order."""
        return [getattr(self, name) for name in self.__slots__]


def key_of(person: int) -> str:
    """Return the n-th customer's number."""
    return f"C{person + 10_001:06d}"


def customer(dice: Dice, person: int) -> Customer:
    """Return the n-th customer: 85 in 100 speak Japanese, 70 have an e-mail address, three in five of those agreed."""
    is_japanese = dice.has(85)
    name = somebody(dice, is_japanese=is_japanese)
    prefecture, area = dice.one_of(AREAS)
    home = f"{area}-{person % 10_000:04d}" if dice.has(35) else ""
    has_mobile = not home or dice.has(80)
    email = f"{name.latin}{person}@{dice.one_of(('example.jp', 'example.com'))}" if dice.has(70) else ""
    has_agreed = bool(email) and dice.has(62)
    return Customer(
        key=key_of(person),
        name=name.written,
        kana=name.kana,
        language=dice.one_of(JAPANESE if is_japanese else ENGLISH),
        mobile=written(dice, mobile(person)) if has_mobile else "",
        home=written(dice, home) if home else "",
        work=written(dice, f"{dice.one_of(AREAS)[1]}-{9_999 - person % 10_000:04d}") if dice.has(8) else "",
        email=email,
        last_purchase=dated(dice, day_before(dice, DORMANT, 900)),
        rank=dice.one_of(RANKS),
        product=dice.one_of(GOODS),
        prefecture=prefecture,
        consent_at=dated(dice, day_before(dice, DORMANT, 900)) if has_agreed else "",
        consent_from=dice.one_of(EVIDENCE) if has_agreed else "",
    )


def line_of(cells: Iterable[str]) -> str:
    """Return one record of the CSV, without its end; a cell that needs quotation marks has them."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
