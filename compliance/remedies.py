"""What pydantic complains of, said so that the author of the document knows what to write instead."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.problem import Wording, wording

Words = tuple[Wording, Wording]
"""What is wrong, and the remedy."""

_LONGEST = 60
"""Characters of a wrong value that are shown."""


def shown(value: Any) -> str:
    """Return a value the way its author wrote it, short enough for one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = str(value).replace("\n", " ")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    same = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(word.casefold().replace("-", "_"), list(same), n=1, cutoff=0.6)
    return same[close[0]] if close else None


def unknown_key(key: str, known: Sequence[str], value: Any = None) -> Words:
    """Say that a key is not known here, and which one was probably meant."""
    listed = ", ".join(known)
    meant = nearest(key, known)
    if value is None and " " in key:
        # {en: Yes, please} is two keys to YAML.
        remedy = wording(
            'Put text with a comma inside { } in "quotes"',
            '{ } の中でカンマを含む文は "引用符" で囲んでください',
        )
    elif meant:
        remedy = wording(
            f'Write "{meant}", or remove the line', f"「{meant}」と書くか、この行を消してください"
        )
    elif listed:
        remedy = wording(f"Use one of: {listed}", f"使えるキーは次のとおりです: {listed}")
    else:
        remedy = wording("Remove it", "消してください")
    return wording(f'"{key}" is not known here', f"「{key}」というキーはここでは使えません"), remedy


def missing_key(key: str, example: str | None) -> Words:
    """Say that a key is missing, and how it is written."""
    written = f"{key}: {example}" if example else f"{key}: …"
    return (
        wording(f'"{key}" is missing', f"「{key}」がありません"),
        wording(f'Add a line "{written}"', f"「{written}」の行を加えてください"),
    )


def wrong_value(error: Mapping[str, Any], example: str | None) -> Words:
    """Say what is wrong with a value. `error` is one of pydantic's; a type unforeseen here keeps pydantic's words."""
    kind, value, given = str(error["type"]), error.get("input"), error.get("ctx", {})
    say = _SAYINGS.get(kind)
    if say is None:
        return (
            wording(f"{shown(value)}: {error['msg']}", f"{shown(value)} は使えない値です({error['msg']})"),
            _write(example),
        )
    what, remedy = say(shown(value), given)
    if example is not None and kind == "string_pattern_mismatch":
        return what, _write(example)
    if example is not None and kind in _EXEMPLARY:
        remedy = wording(f"{remedy['en']}, for example {example}", f"{remedy['ja']}(例: {example})")
    return what, remedy


def _write(example: str | None) -> Wording:
    if example is None:
        return wording(
            "See the schema (dialer schema) for what may stand here",
            "書き方は dialer schema で確かめてください",
        )
    return wording(f"Write it like {example}", f"{example} のように書いてください")


def _kind(en: str, ja: str, remedy_en: str, remedy_ja: str) -> Callable[[str, Mapping[str, Any]], Words]:
    """Return a saying for "this is not a …"."""

    def say(value: str, _: Mapping[str, Any]) -> Words:
        return wording(f"{value} is not {en}", f"{value} は{ja}ではありません"), wording(remedy_en, remedy_ja)

    return say


def _bound(
    key: str, en: str, ja: str, remedy_en: str, remedy_ja: str
) -> Callable[[str, Mapping[str, Any]], Words]:
    """Return a saying for a limit that pydantic gives as `ctx[key]`."""

    def say(value: str, given: Mapping[str, Any]) -> Words:
        limit = _plain(given[key])
        return (
            wording(f"{value} is {en}", f"{value} は{ja}"),
            wording(remedy_en.format(limit), remedy_ja.format(limit)),
        )

    return say


def _plain(limit: Any) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _choice(value: str, given: Mapping[str, Any]) -> Words:
    known = re.findall(r"'([^']*)'", str(given["expected"])) or [str(given["expected"])]
    meant, listed = nearest(value, known), ", ".join(known)
    what = wording(f"{value} is not one of the choices here", f"{value} はここでは選べません")
    if meant:
        return what, wording(
            f"Write {meant} (the choices: {listed})", f"{meant} と書いてください(選べるもの: {listed})"
        )
    return what, wording(f"Write one of: {listed}", f"次のどれかを書いてください: {listed}")


def _length(en: str, ja: str, key: str) -> Callable[[str, Mapping[str, Any]], Words]:
    def say(value: str, given: Mapping[str, Any]) -> Words:
        limit = given[key]
        return (
            wording(f"{value} has too {en} entries", f"{value} は項目が{ja}"),
            wording(
                f"Write at {'least' if key == 'min_length' else 'most'} {limit}",
                f"{limit}件{'以上' if key == 'min_length' else '以下'}にしてください",
            ),
        )

    return say


def _pattern(value: str, given: Mapping[str, Any]) -> Words:
    return (
        wording(f"{value or 'An empty text'} has the wrong form", f"{value or '空の文'} は形式が違います"),
        wording(f"Write it in the form {given['pattern']}", f"{given['pattern']} の形で書いてください"),
    )


_TEXT = _kind(
    "text",
    "文",
    'Write text; put numbers and words like true in "quotes"',
    '文を書き、数や true などは "引用符" で囲んでください',
)
_WHOLE = _kind(
    "a whole number", "整数", "Write a whole number without quotes", "整数を引用符なしで書いてください"
)
_NUMBER = _kind("a number", "数", "Write a number without quotes", "数を引用符なしで書いてください")
_TRUTH = _kind("true or false", "真偽", "Write true or false", "true か false と書いてください")
_DATE = _kind(
    "a date of the calendar", "暦にある日付", "Write year-month-day", "年-月-日 の形で書いてください"
)
_TIME = _kind(
    "a time of day",
    "時刻",
    "Write hours and minutes, for example 09:30",
    "09:30 のように時と分を書いてください",
)
_INSTANT = _kind(
    "an instant",
    "日時",
    "Write it like 2026-04-01T09:30:00+09:00",
    "2026-04-01T09:30:00+09:00 のように書いてください",
)
_LIST = _kind(
    "a list",
    "リスト",
    "Write a list, with [brackets] or a line with a dash for each entry",
    "[ ] で囲むか、1行に1つずつ「- 」で始めてリストにしてください",
)
_MAPPING = _kind(
    "a mapping",
    "「キー: 値」の並び",
    'Write keys and values below it; put text with braces in "quotes"',
    '下に「キー: 値」を並べ、{ } を含む文は "引用符" で囲んでください',
)

_SAYINGS: Mapping[str, Callable[[str, Mapping[str, Any]], Words]] = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(
        ("float_type", "float_parsing", "decimal_type", "decimal_parsing", "finite_number"), _NUMBER
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE
    ),
    **dict.fromkeys(("time_type", "time_parsing"), _TIME),
    **dict.fromkeys(
        (
            "datetime_type",
            "datetime_parsing",
            "datetime_from_date_parsing",
            "timezone_aware",
            "timezone_naive",
        ),
        _INSTANT,
    ),
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type", "iterable_type"), _LIST),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"), _MAPPING
    ),
    **dict.fromkeys(("enum", "literal_error", "union_tag_invalid"), _choice),
    "greater_than": _bound(
        "gt", "too small", "小さすぎます", "Write more than {}", "{} より大きくしてください"
    ),
    "greater_than_equal": _bound(
        "ge", "too small", "小さすぎます", "Write {} or more", "{} 以上にしてください"
    ),
    "less_than": _bound("lt", "too large", "大きすぎます", "Write less than {}", "{} より小さくしてください"),
    "less_than_equal": _bound("le", "too large", "大きすぎます", "Write {} or less", "{} 以下にしてください"),
    "multiple_of": _bound(
        "multiple_of",
        "no multiple",
        "倍数ではありません",
        "Write a multiple of {}",
        "{} の倍数にしてください",
    ),
    "string_too_short": _bound(
        "min_length", "too short", "短すぎます", "Write at least {} characters", "{} 文字以上で書いてください"
    ),
    "string_too_long": _bound(
        "max_length", "too long", "長すぎます", "Write at most {} characters", "{} 文字以内で書いてください"
    ),
    "too_short": _length("few", "足りません", "min_length"),
    "too_long": _length("many", "多すぎます", "max_length"),
    "string_pattern_mismatch": _pattern,
}
_EXEMPLARY = frozenset(_SAYINGS) - {"enum", "literal_error", "union_tag_invalid"}
"""The complaints that an example answers."""
