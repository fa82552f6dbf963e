"""Where a person on a list lives, if somebody verified it, and whether they are a company."""

from collections.abc import Mapping
from datetime import date

from campaigns.cells import read_date, tidy
from campaigns.rejects import Reject, RejectCode
from compliance.question import Address
from compliance.terms import Party

HOME = ("country", "region", "postal_code", "address_verified_at", "party")
"""The meanings of columns that are read here."""

_PARTIES = {
    "": Party.CONSUMER,
    **dict.fromkeys(("consumer", "person", "b2c", "個人"), Party.CONSUMER),
    **dict.fromkeys(("business", "company", "corporate", "b2b", "法人", "会社"), Party.BUSINESS),
}


def address_of(
    columns: Mapping[str, str], row: Mapping[str, str], country: str, today: date
) -> tuple[Address | None, RejectCode | None]:
    """Return the verified address of a row, and why it has none though it should: only a day up to today verifies.

    `columns` are the headings by meaning; `country` (ISO 3166-1) is that of rows that name none.
    """
    cells = {meaning: tidy(row.get(heading, "")) for meaning, heading in columns.items()}
    verified = cells.get("address_verified_at", "")
    if not verified:
        return None, None
    day = read_date(verified)
    if day is None or day > today:
        return None, RejectCode.ADDRESS_IGNORED
    named = (cells.get("country") or country).upper()
    part = cells.get("region", "").upper().removeprefix(f"{named}-") or None
    return Address(country=named, subdivision=part, postal_code=cells.get("postal_code") or None), None


def party_of(columns: Mapping[str, str], row: Mapping[str, str]) -> tuple[Party, RejectCode | None]:
    """Return who a row is about; a word nobody knows is taken for a consumer, whom more law protects, and told."""
    word = tidy(row.get(columns.get("party", ""), "")).casefold()
    known = _PARTIES.get(word)
    return (Party.CONSUMER, RejectCode.PARTY_UNKNOWN) if known is None else (known, None)


def reject(
    columns: Mapping[str, str], meaning: str, row: Mapping[str, str], line: int, code: RejectCode
) -> Reject:
    """Return the warning about a cell of these columns."""
    heading = columns.get(meaning, "")
    return Reject(line=line, column=heading, value=tidy(row.get(heading, "")), code=code)
