"""A row of a list becomes a candidate for the campaign, or a reason why not: pure reading."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from campaigns.audience import Excluded, OrderKey, Unreadable, is_held_out, rank_of, read_order, sieve
from campaigns.campaign import Campaign
from campaigns.cells import read_date, read_email_once, read_language, read_number_once, tidy
from campaigns.contact import Contact, Phone
from campaigns.homes import HOME, address_of, party_of, reject
from campaigns.rejects import NO_EMAIL, NOTHING, Reject, RejectCode
from compliance.numbers import Number, NumberFault
from compliance.question import Consent, Relationship

_SEVERAL = re.compile(r"[/、,，;；\n]+")
_KINDS = {
    "mobile": ("携帯", "mobile", "cell"),
    "home": ("自宅", "home"),
    "work": ("勤務", "会社", "職場", "work", "office"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A contact to enrol: `unique` is the deduplication key within the campaign, `rank` orders the list (low first)."""

    contact: Contact
    unique: str
    rank: int
    holdout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A row that is kept, and what of it was left aside."""

    line: int
    candidate: Candidate
    warnings: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that the campaign's filter leaves out, and the column that decided."""

    line: int
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """How a campaign reads its list, worked out once: columns by their tidy names, the order, the day of reading."""

    campaign: Campaign
    today: date
    key: str
    name: str
    language: str
    phones: tuple[tuple[str, str], ...]
    email: str
    mail_consent_at: str
    mail_consent_evidence: str
    last_purchase: str
    home: Mapping[str, str]
    order: tuple[OrderKey, ...]
    facts: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a list must have for this campaign."""
        named = {
            self.key,
            self.name,
            self.language,
            self.email,
            self.mail_consent_at,
            self.mail_consent_evidence,
        }
        filtered = {tidy(condition.column) for condition in self.campaign.audience.where}
        ordered = {key.column for key in self.order}
        phones = {column for column, _ in self.phones}
        return frozenset(
            (named | filtered | ordered | phones | {*self.facts, self.last_purchase, *self.home.values()})
            - {""}
        )


def roster_of(campaign: Campaign, today: date) -> Roster:
    """Return how `campaign` reads its list on that day. Raises ValueError, with a remedy, for a bad order."""
    named = {str(meaning): _tidied(headings) for meaning, headings in campaign.audience.columns.items()}
    one = {meaning: headings[0] for meaning, headings in named.items() if headings}
    return Roster(
        campaign=campaign,
        today=today,
        key=one["key"],
        name=one.get("name", ""),
        language=one.get("language", ""),
        phones=tuple((column, _kind_of(column)) for column in named.get("phones", ())),
        email=one.get("email", ""),
        mail_consent_at=one.get("mail_consent_at", ""),
        mail_consent_evidence=one.get("mail_consent_evidence", ""),
        last_purchase=one.get("last_purchase", ""),
        home={meaning: one[meaning] for meaning in HOME if meaning in one},
        order=read_order(campaign.audience.order),
        facts=tuple(dict.fromkeys((*named.get("facts", ()), *named.get("last_purchase", ())))),
    )


def _tidied(headings: str | Sequence[str]) -> tuple[str, ...]:
    return (tidy(headings),) if isinstance(headings, str) else tuple(map(tidy, headings))


def _kind_of(column: str) -> str:
    name = column.casefold()
    return next((kind for kind, words in _KINDS.items() if any(word in name for word in words)), "main")


def read_row(roster: Roster, row: Mapping[str, str], line: int) -> Enrolment | Reject | Skipped:
    """Read one row (cells by tidy column name) that stands on `line` of its file.

    A row with one number that can be rung, or a valid e-mail address, is kept, and what else of it is broken comes
    back as warnings; a row without a key, with nothing to reach, or with a cell that a filter needs and cannot read
    is a Reject; one that the filter leaves out is Skipped. Numbers become E.164 before anything is compared (NUM-1).
    """
    key = tidy(row.get(roster.key, ""))
    if not key:
        return Reject(line=line, column=roster.key, value="", code=RejectCode.KEY_MISSING)
    verdict = sieve(roster.campaign.audience.where, row, roster.today)
    if isinstance(verdict, Unreadable):
        code = RejectCode.DATE_UNREADABLE if verdict.wanted == "date" else RejectCode.NUMBER_UNREADABLE
        return _unreadable(verdict, line, code)
    if isinstance(verdict, Excluded):
        return Skipped(line=line, column=verdict.column)
    return _enrolment(roster, row, line, key)


def _unreadable(verdict: Unreadable, line: int, code: RejectCode) -> Reject:
    if not tidy(verdict.value):
        return Reject(line=line, column=verdict.column, value="", code=RejectCode.CELL_MISSING)
    said = {
        "fault": {
            "en": "not a number; write it as 1200",
            "ja": "数として読めません。1200 のように書いてください",
        }
    }
    return Reject(line=line, column=verdict.column, value=verdict.value, code=code, said=said)


def _enrolment(roster: Roster, row: Mapping[str, str], line: int, key: str) -> Enrolment | Reject:
    warnings: list[Reject] = []
    phones = _phones(roster, row, line, warnings)
    email = _email(roster, row, line, warnings)
    if not phones and email is None:
        return _nothing_to_reach(roster, line, warnings)
    campaign = roster.campaign
    address, no_address = address_of(roster.home, row, campaign.audience.region, roster.today)
    party, no_party = party_of(roster.home, row)
    for meaning, code in (("address_verified_at", no_address), ("party", no_party)):
        if code is not None:
            warnings.append(reject(roster.home, meaning, row, line, code))
    contact = Contact(
        key=key,
        name=tidy(row.get(roster.name, "")) or key,
        language=_language(roster, row, line, warnings),
        phones=phones,
        email=email,
        facts={column: tidy(row.get(column, "")) for column in roster.facts},
        consents=_consents(roster, row, line, warnings),
        relationships=_relationships(roster, row),
        party=party,
        address=address,
    )
    candidate = Candidate(
        contact=contact,
        unique=unique_of(contact, campaign.audience.unique_by),
        rank=rank_of(roster.order, row, key),
        holdout=is_held_out(campaign.id, key, campaign.holdout),
    )
    return Enrolment(line=line, candidate=candidate, warnings=tuple(warnings))


def unique_of(contact: Contact, by: str) -> str:
    """Return what makes a person one person on a list: their first number, else e-mail, else key, as `by` prefers."""
    number = f"number:{contact.phones[0].number}" if contact.phones else None
    email = f"email:{contact.email}" if contact.email else None
    preferred = {"number": (number, email), "email": (email, number)}.get(by, ())
    return next((unique for unique in preferred if unique), f"key:{contact.key}")


def _phones(roster: Roster, row: Mapping[str, str], line: int, warnings: list[Reject]) -> tuple[Phone, ...]:
    """Return the numbers that can be rung, each once, in the order of the columns; warn of the others."""
    found: dict[str, Phone] = {}
    region = roster.campaign.audience.region
    for column, kind in roster.phones:
        for text, number in _numbers(row.get(column, ""), region):
            if isinstance(number, Number):
                found.setdefault(number.e164, Phone(number=number.e164, kind=kind))
            else:
                said = {"fault": {"en": number.en, "ja": number.ja}}
                code = RejectCode.NUMBER_IGNORED
                warnings.append(Reject(line=line, column=column, value=text, code=code, said=said))
    return tuple(found.values())


def _numbers(cell: str, region: str) -> Iterable[tuple[str, Number | NumberFault]]:
    """Yield what a cell holds: nothing, one number, or several, as people write two in one cell."""
    if not cell or cell.isspace():
        return
    number = read_number_once(cell, region)
    parts = [] if isinstance(number, Number) else list(filter(None, map(str.strip, _SEVERAL.split(cell))))
    if len(parts) < 2:  # noqa: PLR2004 (a cell is read as a whole first: a slash may stand between digits)
        yield cell.strip(), number
    else:
        yield from ((part, read_number_once(part, region)) for part in parts)


def _email(roster: Roster, row: Mapping[str, str], line: int, warnings: list[Reject]) -> str | None:
    text = tidy(row.get(roster.email, ""))
    email = read_email_once(text) if text else None
    if text and email is None:
        code = RejectCode.EMAIL_IGNORED
        warnings.append(
            Reject(line=line, column=roster.email, value=text, code=code, said={"fault": NO_EMAIL})
        )
    return email


def _nothing_to_reach(roster: Roster, line: int, warnings: list[Reject]) -> Reject:
    """Return the reject of a row without a way to its person: the cell that failed first, if one was filled."""
    if warnings:
        first = warnings[0]
        column, value, why = first.column, first.value, first.said["fault"]
    else:
        column, value, why = roster.phones[0][0] if roster.phones else roster.email, "", NOTHING
    return Reject(line=line, column=column, value=value, code=RejectCode.UNREACHABLE, said={"why": why})


def _language(roster: Roster, row: Mapping[str, str], line: int, warnings: list[Reject]) -> str:
    text = tidy(row.get(roster.language, ""))
    language = read_language(text)
    if language is not None:
        return language
    usual = roster.campaign.audience.language
    if text:
        said = {
            "language": {"ja": {"en": "Japanese", "ja": "日本語"}, "en": {"en": "English", "ja": "英語"}}[
                usual
            ]
        }
        code = RejectCode.LANGUAGE_UNKNOWN
        warnings.append(Reject(line=line, column=roster.language, value=text, code=code, said=said))
    return usual


def _consents(
    roster: Roster, row: Mapping[str, str], line: int, warnings: list[Reject]
) -> tuple[Consent, ...]:
    """Return the consent to e-mail, if a day up to today says when it was given (JP-E1: proof is kept with it)."""
    text = tidy(row.get(roster.mail_consent_at, ""))
    if not text:
        return ()
    day = read_date(text)
    if day is None or day > roster.today:
        code = RejectCode.CONSENT_IGNORED
        warnings.append(Reject(line=line, column=roster.mail_consent_at, value=text, code=code))
        return ()
    evidence = tidy(row.get(roster.mail_consent_evidence, "")) or None
    seller = roster.campaign.seller.id
    return (Consent(type="email_optin", seller=seller, obtained_at=_start_of(day), evidence=evidence),)


def _relationships(roster: Roster, row: Mapping[str, str]) -> tuple[Relationship, ...]:
    """Return the last purchase as a tie that some laws honour; a cell that is no date is no tie."""
    day = read_date(row.get(roster.last_purchase, ""))
    if day is None or day > roster.today:
        return ()
    return (Relationship(type="transaction", seller=roster.campaign.seller.id, at=_start_of(day)),)


def _start_of(day: date) -> datetime:
    """Return the instant that stands for a day of which the list gives no hour."""
    return datetime.combine(day, time.min, tzinfo=UTC)
