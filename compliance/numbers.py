"""A telephone number as people write it, and as everything else here knows it: E.164."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, shortnumberinfo

from compliance.terms import LineType, ReasonCode

_LINE_TYPES = {
    PhoneNumberType.MOBILE: LineType.MOBILE,
    PhoneNumberType.FIXED_LINE: LineType.FIXED,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: LineType.FIXED_OR_MOBILE,
    PhoneNumberType.VOIP: LineType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: LineType.PERSONAL,
    PhoneNumberType.TOLL_FREE: LineType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: LineType.PREMIUM,
    PhoneNumberType.SHARED_COST: LineType.SHARED_COST,
    PhoneNumberType.UAN: LineType.SHARED_COST,  # Japan's 0570: whoever calls pays for the company's line
}

DIALABLE = frozenset(
    {LineType.MOBILE, LineType.FIXED, LineType.FIXED_OR_MOBILE, LineType.VOIP, LineType.PERSONAL}
)
"""Line types on which a person can be called at the ordinary price (NUM-2, JP-N1); a rulebook may leave some out.

Personal numbers are among them in North America only, where one calls them like any other; elsewhere they cost more.
"""
_NORTH_AMERICA = 1

# Dashes, long-vowel marks, dots, slashes, spaces and brackets: what people put between digits, after NFKC.
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー─_./()\[\]]+")
# The hidden marks that spreadsheets and messengers leave at the ends, and the apostrophe that keeps a leading zero.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff'‘’`´]")
_TRUNK_ZERO = re.compile(r"^(\+\s*\d{1,3})\s*\(0\)")
_FLOAT = re.compile(r"^(\d+)\.0$")
_E164 = re.compile(r"\+([1-9]\d{6,14})", re.ASCII)
_LEAST, _MOST = 4, 14
_PLAIN = re.compile(r"\+?\d+")
_LONGEST_SHORT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A valid number of a line that may be called: `region` is ISO 3166-1."""

    e164: str
    region: str
    line_type: LineType


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFault:
    """Why a text is not a number to call, for machines (`code`) and for people.

    `number` is what the text means when it is a valid number, but of a kind that is never called.
    """

    code: ReasonCode
    en: str
    ja: str
    number: Number | None = None


_EMPTY = NumberFault(code=ReasonCode.INVALID_NUMBER, en="no number here", ja="電話番号がありません")
_LETTERS = NumberFault(
    code=ReasonCode.INVALID_NUMBER,
    en="not a telephone number: write digits only, one number per cell",
    ja="電話番号ではありません。数字だけで、1つの欄に1つの番号を書いてください",
)
_INVALID = NumberFault(
    code=ReasonCode.INVALID_NUMBER,
    en="no such number in the number plan: count the digits, check the area code",
    ja="番号計画にない番号です。桁数と市外局番を確かめてください",
)
_SHORT = NumberFault(
    code=ReasonCode.NON_DIALABLE_TYPE,
    en="a short code (emergency or special line) is never called",
    ja="短縮番号(緊急・特番)には発信しません",
)
_NAMES = {
    LineType.PERSONAL: ("a personal number at a special rate", "特別料金の個人番号"),
    LineType.TOLL_FREE: ("a toll-free line", "着信課金(フリーダイヤル)の番号"),
    LineType.PREMIUM: ("a premium-rate line", "情報料課金の番号"),
    LineType.SHARED_COST: ("a shared-cost line", "統一番号(ナビダイヤルなど)"),
    LineType.OTHER: ("a pager, voicemail or other special line", "ポケットベルなど特殊な番号"),
}


def tidy(text: str) -> str:
    """Return `text` as bare digits with a leading + if it had one; anything that is no such thing stays visible."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text).strip()
    text = _FLOAT.sub(r"\1", _TRUNK_ZERO.sub(r"\1", text))
    return _BETWEEN.sub("", text)


@lru_cache(maxsize=1 << 13)
def read_number(text: str, region: str) -> Number | NumberFault:
    """Return the number that `text` means to somebody in `region` (ISO 3166-1), or why it is none (NUM-1, NUM-2).

    Domestic and international writing, full-width digits, any dash, `+81 (0)90`, `0081`, `010-81-` and the
    apostrophe of spreadsheets are understood.
    """
    plain = _split(text)
    typed = _typed(plain) if plain else None
    if typed is not None:
        return typed
    digits = tidy(text)
    if not digits:
        return _EMPTY
    if not _PLAIN.fullmatch(digits):
        return _SHORT if re.fullmatch(r"[#*]\d{2,6}", digits) else _LETTERS
    try:
        parsed = phonenumbers.parse(_with_plus(digits, region), region)
    except phonenumbers.NumberParseException:
        return _SHORT if _is_short(digits, region) else _INVALID
    return _typed(parsed) or (_SHORT if _is_short(digits, region) else _INVALID)


def _split(text: str) -> PhoneNumber | None:
    """Return E.164 text as the library would read it, without its search for every way to write a number.

    None for any other text, and where zeros lead the national part, which mean something in some countries only. Where
    the number it makes is not valid, the library may read the text in another way.
    """
    found = _E164.fullmatch(text)
    if found is None:
        return None
    digits = found[1]
    for length in (1, 2, 3):
        code = int(digits[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            national = digits[length:]
            is_plain = national[0] != "0" and _LEAST <= len(national) <= _MOST
            return PhoneNumber(country_code=code, national_number=int(national)) if is_plain else None
    return None


def _with_plus(digits: str, region: str) -> str:
    """Read 00 + the own country code as +, also where 00 is not how one dials abroad (Japan dials 010)."""
    own = f"00{phonenumbers.country_code_for_region(region)}"
    return f"+{digits[2:]}" if digits.startswith(own) else digits


def _typed(parsed: PhoneNumber) -> Number | NumberFault | None:
    """Return the number or that it is of a kind not to be called; None when it is not valid."""
    region = phonenumbers.region_code_for_number(parsed)
    if region is None:
        return None
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.UNKNOWN:
        return None
    number = Number(
        e164=f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)}",
        region=region,
        line_type=_LINE_TYPES.get(kind, LineType.OTHER),
    )
    is_dear = number.line_type is LineType.PERSONAL and parsed.country_code != _NORTH_AMERICA
    return _never_called(number) if is_dear or number.line_type not in DIALABLE else number


def _never_called(number: Number) -> NumberFault:
    en, ja = _NAMES[number.line_type]
    return NumberFault(
        code=ReasonCode.NON_DIALABLE_TYPE,
        en=f"{en} is never called",
        ja=f"{ja}には発信しません",
        number=number,
    )


def _is_short(digits: str, region: str) -> bool:
    """Tell whether this is a short code such as 110 or 188: known as one to the number plan of `region`."""
    if digits.startswith(("+", "0")) or len(digits) > _LONGEST_SHORT:
        return False
    code = phonenumbers.country_code_for_region(region)
    parsed = PhoneNumber(country_code=code, national_number=int(digits))
    return bool(shortnumberinfo.is_valid_short_number_for_region(parsed, region))
