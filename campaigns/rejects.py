"""Why a line of a list was refused, or a cell of it left aside: the words, in Japanese and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RejectCode(StrEnum):
    """What is wrong with a line; the codes a manager filters the rejects file by."""

    ADDRESS_IGNORED = "address_ignored"
    CELL_COUNT = "cell_count"
    CELL_MISSING = "cell_missing"
    CHARACTERS_UNREADABLE = "characters_unreadable"
    CONSENT_IGNORED = "consent_ignored"
    CONTROL_CHARACTER = "control_character"
    DATE_UNREADABLE = "date_unreadable"
    DUPLICATE_KEY = "duplicate_key"
    DUPLICATE_UNIQUE = "duplicate_unique"
    EMAIL_IGNORED = "email_ignored"
    ENTRY_EMPTY = "entry_empty"
    ENTRY_UNREADABLE = "entry_unreadable"
    KEY_MISSING = "key_missing"
    LANGUAGE_UNKNOWN = "language_unknown"
    LINE_TOO_LONG = "line_too_long"
    NUMBER_IGNORED = "number_ignored"
    NUMBER_UNREADABLE = "number_unreadable"
    PARTY_UNKNOWN = "party_unknown"
    QUOTE_UNCLOSED = "quote_unclosed"
    SCOPE_WIDENED = "scope_widened"
    UNREACHABLE = "unreachable"


_SENTENCES: dict[RejectCode, dict[str, str]] = {
    RejectCode.ADDRESS_IGNORED: {
        "en": "not a day up to today, so the address counts as not verified",
        "ja": "今日以前の日付として読めないため、住所は未確認として扱います",
    },
    RejectCode.CELL_COUNT: {
        "en": "this line has {found} cells, the header has {wanted}",
        "ja": "この行の列数は{found}ですが、見出しは{wanted}列です",
    },
    RejectCode.CELL_MISSING: {
        "en": "empty, but the campaign's filter needs it",
        "ja": "空欄です。キャンペーンの絞り込みに必要です",
    },
    RejectCode.CHARACTERS_UNREADABLE: {
        "en": "holds bytes that are no {encoding} text",
        "ja": "{encoding}として読めない文字があります",
    },
    RejectCode.CONSENT_IGNORED: {
        "en": "not a day up to today, so no consent to e-mail is on file",
        "ja": "今日以前の日付として読めないため、メール許諾なしとして扱います",
    },
    RejectCode.CONTROL_CHARACTER: {
        "en": "holds a NUL character: the file is damaged here",
        "ja": "NUL文字が含まれています。ファイルがここで壊れています",
    },
    RejectCode.DATE_UNREADABLE: {
        "en": "not a date; write it as 2025-03-01",
        "ja": "日付として読めません。2025-03-01 のように書いてください",
    },
    RejectCode.DUPLICATE_KEY: {
        "en": "the same customer as on line {first}",
        "ja": "{first}行目と同じ顧客です",
    },
    RejectCode.DUPLICATE_UNIQUE: {
        "en": "the same {by} as on line {first}",
        "ja": "{first}行目と{by}が同じです",
    },
    RejectCode.EMAIL_IGNORED: {
        "en": "{fault}; the rest of the line is kept",
        "ja": "{fault}。この行の他の項目は使います",
    },
    RejectCode.ENTRY_EMPTY: {
        "en": "names no number, no e-mail address and no customer",
        "ja": "電話番号、メール、顧客番号のいずれもありません",
    },
    RejectCode.ENTRY_UNREADABLE: {
        "en": "nobody is suppressed by this line: {why}",
        "ja": "この行では誰も発信禁止になりません: {why}",
    },
    RejectCode.KEY_MISSING: {
        "en": "empty, but it is how a customer is known",
        "ja": "空欄です。顧客を識別するために必要です",
    },
    RejectCode.LANGUAGE_UNKNOWN: {
        "en": "neither Japanese nor English; {language} is taken",
        "ja": "日本語でも英語でもないため、{language}として扱います",
    },
    RejectCode.LINE_TOO_LONG: {
        "en": "longer than {limit} characters",
        "ja": "{limit}文字を超えています",
    },
    RejectCode.NUMBER_IGNORED: {
        "en": "{fault}; the rest of the line is kept",
        "ja": "{fault}。この行の他の項目は使います",
    },
    RejectCode.NUMBER_UNREADABLE: {"en": "{fault}", "ja": "{fault}"},
    RejectCode.PARTY_UNKNOWN: {
        "en": "neither a consumer nor a business; taken for a consumer",
        "ja": "個人・法人のどちらとも読めないため、個人として扱います",
    },
    RejectCode.QUOTE_UNCLOSED: {
        "en": "a quotation mark is opened and not closed where a cell ends",
        "ja": "引用符が正しく閉じられていません",
    },
    RejectCode.SCOPE_WIDENED: {
        "en": "not understood, so the entry is taken in its widest sense",
        "ja": "読み取れないため、最も広い範囲の発信禁止として扱います",
    },
    RejectCode.UNREACHABLE: {
        "en": "nothing on this line could be reached: {why}",
        "ja": "この行には連絡できる先がありません: {why}",
    },
}


NO_EMAIL = {"en": "not an e-mail address", "ja": "メールアドレスとして読めません"}
NOTHING = {"en": "no number and no e-mail address is given", "ja": "電話番号もメールアドレスもありません"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One thing wrong with a line (counted from 1, the header's): `column` is the header's word, or empty.

    `value` is the cell as it stands: personal, for the rejects file and never for a log. `said` fills the sentence;
    a value of it that is itself in two languages is a mapping of `ja` and `en`.
    """

    line: int
    column: str
    value: str
    code: RejectCode
    said: Mapping[str, object] = field(default_factory=dict)

    def reason(self, language: str) -> str:
        """Return why, as a sentence in `ja` or `en`."""
        words = {
            name: word[language] if isinstance(word, Mapping) else word for name, word in self.said.items()
        }
        return _SENTENCES[self.code][language].format_map(words)
