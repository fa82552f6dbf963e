"""Cells as people write them: dates, amounts, languages, telephone numbers, in Japanese and English."""

import inspect
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from compliance.mailboxes import read_email
from compliance.numbers import Number, NumberFault, read_number

_DATE = re.compile(
    r"(?:(?P<year>\d{4})|(?P<era>令和|平成|昭和|[RHS])\s*(?P<era_year>\d{1,2}|元))"
    r"\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]\s*\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"[¥\\$€]?\s*([+-]?\d+(?:\.\d+)?)\s*円?")
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_LANGUAGES = {
    "ja": (
        "ja",
        "jp",
        "jpn",
        "ja-jp",
        "ja_jp",
        "japanese",
        "日本語",
        "日",
        "和",
        "日本",
        "にほんご",
        "ニホンゴ",
    ),
    "en": ("en", "eng", "en-us", "en-gb", "en_us", "en_gb", "english", "英語", "英", "えいご", "エイゴ"),
}
_LANGUAGE_OF = {word: language for language, words in _LANGUAGES.items() for word in words}


def tidy(text: str) -> str:
    """Return a cell or a column's name in one way of writing: NFKC, trimmed."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def folded(text: str) -> str:
    """Return a cell as it is compared: in one way of writing, in small letters."""
    return tidy(text).casefold()


@lru_cache(maxsize=1 << 13)
def read_date(text: str) -> date | None:
    """Read a day as lists write it: 2025-03-01, 2025/3/1, 20250301, 2025年3月1日, 令和7年3月1日, R7.3.1; else None."""
    cell = tidy(text)
    if found := _COMPACT.fullmatch(cell):
        return _day(*map(int, found.groups()))
    found = _DATE.fullmatch(cell)
    if found is None:
        return None
    if era := found["era"]:
        year = _ERAS[era.upper()] + (1 if found["era_year"] == "元" else int(found["era_year"]))
    else:
        year = int(found["year"])
    return _day(year, int(found["month"]), int(found["day"]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_amount(text: str) -> float | None:
    """Read a number as lists write it: 1200, 1,200, ¥1,200, １２００円; else None."""
    found = _AMOUNT.fullmatch(tidy(text).replace(",", ""))
    if found is None:
        return None
    amount = float(found[1])
    return amount if math.isfinite(amount) else None


# A list names each number once: to remember them all would take more memory than everything else about an import.
read_number_once: Callable[[str, str], Number | NumberFault] = inspect.unwrap(read_number)
read_email_once: Callable[[str], str | None] = inspect.unwrap(read_email)


def read_language(text: str) -> str | None:
    """Read a language as lists write it (日本語, JA, Japanese, 英語, en-US…): `ja`, `en`, or None for any other."""
    return _LANGUAGE_OF.get(folded(text))
