"""What an agent says and what a mail tells: text with `{placeholders}`, which hold values and never logic."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

import phonenumbers

from campaigns.campaign import Campaign, Script
from campaigns.contact import Contact

_PART = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,100})\}|[{}]")

COMMON = ("name", "seller", "seller_number", "product")
"""Placeholders that every text has, beside the list's columns by their headings."""

SPOKEN = (*COMMON, "agent", "callback")
"""Placeholders of scripts: `agent` is the caller's own name, `callback` the number shown to the person."""

WRITTEN = (*COMMON, "answer", "unsubscribe")
"""Placeholders of mails: the addresses of the answer page and of the way out."""


def script_for(campaign: Campaign, language: str) -> Script:
    """Return the script in `language`, else in the list's own language, else the first there is."""
    scripts: Mapping[str, Script] = {str(key): script for key, script in campaign.scripts.items()}
    return scripts.get(language) or scripts.get(campaign.audience.language) or next(iter(scripts.values()))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each `{placeholder}` replaced by its value; `{{` and `}}` stand for braces.

    Values are put in once and never read as text with placeholders themselves. A value that is not there (an empty
    cell of the list) leaves nothing; names that nobody knows were refused when the campaign was loaded.
    """

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        return one_line(values.get(_name(found[1]), ""))

    return _PART.sub(put, text)


def placeholders(text: str) -> Iterator[tuple[str, int]]:
    """Yield (name, offset) of each placeholder; a brace that opens or closes none comes as (brace, offset)."""
    for found in _PART.finditer(text):
        if found[1] is not None:
            yield _name(found[1]), found.start()
        elif found[0] in {"{", "}"}:
            yield found[0], found.start()


def spoken_values(
    campaign: Campaign, contact: Contact, language: str, *, agent: str = "", callback: str = ""
) -> Mapping[str, str]:
    """Return the values of a script's placeholders; `callback` is E.164, the seller's number when left out."""
    return {
        **common_values(campaign, contact, language),
        "agent": agent,
        "callback": readable(callback or campaign.seller.number, language),
    }


def common_values(campaign: Campaign, contact: Contact, language: str) -> dict[str, str]:
    """Return what every text may name. The list's columns come first: none can stand in for our own names."""
    return {
        **{_name(column): cell for column, cell in contact.facts.items()},
        "name": contact.name,
        "seller": campaign.seller.name.in_(language),
        "seller_number": readable(campaign.seller.number, language),
        "product": campaign.product_name.in_(language),
    }


def readable(number: str, language: str) -> str:
    """Return an E.164 number the way people write it: domestic in Japanese, international in English."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    is_home = language == "ja" and phonenumbers.region_code_for_number(parsed) == "JP"
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if is_home else form.INTERNATIONAL)


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, so that no value can add a line or a mail header."""
    kept = (
        ("".join(" " if _is_control(letter) else letter for letter in text))
        if not text.isprintable()
        else text
    )
    return " ".join(kept.split()) if kept != text else kept


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _name(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
